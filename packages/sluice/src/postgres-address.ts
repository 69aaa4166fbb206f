import { type Address, type Json, parseTableName, SluiceError, type Storing } from "@sluice/core";
import { type Addressed, DATASET_OPTIONS, type DatasetOptions, markSource } from "./dataset-options.ts";
import { refuseOther } from "./refuse-other.ts";

/** An index that a load keeps on a table that it makes: its columns, or with `unique` what no two rows may share. */
export type PostgresIndex = readonly string[] | { readonly columns: readonly string[]; readonly unique?: boolean };

/** What is known of a table of PostgreSQL. */
export interface PostgresTableOptions extends Omit<DatasetOptions, "dialect"> {
  /** Of a table that a load makes; the key of a merge is its primary key without being named here. */
  readonly indexes?: readonly PostgresIndex[];
}

/** What a PostgreSQL database holds. */
export interface PostgresTables {
  /** `crash`, `public.crash`, `"a.b"."c"`: a target of a load, and a source for the configuration. */
  table(
    name: string,
    options?: PostgresTableOptions,
  ): Address & Addressed & Storing<"interval", "list" | "struct" | "map">;
  /** One SELECT in PostgreSQL's own SQL, as a source: for casts, joins and what only the server can do. */
  query(sql: string, options?: Omit<DatasetOptions, "dialect">): Address & Addressed;
}

/**
 * A PostgreSQL database, by the name of its connection in the configuration.
 *
 * @example
 * load({ name: "load_crash", from: crash, into: postgres("warehouse").table("public.crash"), mode: "merge", key: ["crash_id"] });
 * defineConfig({ project: "p", datasets: { orders: postgres("shop").query("select id, total::text from orders") } });
 */
export function postgres(connection: string): PostgresTables {
  const mark = (address: Address, options: DatasetOptions): Address & Addressed =>
    Object.freeze(markSource(address, { address: { ...address }, options: Object.freeze({ ...options }) }));
  return Object.freeze({
    table: (name: string, options: PostgresTableOptions = {}) => {
      refuseOther(`postgres("${connection}").table("${name}")`, options, [...DATASET_OPTIONS, "indexes"]);
      const { indexes, ...rest } = options;
      const { schema, table } = parseTableName(name);
      return mark(
        {
          type: "postgres",
          connection,
          ...(schema === undefined ? {} : { schema }),
          table,
          ...(indexes === undefined ? {} : { indexes: indexes as unknown as Json }),
        },
        rest,
      );
    },
    query: (sql: string, options: DatasetOptions = {}) => {
      refuseOther(`postgres("${connection}").query(…)`, options, DATASET_OPTIONS);
      if (typeof sql !== "string" || sql.trim() === "") {
        throw new SluiceError("config", `postgres("${connection}").query() holds no query`, { hint: "write a SELECT" });
      }
      return mark({ type: "postgres", connection, query: sql }, options);
    },
  });
}
