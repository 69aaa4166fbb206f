// `sluice profile` beside DuckDB's SUMMARIZE, which says less: no histogram, no top values, no patterns, no warnings.
import { join } from "node:path";
import { measureCommands, run, sluiceCommand } from "../measure.mjs";
import { wideData } from "../wide-data.mjs";

export async function profile({ work, here, rounds }) {
  const path = join(work, "profiled.parquet");
  const source = await wideData(1_000_000, "csv", join(here, "data"));
  run(process.execPath, [sluiceCommand, "copy", source, path], work);
  const summarize = `select * from (summarize from '${path}')`;
  const contestants = [
    { name: "sluice profile", command: [process.execPath, sluiceCommand, "profile", path] },
    {
      name: "DuckDB, SUMMARIZE",
      command: [process.execPath, join(here, "programs/pipe-duckdb.mjs"), summarize],
      budget: ["at most", 3],
    },
  ];
  return [
    await measureCommands("Profile of a Parquet file, 1,000,000 rows of ten columns", contestants, {
      cwd: work,
      rounds,
    }),
  ];
}
