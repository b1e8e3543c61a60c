// AI SDK with OpenRouter's provider, ordered about: one JSON order a line in, one JSON outcome a line out. Its folder is
// the argument.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const modules = `${process.argv[2]}/node_modules`;
const { experimental_generateVideo: generateVideo } = await import(`${modules}/ai/dist/index.js`);
const { createOpenRouter } = await import(`${modules}/@openrouter/ai-sdk-provider/dist/index.js`);
const { version } = JSON.parse(readFileSync(`${modules}/ai/package.json`));
globalThis.AI_SDK_LOG_WARNINGS = false; // standard output is for outcomes

async function obey({ base_url, api_key, body: { model, settings, ...asked } }) {
  const provider = createOpenRouter({ baseURL: base_url, apiKey: api_key });
  const video = provider.videoModel(model, { pollIntervalMs: 100, ...settings });
  const { videos, providerMetadata } = await generateVideo({ model: video, ...asked });
  return {
    videos: videos.map(({ base64, mediaType }) => ({ content: base64, media_type: mediaType })),
    metadata: providerMetadata.openrouter,
  };
}

console.log(JSON.stringify({ version }));
for await (const line of createInterface({ input: process.stdin })) {
  let outcome;
  try {
    outcome = await obey(JSON.parse(line));
  } catch (error) {
    const { name, message, statusCode: status, url } = error;
    outcome = { error: { name, message, status, url } };
  }
  console.log(JSON.stringify(outcome));
}
