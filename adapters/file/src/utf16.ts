/** The encoding of a text in UTF-16 without a byte order mark: of Latin letters and marks, every other byte is zero. */
export function looksLikeUtf16(head: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const pairs = Math.min(head.length >> 1, 4096);
  if (pairs < 2) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < 2 * pairs; at += 2) {
    if (head[at] === 0) even += 1;
    if (head[at + 1] === 0) odd += 1;
  }
  if (odd >= 0.7 * pairs && even <= 0.02 * pairs) return "utf-16le";
  return even >= 0.7 * pairs && odd <= 0.02 * pairs ? "utf-16be" : undefined;
}

/**
 * Where a text in UTF-16 goes wrong: the first half of a pair that stands alone, or a byte too many at the end.
 *
 * @param bytes the piece in which it does, and up to three bytes before it
 * @param from where those bytes stand in the text
 */
export function firstWrongUnit(
  bytes: Uint8Array,
  from: number,
  encoding: string,
  isEnd: boolean,
): { readonly byte: number; readonly says: string } | undefined {
  const isLittle = encoding === "utf-16le";
  const start = from % 2;
  let high = -1;
  let at = start;
  for (; at + 1 < bytes.length; at += 2) {
    const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
    const unit = isLittle ? second * 256 + first : first * 256 + second;
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (high >= 0 && !isLow) return { byte: from + high + 1, says: LONE };
    // The other half of the first may stand before what is seen here.
    if (high < 0 && isLow && !(at === start && from > 0)) return { byte: from + at + 1, says: LONE };
    high = unit >= 0xd800 && unit <= 0xdbff ? at : -1;
  }
  if (!isEnd) return undefined;
  if (at < bytes.length) return { byte: from + at + 1, says: "is half of a character, at the end" };
  return high >= 0 ? { byte: from + high + 1, says: LONE } : undefined;
}

const LONE = "begins half of a pair (a lone surrogate)";
