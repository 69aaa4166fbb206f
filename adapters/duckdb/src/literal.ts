import { type LiteralNode, parseType, SluiceError, type TypeText } from "@sluice/core";
import { quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/**
 * A constant as a closed SQL term of a type.
 *
 * @example
 * renderLiteral("35", "int64"); // "35::bigint"
 * renderLiteral("P1DT2H", "interval"); // "interval '1 days 2 hours'"
 */
export function renderLiteral(value: string | boolean | null, type: TypeText): string {
  const target = duckDbTypeOf(type);
  if (value === null) return `null::${target}`;
  if (typeof value === "boolean") return `${value}`;
  const { kind } = parseType(type);
  switch (kind) {
    case "string":
      return quoteText(value);
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
      if (/^\d{1,18}$/.test(value)) return `${value}::${target}`;
      return `${quoteText(wholeNumber(value))}::${target}`;
    case "float32":
    case "float64":
      if (/^\d{1,15}(?:\.\d{1,15})?$/.test(value)) return `${value}::${target}`;
      return `${quoteText(value)}::${target}`;
    case "date":
    case "timestamptz":
    case "timestamp":
    case "time":
      return `${target} ${quoteText(value)}`;
    case "interval":
      return `interval ${quoteText(intervalText(value))}`;
    case "bytes":
      return `unhex(${quoteText(value)})`;
    default:
      return `${quoteText(value)}::${target}`;
  }
}

/** The type a literal has by its own word, for the places where no other type asks. */
export function renderOwn(literal: LiteralNode, type: TypeText): string {
  return renderLiteral(literal.value, type);
}

/** DuckDB's cast to whole numbers reads `1e3` and rounds `1.7`: exponents are written out first. */
function wholeNumber(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent);
  const digits = whole + fraction.padEnd(Math.max(shift, fraction.length), "0");
  const end = whole.length + shift;
  return `${sign}${digits.slice(0, Math.max(end, 0)) || "0"}`;
}

const UNITS = [
  [/(\d+)Y/, "years"],
  [/^[^T]*?(\d+)M/, "months"],
  [/(\d+)W/, "weeks"],
  [/(\d+)D/, "days"],
  [/(\d+)H/, "hours"],
  [/T.*?(\d+)M/, "minutes"],
  [/(\d+(?:\.\d+)?)S/, "seconds"],
] as const;

/**
 * An ISO 8601 duration in DuckDB's words.
 *
 * @example
 * intervalText("P1M2DT3H"); // "1 months 2 days 3 hours"
 */
export function intervalText(iso: string): string {
  const negative = iso.startsWith("-");
  const parts = UNITS.flatMap(([pattern, unit]) => {
    const amount = pattern.exec(iso)?.[1];
    return amount === undefined ? [] : [`${negative ? "-" : ""}${amount} ${unit}`];
  });
  if (parts.length > 0) return parts.join(" ");
  throw new SluiceError("config", `"${iso}" is not a duration`, { offending: iso, hint: "write it as P1DT2H" });
}
