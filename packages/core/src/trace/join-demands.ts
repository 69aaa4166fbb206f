import { call } from "../checks/check-conditions.ts";
import { findColumn } from "../infer/find-column.ts";
import { rightNames } from "../infer/join-columns.ts";
import { type Expression, walkExpression } from "../ir/expression.ts";
import type { JoinNode } from "../ir/relation.ts";
import { printExpression } from "../print/print-expression.ts";
import type { Column } from "../schema/schema.ts";
import { conjunctsOf, type Demand, demandOf } from "./demand.ts";
import { isNeverTrueForNulls } from "./null-rejection.ts";
import { substitute } from "./substitute.ts";

type Side = "left" | "right";
/** Two columns that a join holds equal. */
export type JoinedPair = Readonly<Record<Side, string>>;
/** What an output column is: computed from both sides, or the key of a full join, which either side may give. */
type Output = { readonly sided: Expression } | { readonly key: string };

/**
 * What is asked of both sides of a join. A part of the condition goes to the side whose columns it is about; by the
 * columns that are equal on both sides it goes to the other one too. What is about both together goes nowhere.
 */
export function joinDemands(
  node: JoinNode,
  demand: Demand,
  left: readonly Column[],
  right: readonly Column[],
): readonly [left: Demand, right: Demand] {
  const { condition } = demand;
  if (condition === undefined) return [demand, demand];
  const pairs = joinedPairs(node, left, right);
  const outputs = outputColumns(node, left, right);
  const of = (side: Side): Demand => {
    const kept: Expression[] = [];
    const because: string[] = [...demand.because];
    for (const conjunct of conjunctsOf(condition)) {
      const own = onSide(conjunct, side, { how: node.how, outputs, pairs, columns: side === "left" ? right : left });
      if (own === undefined) because.push(`${printExpression(conjunct)} cannot be asked of the ${side} side alone`);
      else {
        kept.push(own.condition);
        if (!own.exact) because.push(`${printExpression(conjunct)} depends on whether a row meets another one`);
      }
    }
    return demandOf(kept, demand.exact && because.length === 0, because);
  };
  return [of("left"), of("right")];
}

interface Sides {
  readonly how: JoinNode["how"];
  readonly outputs: ReadonlyMap<string, Output>;
  readonly pairs: readonly JoinedPair[];
  /** Of the other side. */
  readonly columns: readonly Column[];
}

interface Asked {
  readonly condition: Expression;
  readonly exact: boolean;
}

/** A part of the condition over the columns of one side; undefined where it is about the other one too. */
function onSide(conjunct: Expression, side: Side, { how, outputs, pairs, columns }: Sides): Asked | undefined {
  const other = side === "left" ? "right" : "left";
  const asked = (inPlace: (name: string) => Expression | undefined): Expression | undefined =>
    substitute(conjunct, ({ name }) => {
      const output = outputs.get(name);
      if (output === undefined) return undefined;
      if ("key" in output) return { kind: "column", name: output.key };
      return substitute(output.sided, (column) => {
        if (column.side === side) return { kind: "column", name: column.name };
        return inPlace(column.name);
      });
    });
  const direct = asked(() => undefined);
  if (direct !== undefined) return { condition: direct, exact: true };
  const paired = asked((name) => {
    const pair = pairs.find((one) => one[other] === name);
    return pair === undefined ? undefined : { kind: "column", name: pair[side] };
  });
  if (paired === undefined) return undefined;
  // Where this side's rows may stand without a partner, nulls of the other side say nothing about them.
  const mayBeAlone = how === "full" || how === side;
  if (!mayBeAlone || isNeverTrueForNulls(conjunct, (name) => isOfSide(outputs.get(name), other))) {
    return { condition: paired, exact: true };
  }
  const alone = asked((name) => {
    const type = findColumn(columns, name)?.type;
    return type === undefined
      ? undefined
      : { kind: "cast", value: { kind: "literal", type: "null", value: null }, type };
  });
  // Of nulls alone it says nothing of this side's rows.
  if (alone === undefined || !namesColumn(alone)) return undefined;
  return { condition: call("or", paired, alone), exact: false };
}

/**
 * Whether no row of this side that meets none of the other one is such as is asked for: the join leaves it out, or the
 * condition is never true where the other side's columns are null.
 */
export function needsPartner(
  node: JoinNode,
  side: "left" | "right",
  {
    condition,
    left,
    right,
  }: Readonly<Record<"left" | "right", readonly Column[]>> & { readonly condition: Expression },
): boolean {
  const keeping = side === "left" ? ["left", "full", "anti"] : ["right", "full"];
  if (!keeping.includes(node.how)) return node.how !== "semi" || side === "left";
  if (node.how === "anti") return false;
  const outputs = outputColumns(node, left, right);
  const other = side === "left" ? "right" : "left";
  return isNeverTrueForNulls(condition, (name) => isOfSide(outputs.get(name), other));
}

function namesColumn(expression: Expression): boolean {
  let found = false;
  walkExpression(expression, ({ kind }) => {
    found ||= kind === "column";
  });
  return found;
}

function isOfSide(output: Output | undefined, side: Side): boolean {
  return output !== undefined && "sided" in output && output.sided.kind === "column" && output.sided.side === side;
}

function outputColumns(node: JoinNode, left: readonly Column[], right: readonly Column[]): ReadonlyMap<string, Output> {
  const of = (name: string, side: Side): Output => ({ sided: { kind: "column", name, side } });
  if (node.how === "semi" || node.how === "anti") return new Map(left.map(({ name }) => [name, of(name, "left")]));
  if (node.select !== undefined) return new Map(node.select.map(([name, sided]) => [name, { sided }]));
  const using = node.using ?? [];
  const rest = (columns: readonly Column[]): readonly string[] =>
    columns.map(({ name }) => name).filter((name) => !using.includes(name));
  const outputs = new Map<string, Output>();
  for (const [from, to] of rightNames(node, rest(right), [...using, ...rest(left)])) outputs.set(to, of(from, "right"));
  for (const name of rest(left)) outputs.set(name, of(name, "left"));
  for (const name of using) {
    outputs.set(name, node.how === "full" ? { key: name } : of(name, node.how === "right" ? "right" : "left"));
  }
  return outputs;
}

/**
 * Columns whose values are the same on both sides of every match: equal ones of a type in which equal is the same.
 *
 * @example
 * joinedPairs(join({ using: ["crash_id"] }), left, right); // [{ left: "crash_id", right: "crash_id" }]
 */
export function joinedPairs(node: JoinNode, left: readonly Column[], right: readonly Column[]): readonly JoinedPair[] {
  const written = (node.using ?? []).map((name): JoinedPair => ({ left: name, right: name }));
  const compared = node.on === undefined ? [] : conjunctsOf(node.on).flatMap(pairOf);
  return [...written, ...compared].filter((pair) => {
    const types = [findColumn(left, pair.left)?.type, findColumn(right, pair.right)?.type];
    return types[0] !== undefined && types[0] === types[1] && !types[0].includes("float");
  });
}

function pairOf(conjunct: Expression): readonly JoinedPair[] {
  if (conjunct.kind !== "call" || conjunct.name !== "eq") return [];
  const [first, second] = conjunct.arguments;
  if (first?.kind !== "column" || second?.kind !== "column") return [];
  if (first.side === "left" && second.side === "right") return [{ left: first.name, right: second.name }];
  if (first.side === "right" && second.side === "left") return [{ left: second.name, right: first.name }];
  return [];
}
