import { type Cell, type Column, familyOf, parseType } from "@sluice/core";
import { decimalText } from "./decimal-text.ts";
import { jsonText } from "./json-text.ts";
import { quoteName } from "./sql-text.ts";

/**
 * A column as what leaves the engine: numbers and booleans as they are, everything else as text, made by DuckDB so that
 * nothing is lost. Decimals `12.30`, dates `2021-12-31`, timestamps `2021-12-31 14:00:00` (with a fraction where there is
 * one), with a zone `2021-12-31 14:00:00+00`, bytes in hexadecimal, lists, structs and maps as JSON, intervals in words.
 */
export function cellTerm(column: Column): string {
  const name = quoteName(column.name);
  const type = parseType(column.type);
  if (type.kind === "decimal") return `${decimalText(type, name)} as ${name}`;
  switch (familyOf(type)) {
    case "bool":
    case "int":
    case "float":
      return name;
    case "text":
      return `${withMark(column.type.startsWith("enum") ? `cast(${name} as varchar)` : name)} as ${name}`;
    case "bytes":
      return `lower(hex(${name})) as ${name}`;
    case "list":
    case "struct":
    case "map":
      return `${jsonText(type, name)} as ${name}`;
    default:
      return `cast(${name} as varchar) as ${name}`;
  }
}

/** The driver (1.5.6) takes the first U+FEFF of a text for a byte order mark and drops it: it gets one to drop. */
export function withMark(text: string): string {
  return `case when starts_with(${text}, chr(65279)) then chr(65279) || ${text} else ${text} end`;
}

/** DuckDB's value as a cell: whole numbers are `number` where that is exact. */
export function cellOf(value: unknown): Cell {
  switch (typeof value) {
    case "bigint":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    case "string":
    case "number":
    case "boolean":
      return value;
    default:
      return value === null || value === undefined ? null : String(value);
  }
}
