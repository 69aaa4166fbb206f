import { SluiceError } from "@sluice/core";

/** A lexical unit of SQL text; `start` and `end` are offsets in UTF-16 units, `byte` is the offset in UTF-8. */
export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "parameter" | "symbol";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly byte: number;
  /** Its place among the tokens. */
  readonly index: number;
}

const PATTERNS: readonly (readonly [Token["kind"] | "blank", RegExp])[] = [
  ["blank", /\s+|--[^\n\r]*/y],
  ["string", /[eExXbB]?'(?:[^']|'')*'/y],
  ["quoted", /"(?:[^"]|"")*"/y],
  ["parameter", /\$(?:"(?:[^"]|"")*"|(?:[A-Za-z0-9_]|[^\p{ASCII}\s])+)|\?/uy],
  ["number", /(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?|\d[\d_]*\.?(?:[eE][+-]?\d+)?/y],
  ["word", /(?:[A-Za-z_]|[^\p{ASCII}\s])(?:[A-Za-z0-9_$]|[^\p{ASCII}\s])*/uy],
  ["symbol", /::|:=|[-+*/%^<>=!~|&@#]+|[\s\S]/y],
];

/**
 * Cuts SQL text into its units, comments and blanks left out. It follows DuckDB's rules closely enough to find places
 * and to refuse what a person should not write; what the text means is DuckDB's to say.
 *
 * @throws SluiceError `config` where a string, a quoted name or a comment has no end
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let byte = 0;
  const advance = (part: string): void => {
    position += part.length;
    byte += utf8Length(part);
  };
  while (position < text.length) {
    const skipped = longComment(text, position) ?? dollarString(text, position);
    if (skipped !== undefined) {
      if (!skipped.startsWith("/*"))
        tokens.push({
          kind: "string",
          text: skipped,
          start: position,
          end: position + skipped.length,
          byte,
          index: tokens.length,
        });
      advance(skipped);
      continue;
    }
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = position;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      const part = kind === "symbol" ? operatorOf(found) : found;
      if (part === "'" || part === '"') unended(part === "'" ? "a string" : "a quoted name", text, position);
      if (kind !== "blank")
        tokens.push({ kind, text: part, start: position, end: position + part.length, byte, index: tokens.length });
      advance(part);
      break;
    }
  }
  return tokens;
}

/** An operator ends where a comment begins, and only one with unusual letters may end in a sign: `a *-3` is `a * -3`. */
function operatorOf(symbols: string): string {
  const comment = symbols.search(/--|\/\*/);
  const operator = comment > 0 ? symbols.slice(0, comment) : symbols;
  if (/[~!@#^&|%]/.test(operator)) return operator;
  return operator.replace(/(?<=.)[-+]+$/, "");
}

function longComment(text: string, start: number): string | undefined {
  if (!text.startsWith("/*", start)) return undefined;
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text.startsWith("/*", index)) {
      depth += 1;
      index += 1;
    } else if (text.startsWith("*/", index)) {
      depth -= 1;
      index += 1;
      if (depth === 0) return text.slice(start, index + 1);
    }
  }
  return unended("a comment", text, start);
}

function dollarString(text: string, start: number): string | undefined {
  const opening = /\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$/y;
  opening.lastIndex = start;
  const tag = opening.exec(text)?.[0];
  if (tag === undefined) return undefined;
  const end = text.indexOf(tag, start + tag.length);
  return end < 0 ? unended("a string", text, start) : text.slice(start, end + tag.length);
}

function unended(what: string, text: string, start: number): never {
  throw new SluiceError("config", `${what} that begins here has no end`, {
    at: { file: "", column: start + 1 },
    offending: text.slice(start),
    hint: what === "a string" ? "close it with ', and write a ' inside it twice" : `close it`,
  });
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
