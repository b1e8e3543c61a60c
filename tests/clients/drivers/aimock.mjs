// CopilotKit's aimock with the fixtures of its second argument (JSON), until standard input ends. The first is its folder.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, settings] = process.argv.slice(2);
const { LLMock } = createRequire(`${folder}/`)("@copilotkit/aimock");
const { version } = JSON.parse(readFileSync(`${folder}/node_modules/@copilotkit/aimock/package.json`));
const { fixtures, ...options } = JSON.parse(settings);

const mock = new LLMock({ port: 0, logLevel: "warn", ...options });
mock.addFixturesFromJSON(fixtures);
await mock.start();
console.log(JSON.stringify({ version, url: mock.url }));
process.stdin.resume().on("end", async () => {
  await mock.stop();
  process.exit();
});
