// Tables of a SQLite database, read back through the driver alone.
import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";

export const modes = ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"];

export const connection = () => `{ type: "sqlite", path: "target.db" }`;
export const into = (target) => `sqlite.target.${target}`;

/** The rows of a target; none where it was never written. */
export function read(folder, target) {
  const database = open(folder);
  if (database === undefined) return [];
  try {
    const there = database.prepare("select 1 from sqlite_master where name = ?").get(target);
    return there === undefined ? [] : database.prepare(`select id, kind, version from "${target}"`).all();
  } finally {
    database.close();
  }
}

/** Forgets what was committed, as one does who tidies tables that he does not know. */
export function prune(folder) {
  const database = open(folder);
  database?.exec("delete from _sluice_commits");
  database?.close();
}

function open(folder) {
  const path = join(folder, "target.db");
  return existsSync(path) ? new Database(path) : undefined;
}
