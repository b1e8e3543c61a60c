import { writeFile } from "node:fs/promises";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "http://127.0.0.1:8317/v1", apiKey: "none" });
const answer = await client.chat.completions.create({
  model: "veo-3.1-generate-preview",
  messages: [{ role: "user", content: "Waves rolling in below a lighthouse" }],
  modalities: ["video", "text"],
  video_config: { duration: 4, aspect_ratio: "16:9", resolution: "720p" },
  stream: true, // Node gives up on an answer that sends nothing for five minutes
});
for await (const chunk of answer) {
  const { reasoning_content, videos } = chunk.choices[0].delta;
  if (reasoning_content) process.stderr.write(reasoning_content);
  if (videos) await writeFile("video.mp4", Buffer.from(videos[0].video_url.url.split(",")[1], "base64"));
}
