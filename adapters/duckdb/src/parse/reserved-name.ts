import { createStatement, fail, type Statement } from "./statement.ts";
import type { Token } from "./tokens.ts";
import { readTree, textOf } from "./tree.ts";

/** So many words of one text are tried at most. */
const MOST_WORDS = 4;

/**
 * The first word that keeps a text from being an expression only because it is not quoted: `hour(at)` does not parse and
 * `hour("at")` does. Undefined where the text parses, or is wrong in another way. DuckDB itself is asked, so that no list
 * of its keywords has to be right.
 */
export async function reservedName(
  statement: Statement,
  json: string,
  serialize: (sql: string) => Promise<string>,
): Promise<Token | undefined> {
  return quoteOne(statement, json, MOST_WORDS);

  async function quoteOne(current: Statement, answer: string, left: number): Promise<Token | undefined> {
    for (const token of suspects(current, answer)) {
      const quoted = createStatement(withQuoted(current, token.text));
      const next = await serialize(quoted.sql);
      const isWord = readTree(next).error !== true;
      if (isWord || (left > 1 && (await quoteOne(quoted, next, left - 1)) !== undefined)) return token;
    }
    return undefined;
  }
}

/** Says what to do about a reserved word. */
export function refuseReserved(statement: Statement, { text, start }: Token): never {
  fail(statement.text, `"${text}" is a reserved word`, start, text, `if it is a column, quote it: "${text}"`);
}

/** The words where the parser stopped: at it, and right before it. */
function suspects({ tokens, tokenAt }: Statement, json: string): readonly Token[] {
  const tree = readTree(json);
  const position = textOf(tree, "position");
  if (tree.error !== true || !/^\d+$/.test(position)) return [];
  const here = tokenAt(Number(position));
  const before = here === undefined ? undefined : tokens[here.index - 1];
  return [here, before].flatMap((token) => {
    const isName = token?.kind === "word" && tokens[token.index + 1]?.text !== "(";
    return token !== undefined && isName ? [token] : [];
  });
}

function withQuoted({ text, tokens }: Statement, word: string): string {
  let quoted = "";
  let end = 0;
  for (const token of tokens) {
    const isWord = token.kind === "word" && token.text.toLowerCase() === word.toLowerCase();
    if (!isWord || tokens[token.index + 1]?.text === "(") continue;
    quoted += `${text.slice(end, token.start)}"${token.text}"`;
    end = token.end;
  }
  return quoted + text.slice(end);
}
