import type { Column, ExceptNode, IntersectNode, Relation, UnionNode } from "@sluice/core";
import type { RelationCompiler } from "./relation-compiler.ts";
import { quoteName } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** A union as SELECTs of the same columns, each cast to the type that holds all. */
export function unionSql(compiler: RelationCompiler, node: UnionNode): string {
  const output = compiler.columnsOf(node);
  const parts = node.inputs.map((input) => alignedSql(compiler, input, output));
  return parts.join(node.distinct === true ? " union " : " union all ");
}

/** An intersection or a difference, over the same columns on both sides. */
export function setSql(compiler: RelationCompiler, node: IntersectNode | ExceptNode): string {
  const output = compiler.columnsOf(node);
  const [left, right] = [node.left, node.right].map((side) => alignedSql(compiler, side, output));
  return `${left} ${node.kind}${node.all === true ? " all" : ""} ${right}`;
}

/** The columns in their order and types; one that the input lacks is null. */
function alignedSql(compiler: RelationCompiler, input: Relation, output: readonly Column[]): string {
  const own = new Map(compiler.columnsOf(input).map(({ name, type }) => [name, type]));
  const columns = output.map(({ name, type }) => {
    const quoted = quoteName(name);
    if (!own.has(name)) return `cast(null as ${duckDbTypeOf(type)}) as ${quoted}`;
    return own.get(name) === type ? quoted : `cast(${quoted} as ${duckDbTypeOf(type)}) as ${quoted}`;
  });
  return `select ${columns.join(", ")} from ${compiler.operand(input)}`;
}
