import { isAbsolute, resolve } from "node:path";
import { type Address, assertLocalPath, didYouMean, expectedText, type Json, SluiceError } from "@sluice/core";
import { z } from "zod";

/** What a connection of type `sqlite` holds: `{ type: "sqlite", path: "chicago.db" }`. */
export const connectionSchema = z.strictObject({
  type: z.literal("sqlite"),
  path: z.string().min(1).describe("The database file, relative to the project's folder"),
});

/** An address: a table of a connection, or of a file. A source without a table is the whole database. */
export const addressSchema = z
  .strictObject({
    type: z.literal("sqlite"),
    connection: z.string().min(1).optional().describe("The name of a connection"),
    path: z.string().min(1).optional().describe("A database file, in place of a connection"),
    table: z.string().min(1).optional().describe("A table or view"),
  })
  .refine((address) => (address.connection === undefined) !== (address.path === undefined), {
    error: "needs either `connection` or `path`",
  });

export type SqliteAddress = z.infer<typeof addressSchema>;

/** @throws SluiceError `config` naming the member */
export function parseAddress(address: Address): Address {
  const checked = parse(addressSchema, address, "address");
  if (checked.path !== undefined) assertLocalPath(checked.path);
  if (checked.table !== undefined && /^(sqlite_|_sluice_)/i.test(checked.table)) {
    throw new SluiceError("config", `"${checked.table}" is a reserved table name`, {
      offending: checked.table,
      hint: "give it another name: sqlite_ and _sluice_ begin the names of SQLite's and sluice's own tables",
    });
  }
  return Object.fromEntries(Object.entries(checked).filter(([, value]) => value !== undefined)) as unknown as Address;
}

/** @throws SluiceError `config` naming the member */
export function parseConnection(connection: Json): Json {
  return parse(connectionSchema, connection, "connection");
}

/**
 * As a person would write it.
 *
 * @example
 * nameOf({ type: "sqlite", connection: "warehouse", table: "crash" }); // "sqlite.warehouse.crash"
 * nameOf({ type: "sqlite", path: "chicago.db", table: "crash" }); // "sqlite:chicago.db#crash"
 */
export function nameOf(address: Address): string {
  const { connection, path, table } = parse(addressSchema, address, "address");
  if (connection !== undefined) return ["sqlite", connection, ...(table === undefined ? [] : [table])].join(".");
  return `sqlite:${path}${table === undefined ? "" : `#${table}`}`;
}

/** Where the database lies, and which table is meant. */
export interface Target {
  readonly path: string;
  /** The path as its author wrote it. */
  readonly shown: string;
  readonly table: string | undefined;
}

/** @throws SluiceError `config` */
export function resolveTarget(address: Address, connection: Json | undefined, root: string): Target {
  const checked = parse(addressSchema, address, "address");
  const written =
    checked.path ?? parse(connectionSchema, connection ?? null, `connection "${checked.connection}"`).path;
  return { path: isAbsolute(written) ? written : resolve(root, written), shown: written, table: checked.table };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const [unknown = ""] = issue.keys;
    throw new SluiceError("config", `sqlite ${what}: there is no option "${unknown}"`, {
      offending: unknown,
      hint: didYouMean(unknown, what === "address" ? ["connection", "path", "table"] : ["path"], "its options"),
    });
  }
  const member = String(issue?.path[0] ?? "");
  const given = JSON.stringify((value as Readonly<Record<string, unknown>> | null)?.[member]) ?? "missing";
  const expected = issue === undefined ? "something else" : expectedText(issue);
  const says = member === "" ? expected : `"${member}" is ${given}; expected ${expected}`;
  throw new SluiceError("config", `sqlite ${what}: ${says}`, {
    offending: JSON.stringify(value) ?? "undefined",
    hint:
      what === "address"
        ? 'name a table of a connection: sqlite("name").table("name"), in YAML sqlite.name.name or { sqlite: "file.db", table: name }'
        : 'write { type: "sqlite", path: "file.db" }',
  });
}
