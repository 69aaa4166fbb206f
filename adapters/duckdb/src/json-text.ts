import type { LogicalType } from "@sluice/core";

/** Of fewer digits DuckDB makes doubles, which it prints as JSON has them. */
const PRINTED_DIGITS = 16;
const LETTERS_OF_A_TEXT = `(?:[^"\\\\]|\\\\.)*`;

/**
 * JSON that DuckDB made of values of a type, as text. Decimals that have all of many digits behind the point it writes `.5`, which is
 * none: it is `0.5`.
 */
export function jsonText(type: LogicalType, term: string): string {
  const text = `cast(to_json(${term}) as varchar)`;
  return lacksZeros(type) ? withZeros(text) : text;
}

/** What DuckDB made of a value of a type, as JSON that everybody reads. */
export function soundJson(type: LogicalType, json: string): string {
  return lacksZeros(type) ? `cast(${withZeros(`cast(${json} as varchar)`)} as json)` : json;
}

function lacksZeros(type: LogicalType): boolean {
  switch (type.kind) {
    case "decimal":
      return type.precision === type.scale && type.precision >= PRINTED_DIGITS;
    case "list":
      return lacksZeros(type.item);
    case "map":
      return lacksZeros(type.value);
    case "struct":
      return type.fields.some(([, field]) => lacksZeros(field));
    default:
      return false;
  }
}

/** What looks like a number in a text stays: each text is a piece of its own. */
function withZeros(text: string): string {
  const pieces = `regexp_extract_all(${text}, '"${LETTERS_OF_A_TEXT}"|[^"]+')`;
  const sound = `case when starts_with(piece, '"') then piece else regexp_replace(piece, '(^|[^0-9])[.]', '\\10.', 'g') end`;
  return `array_to_string(list_transform(${pieces}, lambda piece: ${sound}), '')`;
}
