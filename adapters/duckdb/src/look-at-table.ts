import type { ScannableInput } from "@sluice/core";
import type { Session } from "./client.ts";
import { type FileColumn, namedTerms } from "./named-terms.ts";
import { type NestedNames, namesInFile, nestedNamesOf } from "./nested-names.ts";
import { quotePaths, quoteText } from "./sql-text.ts";

/** A file that is not read by the numbers of its columns alone. */
interface OddFile {
  /** A file without numbers: what it holds, and the columns of the table made of that. */
  readonly unnumbered?: {
    readonly columns: readonly FileColumn[];
    readonly terms: ReadonlyMap<string, string>;
  };
  /** What it calls nested fields, where that is not what the table does. */
  readonly nested?: NestedNames;
  /** Columns that it holds as floats of 32 bits, and the table by now as 64. */
  readonly narrow?: readonly string[];
}

/** What is known of the files of a table before they are read. */
export interface TableFiles {
  readonly odd: ReadonlyMap<string, OddFile>;
  /** A file that a large one which is alone is read beside, so that all threads read. */
  readonly withoutRows?: string;
}

export const NOTHING_KNOWN: TableFiles = { odd: new Map() };

/** What is to be known of the files of a table before they are read; `known` are those that were looked at before. */
export async function lookAtTable(
  input: ScannableInput,
  known: Set<string>,
  session: Session,
  withoutRows: () => Promise<string>,
): Promise<TableFiles> {
  if (input.fieldIds === undefined) return NOTHING_KNOWN;
  const odd = await findOddFiles(input, known, session);
  return { odd, ...(holdsLarge(input) ? { withoutRows: await withoutRows() } : {}) };
}

/**
 * The files of an input that are not read by numbers alone: somebody else's, which have none; those that call what is nested
 * otherwise, as Iceberg's libraries write `a b` as `a_x20b`, and a name from before it was changed; and those from before a
 * float was widened: DuckDB 1.5.6 compares in the type of the file, where 2.1 is 2.0999999.
 */
async function findOddFiles(
  input: ScannableInput,
  known: Set<string>,
  session: Session,
): Promise<ReadonlyMap<string, OddFile>> {
  const wanted = nestedNamesOf(input.columns, input.nested ?? []);
  const doubles = doublesOf(input);
  const asked = JSON.stringify([...wanted, ...doubles]);
  const keyOf = (path: string): string => `${path} ${asked}`;
  const files = input.groups.flatMap((group) => group.files).filter(({ path }) => !known.has(keyOf(path)));
  const found = new Map<string, OddFile>();
  if (files.length === 0) return found;
  const run = { origins: new Map(files.map(({ path, origin }) => [path, origin])) };
  const footers = `parquet_schema(${quotePaths(files.map(({ path }) => path))})`;
  const isNarrow = doubles.size === 0 ? "false" : `type = 'FLOAT' and field_id in (${[...doubles.keys()].join(", ")})`;
  const { rows } = await session.run(
    `select file_name, array_to_string(list(field_id) filter (${isNarrow}), ',') from ${footers} group by file_name having count(field_id) = 0 or count(*) filter (${isNarrow}) > 0`,
    run,
  );
  for (const [path, ids] of rows) {
    if (typeof ids === "string" && ids !== "") {
      found.set(String(path), { narrow: ids.split(",").map((id) => doubles.get(Number(id)) ?? "") });
      continue;
    }
    const described = await session.run(
      `describe select * from read_parquet(${quotePaths([String(path)])}, hive_partitioning = false)`,
    );
    const columns = described.rows.map(([name, type]): FileColumn => [String(name), String(type)]);
    const terms = namedTerms(input, columns, run.origins.get(String(path)) ?? "");
    found.set(String(path), { unnumbered: { columns, terms } });
  }
  if (wanted.size > 0) {
    const names = [...new Set(wanted.values())].map(quoteText).join(", ");
    const said = await session.run(
      `select file_name, field_id, name from ${footers} where field_id in (${[...wanted.keys()].join(", ")}) or name in (${names})`,
      run,
    );
    const byFile = new Map<string, [number | undefined, string][]>();
    for (const [path, id, name] of said.rows) {
      const of = byFile.get(String(path)) ?? [];
      byFile.set(String(path), of);
      of.push([id === null || id === undefined ? undefined : Number(id), String(name)]);
    }
    for (const [path, fields] of byFile) {
      const others = found.get(path) ?? {};
      const nested = others.unnumbered === undefined ? namesInFile(wanted, fields) : undefined;
      if (nested !== undefined) found.set(path, { ...others, nested });
    }
  }
  for (const { path } of files) if (!found.has(path)) known.add(keyOf(path));
  return found;
}

/** The columns that are floats of 64 bits, by their numbers. */
function doublesOf({
  columns,
  fieldIds = [],
}: Pick<ScannableInput, "columns" | "fieldIds">): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [index, { name, type }] of columns.entries()) {
    const id = fieldIds[index];
    if (type === "float64" && id !== undefined) found.set(id, name);
  }
  return found;
}

/** A smaller file is one row group, which one thread reads. */
const SHARED_ROWS = 122_880;

/**
 * DuckDB 1.5.6 reads a file whose schema it is told with one thread where it is the only one, however many row groups it
 * has: a million rows were rewritten in 1.2 s in place of 0.65 (2026-11, two cores).
 */
function holdsLarge({ groups }: ScannableInput): boolean {
  return groups.some(({ files }) => files.some(({ rows = Number.POSITIVE_INFINITY }) => rows > SHARED_ROWS));
}
