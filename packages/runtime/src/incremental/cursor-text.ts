import { familyOf, lagSeconds, parseType, SluiceError, type TypeText } from "@sluice/core";

/**
 * Compares two values of a cursor, as the engine prints them: below 0 where the first is less.
 *
 * @example
 * compareCursors("int64", "9", "10"); // -1
 */
export function compareCursors(type: TypeText, first: string, second: string): number {
  switch (familyOf(parseType(type))) {
    case "int":
    case "decimal":
      return compareDecimals(first, second);
    case "float":
      return Math.sign(Number(first) - Number(second));
    default:
      // Texts, and times as ISO prints them, stand in the order of their bytes.
      return Buffer.compare(Buffer.from(first), Buffer.from(second));
  }
}

function compareDecimals(first: string, second: string): number {
  const scale = Math.max(placesOf(first), placesOf(second));
  const [a, b] = [scaled(first, scale), scaled(second, scale)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function placesOf(text: string): number {
  return text.split(".")[1]?.length ?? 0;
}

function scaled(text: string, scale: number): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(`${whole === "-" || whole === "" ? `${whole}0` : whole}${fraction.padEnd(scale, "0")}`);
}

/**
 * The value of a cursor that lies by a lag below another.
 *
 * @example
 * withLag("timestamp", "2024-03-01 12:00:00.5", "P2D"); // "2024-02-28 12:00:00.5"
 */
export function withLag(type: TypeText, cursor: string, lag: string): string {
  const family = familyOf(parseType(type));
  if (family === "float") return String(Number(cursor) - Number(lag));
  if (family === "int" || family === "decimal") return minus(cursor, lag);
  const seconds = lagSeconds(lag);
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d+)?)?(.*)$/.exec(cursor);
  if (seconds === undefined || parts === null) {
    throw new SluiceError("internal", `nothing lies by ${lag} below the cursor ${cursor}`);
  }
  const [, day = "", time = "", fraction = "", zone = ""] = parts;
  const before = Date.parse(`${day}T${time === "" ? "00:00:00" : time}Z`) - seconds * 1000;
  const text = new Date(Math.max(before, Date.parse("0001-01-01T00:00:00Z"))).toISOString();
  return time === "" ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction}${zone}`;
}

function minus(cursor: string, lag: string): string {
  const scale = Math.max(placesOf(cursor), placesOf(lag));
  const result = scaled(cursor, scale) - scaled(lag, scale);
  if (scale === 0) return String(result);
  const digits = String(result < 0n ? -result : result).padStart(scale + 1, "0");
  return `${result < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
