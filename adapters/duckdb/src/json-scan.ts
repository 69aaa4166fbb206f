import type { FileGroup, FrozenColumn, ScannableInput } from "@sluice/core";
import { STRICT_MARK } from "./errors.ts";
import { jsonCondition, LINE, RECORD } from "./json-strict.ts";
import { jsonValue, structureOf } from "./json-values.ts";
import { FILE_PATH, partitionsOf } from "./partitions.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { STRICT_RECORD } from "./strict.ts";
import { textValue } from "./text-values.ts";

/** The lines of NDJSON files as they are written, without the blanks around them; blank lines are left out. */
export function linesSql(files: readonly string[], lineBytes: number, filePath?: string): string {
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
  const certain = jsonCondition(own, LINE, RECORD);
  const condition = `case when ${certain} then true else error(${quoteText(STRICT_MARK + name)}) end`;
  const values = wanted.map((column) => {
    if (column.partition === true) return [quoteName(column.name), textValue(column, "sure")] as const;
    const term = `struct_extract(${RECORD}, ${quoteText(column.name)})`;
    return [quoteName(column.name), jsonValue(column, term, "raw")] as const;
  });
  const fields = [`"ok" := ${condition}`, ...values.map(([, value], index) => `"c${index}" := ${value}`)];
  const record = quoteName(STRICT_RECORD);
  const terms = values.map(([column], index) => `${record}."c${index}" as ${column}`);
  const list = terms.length === 0 ? "1 as sluice_row" : terms.join(", ");
  return `select ${list} from (select struct_pack(${fields.join(", ")}) as ${record} from (${lines})) where ${record}."ok"`;
}
