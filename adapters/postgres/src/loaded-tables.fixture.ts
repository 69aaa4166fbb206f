import type { Address } from "@sluice/core";
import type { TestDatabase } from "./database.fixture.ts";
import { quoted } from "./names.ts";

/** A table that loads go into. */
export interface LoadedTable {
  readonly table: string;
  readonly address: Address;
  readonly connection: { readonly type: "postgres"; readonly url: string };
  rows(): ReturnType<TestDatabase["query"]>;
  traces(): Promise<null>;
}

/** Tables that loads go into, each of another name where none is given. */
export function loadedTables(
  database: TestDatabase,
  prefix: string,
): (name?: string, more?: Partial<Address>) => LoadedTable {
  let tables = 0;
  return (name, more = {}) => {
    tables += 1;
    const table = name ?? `${prefix}_${tables}`;
    return {
      table,
      address: { type: "postgres", connection: "main", table, ...more },
      connection: { type: "postgres", url: database.url },
      rows: () => database.query(`select * from ${quoted(table)}`),
      traces: async () => null,
    };
  };
}

/** Waits until some session of the database is at something: `query like 'copy %'`. */
export async function untilSomebody(database: TestDatabase, condition: string): Promise<void> {
  const question = `select count(*) from pg_stat_activity where ${condition} and datname = current_database() and pid <> pg_backend_pid()`;
  for (;;) {
    const [[found] = []] = await database.query(question);
    if (found !== "0") return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
