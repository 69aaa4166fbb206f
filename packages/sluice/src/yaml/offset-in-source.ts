/**
 * Where a character of a scalar's value stands in its YAML source, quotes, escapes, folding and indentation considered.
 *
 * @example
 * offsetInSource("'it''s a'", "it's a", 5); // 7
 */
export function offsetInSource(source: string, value: string, offset: number): number {
  const start = startOf(source);
  const quote = source.startsWith('"') || source.startsWith("'") ? source.charAt(0) : "";
  let at = start;
  for (let index = 0; index < offset && at < source.length; index += 1) {
    at += lengthOf(source, at, value.charAt(index), quote);
  }
  return Math.min(skipTo(source, at, value.charAt(offset)), source.length);
}

function startOf(source: string): number {
  if (/^["']/.test(source)) return 1;
  const block = /^[|>][^\n]*\n/.exec(source)?.[0];
  return block === undefined ? 0 : block.length;
}

/** How much of the source one character of the value takes. */
function lengthOf(source: string, at: number, character: string, quote: string): number {
  const begin = skipTo(source, at, character);
  const skipped = begin - at;
  if (quote === "'" && source.startsWith("''", begin)) return skipped + 2;
  if (quote !== '"' || source.charAt(begin) !== "\\") return skipped + 1;
  const kind = source.charAt(begin + 1);
  return skipped + (kind === "x" ? 4 : kind === "u" ? 6 : kind === "U" ? 10 : 2);
}

/** Line ends and indentation in the source that the value does not have. */
function skipTo(source: string, at: number, character: string): number {
  let position = at;
  while (position < source.length && /\s/.test(source.charAt(position)) && source.charAt(position) !== character) {
    // A line end that is folded into a space stands for it.
    if (character === " " && source.charAt(position) === "\n") break;
    position += 1;
  }
  return position;
}
