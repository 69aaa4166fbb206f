import { type FrozenColumn, type PositionDeletes, type ScannableInput, SluiceError } from "@sluice/core";
import type { Session } from "./client.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** The file and the row of it, by names that no frozen column has. */
const FILE = "\u0001scanned";
const ROW = "file_row_number";

/** Files whose columns have no numbers, each with the names that it has. */
export type Unnumbered = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The rows of Parquet files whose columns are known by numbers, or some of whose rows are deleted, as a source of a SELECT.
 * Of a file without numbers DuckDB would make nulls: it is read by name.
 */
export function tableRows(
  input: ScannableInput,
  files: readonly string[],
  wanted: readonly FrozenColumn[],
  unnumbered: Unnumbered,
): string {
  const { deletes = [] } = input;
  const deleted = new Set(deletes.flatMap(({ of }) => of.map(({ path }) => path)));
  const byKind = new Map<string, string[]>();
  for (const path of files) {
    const names = unnumbered.get(path);
    const kind = JSON.stringify([deleted.has(path), names === undefined ? null : [...names].sort()]);
    byKind.set(kind, [...(byKind.get(kind) ?? []), path]);
  }
  const told = wanted.filter(({ partition }) => partition === true);
  const read = wanted.filter(({ partition }) => partition !== true);
  const parts = [...byKind.values()].map((paths) => {
    const [first = ""] = paths;
    const names = unnumbered.get(first);
    const terms = [
      ...read.map(({ name }) => (names?.has(name) === false ? `null as ${quoteName(name)}` : `d.${quoteName(name)}`)),
      ...told.map(({ name }) => `told.${quoteName(name)}`),
    ];
    const list = terms.length === 0 ? "1 as sluice_row" : terms.join(", ");
    const isHoled = deleted.has(first);
    const numbered = names === undefined ? input : { ...input, fieldIds: undefined };
    const rows = `${reader(numbered, paths, read, isHoled || told.length > 0)} as d`;
    return [
      `select ${list} from ${rows}`,
      ...(told.length === 0
        ? []
        : [`join ${toldByPath(input, told)} on told.${quoteName(FILE)} = d.${quoteName(FILE)}`]),
      ...(isHoled
        ? [`anti join (${deletedRows(deletes, paths)}) as x on x.path = d.${quoteName(FILE)} and x.row = d.${ROW}`]
        : []),
    ].join(" ");
  });
  return `(${parts.join(" union all ")})`;
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

type Numbered = Pick<ScannableInput, "columns"> & { readonly fieldIds?: readonly number[] | undefined };

function reader(input: Numbered, files: readonly string[], wanted: readonly FrozenColumn[], numbered: boolean): string {
  const rows = numbered ? `, filename = ${quoteText(FILE)}, ${ROW} = true` : "";
  const { fieldIds, columns } = input;
  const schema = fieldIds === undefined ? "" : `, schema = ${schemaMap(fieldIds, columns, wanted)}`;
  return `read_parquet(${quotePaths(files)}, hive_partitioning = false${schema}${rows})`;
}

function schemaMap(ids: readonly number[], columns: readonly FrozenColumn[], wanted: readonly FrozenColumn[]): string {
  // A reader needs a column, also where only rows are counted.
  const stored = columns.filter(({ partition }) => partition !== true);
  const read = wanted.length > 0 ? wanted : stored.slice(0, 1);
  const entries = read.map((column) => {
    const id = ids[columns.indexOf(column)];
    if (id === undefined) throw new SluiceError("internal", `the column "${column.name}" has no number`);
    return `${id}: {name: ${quoteText(column.name)}, type: ${quoteText(duckDbTypeOf(column.type))}, default_value: null}`;
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

/** The files of an input that have no numbers for their columns, though they should: somebody else's. */
export async function findUnnumbered(input: ScannableInput, known: Set<string>, session: Session): Promise<Unnumbered> {
  if (input.fieldIds === undefined) return new Map();
  const files = input.groups.flatMap((group) => group.files).filter(({ path }) => !known.has(path));
  const found = new Map<string, Set<string>>();
  if (files.length === 0) return found;
  const { rows } = await session.run(
    `select file_name from parquet_schema(${quotePaths(files.map(({ path }) => path))}) group by file_name having count(field_id) = 0`,
    { origins: new Map(files.map(({ path, origin }) => [path, origin])) },
  );
  for (const [path] of rows) {
    const described = await session.run(
      `describe select * from read_parquet(${quotePaths([String(path)])}, hive_partitioning = false)`,
    );
    found.set(String(path), new Set(described.rows.map(([name]) => String(name))));
  }
  for (const { path } of files) if (!found.has(path)) known.add(path);
  return found;
}
