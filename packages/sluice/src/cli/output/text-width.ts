const MARKS = /\p{Mark}|\p{Cf}/gu;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/gu;

/** How many cells of a terminal the text takes: none for marks, two for wide letters. */
export function textWidth(text: string): number {
  const bare = text.replace(MARKS, "");
  return [...bare].length + (bare.match(WIDE)?.length ?? 0);
}

/** The text, filled with blanks to a width. */
export function padText(text: string, width: number, align: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + blanks : blanks + text;
}

/** The text cut to a width, an ellipsis standing for the rest. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const letter of text) {
    const next = textWidth(letter);
    if (used + next > width - 1) break;
    cut += letter;
    used += next;
  }
  return `${cut}…`;
}

/** Text from outside on one line: what would move the cursor or change colours is shown as an escape. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (letter) => {
    if (letter === "\n") return "\\n";
    if (letter === "\t") return "\\t";
    if (letter === "\r") return "\\r";
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
