import { SluiceError } from "../errors.ts";
import type { LiteralNode } from "../ir/expression.ts";

/** The literal that a JavaScript value stands for, or undefined where it is none. */
export function literalOf(value: unknown, place: string): LiteralNode | undefined {
  switch (typeof value) {
    case "string":
      return freeze("string", value);
    case "number":
      return freeze("number", numberText(value, place));
    case "bigint":
      return freeze("number", String(value));
    case "boolean":
      return freeze("bool", value);
    case "object":
      return value === null ? undefined : objectLiteral(value, place);
    default:
      return undefined;
  }
}

function freeze(type: LiteralNode["type"], value: string | boolean): LiteralNode {
  return Object.freeze({ kind: "literal", type, value });
}

function numberText(value: number, place: string): string {
  if (!Number.isFinite(value)) {
    throw new SluiceError("config", `${value} is not a value (${place})`, { offending: String(value) });
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21) {
    throw new SluiceError("config", `${value} is beyond what a number holds exactly (${place})`, {
      hint: `write it as a bigint: ${BigInt(value)}n`,
      offending: String(value),
    });
  }
  return String(value === 0 ? 0 : value).replace("e+", "e");
}

function objectLiteral(value: object, place: string): LiteralNode | undefined {
  if (value instanceof Uint8Array) {
    return freeze("bytes", Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  switch (tag) {
    case "Date": {
      if (Number.isNaN(Number(value))) throw new SluiceError("config", `the Date is invalid (${place})`);
      return freeze("timestamptz", (value as { toISOString(): string }).toISOString());
    }
    case "Temporal.Instant":
      return freeze("timestamptz", String(value));
    case "Temporal.PlainDate":
      return freeze("date", String(value));
    case "Temporal.PlainTime":
      return freeze("time", String(value));
    case "Temporal.PlainDateTime":
      return freeze("timestamp", String(value));
    default:
      return undefined;
  }
}

/** What a value is, for a message. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}
