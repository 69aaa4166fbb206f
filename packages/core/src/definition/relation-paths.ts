import { inputsOf, type Relation } from "../ir/relation.ts";

/**
 * The path of every node of a relation, as errors and `Locations.paths` name it. Operations along the first inputs are
 * named by their kind, the second `filter` counted from the source being `filter[2]`; the right side of a join is below
 * `join.right`, other inputs of a union or of raw SQL are below `union.inputs[1]`.
 *
 * @example
 * relationPaths(crashes.filter(…).select(…), "steps.crash.query"); // scan → "steps.crash.query.scan", filter → "steps.crash.query.filter", …
 */
export function relationPaths(relation: Relation, base: string): ReadonlyMap<Relation, string> {
  const paths = new Map<Relation, string>();
  const pending: [Relation, string][] = [[relation, base]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) pending.push(...labelChain(...next, paths));
  return paths;
}

function labelChain(relation: Relation, base: string, paths: Map<Relation, string>): [Relation, string][] {
  const chain: Relation[] = [];
  for (let node: Relation | undefined = relation; node !== undefined; node = inputsOf(node)[0]) chain.unshift(node);
  const seen = new Map<string, number>();
  const others: [Relation, string][] = [];
  for (const node of chain) {
    const count = (seen.get(node.kind) ?? 0) + 1;
    seen.set(node.kind, count);
    const path = `${base}.${node.kind}${count === 1 ? "" : `[${count}]`}`;
    if (!paths.has(node)) paths.set(node, path);
    if ("right" in node) others.push([node.right, `${path}.right`]);
    else
      for (const [index, input] of inputsOf(node).entries())
        if (index > 0) others.push([input, `${path}.inputs[${index}]`]);
  }
  return others;
}

/** How many operations stand on each other at most; found without recursion, so that any depth can be asked about. */
export function relationDepth(relation: Relation): number {
  let deepest = 0;
  const pending: [Relation, number][] = [[relation, 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, depth] = next;
    deepest = Math.max(deepest, depth);
    for (const input of inputsOf(node)) pending.push([input, depth + 1]);
  }
  return deepest;
}
