import type { Value } from "./primitive.ts";

/** Bounds of texts and bytes are cut to so many code points or bytes, as other writers do. */
export const BOUND_LENGTH = 16;

/** Not above the value, and short. */
export function cutLower(value: Value, length: number = BOUND_LENGTH): Value {
  if (typeof value === "string") return firstCodePoints(value, length);
  return value instanceof Uint8Array ? value.slice(0, length) : value;
}

/** Not below the value, and short; undefined where nothing short is. */
export function cutUpper(value: Value, length: number = BOUND_LENGTH): Value | undefined {
  if (typeof value === "string") {
    const cut = firstCodePoints(value, length);
    return cut.length === value.length ? value : nextText(cut);
  }
  if (value instanceof Uint8Array && value.length > length) return nextBytes(value.slice(0, length));
  return value;
}

/**
 * The first code points of a text; a pair of surrogates is one.
 *
 * @example
 * firstCodePoints("a😀b", 2); // "a😀"
 */
export function firstCodePoints(text: string, count: number): string {
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken++) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** The least text above all that begin with this one; undefined where there is none. */
export function nextText(text: string): string | undefined {
  const points = Array.from(text);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0;
    if (point >= 0x10ffff) continue;
    // Surrogates are no characters.
    const next = point + 1 >= 0xd800 && point + 1 <= 0xdfff ? 0xe000 : point + 1;
    return points.join("") + String.fromCodePoint(next);
  }
  return undefined;
}

/** The least bytes above all that begin with these; undefined where there are none. */
export function nextBytes(bytes: Uint8Array): Uint8Array | undefined {
  for (let index = bytes.length - 1; index >= 0; index--) {
    const byte = bytes[index] ?? 0;
    if (byte === 0xff) continue;
    const next = bytes.slice(0, index + 1);
    next[index] = byte + 1;
    return next;
  }
  return undefined;
}
