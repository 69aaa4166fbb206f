import type { FileGroup, FrozenColumn, ScannableInput } from "@sluice/core";
import { STRICT_MARK } from "./errors.ts";
import { jsonCondition, LINE, RECORD } from "./json-strict.ts";
import { jsonValue, structureOf } from "./json-values.ts";
import { FILE_PATH, partitionsOf } from "./partitions.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { STRICT_RECORD } from "./strict.ts";
import { textValue } from "./text-values.ts";

/** The lines of NDJSON files as they are written, without the blanks around them; blank lines are left out. */
function linesSql(files: readonly string[], lineBytes: number, filePath?: string): string {
  const options = [
    "format = 'newline_delimited'",
    "compression = 'uncompressed'",
    "ignore_errors = false",
    "hive_partitioning = false",
    `maximum_object_size = ${lineBytes}`,
    ...(filePath === undefined ? [] : [`filename = ${quoteText(filePath)}`]),
  ];
  return `read_ndjson_objects(${quotePaths(files)}, ${options.join(", ")})`;
}

/**
 * The SELECT over NDJSON files: every record looked at as a whole, whatever is asked of it, so that each query sees the
 * same records.
 */
export function jsonScanSql(
  name: string,
  input: ScannableInput,
  group: FileGroup,
  wanted: readonly FrozenColumn[],
  lineBytes: number,
): string {
  const paths = group.files.map((file) => file.path);
  const own = input.columns.filter(({ partition }) => partition !== true);
  const partitions = partitionsOf(input);
  const more = partitions === undefined ? "" : `, ${partitions.byPath.join(", ")}`;
  const from = linesSql(paths, lineBytes, partitions === undefined ? undefined : FILE_PATH);
  const lines = `select cast(json as varchar) as ${LINE}, json_transform(json, ${quoteText(structureOf(own, "raw"))}) as ${RECORD}${more} from ${from}`;
  const certain = jsonCondition(own, LINE, RECORD, input.early);
  const condition = `case when ${certain} then true else error(${quoteText(STRICT_MARK + name)}) end`;
  const said = wanted.filter(({ partition }) => partition === true);
  const texts = said.map((column, index) => `"p${index}" := ${textValue(column, "sure")}`);
  const record = quoteName(STRICT_RECORD);
  // The record as a whole: of 1,000 values taken out of it and put into another, DuckDB 1.5.6 makes a plan of a gigabyte.
  const packed = `struct_pack(${[`"ok" := ${condition}`, `"record" := ${RECORD}`, ...texts].join(", ")})`;
  const terms = wanted.map((column) => {
    const quoted = quoteName(column.name);
    if (column.partition === true) return `${record}."p${said.indexOf(column)}" as ${quoted}`;
    return `${jsonValue(column, `struct_extract(${RECORD}, ${quoteText(column.name)})`, "raw")} as ${quoted}`;
  });
  const list = terms.length === 0 ? "1 as sluice_row" : terms.join(", ");
  const sound = `select ${record}, ${record}."record" as ${RECORD} from (select ${packed} as ${record} from (${lines})) where ${record}."ok"`;
  return `select ${list} from (${sound})`;
}
