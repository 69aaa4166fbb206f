import { mapInputs, type Relation } from "../ir/relation.ts";

/**
 * A relation over datasets alone: the queries of the steps that it reads are put in place of their names.
 *
 * @example
 * expandSteps({ kind: "scan", source: { step: "crash" } }, () => crashQuery); // crashQuery, its own steps put in too
 */
export function expandSteps(relation: Relation, queryOf: (step: string) => Relation): Relation {
  const expanded = new Map<string, Relation>();
  const expand = (node: Relation): Relation => {
    if (node.kind !== "scan" || !("step" in node.source)) return mapInputs(node, expand);
    const { step } = node.source;
    const found = expanded.get(step) ?? expand(queryOf(step));
    expanded.set(step, found);
    return found;
  };
  return expand(relation);
}
