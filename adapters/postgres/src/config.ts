import { type Address, type Json, parseTableName, SluiceError, type TableName } from "@sluice/core";
import { z } from "zod";
import { quoted, shownTable } from "./names.ts";

const sslSchema = z.union([
  z.boolean(),
  z.strictObject({
    rejectUnauthorized: z.boolean().optional().describe("Whether the server's certificate has to be known; true"),
    ca: z.string().optional().describe("The certificates that are trusted, as PEM"),
    cert: z.string().optional(),
    key: z.string().optional(),
    servername: z.string().optional(),
  }),
]);

/** What a connection of type `postgres` holds: an address of the server in parts, or as one URL. */
export const connectionSchema = z
  .strictObject({
    type: z.literal("postgres"),
    url: z.string().min(1).optional().describe("postgresql://user:password@host:5432/database?sslmode=verify-full"),
    host: z.string().min(1).optional().describe("A name, an address, or the folder of a socket; localhost"),
    port: z.union([z.int().min(1).max(65_535), z.string().regex(/^\d+$|^secret\(/)]).optional(),
    database: z.string().min(1).optional().describe("As the user is called, where absent"),
    user: z.string().min(1).optional(),
    password: z.string().optional().describe('secret("NAME")'),
    ssl: sslSchema.optional(),
  })
  .refine((one) => one.url === undefined || (one.host ?? one.port ?? one.database ?? one.user) === undefined, {
    error: "has `url` and parts of it beside it: write one of them (`password` and `ssl` may stand beside a url)",
  });

const indexSchema = z.union([
  z.array(z.string().min(1)).min(1),
  z.strictObject({
    columns: z.array(z.string().min(1)).min(1),
    unique: z.boolean().optional(),
  }),
]);

/** An address: a table of a connection, a query for it, or all that a database holds. */
export const addressSchema = z
  .strictObject({
    type: z.literal("postgres"),
    connection: z.string().min(1).describe("The name of a connection"),
    schema: z.string().min(1).optional().describe("The schema of the table; by the search path where absent"),
    table: z.string().min(1).optional().describe("A table, view, materialised view or partitioned table"),
    query: z.string().min(1).optional().describe("One SELECT, for reading"),
    indexes: z.array(indexSchema).optional().describe("Of a table that a load makes: columns, unique or not"),
  })
  .refine((address) => address.query === undefined || address.table === undefined, {
    error: "has `table` and `query`: write one of them",
  });

export type PostgresAddress = z.infer<typeof addressSchema>;
export type PostgresConnection = z.infer<typeof connectionSchema>;

/** An index that a load keeps on the table that it makes. */
export interface IndexSpec {
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** @throws SluiceError `config` naming the member */
export function parseAddress(address: Address): Address {
  const { table, schema, indexes, ...rest } = parse(addressSchema, address, "address");
  const name = table === undefined ? undefined : tableOf(schema, table);
  if (name !== undefined && /^_sluice_/i.test(name.table)) {
    throw new SluiceError("config", `"${name.table}" is a reserved table name`, {
      offending: name.table,
      hint: "give it another name: _sluice_ begins the names of sluice's own tables",
    });
  }
  const canonical = {
    ...rest,
    ...(name?.schema === undefined ? (schema === undefined ? {} : { schema }) : { schema: name.schema }),
    ...(name === undefined ? {} : { table: name.table }),
    ...(indexes === undefined ? {} : { indexes }),
  };
  return Object.fromEntries(Object.entries(canonical).filter(([, value]) => value !== undefined)) as unknown as Address;
}

/** `{ table: "public.crash" }` says its schema itself; `{ schema: "public", table: "a.b" }` does not. */
function tableOf(schema: string | undefined, table: string): TableName {
  return schema === undefined ? parseTableName(table) : { schema, table };
}

/** @throws SluiceError `config` naming the member; values are not shown, since they may be secrets */
export function parseConnection(connection: Json): Json {
  return parse(connectionSchema, connection, "connection") as unknown as Json;
}

/**
 * As a person would write it.
 *
 * @example
 * nameOf({ type: "postgres", connection: "warehouse", schema: "public", table: "crash" }); // "postgres.warehouse.public.crash"
 */
export function nameOf(address: Address): string {
  const { connection, schema, table, query } = parse(addressSchema, address, "address");
  const isUrl = connection.includes("://");
  const base = isUrl ? connection : `postgres.${connection}`;
  if (query !== undefined)
    return `${base}${isUrl ? "#" : "."}(${query.length > 60 ? `${query.slice(0, 60)}…` : query})`;
  if (table === undefined) return schema === undefined ? base : `${base}${isUrl ? "#" : "."}${schema}`;
  const name = schema === undefined && table.includes(".") ? { schema, table: quoted(table) } : { schema, table };
  return `${base}${isUrl ? "#" : "."}${shownTable(name)}`;
}

/** Where a database is, as the driver takes it, and what of it is meant. */
export interface Target {
  readonly client: ClientOptions;
  /** The address as its author wrote it: no password is in it. */
  readonly shown: string;
  readonly schema: string | undefined;
  readonly table: TableName | undefined;
  readonly query: string | undefined;
  readonly indexes: readonly IndexSpec[];
}

/** What the driver takes. */
export type ClientOptions = Readonly<Record<string, unknown>>;

/** @throws SluiceError `config` */
export function resolveTarget(address: Address, connection: Json | undefined): Target {
  const checked = parse(addressSchema, parseAddress(address), "address");
  const { schema, table, query, indexes = [] } = checked;
  const configured = parse(connectionSchema, connection ?? null, `connection "${checked.connection}"`);
  return {
    client: clientOptions(configured, checked.connection),
    shown: nameOf(checked as unknown as Address),
    schema,
    table: table === undefined ? undefined : { schema, table },
    query,
    indexes: indexes.map((index) =>
      Array.isArray(index)
        ? { columns: index, unique: false }
        : { columns: index.columns, unique: index.unique ?? false },
    ),
  };
}

function clientOptions({ url, ssl, password, ...rest }: PostgresConnection, name: string): ClientOptions {
  const { type: _type, port, ...parts } = rest;
  const own = {
    ...parts,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(password === undefined ? {} : { password }),
    ...(ssl === undefined ? {} : { ssl }),
  };
  if (url === undefined) return own;
  let parsed: URL;
  try {
    parsed = new URL(url);
    decodeURIComponent(parsed.href);
  } catch {
    // The text is not shown, and no cause is kept: a password may be in both.
    throw new SluiceError("config", `the url of the connection "${name}" is not one`, {
      hint: "write postgresql://user@host:5432/database, and percent-encode what is special in user and password",
    });
  }
  if (parsed.protocol !== "postgresql:" && parsed.protocol !== "postgres:") {
    throw new SluiceError("config", `the url of the connection "${name}" is of ${parsed.protocol}`, {
      offending: parsed.protocol,
      hint: "write postgresql://user@host:5432/database",
    });
  }
  if (password !== undefined) parsed.password = encodeURIComponent(password);
  return { connectionString: parsed.href, ...(ssl === undefined ? {} : { ssl }) };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const member = issue?.path.join(".") ?? "";
  const where = member === "" ? "" : `.${member}`;
  const isAddress = what === "address";
  throw new SluiceError("config", `postgres ${what}${where}: ${issue?.message ?? "is not valid"}`, {
    // A connection may hold a password.
    offending: isAddress ? (JSON.stringify(value) ?? "undefined") : member || what,
    hint: isAddress
      ? 'write { type: "postgres", connection: "name", schema: "public", table: "name" }'
      : 'write { type: "postgres", host, port, database, user, password: secret("NAME") }, or { type, url }',
  });
}
