import type { LogicalType } from "@sluice/core";
import { decimalText } from "./decimal-text.ts";
import { jsonOf } from "./json-structure.ts";

/** Of fewer digits DuckDB makes doubles, which it prints as JSON has them. */
const PRINTED_DIGITS = 16;

/** JSON of a value, as text: DuckDB's, but for what that would change. */
export function jsonText(type: LogicalType, term: string): string {
  return isChanged(type) ? jsonOf(type, term, leafText) : `cast(to_json(${term}) as varchar)`;
}

/** What `to_json` is of a term, where `made` is what DuckDB makes of it, or the error that it fails with. */
export function soundJson(type: LogicalType, term: string, made: string): string {
  return isChanged(type) ? `case when (${made}) is not null then cast(${jsonText(type, term)} as json) end` : made;
}

/** Decimals that have all of many digits behind the point it writes `.5`, which is no JSON; in JSON within others it rounds fractions. */
function isChanged(type: LogicalType): boolean {
  switch (type.kind) {
    case "decimal":
      return isBare(type);
    case "json":
      return true;
    case "list":
      return isChanged(type.item);
    case "map":
      return isChanged(type.value);
    case "struct":
      return type.fields.some(([, field]) => isChanged(field));
    default:
      return false;
  }
}

function isBare({ precision, scale }: Extract<LogicalType, { kind: "decimal" }>): boolean {
  return precision === scale && precision >= PRINTED_DIGITS;
}

function leafText(type: LogicalType, term: string): string {
  if (type.kind === "decimal" && isBare(type)) return decimalText(type, term);
  return `cast(to_json(${term}) as varchar)`;
}
