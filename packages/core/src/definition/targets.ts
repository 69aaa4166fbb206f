import { canonicalJson } from "../json.ts";
import type { Address } from "../schema/frozen.ts";

/**
 * What an address points at, without the options that say how: two loads with one identity write the same thing.
 *
 * @example
 * targetIdentity({ type: "file", path: "./out/x.csv", header: false }); // '{"path":"out/x.csv"}'
 */
export function targetIdentity(address: Address): string {
  const { type, connection, path, table, schema } = address;
  const place = typeof path === "string" ? normalPath(path) : path;
  const name = typeof table === "string" ? table.toLowerCase() : table;
  if (place === undefined && name === undefined) return canonicalJson(address);
  // A file is a file whatever reads it: `csv` and `file` may name the same one.
  return canonicalJson({ type: name === undefined ? undefined : type, connection, path: place, table: name, schema });
}

/** The members of an address that say where, and of a file what it holds. */
const PLACE = ["type", "connection", "path", "schema", "table", "format"] as const;

/**
 * An address without the options that say how it is written: what a table is read by.
 *
 * @example
 * placeOf({ type: "lake", table: "chicago.crash", partitions: ["day(crash_date)"] }); // { type: "lake", table: "chicago.crash" }
 */
export function placeOf(address: Address): Address {
  const members = PLACE.flatMap((name) => (address[name] === undefined ? [] : [[name, address[name]] as const]));
  return Object.fromEntries(members) as unknown as Address;
}

/**
 * Whether reading one address may see what is written to the other: the same place, or a glob or template over it.
 *
 * @example
 * mayRead({ type: "file", path: "out/*.csv" }, { type: "file", path: "out/a.csv" }); // true
 */
export function mayRead(source: Address, target: Address): boolean {
  if (targetIdentity(source) === targetIdentity(target)) return true;
  if (source.table !== undefined || target.table !== undefined) return false;
  if (typeof source.path !== "string" || typeof target.path !== "string") return false;
  const [read, written] = [normalPath(source.path), normalPath(target.path)];
  // Many files lie below their target.
  const isFolder = target.partitions !== undefined || target.targetSize !== undefined;
  if (isFolder && read.startsWith(`${written}/`)) return true;
  return patternOf(read).test(written);
}

/**
 * The parameters in the template of an address, each once: those of a path that names files. The path of a database is
 * taken as it is.
 *
 * @example
 * templateParameters({ type: "file", path: "data/{year}/{day}.csv" }); // ["year", "day"]
 */
export function templateParameters(address: Address): readonly string[] {
  if (typeof address.path !== "string" || address.table !== undefined) return [];
  return [...new Set([...address.path.matchAll(/\{([A-Za-z_]\w*)\}/g)].map(([, name = ""]) => name))];
}

function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll("\\", "/").split("/")) {
    if (part === "." || (part === "" && parts.length > 0)) continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

function patternOf(path: string): RegExp {
  const source = path.replaceAll(/\*\*\/?|\*|\?|\{\w+\}|[\\^$.|+()[\]{}]/g, (part) => {
    if (part.startsWith("**")) return ".*";
    if (part === "*" || /^\{\w+\}$/.test(part)) return "[^/]*";
    return part === "?" ? "[^/]" : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
