// npm run chaos -- --trials 100 [--seed 7] [--sinks sqlite,file,postgres,lake] [--jobs 2]
// Kills, stops and resumes runs over every sink and mode, and counts what their targets hold by other means. A trial is
// known by the seed that is printed and its number: --only 17 runs that one again.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { generator } from "../benchmarks/random.mjs";
import { chooseFault, prepare, trial } from "./trial.mjs";
import { LARGE, MODES_OF_MANY, MODES_OF_NEW } from "./workload.mjs";

const { values } = parseArgs({
  options: {
    trials: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    sinks: { type: "string", default: "sqlite,file,postgres,lake" },
    jobs: { type: "string", default: "2" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(
    "npm run chaos -- [--trials 100] [--seed 7] [--sinks sqlite,file,postgres,lake] [--jobs 2] [--only <trial>]",
  );
  process.exit(0);
}
const seed = Number(values.seed);
const numbers =
  values.only === undefined
    ? Array.from({ length: Number(values.trials) }, (_, index) => index)
    : [Number(values.only)];

const sinks = await Promise.all(
  values.sinks.split(",").map(async (name) => ({ name, ...(await import(`./sinks/${name}.mjs`)) })),
);
const opened = [];
for (const sink of sinks) {
  try {
    await sink.open?.();
    opened.push(sink);
  } catch (error) {
    console.log(`${sink.name} is left out: ${error.message}`);
    if (process.env.SLUICE_TEST_REQUIRE === "1") process.exit(1);
  }
}
const cases = casesOf(opened);
console.log(`seed ${seed}; ${cases.map(({ name }) => name).join(", ")}`);

/** One sink after the other, so that few trials meet them all. */
function casesOf(all) {
  const lists = all.map((sink) => [
    ...sink.modes.map((mode) => ({ sink, mode, reading: "whole", scale: 1, name: `${sink.name} ${mode}` })),
    ...MODES_OF_NEW.filter((mode) => sink.modes.includes(mode)).map((mode) => ({
      sink,
      mode,
      reading: "new",
      scale: 1,
      name: `${sink.name} ${mode} of what is new`,
    })),
    ...MODES_OF_MANY.filter((mode) => sink.modes.includes(mode)).map((mode) => ({
      sink,
      mode,
      reading: "whole",
      scale: LARGE,
      name: `${sink.name} ${mode} of many rows`,
    })),
  ]);
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
}

const prepared = new Map();
const total = { lost: 0, doubled: 0, failed: 0, done: 0 };

async function one(number) {
  const random = generator(seed * 7919 + number);
  const chosen = cases[number % cases.length];
  const fault = chooseFault(chosen, random);
  const shown = `trial ${number} (${chosen.name}, ${JSON.stringify(fault)})`;
  const from = () => {
    if (!prepared.has(chosen)) prepared.set(chosen, prepare(chosen));
    return prepared.get(chosen);
  };
  try {
    const { lost, doubled } = await trial(chosen, fault, from);
    total.lost += lost;
    total.doubled += doubled;
    if (lost + doubled > 0) console.log(`${shown}: ${lost} lost, ${doubled} doubled`);
  } catch (error) {
    total.failed += 1;
    console.log(`${shown}: ${error.stack}`);
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
for (const sink of opened) await sink.close?.();
const failed = total.failed === 0 ? "" : `, ${total.failed} failed`;
console.log(`trials ${numbers.length}, ${total.lost} lost, ${total.doubled} doubled${failed}`);
process.exitCode = total.lost + total.doubled + total.failed === 0 ? 0 : 1;
