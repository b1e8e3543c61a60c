import { writeFile } from "node:fs/promises";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "http://127.0.0.1:8317/v1", apiKey: "none" });
const answer = await client.chat.completions.create({
  model: "gemini-nano-banana-2.1",
  messages: [{ role: "user", content: "A lighthouse on a cliff at dusk" }],
  modalities: ["image", "text"],
  image_config: { aspect_ratio: "16:9", image_size: "1K" },
});
const { url } = answer.choices[0].message.images[0].image_url;
await writeFile("image.png", Buffer.from(url.split(",")[1], "base64"));
