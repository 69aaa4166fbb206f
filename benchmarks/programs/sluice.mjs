// Runs one pipeline of the benchmark project with `await run(pipeline)`, warm. Prints seconds per run, peak memory and rows as JSON.
import { mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { run } from "sluice";

const [folder, name, runs] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const out = `${folder}/.bench/${name}.mjs`;
mkdirSync(`${folder}/.bench`, { recursive: true });
await build({
  entryPoints: [`${folder}/pipelines/${name}.ts`],
  outfile: out,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  logLevel: "error",
});
const { default: pipeline } = await import(pathToFileURL(out).href);

const seconds = [];
const cpuSeconds = [];
let rows = {};
for (let index = 0; index <= runs; index += 1) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await run(pipeline, { project: folder });
  const { user, system } = process.cpuUsage(cpu);
  if (index > 0) {
    seconds.push((performance.now() - started) / 1000);
    cpuSeconds.push((user + system) / 1e6);
  }
  if (result.status !== "succeeded") throw new Error(JSON.stringify(result.finished));
  rows = Object.fromEntries(Object.entries(result.finished.steps).map(([step, { rowsOut }]) => [step, rowsOut]));
}
console.log(JSON.stringify({ seconds, cpuSeconds, memoryMb: process.resourceUsage().maxRSS / 1024, rows }));
