import { type Expression, type LiteralNode, type LiteralType, literalProblem, parseType } from "@sluice/core";
import type { Token } from "./tokens.ts";

/**
 * A number as the author wrote it, in canonical form, with the signs before it. DuckDB folds `-(3)` into one constant;
 * sluice tells the number -3 from the negation of 3.
 *
 * @example
 * signedNumber(tokensOf("-(1_000.50)"), 0, "negate"); // negate of "1000.50"
 */
export function signedNumber(
  tokens: readonly Token[],
  start: number,
  negate: string,
  depth: number = 0,
): Expression | undefined {
  const token = tokens[start];
  if (depth > 500) return undefined;
  if (token?.kind === "number") return number(token.text);
  if (token?.text === "(") return signedNumber(tokens, start + 1, negate, depth + 1);
  if (token?.text !== "-") return undefined;
  const next = tokens[start + 1];
  if (next?.kind === "number") return number(`-${next.text}`);
  const operand = signedNumber(tokens, start + 1, negate, depth + 1);
  return operand === undefined ? undefined : { kind: "call", name: negate, arguments: [operand] };
}

/** Canonical decimal text: no separators, no needless zeros before the point, places after it kept. */
function number(text: string): LiteralNode {
  const found = /^(-?)(\d*)(?:\.(\d*))?(?:e([+-]?)(\d+))?$/.exec(text.replaceAll("_", "").toLowerCase());
  const [, sign = "", whole = "", places = "", exponentSign = "", exponent] = found ?? [];
  const digits = `${whole.replace(/^0+(?=\d)/, "") || "0"}${places === "" ? "" : `.${places}`}`;
  const power = exponent === undefined ? "" : `e${exponentSign === "-" ? "-" : ""}${exponent.replace(/^0+(?=\d)/, "")}`;
  return { kind: "literal", type: "number", value: `${/[1-9]/.test(digits) ? sign : ""}${digits}${power}` };
}

export interface WrongLiteral {
  readonly problem: string;
}

/** A literal of a type that is written `type 'text'`, or why the text is none. */
export function typedLiteral(type: LiteralType, text: string): LiteralNode | WrongLiteral {
  const value = type === "interval" && !/^[+-]?P/i.test(text) ? durationOf(text) : text;
  if (value === undefined) return { problem: "is not a duration (write it as P1DT2H or 1 day 2 hours)" };
  const problem = literalProblem(value, parseType(type));
  return problem === undefined ? { kind: "literal", type, value } : { problem };
}

const UNITS: readonly (readonly [RegExp, unit: "M" | "D" | "s", factor: number])[] = [
  [/^(y|year|years|yr|yrs)$/, "M", 12],
  [/^(quarter|quarters)$/, "M", 3],
  [/^(mon|mons|month|months)$/, "M", 1],
  [/^(w|week|weeks)$/, "D", 7],
  [/^(d|day|days)$/, "D", 1],
  [/^(h|hour|hours|hr|hrs)$/, "s", 3_600_000_000],
  [/^(m|min|mins|minute|minutes)$/, "s", 60_000_000],
  [/^(s|sec|secs|second|seconds)$/, "s", 1_000_000],
  [/^(ms|msec|msecs|millisecond|milliseconds)$/, "s", 1000],
  [/^(us|usec|usecs|microsecond|microseconds)$/, "s", 1],
];

/**
 * The ISO 8601 form of a duration in words; undefined where it is none, or where its parts have different signs.
 *
 * @example
 * durationOf("1 day 02:30:00"); // "P1DT2H30M"
 */
export function durationOf(words: string): string | undefined {
  const parts = { M: 0, D: 0, s: 0 };
  let rest = words.trim().toLowerCase();
  if (rest === "") return undefined;
  while (rest !== "") {
    const clock = /^([+-]?)(\d{1,9}):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?(?:\s+|$)/.exec(rest);
    const amount = clock === null ? /^([+-]?)(\d{1,12})(?:\.(\d{1,6}))?\s*([a-z]+)(?:\s+|$)/.exec(rest) : null;
    const found = clock ?? amount;
    if (found === null) return undefined;
    rest = rest.slice(found[0].length);
    const sign = found[1] === "-" ? -1 : 1;
    if (clock !== null) {
      const [, , hours = "0", minutes = "0", seconds = "0", places = ""] = clock;
      const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      parts.s += sign * (whole * 1_000_000 + Number(places.padEnd(6, "0")));
      continue;
    }
    const [, , whole = "0", places = "", word = ""] = amount ?? [];
    const unit = UNITS.find(([pattern]) => pattern.test(word));
    if (unit === undefined || (places !== "" && unit[2] < 1_000_000)) return undefined;
    parts[unit[1]] += sign * (Number(whole) * unit[2] + (Number(places.padEnd(6, "0")) * unit[2]) / 1_000_000);
  }
  return isoDuration(parts);
}

function isoDuration({ M, D, s }: { M: number; D: number; s: number }): string | undefined {
  const signs = new Set([M, D, s].filter((part) => part !== 0).map(Math.sign));
  const whole = [M, D, s].every((part) => Number.isSafeInteger(part));
  if (signs.size > 1 || !whole) return undefined;
  const [months, days, micros] = [Math.abs(M), Math.abs(D), Math.abs(s)];
  const seconds = Math.floor(micros / 1_000_000) % 60;
  const places = String(micros % 1_000_000)
    .padStart(6, "0")
    .replace(/0+$/, "");
  const date = part(Math.floor(months / 12), "Y") + part(months % 12, "M") + part(days, "D");
  const clock =
    part(Math.floor(micros / 3_600_000_000), "H") +
    part(Math.floor(micros / 60_000_000) % 60, "M") +
    (places === "" ? part(seconds, "S") : `${seconds}.${places}S`);
  const text = `P${date}${clock === "" ? "" : `T${clock}`}`;
  if (text === "P") return "PT0S";
  return signs.has(-1) ? `-${text}` : text;
}

function part(amount: number, letter: string): string {
  return amount === 0 ? "" : `${amount}${letter}`;
}

const TO_UNITS: ReadonlyMap<string, string> = new Map(
  ["years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds"].map(
    (unit) => [`to_${unit}`, unit] as const,
  ),
);

/** The unit in `interval 3 hours`, which DuckDB's parser turns into a call of `to_hours`. */
export function intervalUnit(functionName: string): string | undefined {
  return TO_UNITS.get(functionName);
}
