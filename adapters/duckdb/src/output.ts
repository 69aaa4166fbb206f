import {
  type Column,
  type CsvOutput,
  DEFAULT_COMPRESSION,
  type FolderOutput,
  familyOf,
  type OutputSpec,
  parseType,
  REFUSAL_MARK,
  type Schema,
} from "@sluice/core";
import { decimalText } from "./decimal-text.ts";
import { QUOTE_MARK } from "./errors.ts";
import { jsonLine, jsonOptions } from "./json-output.ts";
import { jsonText } from "./json-text.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { partitionedSql, tableOptions } from "./table-sql.ts";
import { duckDbTypeOf, duckDbTypeWithoutIntervals } from "./types.ts";

/** The COPY of a query into the file that a sink asks for. */
export function copySql(sql: string, output: OutputSpec, schema: Schema, memoryBytes?: number): string {
  const { folder, ordered, table } = output;
  const options = [
    ...formatOptions(output, schema, memoryBytes),
    ...(table !== undefined
      ? tableOptions(table)
      : folder !== undefined
        ? folderOptions(output, folder)
        : output.parquet?.groupsPerFile === undefined
          ? [`preserve_order ${ordered}`]
          : piecesOptions(output.parquet.groupsPerFile)),
  ];
  return `copy (${outputSql(sql, output, schema)}\n) to ${quoteText(output.path)} (${options.join(", ")})`;
}

function formatOptions(output: OutputSpec, schema: Schema, memoryBytes: number | undefined): readonly string[] {
  switch (output.format) {
    case "csv":
      return csvOptions(output);
    case "parquet":
      return parquetOptions(output, schema, memoryBytes);
    case "json":
    case "ndjson":
      return jsonOptions(output.format);
    default:
      return output.format satisfies never;
  }
}

function parquetOptions(
  { compression = DEFAULT_COMPRESSION, unsignedZeros = false, parquet = {} }: OutputSpec,
  schema: Schema,
  memoryBytes: number | undefined,
): readonly string[] {
  if (parquet.plain === true) {
    // Version 2 would pack numbers.
    const encoding = ["compression uncompressed", "parquet_version v1", "dictionary_size_limit 0"];
    return ["format parquet", ...encoding, ...rowGroupOptions(memoryBytes, parquet.rowGroupRows)];
  }
  return [
    "format parquet",
    `compression ${compression === "none" ? "uncompressed" : compression}`,
    // Level 3, the usual one, takes 1.5 times as long and saves nothing on data that hardly repeats.
    ...(compression === "zstd" ? [`compression_level ${parquet.level ?? 1}`] : []),
    ...rowGroupOptions(memoryBytes, parquet.rowGroupRows),
    ...dictionaryOptions(schema.columns, unsignedZeros),
  ];
}

/**
 * A dictionary of DuckDB 1.5.6 holds one of values that are equal, whichever came first: 0.0 for -0.0, `1 month` for
 * `30 days`, which are not the same to add to a date.
 */
export function dictionaryOptions(columns: readonly Column[], unsignedZeros: boolean): readonly string[] {
  const unsafe = unsignedZeros ? /\binterval\b/ : /\b(?:interval|float32|float64)\b/;
  return columns.some((column) => unsafe.test(column.type)) ? ["dictionary_size_limit 0"] : [];
}

/** A row group is held whole: the usual 122,880 rows of 500 bytes do not fit into 256 MB beside a sort. */
function rowGroupOptions(
  memoryBytes: number = Number.POSITIVE_INFINITY,
  rows: number | undefined = undefined,
): readonly string[] {
  if (rows !== undefined) return [`row_group_size ${rows}`];
  if (memoryBytes >= 2 * 1024 ** 3) return [];
  return [`row_group_size ${memoryBytes < 512 * 1024 ** 2 ? 8192 : 30_720}`];
}

function csvOptions({ csv = DEFAULT_CSV }: OutputSpec): readonly string[] {
  return [
    "format csv",
    `delimiter ${quoteText(csv.delimiter)}`,
    `header ${csv.header}`,
    `quote '"'`,
    `escape '"'`,
    `nullstr ${quoteText(csv.nullText ?? "")}`,
    ...(csv.newline === "crlf" ? ["new_line E'\\r\\n'"] : []),
    ...(csv.quote === "all" ? ["force_quote *"] : []),
  ];
}

/** Not by `compression` for one file: whoever asked compresses that, as other engines do not. */
function folderOptions({ format, compression }: OutputSpec, folder: FolderOutput): readonly string[] {
  const { partitions, targetBytes, name, ending } = folder;
  const isSized = targetBytes !== undefined && partitions.length === 0;
  return [
    "preserve_order false",
    "overwrite_or_ignore true",
    ...(partitions.length === 0 ? [] : [`partition_by (${partitions.map(quoteName).join(", ")})`]),
    ...(isSized ? [`file_size_bytes ${targetBytes}`] : []),
    ...(partitions.length === 0 && !isSized ? ["per_thread_output true"] : []),
    `filename_pattern ${quoteText(`${name}-{i}`)}`,
    `file_extension ${quoteText(ending)}`,
    ...(format !== "parquet" && compression === "gzip" ? ["compression gzip"] : []),
  ];
}

function piecesOptions(groupsPerFile: number): readonly string[] {
  return ["preserve_order false", "overwrite_or_ignore true", `row_groups_per_file ${groupsPerFile}`];
}

const DEFAULT_CSV: CsvOutput = { delimiter: ",", header: true, quote: "minimal" };

/** The query with what its file cannot hold as it is turned into text. */
function outputSql(sql: string, output: OutputSpec, schema: Schema): string {
  if (output.table !== undefined) return partitionedSql(sql, output.table, schema);
  const partitions = output.folder?.partitions ?? [];
  return writtenSql(namedSql(sql, partitions, schema), output, schema);
}

/** The folder that stands for null: rows with such a text would be written over those with none, and come back as null. */
const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

function namedSql(sql: string, partitions: readonly string[], schema: Schema): string {
  const terms = partitions.flatMap((name) => {
    const type = schema.columns.find((column) => column.name === name)?.type ?? "";
    if (type !== "string" && !type.startsWith("enum")) return [];
    const quoted = quoteName(name);
    const told = `${REFUSAL_MARK}"${name}" has the text ${NULL_FOLDER}, whose folder means null: write another word`;
    return [
      `case when ${quoted} = ${quoteText(NULL_FOLDER)} then error(${quoteText(told)}) else ${quoted} end as ${quoted}`,
    ];
  });
  return terms.length === 0 ? sql : `select * replace (${terms.join(", ")}) from (${sql}\n)`;
}

function writtenSql(sql: string, output: OutputSpec, schema: Schema): string {
  if (output.format === "parquet") return output.coarseIntervals === true ? sql : withIntervalText(sql, schema);
  const partitions = output.folder?.partitions ?? [];
  if (output.format !== "csv") {
    const written = { columns: schema.columns.filter(({ name }) => !partitions.includes(name)) };
    // What is a folder is in no line, and has to be a column beside it.
    const list = [`${jsonLine(written, output.json)} as ${quoteName(LINE_COLUMN)}`, ...partitions.map(quoteName)];
    return `select ${list.join(", ")} from (${sql}\n)`;
  }
  const csv = output.csv ?? DEFAULT_CSV;
  const terms = schema.columns.map((column) =>
    partitions.includes(column.name) ? quoteName(column.name) : csvTerm(column, csv),
  );
  const isPlain = terms.every((term, index) => term === quoteName(schema.columns[index]?.name ?? ""));
  if (csv.quote !== "none") return isPlain ? sql : `select ${terms.join(", ")} from (${sql}\n)`;
  const conditions = schema.columns
    .filter(({ name }) => !partitions.includes(name))
    .map((column) => plainCondition(column, csv));
  // Written without quotes, such a value would read back as other columns or rows; DuckDB would not say so.
  return `select * from (select ${terms.join(", ")} from (${sql}\n)) where ${conditions.join(" and ")}`;
}

/** Parquet's own intervals have milliseconds; read again, the text is cast. */
function withIntervalText(sql: string, schema: Schema): string {
  const terms = schema.columns.flatMap(({ name, type }) => {
    if (!/\binterval\b/.test(type)) return [];
    const quoted = quoteName(name);
    return [`cast(${quoted} as ${duckDbTypeWithoutIntervals(type)}) as ${quoted}`];
  });
  return terms.length === 0 ? sql : `select * replace (${terms.join(", ")}) from (${sql}\n)`;
}

function csvTerm(column: Column, { bytesPrefix = "", braces = [], doubles = [] }: CsvOutput): string {
  const name = quoteName(column.name);
  const type = parseType(column.type);
  if (type.kind === "decimal" && type.precision === type.scale) return `${decimalText(type, name)} as ${name}`;
  switch (familyOf(type)) {
    case "bytes":
      return `${quoteText(bytesPrefix)} || lower(hex(${name})) as ${name}`;
    case "list":
      if (braces.includes(column.name)) return `${bracesTerm(column, bytesPrefix)} as ${name}`;
      return `${jsonText(type, name)} as ${name}`;
    case "struct":
    case "map":
      return `${jsonText(type, name)} as ${name}`;
    default:
      return doubles.includes(column.name) ? `cast(${name} as double) as ${name}` : name;
  }
}

/** Each value in quotes, so that no text is taken for a null, a number of values or an end. */
function bracesTerm(column: Column, bytesPrefix: string): string {
  const name = quoteName(column.name);
  const type = parseType(column.type);
  const isBytes = type.kind === "list" && type.item.kind === "bytes";
  const text = isBytes ? `${quoteText(bytesPrefix)} || lower(hex(v))` : "cast(v as varchar)";
  const escaped = `replace(replace(${text}, '\\', '\\\\'), '"', '\\"')`;
  const values = `list_transform(${name}, lambda v: case when v is null then 'NULL' else '"' || ${escaped} || '"' end)`;
  return `case when ${name} is not null then '{' || coalesce(array_to_string(${values}, ','), '') || '}' end`;
}

const LINE_COLUMN = "\u0001line";

function plainCondition(column: Column, { delimiter, nullText = "" }: CsvOutput): string {
  const text = `cast(${quoteName(column.name)} as varchar)`;
  const parts = [delimiter, '"', "\n", "\r"].map((part) => `contains(${text}, ${quoteText(part)})`);
  const complaint = `error(concat(${quoteText(`${QUOTE_MARK}${column.name.replaceAll(":", " ")}:`)}, left(${text}, 80)))`;
  return `case when ${text} in ('', ${quoteText(nullText)}) or ${parts.join(" or ")} then ${complaint} else true end`;
}

/** A query whose columns have the types of a schema: for raw SQL, whose HUGEINT would become DOUBLE in Parquet. */
export function typedSql(sql: string, schema: Schema): string {
  const terms = schema.columns.map(({ name, type }) => {
    const quoted = quoteName(name);
    return `cast(${quoted} as ${duckDbTypeOf(type)}) as ${quoted}`;
  });
  return `select ${terms.join(", ")} from (${sql}\n)`;
}
