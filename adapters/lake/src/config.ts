import { isAbsolute, resolve } from "node:path";
import { type Address, type Json, SluiceError } from "@sluice/core";
import { z } from "zod";
import type { TableId } from "./format/table.ts";
import { parsePartition } from "./partition-text.ts";

/** The connection that an address means which names none. */
const DEFAULT_CONNECTION = "lake";

/** What a connection of type `lake` holds: `{ type: "lake", path: "lake" }`. */
export const connectionSchema = z.strictObject({
  type: z.literal("lake"),
  path: z.string().min(1).describe("The folder of the tables, relative to the project's folder"),
  catalog: z.looseObject({ type: z.string() }).optional().describe("A connection to PostgreSQL that holds the catalog"),
});

/** An address: a table of the project's lake, of another connection, or of a folder. */
export const addressSchema = z.strictObject({
  type: z.literal("lake"),
  connection: z.string().min(1).optional().describe("The name of a connection; the project's lake where absent"),
  path: z.string().min(1).optional().describe("A folder, in place of a connection"),
  table: z
    .string()
    .min(1)
    .describe("A table with its namespace: chicago.crash; @ and a snapshot or a time for an old one"),
  partitions: z.array(z.string()).min(1).optional().describe("How a table is parted that is made: day(crash_date)"),
  targetSize: z.string().min(1).optional().describe("How large its files shall be, roughly: 128MB"),
});

/** An address that was checked. */
export interface LakeAddress extends Address {
  readonly type: "lake";
  readonly path?: string;
  readonly table: string;
  readonly partitions?: readonly string[];
  readonly targetSize?: string;
}

/** @throws SluiceError `config` naming the member */
export function parseAddress(address: Address): Address {
  const checked = parse(addressSchema, address, "address");
  if (checked.connection !== undefined && checked.path !== undefined) {
    throw new SluiceError("config", "lake address: needs `connection` or `path`, not both", {
      offending: checked.path,
    });
  }
  tableOf(checked.table);
  for (const text of checked.partitions ?? []) parsePartition(text);
  if (checked.targetSize !== undefined) bytesOf(checked.targetSize);
  const place = checked.path === undefined ? { connection: checked.connection ?? DEFAULT_CONNECTION } : {};
  const given = Object.entries({ ...checked, ...place }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as Address;
}

/** @throws SluiceError `config` naming the member */
export function parseConnection(connection: Json): Json {
  return parse(connectionSchema, connection, "connection") as Json;
}

/**
 * As a person would write it.
 *
 * @example
 * nameOf({ type: "lake", table: "chicago.crash" }); // "lake.chicago.crash"
 * nameOf({ type: "lake", path: "other", table: "chicago.crash" }); // "lake:other#chicago.crash"
 */
export function nameOf(address: Address): string {
  const { path, table, connection = DEFAULT_CONNECTION } = parse(addressSchema, address, "address");
  if (path !== undefined) return `lake:${path}#${table}`;
  return connection === DEFAULT_CONNECTION ? `lake.${table}` : `lake.${connection}.${table}`;
}

/** Which version of a table is meant. */
export type Version = { readonly snapshot: bigint } | { readonly at: number };

/**
 * The name of a table, and the version that follows an @.
 *
 * @example
 * tableOf("chicago.crash@2024-01-31"); // { id: { namespace: ["chicago"], name: "crash" }, version: { at: 1706659200000 } }
 * @throws SluiceError `config`
 */
export function tableOf(text: string): { readonly id: TableId; readonly version?: Version } {
  const [, name = "", written] = /^([^@]*)(?:@(.*))?$/s.exec(text) ?? [];
  const levels = name.split(".");
  const last = levels.at(-1) ?? "";
  if (levels.length < 2 || levels.some((level) => level.trim() === "" || /[/\\\0]/.test(level) || level === "..")) {
    throw new SluiceError("config", `"${text}" names no table of a lake`, {
      offending: text,
      hint: "a table has a namespace and a name: chicago.crash",
    });
  }
  const id = { namespace: levels.slice(0, -1), name: last };
  return written === undefined ? { id } : { id, version: versionOf(text, written) };
}

function versionOf(text: string, written: string): Version {
  if (/^\d+$/.test(written)) return { snapshot: BigInt(written) };
  const at = /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(written) ? Date.parse(zoned(written)) : Number.NaN;
  if (!Number.isNaN(at)) return { at };
  throw new SluiceError("config", `"${written}" in "${text}" is no version of a table`, {
    offending: written,
    hint: "after the @ stands the number of a snapshot, or a time such as 2024-01-31T12:00:00Z; `sluice table history` lists both",
  });
}

/** A time without a zone is UTC, as everywhere. */
function zoned(text: string): string {
  const full = text.replace(" ", "T");
  return full.length === 10 || /(?:Z|[+-]\d{2}:?\d{2})$/.test(full) ? full : `${full}Z`;
}

/** Where a lake lies. */
export interface LakePlace {
  /** The folder of the tables, absolute. */
  readonly folder: string;
  /** As its author wrote it. */
  readonly shown: string;
  /** The connection to PostgreSQL that holds the catalog; a file in the folder where absent. */
  readonly catalog?: Json;
}

/** @throws SluiceError `config` */
export function placeOf(address: Address, connection: Json | undefined, root: string): LakePlace {
  const { path } = parse(addressSchema, address, "address");
  const checked =
    path === undefined
      ? parse(connectionSchema, connection ?? null, `connection "${address.connection ?? DEFAULT_CONNECTION}"`)
      : { path };
  const folder = isAbsolute(checked.path) ? checked.path : resolve(root, checked.path);
  return {
    folder,
    shown: checked.path,
    ...("catalog" in checked && checked.catalog !== undefined ? { catalog: checked.catalog as Json } : {}),
  };
}

/** Bytes from text such as `128MB`. */
export function bytesOf(text: string): number {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMG]?B)$/i.exec(text.trim()) ?? [];
  const factor = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 }[unit.toUpperCase()];
  if (factor !== undefined && Number(count) * factor >= 1) return Math.floor(Number(count) * factor);
  throw new SluiceError("config", `lake address.targetSize: "${text}" is no size`, {
    offending: text,
    hint: 'write it as "128MB"',
  });
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const member = issue?.path.join(".") ?? "";
  const where = member === "" ? "" : `.${member}`;
  throw new SluiceError("config", `lake ${what}${where}: ${issue?.message ?? "is not valid"}`, {
    offending: JSON.stringify(value) ?? "undefined",
    hint:
      what === "address"
        ? 'write { type: "lake", table: "chicago.crash" }'
        : 'write lake: { path: "lake" } in sluice.config.ts',
  });
}
