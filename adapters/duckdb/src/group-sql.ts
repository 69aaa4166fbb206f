import {
  type AggregateNode,
  type DeduplicateNode,
  type Frame,
  type FrameBound,
  isNumberText,
  type WindowNode,
} from "@sluice/core";
import { write } from "./draft.ts";
import type { WindowTerms } from "./expression.ts";
import { renderLiteral } from "./literal.ts";
import type { RelationCompiler } from "./relation-compiler.ts";
import { quoteName } from "./sql-text.ts";

/** One row per group; with sets one per group of each. */
export function aggregateSql(compiler: RelationCompiler, node: AggregateNode): string {
  const keys = node.by.map((name) => `t.${quoteName(name)}`);
  const columns = compiler.named(node.columns, compiler.columnsOf(node.input));
  const output = [
    ...keys,
    ...columns.map(([name, term]) => `${term} as ${quoteName(name)}`),
    ...(node.grouping ?? []).map(([key, name]) => `(grouping(t.${quoteName(key)}) = 1) as ${quoteName(name)}`),
  ];
  // An order of the input means nothing here.
  const below = write({ ...compiler.open(node.input), order: [] }, output.join(", "));
  if (node.sets !== undefined) {
    const sets = node.sets.map((set) => `(${set.map((name) => `t.${quoteName(name)}`).join(", ")})`);
    return `${below} group by grouping sets (${sets.join(", ")})`;
  }
  return keys.length === 0 ? below : `${below} group by ${keys.join(", ")}`;
}

/** One row per key. */
export function deduplicateSql(compiler: RelationCompiler, node: DeduplicateNode): string {
  const columns = compiler.columnsOf(node.input);
  const key = node.key.map((name) => `t.${quoteName(name)}`).join(", ");
  const order = compiler.orderOf(node.by, columns, node.keep === "last");
  const by = order.length === 0 ? "" : ` order by ${order.join(", ")}`;
  const draft = { ...compiler.open(node.input), order: [] };
  return `${write(draft, "*")} qualify row_number() over (partition by ${key}${by}) ${node.rest === true ? "> 1" : "= 1"}`;
}

/** The columns of the input and those computed over its windows. */
export function windowSql(compiler: RelationCompiler, node: WindowNode): string {
  const columns = compiler.columnsOf(node.input);
  const computed = new Map(compiler.named(node.columns, columns, windowTerms(compiler, node)));
  const output = compiler.columnsOf(node).map(({ name }) => {
    const term = computed.get(name);
    return term === undefined ? `t.${quoteName(name)}` : `${term} as ${quoteName(name)}`;
  });
  return write({ ...compiler.open(node.input), order: [] }, output.join(", "));
}

/** What stands behind `over`: for functions that look at a frame, and for those that do not. */
export function windowTerms(
  compiler: RelationCompiler,
  node: Pick<WindowNode, "input" | "partition" | "by" | "frame">,
): WindowTerms {
  const partition = node.partition.map((name) => `t.${quoteName(name)}`);
  const order = compiler.orderOf(node.by, compiler.columnsOf(node.input));
  const plain = [
    ...(partition.length === 0 ? [] : [`partition by ${partition.join(", ")}`]),
    ...(order.length === 0 ? [] : [`order by ${order.join(", ")}`]),
  ].join(" ");
  const frame = order.length === 0 ? "" : ` ${frameSql(node.frame ?? STANDARD)}`;
  return { framed: `(${plain}${frame})`, unframed: `(${plain})` };
}

const STANDARD: Frame = { unit: "range", from: "unbounded", to: "current" };

function frameSql({ unit, from, to }: Frame): string {
  return `${unit} between ${boundSql(from, unit, "preceding")} and ${boundSql(to, unit, "following")}`;
}

function boundSql(bound: FrameBound, unit: Frame["unit"], unbounded: "preceding" | "following"): string {
  if (bound === "unbounded") return `unbounded ${unbounded}`;
  if (bound === "current") return "current row";
  const [distance, direction] = "preceding" in bound ? [bound.preceding, "preceding"] : [bound.following, "following"];
  const isPlain = unit !== "range" || isNumberText(distance);
  return `${isPlain ? distance : renderLiteral(distance, "interval")} ${direction}`;
}
