// npm run bench [-- --times 200,1000] [--rounds 5] [--only chicago,start] [--rows 5000000] [--commits 5000]
// npm run bench -- --only memory --rows 50000000
// Runs every case side by side with what a user would pick instead, interleaved, several times; prints medians, ratios
// and peak memory, and writes docs/benchmarks.md and benchmarks/results.json. A lost case is printed like a won one. With
// `--only` the other cases keep what was measured of them before.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chicago } from "./cases/chicago.mjs";
import { lake } from "./cases/lake.mjs";
import { memory } from "./cases/memory.mjs";
import { pipe } from "./cases/pipe.mjs";
import { postgres } from "./cases/postgres.mjs";
import { profile } from "./cases/profile.mjs";
import { rows } from "./cases/rows.mjs";
import { start } from "./cases/start.mjs";
import { wide } from "./cases/wide.mjs";
import { root } from "./measure.mjs";
import { findPython } from "./python.mjs";
import { printTable, writePage } from "./report.mjs";

const CASES = { chicago, wide, pipe, rows, postgres, lake, memory, profile, start };
/** Takes tens of minutes and of gigabytes: only where it is asked for. */
const ASKED = ["memory"];

const here = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    times: { type: "string", default: "200,1000" },
    rounds: { type: "string", default: "5" },
    only: {
      type: "string",
      default: Object.keys(CASES)
        .filter((name) => !ASKED.includes(name))
        .join(","),
    },
    rows: { type: "string", default: "5000000" },
    commits: { type: "string", default: "5000" },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(`npm run bench -- [--times 200,1000] [--rounds 5] [--only <case>,…] [--rows 5000000] [--commits 5000]
cases: ${Object.keys(CASES).join(", ")}; only where asked for: ${ASKED.join(", ")}
Writes docs/benchmarks.md and benchmarks/results.json.`);
  process.exit(0);
}
const only = options.only.split(",");
const unknown = only.find((name) => !Object.hasOwn(CASES, name));
if (unknown !== undefined) throw new Error(`there is no case "${unknown}": ${Object.keys(CASES).join(", ")}`);

const work = mkdtempSync(join(tmpdir(), "sluice-bench-"));
const resultsFile = join(here, "results.json");
try {
  const python = findPython(root);
  if (python.skipped !== undefined) console.log(`SKIPPED polars and pandas: ${python.skipped}`);
  const before = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")).results : [];
  // Measured by programs of their own.
  const results = before.filter((result) => !Object.hasOwn(CASES, result.case));
  for (const name of Object.keys(CASES)) {
    if (!only.includes(name)) {
      results.push(...before.filter((result) => result.case === name));
      continue;
    }
    const context = { work, here, python, options, rounds: Number(options.rounds) };
    const date = new Date().toISOString().slice(0, 10);
    const measured = await CASES[name](context);
    printTable(measured);
    results.push(...measured.map((result) => ({ case: name, date, ...result })));
  }
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.versions.node,
    ...python.versions,
    date: new Date().toISOString().slice(0, 10),
  };
  writeFileSync(resultsFile, `${JSON.stringify({ machine, results }, null, 2)}\n`);
  writePage(join(root, "docs/benchmarks.md"), machine, results);
  console.log("written: docs/benchmarks.md, benchmarks/results.json");
} finally {
  rmSync(work, { recursive: true, force: true });
}
