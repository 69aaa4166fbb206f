import { type FieldId, type FrozenColumn, type PositionDeletes, type ScannableInput, SluiceError } from "@sluice/core";
import type { Session } from "./client.ts";
import type { TableFiles } from "./look-at-table.ts";
import { type NestedNames, renamedTerm, typeInFile } from "./nested-names.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** The file and the row of it, by names that no frozen column has. */
const FILE = "\u0001scanned";
const ROW = "file_row_number";

/**
 * The rows of Parquet files whose columns are known by numbers, or some of whose rows are deleted, as a source of a SELECT.
 * Of a file without numbers DuckDB would make nulls: it is read by name.
 */
export function tableRows(
  input: ScannableInput,
  files: readonly string[],
  wanted: readonly FrozenColumn[],
  { odd, withoutRows }: TableFiles,
): string {
  const { deletes = [] } = input;
  const deleted = new Set(deletes.flatMap(({ of }) => of.map(({ path }) => path)));
  const byKind = new Map<string, string[]>();
  for (const path of files) {
    const { unnumbered, nested, narrow } = odd.get(path) ?? {};
    // Together, files without numbers would be read with the types of the first.
    const kind = JSON.stringify([deleted.has(path), unnumbered?.columns ?? null, [...(nested ?? [])], narrow ?? null]);
    byKind.set(kind, [...(byKind.get(kind) ?? []), path]);
  }
  const told = wanted.filter(({ partition }) => partition === true);
  const read = wanted.filter(({ partition }) => partition !== true);
  const parts = [...byKind.values()].map((paths) => {
    const [first = ""] = paths;
    const { unnumbered, nested, narrow } = odd.get(first) ?? {};
    const terms = [
      ...read.map((column) => {
        const quoted = quoteName(column.name);
        if (unnumbered !== undefined) return `${unnumbered.terms.get(column.name) ?? "null"} as ${quoted}`;
        if (narrow?.includes(column.name) === true) return `cast(d.${quoted} as double) as ${quoted}`;
        if (nested === undefined) return `d.${quoted}`;
        return `${renamedTerm(`d.${quoted}`, column.type, nestedOf(input, column), nested)} as ${quoted}`;
      }),
      ...told.map((column) => {
        const plain = toldByPrefix(input, column);
        return plain === undefined ? `told.${quoteName(column.name)}` : `${plain} as ${quoteName(column.name)}`;
      }),
    ];
    const joined = told.filter((column) => toldByPrefix(input, column) === undefined);
    const list = terms.length === 0 ? "1 as sluice_row" : terms.join(", ");
    const isHoled = deleted.has(first);
    const numbered = unnumbered === undefined ? input : { ...input, fieldIds: undefined };
    const places = placesOf(told.length > 0, isHoled);
    const rows = `${reader(numbered, paths, read, { nested, narrow, withoutRows, places })} as d`;
    return [
      `select ${list} from ${rows}`,
      ...(joined.length === 0
        ? []
        : [`join ${toldByPath(input, joined)} on told.${quoteName(FILE)} = d.${quoteName(FILE)}`]),
      ...(isHoled
        ? [`anti join (${deletedRows(deletes, paths)}) as x on x.path = d.${quoteName(FILE)} and x.row = d.${ROW}`]
        : []),
    ].join(" ");
  });
  return `(${parts.join(" union all ")})`;
}

/**
 * What is known of each file where that is its path behind a few letters, as of a table's own files: joined, it would take as
 * long as half the read, since the engine does not know which side is the small one.
 */
function toldByPrefix(input: ScannableInput, column: FrozenColumn): string | undefined {
  const place = input.columns.filter(({ partition }) => partition === true).indexOf(column);
  const files = input.groups.flatMap((group) => group.files);
  const [first] = files;
  const value = first?.values?.[place];
  if (first === undefined || value?.endsWith(first.path) !== true) return undefined;
  const prefix = value.slice(0, value.length - first.path.length);
  if (!files.every(({ path, values }) => values?.[place] === `${prefix}${path}`)) return undefined;
  return `${quoteText(prefix)} || d.${quoteName(FILE)}`;
}

/** What is known of each file beside what it holds. */
function toldByPath(input: ScannableInput, told: readonly FrozenColumn[]): string {
  const known = input.columns.filter(({ partition }) => partition === true);
  const places = told.map((column) => known.indexOf(column));
  const files = input.groups.flatMap((group) => group.files);
  const rows = files.map(({ path, values = [] }) => {
    const texts = places.map((place) => values[place] ?? null);
    return `(${[path, ...texts].map((text) => (text === null ? "null::varchar" : quoteText(text))).join(", ")})`;
  });
  return `(values ${rows.join(", ")}) as told (${[FILE, ...told.map(({ name }) => name)].map(quoteName).join(", ")})`;
}

/** What a reader is told to say of each row: its file, and which of the file's rows it is. */
function placesOf(isTold: boolean, isHoled: boolean): string {
  const file = isTold || isHoled ? `, filename = ${quoteText(FILE)}` : "";
  return isHoled ? `${file}, ${ROW} = true` : file;
}

type Numbered = Pick<ScannableInput, "columns" | "nested" | "groups"> & {
  readonly fieldIds?: readonly number[] | undefined;
};

function nestedOf({ nested = [] }: Numbered, { name }: FrozenColumn): FieldId | undefined {
  return nested.find((field) => field.name === name);
}

function reader(
  input: Numbered,
  files: readonly string[],
  wanted: readonly FrozenColumn[],
  {
    nested = new Map(),
    narrow = [],
    withoutRows,
    places,
  }: {
    readonly nested?: NestedNames | undefined;
    readonly narrow?: readonly string[] | undefined;
    readonly withoutRows?: string | undefined;
    readonly places: string;
  },
): string {
  const { fieldIds } = input;
  if (fieldIds === undefined) return `read_parquet(${quotePaths(files)}, hive_partitioning = false${places})`;
  const schema = `schema = ${schemaMap(fieldIds, input, wanted, { nested, narrow })}${cardinality(input, files)}`;
  const read = withoutRows === undefined || files.length > 1 ? files : [...files, withoutRows];
  return `read_parquet(${quotePaths(read)}, hive_partitioning = false, ${schema}${places})`;
}

/** A number that no column has: those above it are reserved by the format, which counts from 1. */
const NO_COLUMN = 2_147_483_447;

/** Writes the file that is read beside one that is alone. A column of the table in it would have to be of the very type: see `join-filters.ts`. */
export async function writeWithoutRows(path: string, session: Session): Promise<string> {
  const columns = `field_ids {nothing: ${NO_COLUMN}}`;
  await session.run(`copy (select 1 as nothing where false) to ${quoteText(path)} (format parquet, ${columns})`);
  return path;
}

/**
 * DuckDB 1.5.6 takes a file whose schema it is told for empty, and more of them for a thousand rows each: a join would keep the
 * table, and read the few rows beside it.
 */
function cardinality({ groups }: Numbered, files: readonly string[]): string {
  const rows = new Map(groups.flatMap((group) => group.files).map(({ path, rows }) => [path, rows]));
  const known = files.map((path) => rows.get(path)).filter((count) => count !== undefined);
  if (known.length < files.length) return "";
  return `, explicit_cardinality = ${Math.max(
    1,
    known.reduce((sum, count) => sum + count, 0),
  )}`;
}

function schemaMap(
  ids: readonly number[],
  input: Numbered,
  wanted: readonly FrozenColumn[],
  { nested, narrow }: { readonly nested: NestedNames; readonly narrow: readonly string[] },
): string {
  const { columns } = input;
  // A reader needs a column, also where only rows are counted.
  const stored = columns.filter(({ partition }) => partition !== true);
  const read = wanted.length > 0 ? wanted : stored.slice(0, 1);
  const entries = read.map((column) => {
    const id = ids[columns.indexOf(column)];
    if (id === undefined) throw new SluiceError("internal", `the column "${column.name}" has no number`);
    const named = nested.size === 0 ? column.type : typeInFile(column.type, nestedOf(input, column), nested);
    const type = narrow.includes(column.name) ? "float32" : named;
    return `${id}: {name: ${quoteText(column.name)}, type: ${quoteText(duckDbTypeOf(type))}, default_value: null}`;
  });
  return `map {${entries.join(", ")}}`;
}

/** Which rows of which scanned files are gone. A delete file names data files as the table knows them. */
export function deletedRows(deletes: readonly PositionDeletes[], files: readonly string[]): string {
  const scanned = new Set(files);
  const known = deletes.flatMap(({ path, of }) =>
    of.filter((one) => scanned.has(one.path)).map((one) => [path, one.name, one.path] as const),
  );
  const values = known.map((texts) => `(${texts.map(quoteText).join(", ")})`);
  const paths = [...new Set(known.map(([path]) => path))];
  return `select distinct known.path, deletes.pos as row from read_parquet(${quotePaths(paths)}, hive_partitioning = false, filename = ${quoteText(FILE)}, schema = map {2147483546: {name: 'file_path', type: 'VARCHAR', default_value: null}, 2147483545: {name: 'pos', type: 'BIGINT', default_value: null}}) as deletes join (values ${values.join(", ")}) as known (file, name, path) on deletes.${quoteName(FILE)} = known.file and deletes.file_path = known.name`;
}
