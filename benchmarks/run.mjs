// npm run bench [-- --times 200,1000] [--rounds 5] [--only chicago,start]
// Runs every case side by side with what a user would pick instead, interleaved, several times; prints medians, ratios
// and peak memory, and writes docs/benchmarks.md and benchmarks/results.json. A lost case is printed like a won one.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chicagoTimes } from "./chicago-data.mjs";
import { findPython } from "./python.mjs";
import { median, printTable, ratio, writePage } from "./report.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));
const { values: options } = parseArgs({
  options: {
    times: { type: "string", default: "200,1000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "chicago,start" },
  },
});
const rounds = Number(options.rounds);
const only = options.only.split(",");
/** Warm runs of one process; each process runs once before it measures. */
const RUNS = 2;

const work = mkdtempSync(join(tmpdir(), "sluice-bench-"));
const results = [];
try {
  const python = findPython(root);
  if (python.skipped !== undefined) console.log(`SKIPPED polars and pandas: ${python.skipped}`);
  if (only.includes("chicago")) for (const times of options.times.split(",").map(Number)) await chicago(times, python);
  if (only.includes("start")) start();
  printTable(results);
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.versions.node,
    ...python.versions,
    date: new Date().toISOString().slice(0, 10),
  };
  writeFileSync(join(here, "results.json"), `${JSON.stringify({ machine, results }, null, 2)}\n`);
  writePage(join(root, "docs/benchmarks.md"), machine, results);
  console.log("written: docs/benchmarks.md, benchmarks/results.json");
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function chicago(times, python) {
  const data = await chicagoTimes(times, join(here, "data"));
  const folder = join(work, `chicago-${times}`);
  cpSync(join(here, "chicago"), folder, { recursive: true });
  symlinkSync(data, join(folder, "data"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "peers"), { recursive: true });
  run(process.execPath, [join(root, "packages/sluice/bin/sluice.js"), "sync"], folder);

  for (const [variant, title, budget] of [
    ["plain", "plain", 1.15],
    ["checked", "with checks", 1.4],
    ["two", "with two consumers", 1.6],
  ]) {
    const contestants = [
      { name: "sluice", command: program("sluice", folder, variant) },
      {
        name: "DuckDB by hand, same validation",
        command: program("duckdb", folder, variant),
        budget: ["at most", budget],
      },
      ...(variant === "checked"
        ? []
        : [
            {
              name: "sluice, validate: used",
              command: program("sluice", folder, variant),
              env: { SLUICE_BENCH_VALIDATE: "used" },
              own: true,
            },
            { name: "DuckDB by hand, no validation", command: [...program("duckdb", folder, variant), "none"] },
            ...peers(python, data, folder, variant),
          ]),
    ];
    // Budgets are for sizes at which the work outweighs the start.
    const judged =
      times >= 200 ? contestants : contestants.map(({ budget: _, usedBudget: __, ...contestant }) => contestant);
    measure(`Chicago ×${times} → Parquet, ${title}`, judged, folder);
  }
}

function peers(python, data, folder, variant) {
  if (python.skipped !== undefined) return [];
  const peer = (name, more) => ({
    name: `${name}, validates nothing`,
    command: [
      python.command,
      join(here, `peers/chicago_${name}.py`),
      data,
      join(folder, "peers"),
      variant === "two" ? "two" : "one",
      String(RUNS),
    ],
    ...more,
  });
  return [peer("polars", {}), peer("pandas", { budget: ["at least", 1.6], usedBudget: ["at least", 2] })];
}

function program(name, folder, variant) {
  return [process.execPath, join(here, `programs/${name}.mjs`), folder, variant, String(RUNS)];
}

/** Every contestant in turn, round after round, so that a machine that slows down slows all of them. */
function measure(title, contestants, cwd) {
  const measured = contestants.map(() => ({ seconds: [], memoryMb: [] }));
  for (let round = 0; round < rounds; round += 1) {
    contestants.forEach((contestant, index) => {
      // The schemas that sync froze hold `validate`; the variant freezes its own.
      if (contestant.own)
        run(process.execPath, [join(root, "packages/sluice/bin/sluice.js"), "sync", "--accept"], cwd, contestant.env);
      const { stdout } = run(contestant.command[0], contestant.command.slice(1), cwd, contestant.env);
      if (contestant.own) run(process.execPath, [join(root, "packages/sluice/bin/sluice.js"), "sync", "--accept"], cwd);
      const { seconds, memoryMb } = JSON.parse(stdout.trim().split("\n").at(-1));
      measured[index].seconds.push(...seconds);
      measured[index].memoryMb.push(memoryMb);
    });
  }
  const own = measured[0];
  const used = measured[contestants.findIndex((contestant) => contestant.own)];
  results.push({
    title,
    rows: contestants.map((contestant, index) => ({
      name: contestant.name,
      seconds: median(measured[index].seconds),
      least: Math.min(...measured[index].seconds),
      most: Math.max(...measured[index].seconds),
      memoryMb: Math.round(median(measured[index].memoryMb)),
      ratio: ratio(own.seconds, measured[index].seconds),
      ...(contestant.budget === undefined ? {} : { budget: contestant.budget }),
      ...(contestant.usedBudget === undefined || used === undefined
        ? {}
        : { usedRatio: ratio(used.seconds, measured[index].seconds), usedBudget: contestant.usedBudget }),
    })),
  });
  console.log(`measured: ${title}`);
}

/** The time from a command to its end: `sluice --help` beside Node doing nothing. */
function start() {
  const contestants = [
    { name: "sluice --help", command: [join(root, "packages/sluice/bin/sluice.js"), "--help"] },
    { name: "bare Node", command: ["-e", "0"], budget: ["at most", 1.5] },
  ];
  const measured = contestants.map(() => []);
  for (let round = 0; round < rounds * 8; round += 1) {
    contestants.forEach(({ command }, index) => {
      const started = performance.now();
      run(process.execPath, command, work);
      measured[index].push((performance.now() - started) / 1000);
    });
  }
  results.push({
    title: "Command start",
    rows: contestants.map(({ name, budget }, index) => ({
      name,
      seconds: median(measured[index]),
      least: Math.min(...measured[index]),
      most: Math.max(...measured[index]),
      ratio: ratio(measured[0], measured[index]),
      ...(budget === undefined ? {} : { budget }),
    })),
  });
}

function run(command, words, cwd, env = {}) {
  const result = spawnSync(command, words, { cwd, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", ...env } });
  if (result.status !== 0)
    throw new Error(
      `${command} ${words.join(" ")}\n${result.stdout}${result.stderr}${existsSync(cwd) ? "" : " (no folder)"}`,
    );
  return result;
}
