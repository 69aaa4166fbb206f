// npm run bench:csv [-- --pollock <folder> --spectrum <folder> --converted <folder> --only <expression>]
// How well `sluice sync` without any parameter reads messy text files: the score of Pollock beside DuckDB's automatic read,
// and csv-spectrum. The folders may be named by POLLOCK and CSV_SPECTRUM too; where they are not, they are fetched with git.
// `--converted` keeps what was loaded, where Pollock's own evaluate.py finds it (`<folder>/<program>/polluted_files/loading`).
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../measure.mjs";
import { writePage } from "../report.mjs";
import { pollockFolder, spectrumFolder } from "./corpora.mjs";
import { openDuckDb } from "./load-duckdb.mjs";
import { openSluice } from "./load-sluice.mjs";
import { lossesOf } from "./losses.mjs";
import { measuresOf, printCsv, scoreOf } from "./pollock-measures.mjs";

const { values: options } = parseArgs({
  options: {
    pollock: { type: "string", default: process.env.POLLOCK },
    spectrum: { type: "string", default: process.env.CSV_SPECTRUM },
    converted: { type: "string" },
    only: { type: "string", default: "." },
  },
});
const only = new RegExp(options.only);

const sluice = await openSluice();
const duckdb = await openDuckDb();
try {
  const results = [...(await pollock()), ...(await spectrum())];
  if (results.length > 0 && options.only === ".") publish(results);
} finally {
  duckdb.close();
  await sluice.close();
}

async function pollock() {
  const { folder, skipped } = pollockFolder(options.pollock);
  if (skipped !== undefined) return skip("Pollock", skipped);
  const weights = JSON.parse(readFileSync(join(folder, "pollock_weights.json"), "utf8"));
  const data = join(folder, "polluted_files");
  const files = readdirSync(join(data, "csv")).filter((file) => file.endsWith(".csv") && only.test(file));
  const programs = [
    { name: "sluice", key: "sluice", load: (file) => loadSluice(join(data, "csv"), file) },
    {
      name: "sluice, ragged: pad",
      key: "sluicepad",
      load: (file) => loadSluice(join(data, "csv"), file, { ragged: "pad", isChecked: false }),
    },
    { name: "DuckDB automatic, as Pollock runs it", key: "duckdbauto", load: (file) => loadDuckDb(data, file, false) },
    { name: "DuckDB automatic, all columns as text", key: "duckdbtext", load: (file) => loadDuckDb(data, file, true) },
  ];
  const scores = [];
  for (const { name, key, load } of programs) {
    const started = performance.now();
    const measured = [];
    for (const file of files) {
      const { printed, note } = await attempt(load, file);
      keep(key, file, printed ?? `Application Error\n${note}\n`);
      const expected = readFileSync(join(data, "clean", file), "utf8");
      measured.push({ file, note, measures: measuresOf(expected, printed) });
    }
    const score = scoreOf(measured, weights);
    const seconds = (performance.now() - started) / 1000;
    const losses = lossesOf(measured, weights);
    console.log(
      `\n${name}: ${score.simple.toFixed(3)} simple, ${score.weighted.toFixed(3)} weighted; ${seconds.toFixed(0)} s`,
    );
    for (const loss of losses)
      console.log(`  ${loss.kind}: −${loss.simple.toFixed(4)}, −${loss.weighted.toFixed(4)}: ${loss.note}`);
    scores.push({
      name,
      ...score,
      failed: measured.filter(({ measures }) => measures.success === 0).length,
      ...(key === "sluice" ? { losses } : {}),
    });
  }
  return [{ title: "Pollock", files: files.length, scores }];
}

async function spectrum() {
  const { folder, skipped } = spectrumFolder(options.spectrum);
  if (skipped !== undefined) return skip("csv-spectrum", skipped);
  const files = readdirSync(join(folder, "csvs")).filter((file) => file.endsWith(".csv"));
  const different = [];
  for (const file of files) {
    const expected = JSON.parse(readFileSync(join(folder, "json", file.replace(/\.csv$/, ".json")), "utf8"));
    const { names, rows } = await sluice.load(join(folder, "csvs"), file);
    const found = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ""])));
    if (JSON.stringify(found) !== JSON.stringify(expected)) different.push(file);
  }
  const equal = files.length - different.length;
  console.log(
    `\ncsv-spectrum: ${equal} of ${files.length} files equal to their JSON${different.map((file) => `\n  not: ${file}`).join("")}`,
  );
  return [{ title: `csv-spectrum: ${equal} of ${files.length} files equal to their JSON`, different }];
}

function skip(name, why) {
  console.log(`SKIPPED ${name}: ${why}`);
  return [];
}

/** What a user has after `sync` and a read: the names as they were frozen, where the file has any, and the accepted records. */
async function loadSluice(folder, file, more) {
  const { rows, names, dataset, rejected } = await sluice.load(folder, file, more);
  const { dialect } = dataset;
  const note = rejected === 0 ? "" : `${rejected} rejected`;
  return { printed: printCsv([...(dialect.header ? [names] : []), ...rows]), note };
}

async function loadDuckDb(data, file, isText) {
  const { names, rows, header } = await duckdb.load(join(data, "csv", file), { isText });
  // Pollock prints the names that DuckDB makes up; as text they are left out, as they are for sluice.
  return { printed: printCsv([...(header || !isText ? [names] : []), ...rows]), note: "" };
}

async function attempt(load, file) {
  try {
    return await load(file);
  } catch (error) {
    return { printed: undefined, note: error.message.split("\n")[0] };
  }
}

function keep(key, file, content) {
  if (options.converted === undefined) return;
  const folder = join(options.converted, key, "polluted_files/loading");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${file}_converted.csv`), content);
}

function publish(results) {
  const file = fileURLToPath(new URL("../results.json", import.meta.url));
  const before = JSON.parse(readFileSync(file, "utf8"));
  const date = new Date().toISOString().slice(0, 10);
  const others = before.results.filter((result) => result.case !== "csv-files");
  const all = [...others, ...results.map((result) => ({ case: "csv-files", date, ...result }))];
  writeFileSync(file, `${JSON.stringify({ machine: before.machine, results: all }, null, 2)}\n`);
  writePage(join(root, "docs/benchmarks.md"), before.machine, all);
  console.log("written: docs/benchmarks.md, benchmarks/results.json");
}
