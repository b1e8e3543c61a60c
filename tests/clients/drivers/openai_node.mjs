// openai-node, ordered about: one JSON order a line in, one JSON outcome a line out. Its folder is the argument.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const folder = process.argv[2];
const OpenAI = createRequire(`${folder}/`)("openai");
const { version } = JSON.parse(readFileSync(`${folder}/node_modules/openai/package.json`));

async function obey({ method, base_url, api_key, options, headers, body }) {
  const { timeout, max_retries } = options;
  const client = new OpenAI({
    baseURL: base_url,
    apiKey: api_key,
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(max_retries === undefined ? {} : { maxRetries: max_retries }),
  });
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
