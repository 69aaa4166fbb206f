// The same computation on each row: as a function in TypeScript (a task) and as an expression; its rows per second, and its memory at
// two sizes.
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { measureCommands, root, run, sluiceCommand } from "../measure.mjs";
import { wideData } from "../wide-data.mjs";

export async function rows({ work, here, options, rounds }) {
  const results = [];
  for (const count of new Set([Math.min(1_000_000, Number(options.rows)), Number(options.rows)])) {
    const folder = join(work, `rows-${count}`);
    cpSync(join(here, "rows"), folder, { recursive: true });
    for (const name of ["data", "out"]) mkdirSync(join(folder, name));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const source = await wideData(count, "csv", join(here, "data"));
    run(process.execPath, [sluiceCommand, "copy", source, "data/wide.parquet"], folder);
    run(process.execPath, [sluiceCommand, "sync"], folder);
    const program = (name) => [process.execPath, sluiceCommand, "run", name];
    const title = `A function for each row, ${count.toLocaleString("en")} rows`;
    const contestants = [
      { name: "task in TypeScript", command: program("task") },
      { name: "the same as an expression", command: program("query") },
    ];
    results.push(await measureCommands(title, contestants, { cwd: folder, rounds }));
  }
  return results;
}
