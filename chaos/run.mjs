// npm run chaos -- --trials 100 [--seed 7] [--sinks sqlite,file] [--jobs 2]
// Kills, stops and resumes runs over every sink and mode, and counts what their targets hold by other means. A trial is
// known by the seed that is printed and its number: --only 17 runs that one again.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { generator } from "../benchmarks/random.mjs";
import { chooseFault, prepare, trial } from "./trial.mjs";
import { MODES } from "./workload.mjs";

const { values } = parseArgs({
  options: {
    trials: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    sinks: { type: "string", default: "sqlite,file" },
    jobs: { type: "string", default: "2" },
    only: { type: "string" },
  },
});
const trials = Number(values.trials);
const seed = Number(values.seed);

const sinks = await Promise.all(
  values.sinks.split(",").map(async (name) => ({ name, ...(await import(`./sinks/${name}.mjs`)) })),
);
const cases = sinks.flatMap((sink) =>
  Object.keys(MODES)
    .filter((mode) => sink.modes.includes(mode))
    .map((mode) => ({ sink, mode })),
);
console.log(`seed ${seed}; ${cases.map(({ sink, mode }) => `${sink.name} ${mode}`).join(", ")}`);

const prepared = new Map();
const numbers = values.only === undefined ? Array.from({ length: trials }, (_, index) => index) : [Number(values.only)];
const total = { lost: 0, doubled: 0, failed: 0, done: 0 };

async function one(number) {
  const random = generator(seed * 7919 + number);
  const { sink, mode } = cases[number % cases.length];
  const fault = chooseFault(mode, random);
  const key = `${sink.name} ${mode}`;
  const shown = `trial ${number} (${key}, ${JSON.stringify(fault)})`;
  try {
    if (!prepared.has(key)) prepared.set(key, prepare(sink, mode));
    const { lost, doubled } = await trial({ sink, mode, fault, from: await prepared.get(key) });
    total.lost += lost;
    total.doubled += doubled;
    if (lost + doubled > 0) console.log(`${shown}: ${lost} lost, ${doubled} doubled`);
  } catch (error) {
    total.failed += 1;
    console.log(`${shown}: ${error.message}`);
  }
  total.done += 1;
  if (total.done % 50 === 0) console.log(`${total.done} of ${numbers.length}`);
}

const waiting = [...numbers];
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await one(number);
  }),
);
for (const folder of prepared.values()) rmSync(await folder.catch(() => ""), { recursive: true, force: true });
const failed = total.failed === 0 ? "" : `, ${total.failed} failed`;
console.log(`trials ${numbers.length}, ${total.lost} lost, ${total.doubled} doubled${failed}`);
process.exitCode = total.lost + total.doubled + total.failed === 0 ? 0 : 1;
