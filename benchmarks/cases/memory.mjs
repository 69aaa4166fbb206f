// The most memory that a whole command and its processes hold, at 1, 10 and 50 million rows: it shall not grow with them.
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, runWatched, sluiceCommand } from "../measure.mjs";
import { openServer } from "./postgres.mjs";

const SIZES = [1_000_000, 10_000_000, 50_000_000];
/** Of the memory at ten million, where every buffer is full. */
const FLAT = 1.25;
const ROWS = `select i as id, date '2020-01-01' + (i % 1000)::int as day, timestamp '2020-01-01' + to_seconds(i) as at, ['Chicago', 'Oslo', 'Washington, D.C.', 'Zürich'][1 + i % 4] as city, 'name ' || (i * 7919 % 100000) as name, i % 1000 as count, (i * 31 % 10000000) / 100 as amount, (hash(i) % 1000000) / 7 as price, i % 2 = 0 as active, to_hex((hash(i) % 4294967296)::ubigint) as code from range`;

export async function memory({ work, here, options }) {
  const sizes = SIZES.filter((size) => size <= Number(options.rows));
  const server = await openServer().catch((error) => {
    console.log(`SKIPPED memory of loads into PostgreSQL: ${error.message}`);
  });
  try {
    const ways = [
      ["CSV → Parquet", "csv_parquet", "csv"],
      ["CSV → a table of the lake", "csv_lake", "csv"],
      ["Parquet → a table of the lake in 16 buckets", "parquet_lake", "parquet"],
      ...(server === undefined ? [] : [["Parquet → PostgreSQL", "parquet_postgres", "parquet"]]),
    ];
    const measured = new Map(ways.map(([title]) => [title, []]));
    for (const size of sizes) {
      const folder = projectIn(join(work, `memory-${size}`), server?.url);
      for (const format of ["csv", "parquet"]) {
        const due = ways.filter(([, , of]) => of === format);
        const options =
          format === "csv" ? "format csv, header" : "format parquet, compression zstd, compression_level 1";
        const sql = `copy (${ROWS}(${size}) t (i)) to 'data/rows.${format}' (${options})`;
        run(process.execPath, [join(here, "programs/run-duckdb.mjs"), sql], folder);
        // What is known of the fewest rows holds for all: sync would read each of them.
        const known = join(work, `memory-${SIZES[0]}-${format}`);
        if (existsSync(known)) cpSync(known, join(folder, "schemas"), { recursive: true });
        else {
          run(process.execPath, [sluiceCommand, "sync", `rows_${format}`], folder);
          cpSync(join(folder, "schemas"), known, { recursive: true });
        }
        for (const [title, pipeline] of due) {
          const started = performance.now();
          const memoryMb = await runWatched([process.execPath, sluiceCommand, "run", pipeline], folder);
          measured.get(title).push({ size, seconds: (performance.now() - started) / 1000, memoryMb });
          console.log(`measured: ${title}, ${size.toLocaleString("en")} rows: ${Math.round(memoryMb)} MB`);
          for (const name of ["out", "lake", ".sluice/stage"])
            rmSync(join(folder, name), { recursive: true, force: true });
          mkdirSync(join(folder, "out"));
        }
        rmSync(join(folder, `data/rows.${format}`));
      }
      rmSync(folder, { recursive: true, force: true });
    }
    return [...measured].map(([title, runs]) => resultOf(title, runs));
  } finally {
    await server?.stop();
  }
}

function resultOf(title, runs) {
  const full = runs.find(({ size }) => size === SIZES[1]);
  const says = ({ size, memoryMb }) => {
    if (full === undefined || size <= full.size) return "";
    const grown = memoryMb / full.memoryMb;
    return `${grown.toFixed(2)}× the memory of a fifth of the rows (budget ≤ ${FLAT}×: ${grown <= FLAT ? "kept" : "MISSED"})`;
  };
  return {
    title: `Memory: ${title}`,
    note: "One run each of a whole command; the memory is that of all its processes together, looked at ten times a second.",
    rows: runs.map((one) => ({
      name: `${one.size.toLocaleString("en")} rows of ten columns`,
      ...{ seconds: one.seconds, least: one.seconds, most: one.seconds, memoryMb: Math.round(one.memoryMb) },
      says: says(one),
    })),
  };
}

function projectIn(folder, url) {
  for (const name of ["data", "out", "pipelines"]) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const connections =
    url === undefined ? "" : `connections: { server: { type: "postgres", url: ${JSON.stringify(url)} } },`;
  writeFileSync(
    join(folder, "sluice.config.ts"),
    `import { csv, defineConfig, parquet } from "sluice";
export default defineConfig({
  project: "bench-memory",
  lake: { path: "lake" },
  ${connections}
  datasets: { rows_csv: csv("data/rows.csv"), rows_parquet: parquet("data/rows.parquet") },
});\n`,
  );
  const load = (name, from, into, mode) =>
    writeFileSync(
      join(folder, `pipelines/${name}.yaml`),
      `name: ${name}\nsteps: { load: { load: { from: ${from}, into: ${into}, mode: ${mode} } } }\n`,
    );
  load("csv_parquet", "rows_csv", "{ file: out/rows.parquet }", "replace");
  load("csv_lake", "rows_csv", "lake.bench.from_csv", "append");
  load("parquet_lake", "rows_parquet", '{ lake: bench.parted, partitions: ["bucket(16, id)"] }', "append");
  if (url !== undefined) load("parquet_postgres", "rows_parquet", "postgres.server.public.target", "replace");
  return folder;
}
