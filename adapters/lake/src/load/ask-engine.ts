import { mkdir } from "node:fs/promises";
import {
  type Cell,
  type Column,
  type Engine,
  type OpenContext,
  type OutputSpec,
  type QueryRequest,
  type Relation,
  type ScannableInput,
  SluiceError,
  type WrittenFile,
  walkRelation,
} from "@sluice/core";

/** SQL over inputs, each of which stands for itself in the text. */
export interface Question {
  readonly texts: readonly string[];
  readonly inputs: readonly string[];
  /** What it gives; where absent, the engine is asked. */
  readonly columns?: readonly Column[];
}

/**
 * SQL in which `${name}` stands for an input.
 *
 * @example
 * sql`select count(*) from ${"rows"}`;
 */
export function sql(texts: TemplateStringsArray, ...parts: readonly (string | Input)[]): Question {
  const written: string[] = [texts[0] ?? ""];
  const inputs: string[] = [];
  parts.forEach((part, index) => {
    const after = texts[index + 1] ?? "";
    if (typeof part === "string") written.push(`${written.pop() ?? ""}${part}${after}`);
    else {
      inputs.push(part.input);
      written.push(after);
    }
  });
  return { texts: written, inputs };
}

export interface Input {
  readonly input: string;
}

/** An input in SQL. */
export function from(input: string): Input {
  return { input };
}

/** One question after another, as one. */
export function joined(parts: readonly Question[], between = ""): Question {
  const texts: string[] = [""];
  for (const [index, part] of parts.entries()) {
    const [first = "", ...rest] = part.texts;
    texts.push(`${texts.pop() ?? ""}${index === 0 ? "" : between}${first}`, ...rest);
  }
  return { texts, inputs: parts.flatMap(({ inputs }) => inputs) };
}

/** Asks the engine of this process about files, in its own SQL or by a relation over them. */
export interface Asked {
  rows(question: Question | Relation): Promise<readonly (readonly Cell[])[]>;
  /** Writes what a question gives. */
  write(question: Question | Relation, output: OutputSpec): Promise<readonly WrittenFile[]>;
}

/** @throws SluiceError `unsupported` where the engine does not speak the SQL of these questions */
export function askEngine(
  { local, now }: Pick<OpenContext, "local" | "now">,
  inputs: ReadonlyMap<string, ScannableInput>,
  signal: AbortSignal,
): Asked {
  const prepare = (question: Question | Relation) => {
    const relation = "kind" in question ? question : relationOf(question);
    const names = datasetsOf(relation);
    if (!local.supports(relation)) {
      throw new SluiceError(
        "unsupported",
        `tables of the lake are written by DuckDB, and this engine is ${local.name}`,
      );
    }
    const query = local.compile(relation, {
      schemaOf: (source) => ({
        columns: ("dataset" in source ? inputs.get(source.dataset)?.columns : undefined) ?? [],
      }),
      parameters: new Map(),
      isOwn: true,
    });
    const time = new Date(now()).toISOString();
    const request: QueryRequest = {
      // Of those that it does not ask about, the rows would be counted too.
      inputs: new Map(
        [...inputs]
          .filter(([name]) => names.has(name))
          .map(([name, input]) => [name, { input, columns: input.columns.map((column) => column.name) }]),
      ),
      parameters: new Map(),
      constants: { now: time, today: time.slice(0, 10) },
      signal,
    };
    return { query, request };
  };
  return {
    async rows(question) {
      const { query, request } = prepare(question);
      const found: (readonly Cell[])[] = [];
      for await (const batch of local.rows(query, request)) found.push(...batch);
      return found;
    },
    async write(question, output) {
      const { query, request } = prepare(question);
      if (output.table !== undefined) await mkdir(output.path, { recursive: true });
      return (await (local satisfies Engine).execute(query, { ...request, output, isUncounted: true })).files;
    },
  };
}

function relationOf({ texts, inputs, columns }: Question): Relation {
  return {
    kind: "sql",
    engine: "duckdb",
    texts,
    ...(columns === undefined ? {} : { columns }),
    inputs: inputs.map((dataset) => ({ kind: "scan", source: { dataset } }) as const),
  };
}

function datasetsOf(relation: Relation): ReadonlySet<string> {
  const found = new Set<string>();
  walkRelation(relation, (node) => {
    if (node.kind === "scan" && "dataset" in node.source) found.add(node.source.dataset);
  });
  return found;
}

/** Columns of text. */
export function texts(...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name, type: "string", nullable: true }));
}

/** A name as SQL reads it back, whatever it holds. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
