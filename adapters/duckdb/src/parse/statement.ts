import { SluiceError } from "@sluice/core";
import { type Token, tokensOf } from "./tokens.ts";
import { nodeOf, nodesOf, readTree, type Tree, textOf } from "./tree.ts";

/** The author's text, ready for DuckDB's parser, and the way back from its offsets to the text. */
export interface Statement {
  readonly sql: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The token at a byte offset of `sql`, or the nearest before it. */
  tokenAt(location: number): Token | undefined;
  /** The first use of a parameter. */
  parameter(name: string): Token | undefined;
  /** The author's spelling of a name in the tree. */
  original(name: string): string;
}

/** Sluice's word for eight bits, which DuckDB takes for eight bytes. */
const EIGHT_BITS = /^"?(int8)"?$/i;

const BEFORE = "select (";

/**
 * Wraps expression text into a SELECT that it cannot close. Comments are blanked; `int8`, which DuckDB takes for eight
 * bytes and sluice for eight bits, is put aside under a private name of the same length.
 *
 * @throws SluiceError `config` where the text cannot be one expression
 */
export function createStatement(text: string): Statement {
  if (/\0|\p{Surrogate}/u.test(text)) fail(text, "the text holds a character that has no meaning in SQL", 0, text);
  const tokens = tokensOf(text);
  refuse(text, tokens);
  const spare = spareCharacters(text);
  const originals = new Map<string, string>();
  let sql = BEFORE;
  let byte = 0;
  for (const token of tokens) {
    sql += " ".repeat(token.byte - byte);
    const name = EIGHT_BITS.exec(token.text)?.[1];
    const spoken = name === undefined ? token.text : token.text.replace(name, `i${spare(name)}`);
    if (name !== undefined) originals.set(`i${spare(name)}`, name);
    sql += spoken;
    byte = token.byte + utf8(token.text);
  }
  return {
    sql: `${sql})`,
    text,
    tokens,
    tokenAt: (location) => lastBefore(tokens, location - BEFORE.length),
    parameter: (name) =>
      tokens.find((token) => token.kind === "parameter" && token.text.replace(/^\$"?|"$/g, "") === name),
    original: (name) => originals.get(name) ?? name,
  };
}

/**
 * The one expression in what `json_serialize_sql` gave.
 *
 * @throws SluiceError `config` where the text does not parse or is more than an expression
 */
export function expressionOf(statement: Statement, json: string): Tree {
  const tree = readTree(json);
  if (tree.error === true) refuseSyntax(statement, tree);
  const statements = nodesOf(tree, "statements");
  const select = nodeOf(statements[0] ?? {}, "node") ?? {};
  const items = nodesOf(select, "select_list");
  const [item] = items;
  const plain =
    statements.length === 1 &&
    textOf(select, "type") === "SELECT_NODE" &&
    items.length === 1 &&
    item !== undefined &&
    textOf(item, "alias") === "" &&
    nodesOf(select, "modifiers").length === 0 &&
    nodesOf(nodeOf(select, "cte_map") ?? {}, "map").length === 0 &&
    textOf(nodeOf(select, "from_table") ?? {}, "type") === "EMPTY" &&
    nodesOf(select, "group_expressions").length === 0 &&
    ["where_clause", "having", "sample", "qualify"].every((clause) => nodeOf(select, clause) === undefined);
  if (!plain || item === undefined) {
    return fail(statement.text, "this is a query, not one expression", 0, statement.text);
  }
  return item;
}

/** The last token that begins at the byte or before it, found by halving. */
function lastBefore(tokens: readonly Token[], byte: number): Token | undefined {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.byte ?? 0) <= byte) low = middle + 1;
    else high = middle;
  }
  return tokens[low - 1];
}

function refuse(text: string, tokens: readonly Token[]): void {
  const [first] = tokens;
  if (first === undefined) fail(text, "an expression is missing", 0, text);
  let depth = 0;
  for (const token of tokens) {
    if (token.text === ";") fail(text, 'an expression has no ";"', token.start, ";", "leave it out");
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (depth < 0) fail(text, 'this ")" closes nothing', token.start, ")");
    if (token.kind === "parameter" && /^(\?|\$\d+)$/.test(token.text)) {
      fail(text, `${token.text} has no name`, token.start, token.text, "parameters are written $name");
    }
    if (token.kind === "string" && /^[xXbB]'/.test(token.text)) {
      fail(text, `${token.text} is not a literal here`, token.start, token.text, "bytes are written bytes '0aff'");
    }
  }
  textLengths(text, tokens);
}

/** DuckDB takes `varchar(3)` and forgets the 3, so the author would be misled. */
function textLengths(text: string, tokens: readonly Token[]): void {
  tokens.forEach((token, index) => {
    if (token.kind !== "word" || !/^(varchar|char|varying|text|string|bpchar|nvarchar|character)$/i.test(token.text))
      return;
    const [open, length, close] = tokens.slice(index + 1, index + 4);
    const before = tokens[index - 1]?.text.toLowerCase() ?? "";
    if (open?.text !== "(" || length?.kind !== "number" || close?.text !== ")") return;
    if (!["::", "as", "character", "char"].includes(before)) return;
    fail(
      text,
      `the length of ${token.text}(${length.text}) would not be checked`,
      token.start,
      token.text,
      "use string",
    );
  });
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(from|where|group|order|limit|having|union|qualify|window|using)$/i,
    "this is one expression: what goes around it has keys of its own",
  ],
  [/^as$/i, "the name of a column is the key, not an alias"],
  [/^,$/, "this is one expression: give each column a key of its own"],
  [/^(distinct|all)$/i, "to drop double rows, use distinct: true on the relation"],
  [/^(select|with)$/i, "queries are not in expressions yet: use a join"],
];

function refuseSyntax(statement: Statement, tree: Tree): never {
  const { text, tokens } = statement;
  const position = /^\d+$/.test(textOf(tree, "position")) ? Number(textOf(tree, "position")) : undefined;
  const message = restore(statement, textOf(tree, "error_message"));
  const end = BEFORE.length + utf8(text);
  if (message.startsWith("Max expression depth")) {
    const hint = "derive parts of it as columns of their own";
    return fail(text, "the expression is nested more than 1000 deep", 0, `${text.slice(0, 40)}…`, hint);
  }
  if (message.includes("IGNORE NULLS")) {
    const [written = text] = /(ignore|respect)\s+nulls/i.exec(text) ?? [];
    const hint = "write first_known, last_known, nth_known, lag_known or lead_known";
    return fail(text, `${written.toLowerCase()} is not in expressions`, text.indexOf(written), written, hint);
  }
  if (position === undefined) return fail(text, message || "this is not an expression", 0, text);
  if (position >= end) {
    const last = tokens.at(-1);
    return fail(text, "the expression ends too early", last?.start ?? 0, last?.text ?? text);
  }
  const token = statement.tokenAt(position);
  const hint = ADVICE.find(([pattern]) => token !== undefined && pattern.test(token.text))?.[1];
  return fail(text, message, token?.start ?? 0, token?.text ?? text, hint);
}

function restore(statement: Statement, message: string): string {
  return message.replace(/i[\ue000-\uf8ff]/g, (name) => statement.original(name));
}

/** Characters of the private use area that the text does not hold, one for each spelling. */
function spareCharacters(text: string): (name: string) => string {
  const given = new Map<string, string>();
  let next = 0xe000;
  return (name) => {
    const known = given.get(name);
    if (known !== undefined) return known;
    while (text.includes(String.fromCharCode(next))) next += 1;
    const character = String.fromCharCode(next);
    next += 1;
    given.set(name, character);
    return character;
  };
}

/** Refuses the text at one of its characters. */
export function fail(text: string, message: string, start: number, offending: string, hint?: string): never {
  throw new SluiceError("config", message, {
    at: { file: "", column: Math.min(start, text.length) + 1 },
    offending,
    ...(hint === undefined ? {} : { hint }),
  });
}

function utf8(text: string): number {
  return new TextEncoder().encode(text).length;
}
