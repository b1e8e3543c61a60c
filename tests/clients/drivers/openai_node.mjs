// openai-node, ordered about: one JSON order a line in, one JSON outcome a line out. Its folder is the argument.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const folder = process.argv[2];
const OpenAI = createRequire(`${folder}/`)("openai");
const { toFile } = OpenAI;
const { version } = JSON.parse(readFileSync(`${folder}/node_modules/openai/package.json`));

// A video by the jobs API, from its order until it is deleted. This SDK has no helper that polls.
async function videoJob(client, { first_frame, ...body }) {
  if (first_frame !== undefined) {
    body.input_reference = await toFile(Buffer.from(first_frame, "base64"), "frame.png", { type: "image/png" });
  }
  const { id } = await client.videos.create(body);
  let video;
  do {
    const looked = await client.videos.retrieve(id).withResponse();
    video = looked.data;
    await new Promise((done) => setTimeout(done, Number(looked.response.headers.get("openai-poll-after-ms"))));
  } while (video.status === "queued" || video.status === "in_progress");
  if (video.status !== "completed") return { video };
  const listed = [];
  for await (const each of client.videos.list({ limit: 1 })) listed.push(each.id);
  const content = Buffer.from(await (await client.videos.downloadContent(id)).arrayBuffer()).toString("base64");
  const deleted = await client.videos.delete(id);
  const left = [];
  for await (const each of client.videos.list()) left.push(each.id);
  return { video, listed, content, deleted, left };
}

async function obey({ method, base_url, api_key, options = {}, headers, body }) {
  const { timeout, max_retries } = options;
  const client = new OpenAI({
    baseURL: base_url,
    apiKey: api_key,
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(max_retries === undefined ? {} : { maxRetries: max_retries }),
  });
  if (method === "video_job") return videoJob(client, body);
  if (method === "models") {
    const models = [];
    for await (const model of client.models.list()) models.push(model);
    return { models };
  }
  const answer = await client.chat.completions.create(body, { headers });
  if (!body.stream) return { answer, request_id: answer._request_id };
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { chunks };
}

function told(error) {
  const classes = [];
  for (let prototype = Object.getPrototypeOf(error); prototype; prototype = Object.getPrototypeOf(prototype)) {
    classes.push(prototype.constructor.name);
  }
  const { message, status, code, param, type } = error;
  const rest = { body: error.error, request_id: error.requestID, retry_after: error.headers?.get?.("retry-after") };
  return { error: { classes, message, status, code, param, type, ...rest } };
}

console.log(JSON.stringify({ version }));
for await (const line of createInterface({ input: process.stdin })) {
  let outcome;
  try {
    outcome = await obey(JSON.parse(line));
  } catch (error) {
    outcome = told(error);
  }
  console.log(JSON.stringify(outcome));
}
