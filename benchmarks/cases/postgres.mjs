// Rows into PostgreSQL and out of it, against psql \copy of a ready file, and a merge of which half exists against SQL written by
// hand. The server is that of the tests, or the one that SLUICE_TEST_POSTGRES_URL names.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importSource } from "../import-source.mjs";
import { measureCommands, root, run, sluiceCommand } from "../measure.mjs";
import { findDatabasePython } from "../python.mjs";
import { wideData } from "../wide-data.mjs";

const COLUMNS =
  "id bigint, day date, at timestamp, city text, name text, count bigint, amount double precision, price double precision, active boolean, code text";

const SMALL = 1_000_000;

const MERGE_BUDGET = ["at most", 1.15];

/** Of those that take minutes, one round is enough. */
const PEERS = {
  copy: { name: "pandas, COPY", budget: ["at least", 2], modules: ["pandas", "pyarrow", "psycopg2", "sqlalchemy"] },
  to_sql: {
    name: "pandas, to_sql (one round)",
    budget: ["at least", 8],
    modules: ["pandas", "pyarrow", "psycopg2", "sqlalchemy"],
    rounds: 1,
  },
  read_sql: {
    name: "pandas, read_sql (one round)",
    modules: ["pandas", "pyarrow", "psycopg2", "sqlalchemy"],
    rounds: 1,
  },
  dlt: { name: "dlt", modules: ["dlt", "pyarrow", "psycopg2"] },
};

export async function postgres({ work, here, options, rounds }) {
  if (spawnSync("psql", ["--version"]).status !== 0) {
    console.log("SKIPPED postgres: there is no psql to compare with");
    return [];
  }
  const python = findDatabasePython(root);
  for (const { name, modules } of Object.values(PEERS)) {
    const missing = python.missing(modules);
    if (missing !== undefined) console.log(`SKIPPED ${name} with PostgreSQL: ${missing}`);
  }
  const asked = Number(options.rows);
  if (asked < SMALL) console.log("SKIPPED the merge into PostgreSQL: it takes a million rows");
  const server = await openServer();
  try {
    const context = { work, here, rounds, url: server.url, python };
    const results = [];
    // Of few rows, the start of a command is much; the peers in Python are measured with these only.
    for (const count of asked > SMALL ? [SMALL, asked] : [asked]) {
      results.push(...(await cases({ ...context, count, withPeers: count <= SMALL })));
    }
    return results;
  } finally {
    await server.stop();
  }
}

async function cases({ work, here, rounds, url, python, count, withPeers }) {
  const folder = projectIn(join(work, `postgres-${count}`), url);
  const csv = await wideData(count, "csv", join(here, "data"));
  symlinkSync(csv, join(folder, "data/wide.csv"));
  run(process.execPath, [sluiceCommand, "copy", "data/wide.csv", "data/wide.parquet"], folder);
  const sql = (...statements) => [
    "psql",
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    url,
    ...statements.flatMap((one) => ["-c", one]),
  ];
  run(
    "psql",
    sql(
      "drop table if exists warm, source, stored",
      `create table warm (${COLUMNS})`,
      "\\copy warm from data/wide.csv csv header",
    ).slice(1),
    folder,
  );
  run("psql", sql("create table source as select * from warm", "analyze source").slice(1), folder);
  run(process.execPath, [sluiceCommand, "sync"], folder);
  const sluice = (name) => [process.execPath, sluiceCommand, "run", name];
  const drop = sql(
    "drop table if exists target, target_csv, target_parquet, _sluice_commits",
    "drop schema if exists bench_dlt, bench_dlt_staging cascade",
    "checkpoint",
  );
  const peers = (...wanted) =>
    wanted.flatMap(([key, program, ...words]) => {
      const { modules, ...peer } = PEERS[key];
      if (!withPeers || python.missing(modules) !== undefined) return [];
      return [{ ...peer, command: [python.command, join(here, "peers", program), ...words], before: drop }];
    });
  const results = [];
  const title = (what) => `PostgreSQL: ${what}, ${count.toLocaleString("en")} rows`;
  for (const [what, pipeline] of [
    ["CSV into a table", "csv"],
    ["Parquet into a table", "parquet"],
  ]) {
    const contestants = [
      { name: "sluice", command: sluice(pipeline), before: drop },
      {
        name: "psql \\copy of the ready CSV",
        command: sql(`create table target (${COLUMNS})`, "\\copy target from data/wide.csv csv header"),
        before: drop,
        budget: ["at most", 1.11],
      },
    ];
    const file = `data/wide.${pipeline}`;
    contestants.push(
      ...peers(
        ["copy", "postgres_pandas.py", file, url, "copy"],
        ["to_sql", "postgres_pandas.py", file, url, "to_sql"],
        ...(pipeline === "parquet" ? [["dlt", "postgres_dlt.py", file, url]] : []),
      ),
    );
    results.push(await measureCommands(title(what), contestants, { cwd: folder, rounds }));
  }
  results.push(
    await measureCommands(
      title("a table into Parquet"),
      [
        { name: "sluice", command: sluice("out") },
        {
          name: "psql \\copy into CSV",
          command: sql("\\copy source to out/source.csv csv header"),
          budget: ["at most", 1.11],
        },
        ...peers(["read_sql", "postgres_pandas_out.py", url, "out/pandas.parquet"]),
      ],
      { cwd: folder, rounds },
    ),
  );
  if (count === SMALL) results.push(await merges({ folder, sql, sluice, rounds }));
  rmSync(folder, { recursive: true, force: true });
  return results;
}

/** A million rows arrive, of which every other one exists, and half of those differ. */
async function merges({ folder, sql, sluice, rounds }) {
  const columns = "id bigint primary key, city text, name text, amount double precision, at timestamp";
  const names = ["city", "name", "amount", "at"];
  run(
    "psql",
    sql(
      "create table stored as select id * 2 as id, city, name, amount, at from source where id < 1000000",
      "alter table stored add primary key (id)",
      "create index source_id on source (id)",
      "\\copy (select n.id, coalesce(o.city, t.city) as city, coalesce(o.name, t.name) as name, case when n.id % 4 = 0 then o.amount + 1 else coalesce(o.amount, t.amount) end as amount, coalesce(o.at, t.at) as at from generate_series(0, 999999) n (id) left join stored o on o.id = n.id join source t on t.id = n.id) to data/merge.csv csv header",
    ).slice(1),
    folder,
  );
  run(process.execPath, [sluiceCommand, "sync", "merge_rows"], folder);
  const reset = sql(
    "drop table if exists target, _sluice_commits",
    `create table target (${columns})`,
    "insert into target select * from stored",
    "analyze target",
    "checkpoint",
  );
  const rowOf = (side) => `(${names.map((name) => `${side}.${name}`).join(", ")})`;
  const differs = (side) => `${rowOf("t")} is distinct from ${rowOf(side)}`;
  const setTo = (side) => names.map((name) => `${name} = ${side}.${name}`).join(", ");
  const byHand = (statement) =>
    sql(
      "begin",
      `create temp table rows (${columns.replace(" primary key", "")}) on commit drop`,
      "\\copy rows from data/merge.csv csv header",
      "analyze rows",
      statement,
      "commit",
    );
  const onConflict = `insert into target as t select * from rows on conflict (id) do update set ${setTo("excluded")} where ${differs("excluded")}`;
  const inOrder = `merge into target t using (select * from rows order by id) s on t.id = s.id when matched and ${differs("s")} then update set ${setTo("s")} when not matched then insert values (s.id, ${names.map((name) => `s.${name}`).join(", ")})`;
  const contestants = [
    { name: "sluice", command: sluice("merge"), before: reset },
    { name: "COPY, insert … on conflict by hand", command: byHand(onConflict), before: reset, budget: MERGE_BUDGET },
    {
      name: "COPY, merge in the order of the key by hand",
      command: byHand(inOrder),
      before: reset,
      budget: MERGE_BUDGET,
    },
  ];
  return await measureCommands("PostgreSQL: merge of 1,000,000 rows, half of them there", contestants, {
    cwd: folder,
    rounds,
  });
}

function projectIn(folder, url) {
  for (const name of ["data", "out", "pipelines"]) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "data/merge.csv"), "id,city,name,amount,at\n1,a,b,1.5,2024-01-01 00:00:00\n");
  writeFileSync(
    join(folder, "sluice.config.ts"),
    `import { csv, defineConfig, parquet, postgres } from "sluice";
export default defineConfig({
  project: "bench",
  datasets: {
    rows: csv("data/wide.csv"),
    ready: parquet("data/wide.parquet"),
    source: postgres("server").table("public.source"),
    merge_rows: csv("data/merge.csv", { types: { id: "int64" } }),
  },
  connections: { server: { type: "postgres", url: ${JSON.stringify(url)} } },
});\n`,
  );
  const load = (name, from, into, rest = "mode: append") =>
    writeFileSync(
      join(folder, `pipelines/${name}.yaml`),
      `name: ${name}\nsteps: { load: { load: { from: ${from}, into: ${into}, ${rest} } } }\n`,
    );
  load("csv", "rows", "postgres.server.public.target_csv");
  load("parquet", "ready", "postgres.server.public.target_parquet");
  load("out", "source", "{ file: out/source.parquet }", "mode: replace");
  load("merge", "merge_rows", "postgres.server.public.target", "mode: merge, key: [id]");
  return folder;
}

/** The server that is given, else that of the tests. */
export async function openServer() {
  const given = process.env.SLUICE_TEST_POSTGRES_URL;
  if (given !== undefined && given !== "") return { url: given, stop: async () => undefined };
  const { startPostgres } = await importSource(join(root, "test/systems/postgres-server.ts"));
  return await startPostgres();
}
