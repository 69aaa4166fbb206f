/** Where a word stands in a text, both from 0. */
export interface WordPlace {
  readonly row: number;
  readonly column: number;
}

const PARTS = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/**
 * Where a name stands in TypeScript between two lines, the likeliest kind of place alone: a member (`o.staus`), else a word
 * of the code, else a whole string (`["staus"]`), else a part of one (`expr("staus > 1")`). Comments and descriptions for
 * people do not count.
 */
export function findWord(
  text: string,
  word: string,
  { from, to }: { readonly from: number; readonly to: number },
): readonly WordPlace[] {
  const strings = text.replace(PARTS, (part, at: number) => {
    const isProse = part.startsWith("/") || /description:\s*$/.test(text.slice(Math.max(0, at - 40), at));
    return isProse ? blank(part) : part;
  });
  const code = strings.replace(PARTS, blank);
  const quoted = word.replace(/[^\w]/g, "\\$&");
  const whole = new RegExp(`(?<![\\w$])${quoted}(?![\\w$])`, "g");
  const kinds: readonly (readonly [string, RegExp])[] = [
    [code, new RegExp(`(?<=\\.\\s*)${quoted}(?![\\w$])`, "g")],
    [code, whole],
    [strings, new RegExp(`(?<=(["'\`]))${quoted}(?=\\1)`, "g")],
    [strings, whole],
  ];
  for (const [searched, pattern] of kinds) {
    const places = searched
      .split("\n")
      .flatMap((line, row) =>
        row < from || row >= to ? [] : [...line.matchAll(pattern)].map(({ index }) => ({ row, column: index })),
      );
    if (places.length > 0) return places;
  }
  return [];
}
