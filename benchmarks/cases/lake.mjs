// Loads into a table of the lake, beside what one would do to one Parquet file by hand and beside PyIceberg; then how long tables of
// many files and many commits take to plan.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importSource } from "../import-source.mjs";
import { measureCommands, root, run, sluiceCommand } from "../measure.mjs";
import { wideData } from "../wide-data.mjs";
import { planning } from "./lake-planning.mjs";

const BUDGET = ["at most", 1.3];
const WHOLE = "Whole commands from start to end, sluice's with its durable state; all are on the disk when they end.";

export async function lake({ work, here, options, rounds }) {
  const { pythonEnvironment } = await importSource(join(root, "test/interop/python-environment.ts"));
  const { python } = await pythonEnvironment();
  const results = [];
  const most = Number(options.rows);
  for (const count of new Set([MOST_UPSERTED, 1_000_000, most].filter((size) => size <= most))) {
    const folder = join(work, `lake-${count}`);
    results.push(...(await loads({ folder, here, count, rounds, python })));
    rmSync(folder, { recursive: true, force: true });
  }
  results.push(planning({ work, here, commits: Number(options.commits) }));
  return results;
}

async function loads({ folder, here, count, rounds, python }) {
  projectIn(folder, await wideData(count, "csv", join(here, "data")));
  const node = process.execPath;
  const sluice = (...words) => [node, sluiceCommand, ...words];
  const copy = (from, to) => run(node, [sluiceCommand, "copy", from, to], folder);
  if (python !== undefined && count > MOST_UPSERTED) {
    console.log(`SKIPPED PyIceberg's upsert and delete by keys of ${count} rows: compared at ${MOST_UPSERTED}`);
  }
  copy("data/wide.csv", "data/wide.parquet");
  const query = (sql) => run(node, [join(here, "programs/run-duckdb.mjs"), sql], folder);
  // One half of the rows that arrive is new; of the other, every second one differs.
  query(
    `copy (select * replace (case when id < ${count / 2} then id + ${count} else id end as id, case when id % 2 = 0 then amount + 1 else amount end as amount) from 'data/wide.parquet') to 'data/arriving.parquet'`,
  );
  query("copy (select id, true as gone from 'data/wide.parquet' where id % 10 = 3) to 'data/gone.parquet'");
  for (const table of ["merged", "deleted"]) copy("data/wide.parquet", `lake:lake#bench.${table}`);
  run("sh", ["-c", "cp -r lake lake.base"], folder);
  run(node, [sluiceCommand, "sync"], folder);
  const before = [
    "sh",
    "-c",
    "rm -rf lake out && cp -r lake.base lake && mkdir out && cp data/wide.parquet out/merge.parquet && cp data/wide.parquet out/delete.parquet && find lake out -type f -exec sync {} +",
  ];
  const hand = (name, operation, source, budget) => ({
    name,
    command: [
      node,
      join(here, "programs/lake-duckdb.mjs"),
      operation,
      `${folder}/data/${source}`,
      `${folder}/out/${operation}.parquet`,
    ],
    before,
    ...(budget === undefined ? {} : { budget }),
  });
  const pyiceberg = (operation, source, table) =>
    python === undefined
      ? []
      : [
          {
            name: `PyIceberg, ${operation}`,
            command: [
              python,
              join(here, "peers/lake_pyiceberg.py"),
              operation,
              `data/${source}`,
              `${folder}/lake`,
              `bench.${table}`,
            ],
            before,
          },
        ];
  const own = (pipeline) => ({ name: "sluice", command: sluice("run", pipeline), before });
  const rows = count.toLocaleString("en");
  const measured = async (title, note, contestants) => ({
    ...(await measureCommands(`Lake: ${title}`, contestants, { cwd: folder, rounds })),
    note: `${WHOLE} ${note}`,
  });
  return [
    await measured(
      `append of CSV, ${rows} rows of ten columns`,
      "By hand: one COPY of the same rows into one Parquet file, synced; no table knows of it.",
      [
        own("csv"),
        hand("DuckDB by hand, same validation", "csv", "wide.csv", BUDGET),
        hand("DuckDB by hand, no validation", "csv-unchecked", "wide.csv"),
        ...pyiceberg("append", "wide.csv", "pyiceberg"),
      ],
    ),
    await measured(
      `append of Parquet, ${rows} rows of ten columns`,
      "By hand: one COPY of the same rows into one Parquet file, synced; no table knows of it.",
      [
        own("parquet"),
        hand("DuckDB by hand", "parquet", "wide.parquet", BUDGET),
        ...pyiceberg("append", "wide.parquet", "pyiceberg"),
      ],
    ),
    await measured(
      `merge of ${rows} rows into as many, half of them there`,
      "Half of those that are there differ. By hand: the stored rows without those whose key arrives, and all that arrive, into one Parquet file in place of the stored one; whether keys are null or come twice is not looked at, what is equal not told apart, nothing counted.",
      [
        own("merge"),
        hand("DuckDB by hand", "merge", "arriving.parquet", BUDGET),
        ...(count > MOST_UPSERTED ? [] : pyiceberg("merge", "arriving.parquet", "merged")),
      ],
    ),
    await measured(
      `delete of a tenth of ${rows} rows by their keys`,
      "The keys arrive with a flag. By hand: what remains into one Parquet file in place of the stored one.",
      [
        own("delete"),
        hand("DuckDB by hand", "delete", "gone.parquet", BUDGET),
        ...(count > MOST_UPSERTED ? [] : pyiceberg("delete", "gone.parquet", "deleted")),
      ],
    ),
  ];
}

/** PyIceberg makes one condition of all keys: it is compared with so many rows, and not with more. */
const MOST_UPSERTED = 100_000;

function projectIn(folder, csv) {
  for (const name of ["data", "out", "pipelines"]) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  symlinkSync(csv, join(folder, "data/wide.csv"));
  writeFileSync(
    join(folder, "sluice.config.ts"),
    `import { csv, defineConfig, parquet } from "sluice";
export default defineConfig({
  project: "bench",
  lake: { path: "lake" },
  datasets: {
    rows: csv("data/wide.csv"),
    ready: parquet("data/wide.parquet"),
    arriving: parquet("data/arriving.parquet"),
    gone: parquet("data/gone.parquet"),
  },
});\n`,
  );
  const load = (name, from, table, rest) =>
    writeFileSync(
      join(folder, `pipelines/${name}.yaml`),
      `name: ${name}\nsteps: { load: { load: { from: ${from}, into: lake.bench.${table}, ${rest} } } }\n`,
    );
  load("csv", "rows", "from_csv", "mode: append");
  load("parquet", "ready", "from_parquet", "mode: append");
  load("merge", "arriving", "merged", "mode: merge, key: [id]");
  load("delete", "gone", "deleted", "mode: merge, key: [id], deleteFlag: gone");
}
