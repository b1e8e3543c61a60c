// llm-emulator until standard input ends. The argument is its folder.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const home = `${process.argv[2]}/node_modules/llm-emulator`;
const { version } = JSON.parse(readFileSync(`${home}/package.json`));
const express = createRequire(`${home}/`)("express");
const { createLlmEmulatorRouter, define, caseWhen } = await import(pathToFileURL(`${home}/src/index.js`));

const log = console.log;
console.log = () => {};
const answer = caseWhen("name a colour", () => "Blue, says the emulator.", { id: "colour" });
const matching = { order: ["pattern"] };
const router = await createLlmEmulatorRouter(define({ server: {}, env: "test", seed: 1, matching, cases: [answer] }));
const server = express()
  .use(router)
  .listen(0, "127.0.0.1", () => log(JSON.stringify({ version, url: `http://127.0.0.1:${server.address().port}` })));
process.stdin.resume().on("end", () => process.exit());
