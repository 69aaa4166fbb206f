import { type Expression, walkExpression } from "../ir/expression.ts";
import { expressionsOf, type Relation } from "../ir/relation.ts";
import type { TracedOperation } from "./create-trace.ts";

/**
 * The columns of each input that tell what an operation does to a row: those that it names, and those by which the row was
 * asked for. Of what nothing is known here, all.
 *
 * @example
 * columnsLookedAt(filter("latitude is not null")); // [["crash_record_id", "latitude"]]
 */
export function columnsLookedAt(
  operation: Pick<TracedOperation, "node" | "inputs" | "demand">,
): readonly (readonly string[])[] {
  const { node, inputs } = operation;
  return inputs.map(({ schema, demand }, index) => {
    const names = schema.columns.map(({ name }) => name);
    const named = namedBy(node, index === 0 ? "left" : "right");
    if (named === undefined) return names;
    const wanted = new Set([...named, ...columnsIn(demand.condition)]);
    return names.filter((name) => wanted.has(name));
  });
}

function namedBy(node: Relation, side: "left" | "right"): readonly string[] | undefined {
  const computed = expressionsOf(node).flatMap((expression) =>
    columnsIn(expression, node.kind === "join" ? side : undefined),
  );
  switch (node.kind) {
    case "filter":
    case "select":
    case "derive":
    case "sort":
      return computed;
    case "join":
      return [...computed, ...(node.using ?? [])];
    case "aggregate":
      return [...computed, ...node.by];
    case "deduplicate":
      return [...computed, ...node.key];
    case "dropNulls":
      return node.columns;
    case "scan":
    case "values":
    case "rename":
    case "keep":
    case "drop":
    case "limit":
    case "union":
    case "distinct":
      return [];
    default:
      return undefined;
  }
}

/** Those that an expression mentions; in a join those of one side. */
function columnsIn(expression: Expression | undefined, side?: "left" | "right"): readonly string[] {
  const found: string[] = [];
  if (expression === undefined) return found;
  walkExpression(expression, (node) => {
    if (node.kind === "column" && node.side === side) found.push(node.name);
  });
  return found;
}
