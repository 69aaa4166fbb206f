import type { LiteralNode } from "../ir/expression.ts";
import { formatType, type LogicalType, type TypeText } from "../schema/types.ts";

/** The range of each integer type. */
export const integerRanges: Readonly<Record<string, readonly [bigint, bigint]>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => [
    [`int${bits}`, [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]],
    [`uint${bits}`, [0n, 2n ** BigInt(bits) - 1n]],
  ]),
);

/**
 * The type that a literal has by itself, or undefined for null, which has none.
 *
 * @example
 * typeOfLiteral({ kind: "literal", type: "number", value: "1.5" }); // "float64"
 */
export function typeOfLiteral(literal: LiteralNode): TypeText | undefined {
  if (literal.type === "null") return undefined;
  if (literal.type !== "number") return literal.type;
  const text = String(literal.value);
  if (!/^[+-]?\d+$/.test(text)) return "float64";
  const value = BigInt(text);
  const [low, high] = integerRanges.int64 ?? [0n, 0n];
  if (value >= low && value <= high) return "int64";
  return digitsOf(text).digits.length <= 38 ? "decimal(38,0)" : "float64";
}

/** Whether it is a whole number, written as one, that int64 does not hold. */
export function isBeyondInt64(literal: LiteralNode): boolean {
  const text = String(literal.value);
  return literal.type === "number" && /^[+-]?\d+$/.test(text) && typeOfLiteral(literal) !== "int64";
}

/** How the type of such a number is said. */
export function beyondInt64Hint(text: string): string {
  return `say its type: cast(${text} as decimal(38,0)), in TypeScript literal(${text}n, "decimal(38,0)")`;
}

/** The literal's own exact decimal type, needless zeros left out: `1.50` is decimal(2,1). Undefined where 38 digits do not hold it. */
export function decimalTypeOf(text: string): TypeText | undefined {
  const { digits, scale, large } = digitsOf(text);
  const precision = Math.max(digits.length, scale, 1);
  return large || precision > 38 ? undefined : formatType({ kind: "decimal", precision, scale });
}

/**
 * Why the text cannot stand for a value of the type, as the end of a sentence; undefined where it can.
 *
 * @example
 * literalProblem("31.01.2024", { kind: "date" }); // 'is not a date (write it as 2024-01-31)'
 */
export function literalProblem(value: string | boolean | null, type: LogicalType): string | undefined {
  if (value === null) return undefined;
  if (type.kind === "bool") return typeof value === "boolean" ? undefined : "is not true or false";
  if (typeof value === "boolean") return `is not of type ${formatType(type)}`;
  const range = integerRanges[type.kind];
  if (range !== undefined) return integerProblem(value, type.kind, range);
  switch (type.kind) {
    case "float32":
    case "float64":
      return floatProblem(value, type.kind);
    case "decimal":
      return decimalProblem(value, type.precision, type.scale);
    case "date":
      return isDay(value) ? undefined : "is not a date (write it as 2024-01-31)";
    case "time":
      return isClock(value) ? undefined : "is not a time (write it as 23:59:58)";
    case "timestamp":
      return isTimestamp(value) ? undefined : "is not a timestamp without a zone (write it as 2024-01-31T23:59:58)";
    case "timestamptz":
      return isInstant(value) ? undefined : "is not an instant (write it as 2024-01-31T23:59:58Z)";
    case "interval":
      return INTERVAL.test(value) ? undefined : "is not a duration (write it as P1DT2H)";
    case "uuid":
      return UUID.test(value) ? undefined : "is not a uuid";
    case "bytes":
      return /^([0-9a-f]{2})*$/i.test(value) ? undefined : "is not bytes (write them in hexadecimal)";
    case "enum":
      return type.values.includes(value) ? undefined : `is none of ${type.values.join(", ")}`;
    case "json":
      return isJson(value) ? undefined : "is not JSON";
    case "string":
      return value.includes("\0") ? "holds the character NUL, which no text in SQL can" : undefined;
    default:
      return `cannot be written as ${formatType(type)}`;
  }
}

/**
 * Why a parameter cannot have the value: what holds for a literal, and a number has to be one.
 *
 * @example
 * parameterProblem("NaN", { kind: "float64" }); // "is not a finite number"
 */
export function parameterProblem(value: string | boolean | null, type: LogicalType): string | undefined {
  const problem = literalProblem(value, type);
  if (problem !== undefined || (type.kind !== "float32" && type.kind !== "float64")) return problem;
  return value === null || Number.isFinite(Number(value)) ? undefined : "is not a finite number";
}

function floatProblem(text: string, kind: "float32" | "float64"): string | undefined {
  if (/^[+-]?(nan|inf|infinity)$/i.test(text)) return undefined;
  if (!isNumberText(text)) return "is not a number";
  const value = kind === "float32" ? Math.fround(Number(text)) : Number(text);
  return Number.isFinite(value) ? undefined : `is larger than ${kind} holds`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INTERVAL = /^[+-]?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d{1,6})?S)?)?$/;

/** Whether it is a number as SQL and JSON write one. */
export function isNumberText(text: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$/.test(text);
}

function integerProblem(text: string, kind: string, [low, high]: readonly [bigint, bigint]): string | undefined {
  if (!isNumberText(text)) return "is not a number";
  const { digits, scale, negative, large } = digitsOf(text);
  if (scale > 0) return "is not a whole number";
  const value = large ? high + 1n : BigInt(digits) * (negative ? -1n : 1n);
  return value < low || value > high ? `does not fit ${kind}` : undefined;
}

function decimalProblem(text: string, precision: number, scale: number): string | undefined {
  if (!isNumberText(text)) return "is not a number";
  const number = digitsOf(text);
  if (number.scale > scale) return `has more than ${scale} decimal places`;
  const whole = Math.max(number.digits.length - number.scale, 0);
  return number.large || whole > precision - scale ? `does not fit decimal(${precision},${scale})` : undefined;
}

/** Exact: the value is `digits` divided by 10 to the `scale`, without needless zeros. */
function digitsOf(text: string): { digits: string; scale: number; negative: boolean; large: boolean } {
  const match = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>[+-]?\d+))?$/.exec(text);
  const { sign = "", whole = "", fraction = "", exponent = "0" } = match?.groups ?? {};
  let digits = whole + fraction;
  let scale = fraction.length - Number(exponent);
  while (scale > 0 && digits.endsWith("0")) {
    digits = digits.slice(0, -1);
    scale--;
  }
  digits = digits.replace(/^0+/, "");
  if (digits === "") return { digits: "0", scale: 0, negative: false, large: false };
  const large = digits.length - scale > 400;
  if (scale < 0 && !large) digits = digits.padEnd(digits.length - scale, "0");
  return { digits, scale: Math.max(scale, 0), negative: sign === "-", large };
}

function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year > 0 && day >= 1 && day <= days;
}

function isClock(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/.test(text);
}

function isTimestamp(text: string): boolean {
  return isDay(text) || (isDay(text.slice(0, 10)) && /^[T ]$/.test(text.charAt(10)) && isClock(text.slice(11)));
}

function isInstant(text: string): boolean {
  const match = /^(.*?)(Z|[+-]\d{2}(:?\d{2})?)$/.exec(text);
  return match?.[1] !== undefined && match[1].length > 10 && isTimestamp(match[1]);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
