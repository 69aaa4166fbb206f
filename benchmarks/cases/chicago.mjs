// The Chicago pipeline, times n, to Parquet: plain, with checks, with two consumers.
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { chicagoTimes } from "../chicago-data.mjs";
import { measure, RUNS, root, run, sluiceCommand } from "../measure.mjs";

const VARIANTS = [
  ["plain", "plain", 1.15],
  ["checked", "with checks", 1.4],
  ["two", "with two consumers", 1.6],
];

export async function chicago({ work, here, python, options, rounds }) {
  const results = [];
  for (const times of options.times.split(",").map(Number)) {
    const data = await chicagoTimes(times, join(here, "data"));
    const folder = join(work, `chicago-${times}`);
    cpSync(join(here, "chicago"), folder, { recursive: true });
    symlinkSync(data, join(folder, "data"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    mkdirSync(join(folder, "peers"), { recursive: true });
    run(process.execPath, [sluiceCommand, "sync"], folder);
    for (const [variant, title, budget] of VARIANTS) {
      const contestants = contestantsOf({ here, python, data, folder, variant, budget });
      // Budgets are for sizes at which the work outweighs the start.
      const judged =
        times >= 200 ? contestants : contestants.map(({ budget: _, usedBudget: __, ...contestant }) => contestant);
      results.push(measure(`Chicago ×${times} → Parquet, ${title}`, judged, { cwd: folder, rounds }));
    }
  }
  return results;
}

function contestantsOf({ here, python, data, folder, variant, budget }) {
  const program = (name) => [process.execPath, join(here, `programs/${name}.mjs`), folder, variant, String(RUNS)];
  const contestants = [
    { name: "sluice", command: program("sluice") },
    { name: "DuckDB by hand, same validation", command: program("duckdb"), budget: ["at most", budget] },
  ];
  if (variant === "checked") return contestants;
  const accept = [process.execPath, sluiceCommand, "sync", "--accept"];
  return [
    ...contestants,
    {
      name: "sluice, validate: used",
      command: program("sluice"),
      env: { SLUICE_BENCH_VALIDATE: "used" },
      own: true,
      // The schemas that sync froze hold `validate`; the variant freezes its own.
      before: accept,
      after: accept,
    },
    { name: "DuckDB by hand, no validation", command: [...program("duckdb"), "none"] },
    ...peers({ here, python, data, folder, variant }),
  ];
}

function peers({ here, python, data, folder, variant }) {
  if (python.skipped !== undefined) return [];
  const words = [data, join(folder, "peers"), variant === "two" ? "two" : "one", String(RUNS)];
  const peer = (name, more) => ({
    name: `${name}, validates nothing`,
    command: [python.command, join(here, `peers/chicago_${name}.py`), ...words],
    ...more,
  });
  return [peer("polars", {}), peer("pandas", { budget: ["at least", 1.6], usedBudget: ["at least", 2] })];
}
