// Tables of a real PostgreSQL, read back through the driver alone; each trial has a database of its own.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import pg from "pg";

export const modes = ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"];

let server;
let databases = 0;

/** Starts a server, or takes the one that SLUICE_TEST_POSTGRES_URL names. */
export async function open() {
  const given = process.env.SLUICE_TEST_POSTGRES_URL;
  if (given !== undefined && given !== "") {
    server = { url: given, stop: async () => undefined };
    return;
  }
  const outfile = fileURLToPath(new URL(`../.server-${process.pid}.mjs`, import.meta.url));
  const entry = fileURLToPath(new URL("../../test/systems/postgres-server.ts", import.meta.url));
  const source = readFileSync(entry, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(entry).href));
  try {
    await build({
      stdin: {
        contents: source,
        loader: "ts",
        resolveDir: fileURLToPath(new URL("../../test/systems", import.meta.url)),
      },
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
    });
    const { startPostgres } = await import(pathToFileURL(outfile).href);
    server = await startPostgres();
  } finally {
    rmSync(outfile, { force: true });
  }
}

export const close = () => server.stop();

export const connection = (folder) => `{ type: "postgres", url: ${JSON.stringify(urlIn(folder))} }`;
export const into = (target) => `postgres.target.public.${target}`;

/** A database for a new project. */
export async function create(folder) {
  await give(folder, "");
}

/** The copy of a project gets a copy of its database. */
export async function fork(from, folder) {
  await give(folder, ` template ${databaseOf(from)}`);
  const config = join(folder, "sluice.config.ts");
  writeFileSync(config, readFileSync(config, "utf8").replace(urlIn(from), urlIn(folder)));
}

export async function remove(folder) {
  await onServer(`drop database if exists ${databaseOf(folder)} with (force)`);
}

/** The rows of a target; none where it was never written. */
export async function read(folder, target) {
  const there = await onDatabase(folder, "select to_regclass($1) is not null as there", [`public.${target}`]);
  return there[0].there ? onDatabase(folder, `select id::int, kind::int, version::int from public.${target}`) : [];
}

/** Forgets what was committed, as one does who tidies tables that he does not know. */
export const prune = (folder) => onDatabase(folder, "delete from public._sluice_commits");

const names = new Map();

async function give(folder, options) {
  names.set(folder, `chaos_${process.pid}_${++databases}`);
  await onServer(`create database ${databaseOf(folder)}${options}`);
}

const databaseOf = (folder) => names.get(folder);

function urlIn(folder) {
  const url = new URL(server.url);
  url.pathname = `/${databaseOf(folder)}`;
  return url.href;
}

const onServer = (sql) => query(server.url, sql);
const onDatabase = (folder, sql, values) => query(urlIn(folder), sql, values);

async function query(url, sql, values = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}
