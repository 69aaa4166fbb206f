import { type CallNode, type Expression, nameOfFunction, type OrderKey } from "@sluice/core";
import { type Context, refuse } from "./context.ts";
import { shortNames } from "./lookup.ts";
import { nodeOf, nodesOf, type Tree, textOf } from "./tree.ts";

function call(name: string, operands: readonly Expression[]): CallNode {
  return { kind: "call", name, arguments: operands };
}

/** `a.name`, where it is not a column of a side. */
export function fieldOf(context: Context, owner: Expression, name: string): CallNode {
  const value = context.statement.original(name);
  return call(shortNames.get("field") ?? "", [owner, { kind: "literal", type: "string", value }]);
}

/** `a[2:3]`; an end that is left out is a list without items here. */
export function slice(context: Context, tree: Tree, children: readonly Tree[]): Expression {
  const isOpen = children.some((child) => textOf(nodeOf(nodeOf(child, "value") ?? {}, "type") ?? {}, "id") === "LIST");
  if (isOpen || children.length !== 3) {
    return refuse(context, tree, "a slice has a first and a last place", "write a[2:3], or a[2:-1] up to the end");
  }
  return call(
    nameOfFunction("list_slice") ?? "",
    children.map((child) => context.translate(child)),
  );
}

/** `json -> '$.name'`, which DuckDB's parser takes for a function of an argument. */
export function jsonMember(context: Context, tree: Tree): Expression {
  const path = context.translate(nodeOf(tree, "expr") ?? {});
  if (path.kind !== "literal")
    return refuse(context, tree, "-> is not in expressions yet", "of JSON: a -> '$.name'", "->");
  return call(nameOfFunction("json_extract") ?? "", [context.translate(nodeOf(tree, "lhs") ?? {}), path]);
}

/** `{'a': x}` and `struct_pack(a := x)`: names and values in turn. */
export function structOf(context: Context, tree: Tree, children: readonly Tree[]): Expression {
  const operands = children.flatMap((child): Expression[] => {
    const value = context.statement.original(textOf(child, "alias"));
    if (value === "") return refuse(context, child, "a field has no name", "write {'name': value}");
    return [{ kind: "literal", type: "string", value }, context.translate(child)];
  });
  if (operands.length === 0) return refuse(context, tree, "a struct has at least one field");
  return call(shortNames.get("struct") ?? "", operands);
}

/** `order by` inside a call. */
export function orderOf(context: Context, tree: Tree): readonly OrderKey[] {
  return nodesOf(nodeOf(tree, "order_bys") ?? {}, "orders").map((key) => ({
    expression: context.translate(nodeOf(key, "expression") ?? {}),
    ...(textOf(key, "type") === "DESCENDING" ? { descending: true as const } : {}),
    ...(textOf(key, "null_order") === "NULLS FIRST" ? { nulls: "first" as const } : {}),
  }));
}
