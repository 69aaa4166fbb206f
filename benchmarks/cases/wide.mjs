// A text of ten columns to Parquet, every column of it, beside DuckDB by hand and polars.
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { measure, RUNS, root, run, sluiceCommand } from "../measure.mjs";
import { wideData } from "../wide-data.mjs";

const FORMATS = ["csv", "ndjson"];

export async function wide({ work, here, python, options, rounds }) {
  const rows = Number(options.rows);
  const folder = join(work, "wide");
  cpSync(join(here, "wide"), folder, { recursive: true });
  mkdirSync(join(folder, "data"));
  for (const name of ["out", "peers"]) mkdirSync(join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const format of FORMATS) {
    symlinkSync(await wideData(rows, format, join(here, "data")), join(folder, `data/wide.${format}`));
  }
  run(process.execPath, [sluiceCommand, "sync"], folder);
  return FORMATS.map((format) => {
    const program = (name) => [process.execPath, join(here, `programs/${name}.mjs`), folder, format, String(RUNS)];
    const contestants = [
      { name: "sluice", command: program("sluice") },
      { name: "DuckDB by hand, same validation", command: program("wide-duckdb"), budget: ["at most", 1.15] },
      { name: "DuckDB by hand, no validation", command: [...program("wide-duckdb"), "none"] },
    ];
    if (python.skipped === undefined) {
      const words = [join(here, "peers/wide_polars.py"), folder, format, String(RUNS)];
      contestants.push({ name: "polars, validates nothing", command: [python.command, ...words] });
    }
    const title = `${format.toUpperCase()} → Parquet, ${rows.toLocaleString("en")} rows of ten columns`;
    return measure(title, contestants, { cwd: folder, rounds });
  });
}
