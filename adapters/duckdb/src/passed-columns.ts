import { type CompileRequest, type Expression, type Relation, walkExpression } from "@sluice/core";
import { inputName } from "./query-names.ts";

/** Columns of one input that a query gives on as they are and does nothing else with. */
export interface PassedColumns {
  readonly input: string;
  /** The names under which each is given. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

interface Followed {
  readonly input: string;
  /** Which column of the input each column is; those that are computed are not here. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Columns of the input that something is computed from. */
  readonly used: ReadonlySet<string>;
}

/**
 * What a query only gives on; undefined where it does more than choose rows and compute columns of one input.
 *
 * @example
 * passedColumns({ kind: "rename", input: crashes, names: [["id", "crash_id"]] }, request)?.columns.get("id"); // ["crash_id"]
 */
export function passedColumns(relation: Relation, request: CompileRequest): PassedColumns | undefined {
  const followed = follow(relation, request);
  if (followed === undefined) return undefined;
  const columns = new Map<string, string[]>();
  for (const [name, from] of followed.outputs) {
    if (!followed.used.has(from)) columns.set(from, [...(columns.get(from) ?? []), name]);
  }
  return { input: followed.input, columns };
}

function follow(relation: Relation, request: CompileRequest): Followed | undefined {
  if (relation.kind === "scan") {
    const names = request.schemaOf(relation.source).columns.map(({ name }) => name);
    const outputs = new Map(names.map((name) => [name, name]));
    return { input: inputName(relation.source), outputs, used: new Set() };
  }
  switch (relation.kind) {
    case "select":
    case "derive":
    case "filter":
    case "rename":
    case "keep":
    case "drop":
      break;
    default:
      return undefined;
  }
  const below = follow(relation.input, request);
  if (below === undefined) return undefined;
  const { outputs } = below;
  switch (relation.kind) {
    case "select":
      return computed(below, new Map(), relation.columns);
    case "derive":
      return computed(below, outputs, relation.columns);
    case "filter":
      return { ...below, used: usedBy(below, [relation.condition]) };
    case "rename": {
      const names = new Map(relation.names);
      return { ...below, outputs: new Map([...outputs].map(([name, from]) => [names.get(name) ?? name, from])) };
    }
    case "keep":
      return { ...below, outputs: new Map([...outputs].filter(([name]) => relation.columns.includes(name))) };
    case "drop":
      return { ...below, outputs: new Map([...outputs].filter(([name]) => !relation.columns.includes(name))) };
    default:
      return relation satisfies never;
  }
}

/** Columns that are columns below are the same still; of the others, what they are computed from is used. */
function computed(
  below: Followed,
  kept: Followed["outputs"],
  columns: readonly (readonly [name: string, expression: Expression])[],
): Followed {
  const outputs = new Map(kept);
  const used: Expression[] = [];
  for (const [name, expression] of columns) {
    const from = expression.kind === "column" ? below.outputs.get(expression.name) : undefined;
    if (from === undefined) {
      outputs.delete(name);
      used.push(expression);
    } else outputs.set(name, from);
  }
  return { ...below, outputs, used: usedBy(below, used) };
}

function usedBy({ outputs, used }: Followed, expressions: readonly Expression[]): ReadonlySet<string> {
  const all = new Set(used);
  const names: string[] = [];
  for (const expression of expressions) {
    walkExpression(expression, (node) => {
      if (node.kind === "column") names.push(node.name);
      // What SQL text uses, nobody has read.
      else if (node.kind === "text") names.push(...outputs.keys());
    });
  }
  for (const name of names) {
    const from = outputs.get(name);
    if (from !== undefined) all.add(from);
  }
  return all;
}
