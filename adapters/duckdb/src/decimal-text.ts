import type { LogicalType } from "@sluice/core";

/** Most digits that DuckDB's decimals have. */
const MOST_DIGITS = 38;

/** A decimal as text. DuckDB prints `.05` where all digits stand behind the point, which is no number in JSON; it is `0.05`. */
export function decimalText({ precision, scale }: Extract<LogicalType, { kind: "decimal" }>, term: string): string {
  const plain = `cast(${term} as varchar)`;
  if (precision !== scale) return plain;
  if (precision < MOST_DIGITS) return `cast(cast(${term} as decimal(${precision + 1},${scale})) as varchar)`;
  return `regexp_replace(${plain}, '^(-?)[.]', '\\10.')`;
}
