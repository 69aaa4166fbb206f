import {
  type CsvDialect,
  type FileGroup,
  type FrozenColumn,
  MAX_RECORD_BYTES,
  nullWordsOf,
  type ScannableInput,
  SluiceError,
} from "@sluice/core";
import { NANOSECONDS_MARK } from "./errors.ts";
import { jsonScanSql } from "./json-scan.ts";
import { LINE, lineLayout, NO_DELIMITER } from "./line-layout.ts";
import { NOTHING_KNOWN, type TableFiles } from "./look-at-table.ts";
import { folderRows, type PartitionFolders } from "./partition-folders.ts";
import { FILE_PATH, type Partitions, partitionsOf } from "./partitions.ts";
import { NOTHING_PRINTED, type PrintedText, printedConditions, printedText } from "./printed-text.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { STRICT_RECORD, strictCondition } from "./strict.ts";
import { tableRows } from "./table-scan.ts";
import { isVerbatim, textValue } from "./text-values.ts";
import { duckDbTypeOf } from "./types.ts";

/** What was found out of the files of an input before they are read. */
export interface KnownFiles {
  readonly table?: TableFiles;
  readonly folders?: PartitionFolders | undefined;
  /** Columns of text inputs that are given as they were accepted, where that is how their type is written. */
  readonly verbatim?: ReadonlySet<string> | undefined;
  /** What holds the columns of a text input of which each record was found to be accepted. */
  readonly accepted?: AcceptedText | undefined;
}

/** Parquet files, and those of their columns that hold values; the others hold texts. */
export interface AcceptedText {
  readonly paths: readonly string[];
  readonly typed: ReadonlySet<string>;
}

/**
 * The SELECT that stands for an input: its columns named, typed, in the order asked for. Text is accepted strictly: see
 * `strict.ts`. Files that hold their columns in another order are read in that order and joined by name.
 *
 * @example
 * scanSql("crashes", input, ["crash_id"]); // `select … from read_csv(['/…/0001.csv'], auto_detect = false, …) where …`
 */
export function scanSql(
  name: string,
  input: ScannableInput,
  columns: readonly string[],
  lineBytes: number = STRICT_LINE_BYTES,
  known: KnownFiles = {},
): string {
  const wanted = columns.map((column) => frozen(name, input, column));
  const groups = input.groups.filter((group) => group.files.length > 0);
  if (groups.length === 0) {
    const nulls = (wanted.length > 0 ? wanted : input.columns).map(
      (column) => `cast(null as ${duckDbTypeOf(column.type)}) as ${quoteName(column.name)}`,
    );
    return `select ${nulls.join(", ")} where false`;
  }
  return groups.map((group) => groupSql(name, input, group, wanted, lineBytes, known)).join(" union all ");
}

function frozen(name: string, input: ScannableInput, column: string): FrozenColumn {
  const found = input.columns.find((one) => one.name === column);
  if (found !== undefined) return found;
  throw new SluiceError("internal", `the input "${name}" has no column "${column}"`);
}

function groupSql(
  name: string,
  input: ScannableInput,
  group: FileGroup,
  wanted: readonly FrozenColumn[],
  lineBytes: number,
  { table = NOTHING_KNOWN, folders, verbatim = new Set(), accepted }: KnownFiles,
): string {
  // Of small files, many lie in one.
  const files = quotePaths([...new Set(group.files.map((file) => file.path))]);
  const partitions = partitionsOf(input);
  if (input.format === "parquet") {
    const isTable = input.fieldIds !== undefined || input.deletes !== undefined;
    const [first, ...others] = group.files;
    const namesFile = others.length > 0 && !isTable && wanted.some(({ type }) => type === "timestamp");
    const file = namesFile ? quoteName(FILE_PATH) : quoteText(others.length > 0 ? "" : (first?.path ?? ""));
    const terms = wanted.map((column) => {
      const quoted = quoteName(column.name);
      const isText = column.partition === true && folders?.typed.has(column.name) !== true;
      if (isText) return `${textValue(column, "sure")} as ${quoted}`;
      if (isAbsent(column, group.order)) return `cast(null as ${duckDbTypeOf(column.type)}) as ${quoted}`;
      const value = `cast(${quoted} as ${duckDbTypeOf(column.type)})`;
      if (column.type !== "timestamp") return `${value} as ${quoted}`;
      // The type of a column is known when the query is bound: of any other, nothing is left of the condition.
      const told = `${quoteText(NANOSECONDS_MARK)} || ${quoted} || ${quoteText(`:${column.name}:`)} || ${file}`;
      return `case when typeof(${quoted}) = 'TIMESTAMP_NS' and epoch_ns(${quoted}) % 1000 <> 0 then error(${told}) else ${value} end as ${quoted}`;
    });
    if (isTable) {
      const paths = group.files.map(({ path }) => path);
      return `select ${list(terms)} from ${tableRows(
        input,
        paths,
        wanted.filter((column) => !isAbsent(column, group.order)),
        table,
      )}`;
    }
    if (folders !== undefined) {
      const option = namesFile ? `, filename = ${quoteText(FILE_PATH)}` : "";
      return `select ${list(terms)} from ${folderRows(input, group.files, folders, option)}`;
    }
    const option = namesFile || partitions !== undefined ? `, filename = ${quoteText(FILE_PATH)}` : "";
    const records = `read_parquet(${files}, hive_partitioning = false${option})`;
    return `select ${list(terms)} from ${partitions === undefined ? records : withPartitions(records, partitions)}`;
  }
  if (input.format === "ndjson") return jsonScanSql(name, input, group, wanted, lineBytes);
  const layout = lineLayout(input);
  const printed = layout === undefined ? printedText(input) : NOTHING_PRINTED;
  const condition = csvCondition(name, input, wanted, printed);
  const values = wanted.map((column) => {
    const quoted = quoteName(column.name);
    if (accepted?.typed.has(column.name)) return [quoted, `cast(${quoted} as ${duckDbTypeOf(column.type)})`] as const;
    const isKept = layout === undefined && verbatim.has(column.name) && isVerbatim(column) && !printed.has(column);
    return [quoted, isKept || printed.types.has(column.name) ? quoted : textValue(column, "sure")] as const;
  });
  if (accepted !== undefined) {
    const terms = values.map(([column, value]) => (value === column ? column : `${value} as ${column}`));
    return `select ${list(terms)} from read_parquet(${quotePaths(accepted.paths)}, hive_partitioning = false)`;
  }
  const file = partitions === undefined ? {} : { file: FILE_PATH };
  const reading = { lineBytes, isParallel: true, nulls: nullWordsOf(input.columns), types: printed.types, ...file };
  const dialect = dialectOf(name, input);
  const more = partitions === undefined ? [] : [FILE_PATH];
  const records =
    layout?.around(linesSql(files, dialect, reading), more) ?? csvSql(files, group.order, dialect, reading);
  const whole = withAbsent(records, input.columns, group.order);
  const from = partitions === undefined ? whole : withPartitions(whole, partitions);
  if (condition === undefined) {
    return `select ${list(values.map(([column, value]) => (value === column ? column : `${value} as ${column}`)))} from ${from}`;
  }
  const fields = [`"ok" := ${condition}`, ...values.map(([, value], index) => `"c${index}" := ${value}`)];
  const record = quoteName(STRICT_RECORD);
  const terms = values.map(([column], index) => `${record}."c${index}" as ${column}`);
  return `select ${list(terms)} from (select struct_pack(${fields.join(", ")}) as ${record} from ${from}) where ${record}."ok"`;
}

/** The condition over the records of text files. */
function csvCondition(
  name: string,
  input: ScannableInput,
  wanted: readonly FrozenColumn[],
  printed: PrintedText,
): string | undefined {
  const checked = checkedColumns(input, wanted);
  return strictCondition(
    name,
    checked.filter((column) => !printed.has(column)),
    [...recordConditions(input), ...checked.filter(printed.has).flatMap(printedConditions)],
    input.early,
  );
}

function checkedColumns(input: ScannableInput, wanted: readonly FrozenColumn[]): readonly FrozenColumn[] {
  return (input.validate === "all" ? input.columns : wanted).filter(({ partition }) => partition !== true);
}

/** Whether these files lack the column, which is null in them then. */
function isAbsent({ name, evolves }: FrozenColumn, order: readonly string[]): boolean {
  return evolves === true && !order.includes(name);
}

/** Records of text with nulls for columns that their files lack. */
export function withAbsent(records: string, columns: readonly FrozenColumn[], order: readonly string[]): string {
  const absent = columns.filter((column) => column.partition !== true && isAbsent(column, order));
  if (absent.length === 0) return records;
  return `(select *, ${absent.map(({ name }) => `null::varchar as ${quoteName(name)}`).join(", ")} from ${records})`;
}

function withPartitions(records: string, { byPath }: Partitions): string {
  return `(select *, ${byPath.join(", ")} from ${records})`;
}

/** What a record must be whatever its values are: of comments in a file of one column, blank lines are left. */
function recordConditions(input: ScannableInput): readonly string[] {
  const layout = lineLayout(input);
  if (layout !== undefined) return layout.conditions;
  const [only, ...others] = input.groups[0]?.order ?? [];
  if (input.dialect?.comment === undefined || only === undefined || others.length > 0) return [];
  return [`${quoteName(only)} is not null`];
}

/** Whether the scan of an input looks at its values, so that its profile must show a strict record for each record read. */
export function isStrictScan(name: string, input: ScannableInput, columns: readonly string[]): boolean {
  if (input.format !== "csv") return input.format === "ndjson";
  const wanted = columns.map((column) => frozen(name, input, column));
  const printed = lineLayout(input) === undefined ? printedText(input) : NOTHING_PRINTED;
  return csvCondition(name, input, wanted, printed) !== undefined;
}

/** A query may use no column at all; a SELECT needs one. */
function list(terms: readonly string[]): string {
  return terms.length === 0 ? "1 as sluice_row" : terms.join(", ");
}

function dialectOf(name: string, input: ScannableInput): CsvDialect {
  if (input.dialect !== undefined) return input.dialect;
  throw new SluiceError("internal", `the text input "${name}" has no dialect`);
}

const NEWLINES = { lf: "\\n", mixed: "\\n", crlf: "\\r\\n", cr: "\\r" } as const;

export interface CsvReading {
  /** A longer line is an error. It is the size of DuckDB's buffers too, of which each thread holds some. */
  readonly lineBytes: number;
  readonly isParallel: boolean;
  /** Unquoted fields that are null, besides the empty one. */
  readonly nulls?: readonly string[];
  /** The types of columns that are not read as text. */
  readonly types?: ReadonlyMap<string, string>;
  /** The name of a column for the path of each record's file. */
  readonly file?: string;
}

/**
 * All as text; nothing guessed. `strict_mode` is left to its default: said aloud, it breaks files with CRLF (1.5.6). The
 * buffer is exactly as large as the longest line: absent, it would be 16 times as large; a little larger, threads get
 * pieces of a few bytes and DuckDB refuses sound files ("does not support a full read").
 */
export function csvSql(files: string, order: readonly string[], dialect: CsvDialect, reading: CsvReading): string {
  const { nulls = [], types } = reading;
  const columns = order.map((column) => `${quoteText(column)}: '${types?.get(column) ?? "VARCHAR"}'`).join(", ");
  const options = [
    "auto_detect = false",
    "hive_partitioning = false",
    `columns = {${columns}}`,
    `header = ${dialect.header}`,
    `delim = ${quoteText(dialect.delimiter)}`,
    `quote = ${quoteText(dialect.quote)}`,
    `escape = ${quoteText(dialect.quote === "" ? "" : dialect.escape)}`,
    `new_line = ${quoteText(NEWLINES[dialect.newline])}`,
    nulls.length === 0 ? "nullstr = ''" : `nullstr = [${["", ...nulls].map(quoteText).join(", ")}]`,
    `allow_quoted_nulls = ${dialect.quotedEmpty === "null" && nulls.length === 0}`,
    `max_line_size = ${reading.lineBytes}`,
    `buffer_size = ${reading.lineBytes}`,
    ...(reading.isParallel ? [] : ["parallel = false"]),
    ...(reading.file === undefined ? [] : [`filename = ${quoteText(reading.file)}`]),
  ];
  const reader = `read_csv(${files}, ${options.join(", ")})`;
  if (nulls.length === 0 || dialect.quotedEmpty === "text") return reader;
  // What the option allows in quotes would be the words too.
  const texts = order.map((column) => `nullif(${quoteName(column)}, '') as ${quoteName(column)}`);
  const file = reading.file === undefined ? [] : [quoteName(reading.file)];
  return `(select ${[...texts, ...file].join(", ")} from ${reader})`;
}

/** Lines as they are, as the one column `LINE`. */
function linesSql(files: string, dialect: CsvDialect, reading: CsvReading): string {
  const { nulls: _words, ...plain } = reading;
  return csvSql(files, [LINE], { ...dialect, delimiter: NO_DELIMITER, quote: "", escape: "" }, plain);
}

/** A longer record is left to the split, which takes twice as much. */
export const STRICT_LINE_BYTES: number = MAX_RECORD_BYTES / 2;
