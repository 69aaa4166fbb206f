import { familyOf, parseType, type Schema, type TypeText } from "@sluice/core";
import { quoted } from "./client.ts";

/**
 * ` and …`: whether an arriving row `b` has more in the column than the stored row `t`. A null never replaces, and is
 * always replaced. Nothing where no column is named.
 */
export function newerCondition(schema: Schema, newerBy: string | undefined): string {
  if (newerBy === undefined) return "";
  const type = schema.columns.find((column) => column.name === newerBy)?.type ?? "string";
  const [mine, stored] = [`b.${quoted(newerBy)}`, `t.${quoted(newerBy)}`];
  return ` and ${mine} is not null and (${stored} is null or ${isMore(type, mine, stored)})`;
}

function isMore(type: TypeText, mine: string, stored: string): string {
  const parsed = parseType(type);
  switch (familyOf(parsed)) {
    case "decimal":
      return digitsAreMore(mine, stored);
    case "int":
      return parsed.kind === "uint64" ? digitsAreMore(mine, stored) : `${mine} > ${stored}`;
    case "float":
      return `${mine} > ${stored}`;
    case "date":
    case "timestamp":
    case "timestamptz":
      // Years beyond 9999 have more digits before the first hyphen.
      return `(instr(${mine}, '-'), ${mine}) > (instr(${stored}, '-'), ${stored})`;
    default:
      return `${mine} > ${stored} collate binary`;
  }
}

/**
 * Of numbers stored as digits, exactly: by sign, then by how many digits stand before the point, then by the digits. What
 * stands behind the point is compared without its last zeros.
 */
function digitsAreMore(mine: string, stored: string): string {
  const bare = (value: string): string =>
    `rtrim(case when instr(${value}, '.') > 0 then ${value} else ${value} || '.' end, '0')`;
  const [a, b] = [bare(mine), bare(stored)];
  const size = (value: string): string => `(instr(${value}, '.'), ${value})`;
  return `case when (${mine} like '-%') <> (${stored} like '-%') then ${stored} like '-%' when ${mine} like '-%' then ${size(a)} < ${size(b)} else ${size(a)} > ${size(b)} end`;
}
