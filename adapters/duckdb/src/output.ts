import { type Column, DEFAULT_COMPRESSION, familyOf, type OutputSpec, parseType, type Schema } from "@sluice/core";
import { QUOTE_MARK } from "./errors.ts";
import { jsonLine, jsonOptions } from "./json-output.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** The COPY of a query into the file that a sink asks for. */
export function copySql(sql: string, output: OutputSpec, schema: Schema, memoryBytes?: number): string {
  const options = [...formatOptions(output, schema, memoryBytes), `preserve_order ${output.ordered}`];
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
  { compression = DEFAULT_COMPRESSION, unsignedZeros = false }: OutputSpec,
  schema: Schema,
  memoryBytes: number | undefined,
): readonly string[] {
  return [
    "format parquet",
    `compression ${compression === "none" ? "uncompressed" : compression}`,
    // Level 3, the usual one, takes 1.5 times as long and saves nothing on data that hardly repeats.
    ...(compression === "zstd" ? ["compression_level 1"] : []),
    ...rowGroupOptions(memoryBytes),
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
function rowGroupOptions(memoryBytes: number = Number.POSITIVE_INFINITY): readonly string[] {
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
    "nullstr ''",
    ...(csv.quote === "all" ? ["force_quote *"] : []),
  ];
}

const DEFAULT_CSV = { delimiter: ",", header: true, quote: "minimal" } as const;

/** The query with what its file cannot hold as it is turned into text. */
function outputSql(sql: string, output: OutputSpec, schema: Schema): string {
  if (output.format === "parquet") return sql;
  if (output.format !== "csv") return `select ${jsonLine(schema, output.json)} as line from (${sql}\n)`;
  const terms = schema.columns.map(csvTerm);
  const isPlain = terms.every((term, index) => term === quoteName(schema.columns[index]?.name ?? ""));
  const csv = output.csv ?? DEFAULT_CSV;
  if (csv.quote !== "none") return isPlain ? sql : `select ${terms.join(", ")} from (${sql}\n)`;
  const conditions = schema.columns.map((column) => plainCondition(column, csv.delimiter));
  // Written without quotes, such a value would read back as other columns or rows; DuckDB would not say so.
  return `select * from (select ${terms.join(", ")} from (${sql}\n)) where ${conditions.join(" and ")}`;
}

function csvTerm(column: Column): string {
  const name = quoteName(column.name);
  switch (familyOf(parseType(column.type))) {
    case "bytes":
      return `lower(hex(${name})) as ${name}`;
    case "list":
    case "struct":
    case "map":
      return `cast(to_json(${name}) as varchar) as ${name}`;
    default:
      return name;
  }
}

function plainCondition(column: Column, delimiter: string): string {
  const text = `cast(${quoteName(column.name)} as varchar)`;
  const parts = [delimiter, '"', "\n", "\r"].map((part) => `contains(${text}, ${quoteText(part)})`);
  const complaint = `error(concat(${quoteText(`${QUOTE_MARK}${column.name.replaceAll(":", " ")}:`)}, left(${text}, 80)))`;
  return `case when ${text} = '' or ${parts.join(" or ")} then ${complaint} else true end`;
}

/** A query whose columns have the types of a schema: for raw SQL, whose HUGEINT would become DOUBLE in Parquet. */
export function typedSql(sql: string, schema: Schema): string {
  const terms = schema.columns.map(({ name, type }) => {
    const quoted = quoteName(name);
    return `cast(${quoted} as ${duckDbTypeOf(type)}) as ${quoted}`;
  });
  return `select ${terms.join(", ")} from (${sql}\n)`;
}
