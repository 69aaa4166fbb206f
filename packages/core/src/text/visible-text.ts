const UNSEEN = /[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/g;

/**
 * A text in quotes for messages, with an escape for what nobody would see in it: a byte order mark, a blank that is none.
 *
 * @example
 * visibleText("1\u00a0000"); // "\"1\\u00a0000\""
 */
export function visibleText(text: string): string {
  return JSON.stringify(text).replaceAll(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
