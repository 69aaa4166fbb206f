import { type Expression, type Relation, SluiceError, type TextNode } from "@sluice/core";
import { type Document, isAlias, isScalar, type LineCounter, type Node, type Scalar } from "yaml";
import { offsetInSource } from "./offset-in-source.ts";

/** A place in the document. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

interface WrittenExpression {
  readonly scalar: Scalar;
  readonly sides: boolean;
}

/** What bare names stand for. */
export interface KnownNames {
  readonly steps: ReadonlySet<string>;
  /** Absent where they are not known: then a name that is no step is taken for a dataset. */
  readonly datasets: readonly string[] | undefined;
  /** Absent where they are not known: then any may be named. */
  readonly connections: readonly string[] | undefined;
}

/** So many nodes may be looked at, aliases followed: a document that expands beyond it is refused. */
const MOST_NODES = 500_000;
const DEEPEST = 200;

/** The document did not deserve to be read on. */
export class StopReading extends Error {}

/** What one reading of a document gathers: problems, places and the expressions that wait for their parser. */
export class YamlReader {
  readonly file: string;
  readonly problems: SluiceError[] = [];
  readonly expressions = new Map<TextNode, WrittenExpression>();
  readonly relations = new Map<Relation, Node>();
  readonly paths = new Map<string, Node>();
  /** The relations of steps by their path, for the places of what is in them. */
  readonly queries = new Map<string, Relation>();
  readonly known: KnownNames;
  /** Finding an anchor walks the document: once is enough. */
  private readonly aliases = new Map<Node, Node>();
  private readonly document: Document;
  private readonly lines: LineCounter;
  private readonly text: string;
  private nodes = 0;
  private depth = 0;

  constructor(document: Document, lines: LineCounter, text: string, file: string, known: KnownNames) {
    this.document = document;
    this.lines = lines;
    this.text = text;
    this.file = file;
    this.known = known;
  }

  /** The node that is meant: of an alias the one it stands for. */
  resolve(node: unknown): Node | undefined {
    this.nodes += 1;
    if (this.nodes > MOST_NODES) {
      this.problem(node, "the document is too large, or its aliases make it so");
      throw new StopReading();
    }
    if (!isAlias(node)) return (node ?? undefined) as Node | undefined;
    const known = this.aliases.get(node);
    if (known !== undefined) return known;
    const target = node.resolve(this.document) as Node | undefined;
    if (target !== undefined) this.aliases.set(node, target);
    return target;
  }

  /** Reads something that can hold its own kind. */
  nested<T>(node: unknown, read: () => T): T | undefined {
    if (this.depth >= DEEPEST) return this.problem(node, `more than ${DEEPEST} levels are nested here`);
    this.depth += 1;
    try {
      return read();
    } finally {
      this.depth -= 1;
    }
  }

  /** Notes what is wrong at a node; gives undefined, to be given on. */
  problem(
    node: unknown,
    message: string,
    details: { hint?: string; offending?: string; offset?: number } = {},
  ): undefined {
    const place = this.placeOf(node, details.offset);
    this.problems.push(
      new SluiceError("config", message, {
        at: { file: this.file, line: place.line, column: place.column },
        offending: details.offending ?? place.text,
        ...(details.hint === undefined ? {} : { hint: details.hint }),
      }),
    );
    return undefined;
  }

  /** SQL text, parsed when the whole document has been read. */
  expression(node: unknown, sides: boolean): Expression | undefined {
    const scalar = this.resolve(node);
    if (!isScalar(scalar))
      return this.problem(node, "an expression is SQL text", { hint: 'for example "latitude > 41"' });
    const text: TextNode = { kind: "text", text: textOf(scalar) };
    this.expressions.set(text, { scalar, sides });
    return text;
  }

  /** Where a node, or a character of a scalar's value, stands. */
  placeOf(node: unknown, valueOffset?: number): Place {
    const range = (node as { range?: readonly number[] | null } | undefined)?.range;
    const [start = 0, end = start] = range ?? [];
    const inside =
      valueOffset === undefined || !isScalar(node)
        ? 0
        : offsetInSource(this.text.slice(start, end), textOf(node), valueOffset);
    const { line, col } = this.lines.linePos(start + inside);
    const lineEnd = this.text.indexOf("\n", start);
    const text = this.text.slice(start, lineEnd < 0 ? end : Math.min(end, lineEnd)).trimEnd();
    return { line: Math.max(line, 1), column: Math.max(col, 1), text };
  }

  /** Whether the text goes on with a comma: inside `{ }` and `[ ]` it ends a plain value. */
  endsAtComma(scalar: Scalar): boolean {
    return scalar.type === "PLAIN" && this.text.startsWith(",", scalar.range?.[1] ?? this.text.length);
  }
}

/** The text of a scalar as its author wrote it: `1.50` stays, whatever number YAML sees in it. */
export function textOf(scalar: Scalar): string {
  return typeof scalar.value === "string" ? scalar.value : (scalar.source ?? "");
}
