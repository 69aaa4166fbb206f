import { isSluiceError, SluiceError } from "@sluice/core";
import type { JsonObject, JsonValue } from "./model.ts";

/** Texts, which are left alone, or whole numbers that may be too long for a double. */
const TEXT_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const FIRST_PRIVATE = 0xe000;
const LAST_PRIVATE = 0xf8ff;

/**
 * Reads JSON without a loss: whole numbers beyond 2^53 become `bigint`, since ids of snapshots have 63 bits.
 *
 * @example
 * parseLossless('{"snapshot-id": 1348209321054630583}'); // { "snapshot-id": 1348209321054630583n }
 */
export function parseLossless(text: string): JsonValue {
  const mark = unusedMark(text);
  let marked = false;
  const prepared = text.replace(TEXT_OR_LONG_NUMBER, (token) => {
    if (token.startsWith('"') || Number.isSafeInteger(Number(token))) return token;
    marked = true;
    return `"${mark}${token}"`;
  });
  try {
    const revive = (_key: string, value: unknown) =>
      typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
    return JSON.parse(prepared, marked ? revive : undefined) as JsonValue;
  } catch (cause) {
    if (isSluiceError(cause)) throw cause;
    throw new SluiceError("data", `the text is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** A character that stands in no text of the document, plain or escaped. */
function unusedMark(text: string): string {
  for (let code = FIRST_PRIVATE; code <= LAST_PRIVATE; code += 1) {
    const mark = String.fromCharCode(code);
    if (!text.includes(mark) && !new RegExp(`\\\\u${code.toString(16)}`, "i").test(text)) return mark;
  }
  throw new SluiceError("data", "the JSON document uses every character for private use");
}

/**
 * Prints what `parseLossless` reads.
 *
 * @example
 * printLossless({ "snapshot-id": 1348209321054630583n }); // '{"snapshot-id":1348209321054630583}'
 */
export function printLossless(value: JsonValue): string {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(printLossless).join(",")}]`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${printLossless(member)}`);
  return `{${members.join(",")}}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
