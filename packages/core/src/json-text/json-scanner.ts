/** What stands at a place of a JSON text. */
export type JsonKind = "object" | "array" | "string" | "number" | "bool" | "null";

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const BLANK = /[ \t\n\r]*/y;
/** Half a character: a high surrogate without a low one, or the reverse. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * Reads the text of one JSON value token by token, strictly after RFC 8259: no comments, no trailing commas, no NaN. A
 * method that does not find what it is asked for gives undefined and says in `problem` why the text is no JSON.
 */
export class JsonScanner {
  at = 0;
  /** Why the text is no JSON, once it is known. */
  problem: string | undefined;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The kind of the value that begins here, after blanks. */
  kind(): JsonKind | undefined {
    this.blanks();
    switch (this.text[this.at]) {
      case "{":
        return "object";
      case "[":
        return "array";
      case '"':
        return "string";
      case "t":
      case "f":
        return "bool";
      case "n":
        return "null";
      default: {
        const code = this.text.charCodeAt(this.at);
        if (code === 45 || (code >= 48 && code <= 57)) return "number";
        return this.fail();
      }
    }
  }

  blanks(): void {
    const code = this.text.charCodeAt(this.at);
    if (code > 32) return;
    BLANK.lastIndex = this.at;
    this.at += BLANK.exec(this.text)?.[0].length ?? 0;
  }

  /** Takes the character, after blanks. */
  take(character: string): boolean {
    this.blanks();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  /** The token of a string with its quotes. */
  string(): string | undefined {
    this.blanks();
    const found = this.text[this.at] === '"' ? longString(this.text, this.at) : undefined;
    if (found === undefined) return this.fail();
    if (found.includes("\\u") && HALF.test(textOfToken(found))) {
      this.problem = "is not JSON: half a character in a string";
      return undefined;
    }
    this.at += found.length;
    return found;
  }

  /** A number, `true`, `false` or `null`, as it is written. */
  literal(kind: JsonKind): string | undefined {
    if (kind === "number") {
      NUMBER.lastIndex = this.at;
      const found = NUMBER.exec(this.text)?.[0];
      if (found === undefined || /[0-9A-Za-z.+-]/.test(this.text[this.at + found.length] ?? "")) return this.fail();
      this.at += found.length;
      return found;
    }
    for (const word of kind === "null" ? ["null"] : ["true", "false"]) {
      if (!this.text.startsWith(word, this.at) || /[0-9A-Za-z]/.test(this.text[this.at + word.length] ?? "")) continue;
      this.at += word.length;
      return word;
    }
    return this.fail();
  }

  /** Any value, without the blanks between its tokens. However deep it is nested, no stack is used up. */
  value(): string | undefined {
    const closers: ("}" | "]")[] = [];
    const parts: string[] = [];
    const key = (): boolean => {
      const name = this.string();
      if (name === undefined) return false;
      if (!this.take(":")) {
        this.fail();
        return false;
      }
      parts.push(name, ":");
      return true;
    };
    for (;;) {
      const kind = this.kind();
      if (kind === undefined) return undefined;
      if (kind === "object" || kind === "array") {
        const closer = kind === "object" ? "}" : "]";
        this.at += 1;
        parts.push(kind === "object" ? "{" : "[");
        if (this.take(closer)) {
          parts.push(closer);
        } else {
          closers.push(closer);
          if (closer === "}" && !key()) return undefined;
          continue;
        }
      } else {
        const token = kind === "string" ? this.string() : this.literal(kind);
        if (token === undefined) return undefined;
        parts.push(token);
      }
      for (;;) {
        const closer = closers.at(-1);
        if (closer === undefined) return parts.join("");
        if (this.take(closer)) {
          parts.push(closer);
          closers.pop();
          continue;
        }
        if (!this.take(",")) return this.fail();
        parts.push(",");
        if (closer === "}" && !key()) return undefined;
        break;
      }
    }
  }

  /** Whether nothing but blanks is left. */
  end(): boolean {
    this.blanks();
    if (this.at === this.text.length) return true;
    this.fail();
    return false;
  }

  /** Says that something else stands here than JSON allows. */
  fail(): undefined {
    this.blanks();
    const rest = this.text.slice(this.at, this.at + 20);
    const shown = /^[A-Za-z]+/.exec(rest)?.[0] ?? rest[0] ?? "";
    const where =
      this.text.length === this.at ? "it ends too early" : `${JSON.stringify(shown)} at character ${this.at + 1}`;
    this.problem ??= `is not JSON: ${where}`;
    return undefined;
  }
}

/** A string in pieces: one expression over a text of megabytes can use up the stack of its engine. */
function longString(text: string, from: number): string | undefined {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return undefined;
    let back = quote;
    while (text.charCodeAt(back - 1) === 92) back -= 1;
    at = quote + 1;
    if ((quote - back) % 2 === 1) continue;
    const token = text.slice(from, quote + 1);
    return isSound(token) ? token : undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a string of JSON may not hold.
const CONTROL = /[\u0000-\u001f]/;
const ESCAPES = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/g;

function isSound(token: string): boolean {
  if (CONTROL.test(token)) return false;
  return !token.includes("\\") || !token.replaceAll(ESCAPES, "").includes("\\");
}

/**
 * The text that a string token stands for.
 *
 * @example
 * textOfToken('"caf\\u00e9"'); // "café"
 */
export function textOfToken(token: string): string {
  return token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
}
