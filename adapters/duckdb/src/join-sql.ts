import { type Column, type Expression, type JoinNode, rightNames } from "@sluice/core";
import { type ExpressionScope, renderExpression } from "./expression.ts";
import type { RelationCompiler } from "./relation-compiler.ts";
import { quoteName } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** A join as a SELECT over `l` and `r`. */
export function joinSql(compiler: RelationCompiler, node: JoinNode): string {
  const left = compiler.columnsOf(node.left);
  const right = compiler.columnsOf(node.right);
  const scope = compiler.scope(left, { right, qualifier: { left: "l", right: "r" } });
  const from = `from ${compiler.operand(node.left)} as l ${node.how} join ${compiler.operand(node.right)} as r`;
  const on = joinCondition(node, scope);
  return `select ${joinColumns(compiler, node, left, right, scope).join(", ")} ${from}${on}`;
}

function joinColumns(
  compiler: RelationCompiler,
  node: JoinNode,
  left: readonly Column[],
  right: readonly Column[],
  scope: ExpressionScope,
): readonly string[] {
  if (node.how === "semi" || node.how === "anti") return ["l.*"];
  if (node.select !== undefined) {
    return node.select.map(([name, value]) => `${renderExpression(value, scope)} as ${quoteName(name)}`);
  }
  const using = node.using ?? [];
  const output = compiler.columnsOf(node);
  const keys = using.map((name) => {
    const key = quoteName(name);
    const merged =
      node.how === "right" ? `r.${key}` : node.how === "full" ? `coalesce(l.${key}, r.${key})` : `l.${key}`;
    const type = output.find((column) => column.name === name)?.type ?? "string";
    const own = (node.how === "right" ? right : left).find((column) => column.name === name)?.type;
    const isSame = own === type && node.how !== "full";
    return `${isSame ? merged : `cast(${merged} as ${duckDbTypeOf(type)})`} as ${key}`;
  });
  const rest = (columns: readonly Column[]): string[] =>
    columns.map(({ name }) => name).filter((name) => !using.includes(name));
  const lefts = rest(left).map((name) => `l.${quoteName(name)}`);
  const rights = rightNames(node, rest(right), [...using, ...rest(left)]).map(([from, to]) =>
    from === to ? `r.${quoteName(from)}` : `r.${quoteName(from)} as ${quoteName(to)}`,
  );
  return [...keys, ...lefts, ...rights];
}

function joinCondition(node: JoinNode, scope: ExpressionScope): string {
  if (node.how === "cross") return "";
  if (node.using === undefined) return node.on === undefined ? "" : ` on ${renderExpression(node.on, scope)}`;
  const equalities = node.using.map((name): string => {
    const key = { kind: "column", name } as const;
    const condition: Expression = {
      kind: "call",
      name: "eq",
      arguments: [
        { ...key, side: "left" },
        { ...key, side: "right" },
      ],
    };
    return renderExpression(condition, scope);
  });
  return ` on ${equalities.join(" and ")}`;
}
