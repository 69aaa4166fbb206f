// The gates: types, lint and format, architecture, documentation, the lock file, generated sources. Each is one line.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (path) => [process.execPath, `${root}node_modules/${path}`];
const gates = [
  ["types", [...bin("typescript/bin/tsc"), "-b"]],
  ["types of chicago", [...bin("typescript/bin/tsc"), "--noEmit", "-p", "examples/chicago"]],
  ["types of toll", [...bin("typescript/bin/tsc"), "--noEmit", "-p", "examples/toll"]],
  ["types of weblog", [...bin("typescript/bin/tsc"), "--noEmit", "-p", "examples/weblog"]],
  ["types of tasks", [...bin("typescript/bin/tsc"), "--noEmit", "-p", "examples/tasks"]],
  ["types of chicago-lake", [...bin("typescript/bin/tsc"), "--noEmit", "-p", "examples/chicago-lake"]],
  ["types of nyc", [...bin("typescript/bin/tsc"), "--noEmit", "-p", "examples/nyc"]],
  ["lint and format", [...bin("@biomejs/biome/bin/biome"), "ci", "--error-on-warnings", "--colors=off", "."]],
  ["lock file", [process.execPath, `${root}scripts/repair-lock.mjs`, "--check"]],
  ["generated sources", [process.execPath, `${root}scripts/generate.mjs`, "--check"]],
  [
    "architecture and documentation",
    [
      ...bin("vitest/vitest.mjs"),
      "run",
      "--project",
      "repository",
      "test/architecture.test.ts",
      "test/documentation.test.ts",
    ],
  ],
];

let failed = 0;
for (const [name, [command, ...args]] of gates) {
  const started = performance.now();
  const { status, output } = await run(command, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "passed" : "FAILED"}  ${name} (${seconds} s)`);
  if (status !== 0) {
    failed += 1;
    console.log(output);
  }
}
mkdirSync(`${root}node_modules/.cache`, { recursive: true });
writeFileSync(`${root}node_modules/.cache/check.json`, JSON.stringify({ passed: gates.length - failed, failed }));
process.exit(failed > 0 ? 1 : 0);

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("close", (status) => resolve({ status, output }));
  });
}
