import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { acceptanceOf, type FrozenColumn, type InputFile, type ScannableInput } from "@sluice/core";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/**
 * Files in folders that are named by what their paths say of them, as `sluice-0=2024`. DuckDB leaves out the files whose
 * folder a filter does not want, and never opens them.
 */
export interface PartitionFolders {
  /** A link to each file, by its path. */
  readonly links: ReadonlyMap<string, string>;
  /** Columns that are typed by DuckDB itself; others are text behind a letter. */
  readonly typed: ReadonlySet<string>;
}

/** What Hive and those after it write for a null. */
const NULL_VALUE = "__HIVE_DEFAULT_PARTITION__";
/** Of a text, so that none is one of the words that mean null in a folder. */
const TEXT_MARK = "v";
/** File systems take names of 255 bytes. */
const MOST_BYTES = 240;

let count = 0;

/**
 * Links to the Parquet files of an input in such folders below `root`; undefined where there is nothing to leave out, where
 * a value makes no folder, and where links are refused. `made` holds the link to each file from before.
 */
export async function linkInFolders(
  input: ScannableInput,
  wanted: readonly string[],
  root: () => Promise<string>,
  made: Map<string, string>,
): Promise<PartitionFolders | undefined> {
  const columns = partitionsOf(input);
  const files = [...new Map(input.groups.flatMap((group) => group.files).map((file) => [file.path, file])).values()];
  const isPlain = input.format === "parquet" && input.fieldIds === undefined && input.deletes === undefined;
  if (!isPlain || files.length < 2 || !columns.some(({ name }) => wanted.includes(name))) return undefined;
  const typed = new Set(
    columns.filter((column, index) => isTyped(column, valuesOf(files, index))).map(({ name }) => name),
  );
  const folder = join(await root(), "partitions");
  // What stands above is no partition.
  if (folder.includes("=")) return undefined;
  const links = new Map<string, string>();
  const fresh: { readonly path: string; readonly link: string }[] = [];
  for (const { path, values = [] } of files) {
    const names = columns.map(({ name }, index) => folderName(index, values[index] ?? null, typed.has(name)));
    if (names.some((name) => Buffer.byteLength(name) > MOST_BYTES)) return undefined;
    const place = join(folder, ...names);
    const before = made.get(path);
    const link = before !== undefined && dirname(before) === place ? before : join(place, `${++count}.parquet`);
    if (link !== before) fresh.push({ path, link });
    links.set(path, link);
  }
  try {
    const places = new Set(fresh.map(({ link }) => dirname(link)));
    await Promise.all([...places].map((place) => mkdir(place, { recursive: true })));
    await Promise.all(fresh.map(({ path, link }) => symlink(path, link)));
  } catch {
    // Links are refused here: all files are read then, which gives the same rows.
    return undefined;
  }
  for (const { path, link } of fresh) made.set(path, link);
  return { links, typed };
}

/** The rows of files in folders, with what their paths say of them: typed, or as text. */
export function folderRows(
  input: ScannableInput,
  files: readonly InputFile[],
  { links, typed }: PartitionFolders,
  options: string,
): string {
  const columns = partitionsOf(input);
  const types = columns.map(
    (column, index) =>
      `${quoteText(key(index))}: ${quoteText(typed.has(column.name) ? duckDbTypeOf(column.type) : "VARCHAR")}`,
  );
  const terms = columns.map(({ name }, index) => {
    const value = typed.has(name) ? quoteName(key(index)) : `substr(${quoteName(key(index))}, ${TEXT_MARK.length + 1})`;
    return `${value} as ${quoteName(name)}`;
  });
  const paths = quotePaths([...new Set(files.map(({ path }) => links.get(path) ?? path))]);
  return `(select *, ${terms.join(", ")} from read_parquet(${paths}, hive_partitioning = true, hive_types = {${types.join(", ")}}${options}))`;
}

function key(index: number): string {
  return `sluice-${index}`;
}

function folderName(index: number, value: string | null, isTyped: boolean): string {
  return `${key(index)}=${value === null ? NULL_VALUE : isTyped ? value : TEXT_MARK + encoded(value)}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[^A-Za-z0-9%]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** Whether DuckDB's own reading of the values is the accepted one. Of what it casts itself, every condition leaves files out. */
function isTyped(column: FrozenColumn, values: readonly (string | null)[]): boolean {
  const { kind, layout, notation } = acceptanceOf(column);
  if (column.trim === true || notation !== undefined) return false;
  const pattern =
    kind === "date" && layout === "%Y-%m-%d"
      ? /^\d{4}-\d{2}-\d{2}$/
      : /^int\d/.test(kind)
        ? /^-?(?:0|[1-9]\d{0,17})$/
        : undefined;
  return pattern !== undefined && values.every((value) => value === null || pattern.test(value));
}

function valuesOf(files: readonly InputFile[], index: number): readonly (string | null)[] {
  return files.map(({ values = [] }) => values[index] ?? null);
}

function partitionsOf({ columns }: ScannableInput): readonly FrozenColumn[] {
  return columns.filter(({ partition }) => partition === true);
}
