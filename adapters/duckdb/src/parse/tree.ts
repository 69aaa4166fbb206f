/** A node of the tree that DuckDB's `json_serialize_sql` gives; members are looked at one by one, never trusted. */
export type Tree = { readonly [member: string]: unknown };

/** DuckDB writes this where it does not know the place of a node. */
const NOWHERE = "18446744073709551615";

/**
 * Reads the JSON of `json_serialize_sql` without losing digits: whole numbers of 16 digits and more, and the infinities
 * that DuckDB writes for constants such as `1e400`, become text.
 *
 * @example
 * readTree('{"value":9007199254740993}'); // { value: "9007199254740993" }
 */
export function readTree(json: string): Tree {
  const safe = json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|-?(?:Infinity|NaN)\b/g, (token) =>
    /^-?(?:\d{16,}$|[IN])/.test(token) ? `"${token}"` : token,
  );
  return JSON.parse(safe) as Tree;
}

/** The member as a node, or undefined where it is anything else. */
export function nodeOf(tree: Tree, member: string): Tree | undefined {
  const value = tree[member];
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Tree) : undefined;
}

/** The member as a list of nodes; empty where it is anything else. */
export function nodesOf(tree: Tree, member: string): readonly Tree[] {
  const value = tree[member];
  return Array.isArray(value) ? (value as Tree[]) : [];
}

/** The member as text; empty where it is anything else. */
export function textOf(tree: Tree, member: string): string {
  const value = tree[member];
  return typeof value === "string" ? value : "";
}

/** The byte offset of a node in the statement, where DuckDB knows it. */
export function locationOf(tree: Tree): number | undefined {
  const value = tree.query_location;
  return typeof value === "number" && String(value) !== NOWHERE ? value : undefined;
}

/** The smallest known location in a node and all below it: where its text begins, or a little after. */
export function firstLocationOf(tree: Tree): number | undefined {
  let first: number | undefined;
  const pending: unknown[] = [tree];
  while (pending.length > 0) {
    const value = pending.pop();
    if (value === null || typeof value !== "object") continue;
    if (Array.isArray(value)) {
      pending.push(...value);
      continue;
    }
    const location = locationOf(value as Tree);
    if (location !== undefined && (first === undefined || location < first)) first = location;
    pending.push(...Object.values(value));
  }
  return first;
}
