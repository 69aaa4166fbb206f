import type { PrimitiveType } from "../format/model.ts";
import { dayOfMonth, floorDivide, MICROSECONDS_PER_DAY, monthOfDay } from "./calendar.ts";
import { type Value, wholeValue } from "./primitive.ts";

/**
 * A value from its text, as literals and the engine write it; undefined where the text is none of the type. Zones are
 * taken into account, years before Christ and beyond 9999 too; infinite dates are none.
 *
 * @example
 * valueOfText("12.30", { kind: "decimal", precision: 9, scale: 2 }); // 1230n
 */
export function valueOfText(text: string, type: PrimitiveType): Value | undefined {
  switch (type.kind) {
    case "boolean":
      return BOOLEANS.get(text.toLowerCase());
    case "int":
    case "long":
      return /^[+-]?\d+$/.test(text) ? wholeValue(BigInt(text), type) : undefined;
    case "float":
    case "double":
      return floatOf(text);
    case "decimal":
      return unscaledOf(text, type.scale);
    case "date":
      return dayOfText(text, type);
    case "time":
      return clockOf(text);
    case "timestamp":
    case "timestamptz":
      return instantOf(text);
    case "string":
      return text;
    case "uuid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? hex(text.replaceAll("-", "")) : undefined;
    case "fixed":
    case "binary":
      return /^([0-9a-f]{2})*$/i.test(text) ? hex(text) : undefined;
    default:
      return type satisfies never;
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

function floatOf(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** Undefined too where the scale does not hold all of its digits. */
function unscaledOf(text: string, scale: number): bigint | undefined {
  const match = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<fraction>\d*))?$/.exec(text);
  const { sign = "", whole = "", fraction = "" } = match?.groups ?? {};
  const digits = fraction.replace(/0+$/, "");
  if (whole + fraction === "" || digits.length > scale) return undefined;
  const unscaled = BigInt(`${whole}${digits.padEnd(scale, "0")}`);
  return sign === "-" ? -unscaled : unscaled;
}

const DAY = /^(\d{4,6})-(\d{2})-(\d{2})( \(BC\))?/;

function dayOfText(text: string, type: PrimitiveType): Value | undefined {
  const match = DAY.exec(text);
  const day = match === null || match[0].length !== text.length ? undefined : dayOf(match);
  return day === undefined ? undefined : wholeValue(day, type);
}

function dayOf([, year = "", month = "", day = "", before]: RegExpExecArray): bigint | undefined {
  const counted = before === undefined ? BigInt(year) : 1n - BigInt(year);
  const months = (counted - 1970n) * 12n + BigInt(month) - 1n;
  const found = dayOfMonth(months) + BigInt(day) - 1n;
  const isThere = BigInt(month) >= 1n && BigInt(month) <= 12n && BigInt(day) >= 1n && monthOfDay(found) === months;
  return isThere ? found : undefined;
}

function clockOf(text: string): bigint | undefined {
  const match = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0", fraction = ""] = match;
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return whole * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}

function instantOf(text: string): bigint | undefined {
  const match = DAY.exec(text);
  const day = match === null ? undefined : dayOf(match);
  if (match === null || day === undefined) return undefined;
  const rest = text.slice(match[0].length);
  if (rest === "") return day * MICROSECONDS_PER_DAY;
  const parts = /^[T ]([\d:.]+)(?:Z|([+-])(\d{2})(?::?(\d{2}))?(?::?(\d{2}))?)?$/.exec(rest);
  if (parts === null) return undefined;
  const [, clock = "", sign, hours = "0", minutes = "0", seconds = "0"] = parts;
  const micros = clockOf(clock);
  if (micros === undefined) return undefined;
  const offset = ((BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds)) * 1_000_000n;
  return day * MICROSECONDS_PER_DAY + micros + (sign === "-" ? offset : -offset);
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** A day as its text: `2024-02-29`. */
export function textOfDay(day: bigint): string {
  const months = monthOfDay(day);
  const year = 1970n + floorDivide(months, 12n);
  const month = months - floorDivide(months, 12n) * 12n + 1n;
  const inMonth = day - dayOfMonth(months) + 1n;
  return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(inMonth).padStart(2, "0")].join("-");
}
