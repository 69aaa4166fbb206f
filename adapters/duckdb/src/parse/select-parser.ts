import {
  detailsOf,
  didYouMean,
  isSluiceError,
  type ParsedSelect,
  type SelectParser,
  SluiceError,
  type SourceLocation,
  type SqlArgument,
  type SqlReference,
} from "@sluice/core";
import { TABLE_FUNCTIONS } from "../raw-sql.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { firstLocationOf, locationOf, nodeOf, nodesOf, readTree, type Tree, textOf } from "./tree.ts";

/**
 * Finds what SELECT text reads, by DuckDB's own parser.
 *
 * @param serialize what `select json_serialize_sql($1::varchar)` gives for a statement
 * @example
 * (await createSelectParser(serialize).parseSelect("from 'x.csv'")).references[0]?.name; // ["x.csv"]
 */
export function createSelectParser(serialize: (sql: string) => Promise<string>): SelectParser {
  return {
    async parseSelect(text): Promise<ParsedSelect> {
      if (/\0|\p{Surrogate}/u.test(text))
        throw refusal(text, 0, "the text holds a character that has no meaning in SQL");
      const tokens = tokensIn(text);
      if (tokens.length === 0) throw refusal(text, 0, "a query is missing");
      const tree = readTree(await serialize(text));
      if (tree.error === true) throw notSelect(text, tokens, tree);
      const statements = nodesOf(tree, "statements");
      const statement = nodeOf(statements[0] ?? {}, "node");
      if (statements.length !== 1 || statement === undefined) throw severalStatements(text, tokens);
      const reader = new ReferenceReader(text, tokens);
      reader.read(statement, new Set());
      return {
        references: reader.found.toSorted((a, b) => a.start - b.start),
        parameters: tokens.filter(({ kind }) => kind === "parameter").map((token) => parameterOf(text, token)),
        ordered: nodesOf(statement, "modifiers").some((modifier) => textOf(modifier, "type") === "ORDER_MODIFIER"),
      };
    },
  };
}

/** Their errors count from the beginning of the text, whatever its lines. */
function tokensIn(text: string): readonly Token[] {
  try {
    return tokensOf(text);
  } catch (thrown) {
    if (!isSluiceError(thrown)) throw thrown;
    throw locatedAnew(thrown, sqlPlace(text, (thrown.at?.column ?? 1) - 1));
  }
}

function locatedAnew(error: SluiceError, at: SourceLocation): SluiceError {
  return new SluiceError(error.code, error.message, { ...detailsOf(error), at });
}

class ReferenceReader {
  readonly found: SqlReference[] = [];
  private readonly text: string;
  private readonly tokens: readonly Token[];

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }

  /** Every reference below a node; `known` are the names that `with` gave around it, in lower case. */
  read(node: Tree, known: ReadonlySet<string>): void {
    const inside = this.readCommonTables(node, known);
    switch (textOf(node, "type")) {
      case "BASE_TABLE":
        this.readTable(node, inside);
        return;
      case "TABLE_FUNCTION":
        this.readFunction(node, inside);
        return;
      case "SHOW_REF":
        throw this.refuse(node, "a query of describe, summarize or show is not answered here", {
          hint: 'look at a source with "sluice profile"',
        });
      case "RECURSIVE_CTE_NODE":
        this.readMembers(node, new Set([...inside, textOf(node, "cte_name").toLowerCase()]));
        return;
      default:
        this.readMembers(node, inside);
    }
  }

  /** A name is known to those that come after it, and to itself only in a recursive query. */
  private readCommonTables(node: Tree, known: ReadonlySet<string>): ReadonlySet<string> {
    const entries = nodesOf(nodeOf(node, "cte_map") ?? {}, "map");
    let inside = known;
    for (const entry of entries) {
      const query = nodeOf(nodeOf(nodeOf(entry, "value") ?? {}, "query") ?? {}, "node");
      if (query !== undefined) this.read(query, inside);
      inside = new Set([...inside, textOf(entry, "key").toLowerCase()]);
    }
    return inside;
  }

  private readMembers(node: Tree, known: ReadonlySet<string>): void {
    for (const [member, value] of Object.entries(node)) {
      if (member === "cte_map" || value === null || typeof value !== "object") continue;
      for (const below of Array.isArray(value) ? value : [value]) {
        if (below !== null && typeof below === "object") this.read(below as Tree, known);
      }
    }
  }

  private readTable(node: Tree, known: ReadonlySet<string>): void {
    const name = ["catalog_name", "schema_name", "table_name"].map((part) => textOf(node, part)).filter(Boolean);
    if (name.length === 1 && known.has(name[0]?.toLowerCase() ?? "")) return;
    const first = this.tokenOf(node);
    // Each part but the first stands behind a dot.
    const last = this.tokens[first.index + 2 * (name.length - 1)] ?? first;
    this.add({ kind: "table", name, arguments: [] }, node, { start: first.start, end: last.end });
  }

  private readFunction(node: Tree, known: ReadonlySet<string>): void {
    const called = nodeOf(node, "function") ?? {};
    const name = textOf(called, "function_name").toLowerCase();
    if (TABLE_FUNCTIONS.has(name)) {
      this.readMembers(called, known);
      return;
    }
    const first = this.tokenOf(node);
    const end = this.closing(first);
    const given = nodesOf(called, "children").map((child) => this.argumentOf(child, name));
    this.add({ kind: "function", name: [name], arguments: given }, node, { start: first.start, end });
  }

  private add(
    reference: Pick<SqlReference, "kind" | "name" | "arguments">,
    node: Tree,
    place: { readonly start: number; readonly end: number },
  ): void {
    this.found.push({ ...reference, ...place, hasAlias: textOf(node, "alias") !== "" });
  }

  private argumentOf(node: Tree, called: string): SqlArgument {
    const isNamed = textOf(node, "type") === "COMPARE_EQUAL";
    const value = isNamed ? nodeOf(node, "right") : node;
    const left = nodeOf(node, "left") ?? {};
    const names = isNamed && Array.isArray(left.column_names) ? left.column_names : [];
    const name = isNamed ? String(names.at(-1) ?? "") : textOf(node, "alias");
    const found = constantOf(value ?? {});
    if (found === undefined) {
      throw this.refuse(node, `${called} takes constants, and this argument is none`, {
        hint: "write a path in quotes; several as a list: ['a.csv', 'b.csv']",
      });
    }
    const shown = JSON.stringify(found);
    return { ...(name === "" ? {} : { name: name.toLowerCase() }), value: found, written: name === "" ? shown : name };
  }

  private tokenOf(node: Tree): Token {
    const location = locationOf(node) ?? firstLocationOf(node) ?? 0;
    const found = this.tokens.findLast((token) => token.byte <= location) ?? this.tokens[0];
    if (found !== undefined) return found;
    throw refusal(this.text, 0, "a query is missing");
  }

  /** Where the parentheses that open behind a token are closed. */
  private closing(first: Token): number {
    let depth = 0;
    for (const token of this.tokens.slice(first.index)) {
      if (token.text === "(") depth += 1;
      if (token.text === ")") depth -= 1;
      if (token.text === ")" && depth === 0) return token.end;
    }
    return first.end;
  }

  private refuse(node: Tree, message: string, details: { readonly hint: string }): SluiceError {
    const token = this.tokenOf(node);
    return refusal(this.text, token.start, message, { ...details, offending: token.text });
  }
}

/** A constant: text, a number as text, a boolean, or a list of texts. */
function constantOf(node: Tree): SqlArgument["value"] | undefined {
  const kind = textOf(node, "type");
  if (kind === "OPERATOR_CAST") {
    const below = constantOf(nodeOf(node, "child") ?? {});
    const isBoolean = textOf(nodeOf(node, "cast_type") ?? {}, "id") === "BOOLEAN";
    return isBoolean && (below === "t" || below === "f") ? below === "t" : undefined;
  }
  if (kind === "FUNCTION" && textOf(node, "function_name") === "list_value") {
    const items = nodesOf(node, "children").map(constantOf);
    return items.every((item) => typeof item === "string") ? (items as readonly string[]) : undefined;
  }
  if (kind !== "VALUE_CONSTANT") return undefined;
  const value = nodeOf(node, "value") ?? {};
  if (value.is_null === true) return undefined;
  if (typeof value.value === "boolean") return value.value;
  return typeof value.value === "string" || typeof value.value === "number" ? String(value.value) : undefined;
}

function parameterOf(text: string, { text: written, start, end }: Token): ParsedSelect["parameters"][number] {
  if (/^(?:\?|\$\d+)$/.test(written)) {
    throw refusal(text, start, `the parameter ${written} has no name`, {
      offending: written,
      hint: "parameters are written $name",
    });
  }
  return { name: written.replace(/^\$"?|"$/g, ""), start, end };
}

const KINDS = ["select", "from", "with", "values", "table", "("];

const ON_CONFIG = "a query has no settings: those of the project stand in sluice.config.ts";
const ON_EXTENSIONS = "it brings what it reads with, and loads nothing";
const ON_LOADS = "it reads, and changes nothing: a load of a pipeline writes, and --out writes a file";
/** What else does what a statement would. */
const OTHER_WAYS: Readonly<Record<string, string>> = {
  attach: "name the table of a database in from: from 'sqlite:x.db#orders', or that of a connection",
  detach: "it keeps no database open, and changes nothing",
  use: "name the table with its connection: from warehouse.orders",
  install: ON_EXTENSIONS,
  load: ON_EXTENSIONS,
  set: ON_CONFIG,
  reset: ON_CONFIG,
  pragma: ON_CONFIG,
  create: ON_LOADS,
  insert: ON_LOADS,
  update: ON_LOADS,
  delete: ON_LOADS,
  merge: ON_LOADS,
  drop: ON_LOADS,
  alter: ON_LOADS,
  truncate: ON_LOADS,
};

function notSelect(text: string, tokens: readonly Token[], tree: Tree): SluiceError {
  const [first] = tokens;
  const position = textOf(tree, "position");
  if (first !== undefined && !KINDS.includes(first.text.toLowerCase()) && position === "") {
    const word = first.text.toLowerCase();
    return refusal(text, first.start, `a query is one SELECT, and "${first.text}" is another statement`, {
      offending: first.text,
      hint:
        word === "copy"
          ? 'write a file with "--out", or with "sluice copy"'
          : word === "pivot" || word === "unpivot"
            ? `write it inside of a select, its values in a list: select * from (${word} … on x in ('a', 'b') …)`
            : (OTHER_WAYS[word] ?? "it reads, and changes nothing"),
    });
  }
  // The statement begins as a query, and its parser names no place: it is the statement as a whole that is none.
  const end = tokens.findIndex((token) => token.text === ";");
  if (position === "" && end >= 0 && end < tokens.length - 1) return severalStatements(text, tokens);
  const pivot = tokens.find((token) => /^(?:un)?pivot$/i.test(token.text));
  if (position === "" && pivot !== undefined) {
    return refusal(text, pivot.start, `${pivot.text} finds its columns in the rows, which a query cannot here`, {
      offending: pivot.text,
      hint: `say the values in a list: select * from (${pivot.text.toLowerCase()} … on x in ('a', 'b') …)`,
    });
  }
  const byte = position === "" ? 0 : Number(position);
  const at = tokens.findLast((token) => token.byte <= byte) ?? first;
  const message = textOf(tree, "error_message") || "this is not a query";
  if (at === undefined || byte >= new TextEncoder().encode(text).length) {
    return refusal(text, Math.max(text.length - 1, 0), "the query ends too early");
  }
  const near = didYouMean(at.text.toLowerCase(), KINDS.slice(0, 4), "a query begins with");
  const hint = at === first && near.startsWith("did you") ? { hint: near } : {};
  return refusal(text, at.start, message, { offending: at.text, ...hint });
}

function severalStatements(text: string, tokens: readonly Token[]): SluiceError {
  const end = tokens.find((token) => token.text === ";");
  return refusal(text, end?.start ?? 0, "a query is one SELECT, and these are several statements", {
    offending: ";",
    hint: "run them one after the other",
  });
}

function refusal(
  text: string,
  start: number,
  message: string,
  details: { readonly hint?: string; readonly offending?: string } = {},
): SluiceError {
  return new SluiceError("config", message, { at: sqlPlace(text, start), ...details });
}

/** The line and column of an offset. */
function sqlPlace(
  text: string,
  start: number,
): { readonly file: string; readonly line: number; readonly column: number } {
  const before = text.slice(0, start).split("\n");
  return { file: "", line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
