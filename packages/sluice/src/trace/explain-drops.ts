import {
  type Cell,
  columnsLookedAt,
  conjunctsOf,
  type Expression,
  type JoinNode,
  mapOperands,
  type NamedExpression,
  needsPartner,
  type Prefix,
  printExpression,
  type Relation,
  type Schema,
  type TracedOperation,
  walkExpression,
} from "@sluice/core";
import { columnsOf, type Questions, valuesOf, where } from "./questions.ts";
import type { DroppedRow, DropReport } from "./report.ts";

/** Which of the rows that matter an operation takes out, and what for. Rows that cannot be told apart are not looked at. */
export async function explainDrops(questions: Questions, operation: TracedOperation): Promise<readonly DropReport[]> {
  const { relation, inputs } = operation;
  const [input] = inputs;
  if (input === undefined) return [];
  switch (relation.kind) {
    case "filter":
      return operation.check === undefined
        ? await byConditions(questions, operation, conjunctsOf(relation.condition))
        : await byCheck(questions, operation, relation.condition);
    case "dropNulls":
      return await byConditions(
        questions,
        operation,
        relation.columns.map((name) => call("isNotNull", column(name))),
      );
    case "join":
      return [
        ...(await bySide(questions, operation, relation, 0)),
        ...(await bySide(questions, operation, relation, 1)),
      ];
    case "unpivot":
      return relation.nulls === "keep" ? [] : await byNullValue(questions, operation, relation);
    case "unnest":
      if (relation.outer === true || !isList(input.schema, relation.column)) return [];
      return await byConditions(questions, operation, [
        call("gt", call("length", column(relation.column)), { kind: "literal", type: "number", value: "0" }),
      ]);
    case "deduplicate":
      return await byKey(questions, operation, relation);
    case "union":
      return operation.check === undefined ? [] : await byUniqueCheck(questions, operation, relation);
    case "limit":
      return await byCount(questions, operation, input, "other rows come first, and no more go on");
    case "sample":
      return await byCount(questions, operation, input, "not taken into the sample");
    case "intersect":
      return await byCount(questions, operation, input, "the right side has no such row");
    case "except":
      return await byCount(questions, operation, input, "the right side has such a row too");
    default:
      return [];
  }
}

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, arguments: args });
const column = (name: string): Expression => ({ kind: "column", name });
const TRUE: Expression = { kind: "literal", type: "bool", value: true };

function isList({ columns }: Schema, name: string): boolean {
  return columns.some((one) => one.name === name && one.type.startsWith("list<"));
}

type Unpivot = Extract<Relation, { kind: "unpivot" }>;

/** Rows that would be there if nulls were kept. A condition on the value of a named column looks for one that is none. */
async function byNullValue(
  questions: Questions,
  operation: TracedOperation,
  node: Unpivot,
): Promise<readonly DropReport[]> {
  const conjuncts = operation.demand.condition === undefined ? [] : conjunctsOf(operation.demand.condition);
  const isNamed = conjuncts.some((one) => columnsIn(one).includes(node.name));
  const asked = isNamed ? conjuncts.filter((one) => !columnsIn(one).includes(node.value)) : conjuncts;
  if (asked.length === 0) return [];
  const dropped = [call("isNull", column(node.value)), ...asked].reduce<Relation>(where, { ...node, nulls: "keep" });
  const rows = await questions.count(dropped);
  if (rows === 0) return [];
  const names = [...new Set([node.name, ...asked.flatMap(columnsIn)])].filter((name) => name !== node.value);
  const found = await questions.rows(dropped, columnsOf(names));
  const examples = found.map((cells): DroppedRow => {
    const values = valuesOf(names, cells);
    const own = String(values[node.name]);
    const text = printExpression(call("isNotNull", column(own)));
    return { values, conditions: [{ text, value: false, takes: true, values: valuesOf([own], [null]) }] };
  });
  return [{ rows, input: 0, why: `"${node.value}" would be null, and unpivot leaves nulls out`, examples }];
}

/** Rows for which one of these is not true. */
async function byConditions(
  questions: Questions,
  operation: TracedOperation,
  conditions: readonly Expression[],
): Promise<readonly DropReport[]> {
  const parts = conditions.map(
    (shown): Part => ({ shown, failing: call("isDistinctFrom", shown, TRUE), takes: (value) => value !== true }),
  );
  return await byParts(questions, operation, parts);
}

/** Rows that a check takes out: one of the parts of what it looks for is true. */
async function byCheck(
  questions: Questions,
  operation: TracedOperation,
  passing: Expression,
): Promise<readonly DropReport[]> {
  const [failing = passing] = passing.kind === "call" && passing.name === "isDistinctFrom" ? passing.arguments : [];
  const conditions = failing.kind === "call" && failing.name === "or" ? failing.arguments : [failing];
  const parts = conditions.map((one): Part => {
    // What is asked for is nearer to what its author wrote than its opposite.
    const [opposite] = one.kind === "call" && one.name === "not" ? one.arguments : [];
    if (opposite !== undefined) return { shown: opposite, failing: one, takes: (value) => value === false };
    return { shown: one, failing: one, takes: (value) => value === true };
  });
  return await byParts(questions, operation, parts);
}

/** A part of a condition: as it is shown, when it takes a row out, and how that follows from its value. */
interface Part {
  readonly shown: Expression;
  readonly failing: Expression;
  readonly takes: (value: boolean | null) => boolean;
}

async function byParts(
  questions: Questions,
  operation: TracedOperation,
  parts: readonly Part[],
): Promise<readonly DropReport[]> {
  const [input] = operation.inputs;
  const asked = input?.demand.condition;
  const [first = TRUE, ...others] = parts.map(({ failing }) => failing);
  if (input === undefined || asked === undefined) return [];
  const dropped = where(where(input.relation, asked), others.length === 0 ? first : call("or", first, ...others));
  const rows = await questions.count(dropped);
  if (rows === 0) return [];
  const [names = []] = columnsLookedAt(operation);
  const found = await questions.rows(dropped, [
    ...parts.map(({ shown }): NamedExpression => ["condition", shown]),
    ...columnsOf(names),
  ]);
  const examples = found.map((cells): DroppedRow => {
    const values = valuesOf(names, cells.slice(parts.length));
    return {
      values,
      conditions: parts.map(({ shown, takes }, index) => {
        const own = columnsIn(shown);
        const value = truthOf(cells[index]);
        const ownValues = valuesOf(
          own,
          own.map((name) => values[name]),
        );
        return { text: printExpression(shown), value, takes: takes(value), values: ownValues };
      }),
    };
  });
  return [{ rows, input: 0, examples }];
}

function truthOf(cell: Cell | undefined): boolean | null {
  return cell === null || cell === undefined ? null : cell === true || cell === "true";
}

function columnsIn(expression: Expression): readonly string[] {
  const found = new Set<string>();
  walkExpression(expression, (node) => {
    if (node.kind === "column") found.add(node.name);
  });
  return [...found];
}

/** Rows of one side that no row of the other one meets; of an anti join those that one does. */
async function bySide(
  questions: Questions,
  operation: TracedOperation,
  join: JoinNode,
  side: 0 | 1,
): Promise<readonly DropReport[]> {
  const isLeft = side === 0;
  const [left, right] = operation.inputs;
  const { condition } = operation.demand;
  if (left === undefined || right === undefined || condition === undefined) return [];
  const [own, other] = isLeft ? [left, right] : [right, left];
  const asked = own.demand.condition;
  const isLosing =
    (join.how === "anti" && isLeft) ||
    needsPartner(join, isLeft ? "left" : "right", {
      condition,
      left: left.schema.columns,
      right: right.schema.columns,
    });
  if (asked === undefined || !isLosing) return [];
  const how = join.how === "anti" ? "semi" : "anti";
  const matching = {
    ...(join.using === undefined ? {} : { using: join.using }),
    ...(join.on === undefined ? {} : { on: isLeft ? join.on : flipped(join.on) }),
  };
  const meeting = (met: Relation): Relation => ({
    kind: "join",
    left: where(own.relation, asked),
    right: met,
    how,
    ...matching,
  });
  const unmet = meeting(other.relation);
  const unmetRows = await questions.count(unmet);
  // Where nothing is left, rows that meet others are of interest too.
  const isOfOthers =
    unmetRows === 0 &&
    how === "anti" &&
    other.demand.condition !== undefined &&
    (await questions.count(where(operation.relation, condition))) === 0;
  const dropped = isOfOthers ? meeting(where(other.relation, other.demand.condition)) : unmet;
  const rows = isOfOthers ? await questions.count(dropped) : unmetRows;
  if (rows === 0) return [];
  const names = columnsLookedAt(operation)[side] ?? [];
  const examples = (await questions.rows(dropped, columnsOf(names))).map(
    (cells): DroppedRow => ({
      values: valuesOf(names, cells),
      conditions: [],
    }),
  );
  const sides = isLeft ? ["left", "right"] : ["right", "left"];
  const why =
    how === "semi"
      ? `a row of the ${sides[1]} side meets ${rows === 1 ? "it" : "each"}`
      : isOfOthers && other.demand.condition !== undefined
        ? `no row of the ${sides[1]} side that meets ${rows === 1 ? "it" : "them"} has ${printExpression(other.demand.condition)}`
        : `no row of the ${sides[1]} side meets ${rows === 1 ? "this one" : "these"} of the ${sides[0]} side`;
  return [{ rows, input: side, why, examples }];
}

function flipped(expression: Expression): Expression {
  if (expression.kind === "column" && expression.side !== undefined) {
    return { ...expression, side: expression.side === "left" ? "right" : "left" };
  }
  return mapOperands(expression, flipped);
}

type Deduplicate = Extract<Relation, { kind: "deduplicate" }>;

/** Rows in whose place another one of the same key was kept, and that one. */
async function byKey(
  questions: Questions,
  operation: TracedOperation,
  node: Deduplicate,
): Promise<readonly DropReport[]> {
  const { condition } = operation.demand;
  if (condition === undefined) return [];
  const dropped = where({ ...node, rest: true }, condition);
  const rows = await questions.count(dropped);
  if (rows === 0) return [];
  const shown = namesOf(operation, node);
  const same = node.key.map((name) =>
    call("isNotDistinctFrom", { kind: "column", name, side: "left" }, { kind: "column", name, side: "right" }),
  );
  const [first = TRUE] = same;
  const pairs: Relation = {
    kind: "join",
    left: { kind: "limit", input: dropped, count: PAIRS },
    right: node,
    how: "inner",
    on: same.length === 1 ? first : call("and", ...same),
    select: (["left", "right"] as const).flatMap((side) =>
      shown.map((name): NamedExpression => [`${side}${shown.indexOf(name)}`, { kind: "column", name, side }]),
    ),
  };
  const names = [...shown.map((_, index) => `left${index}`), ...shown.map((_, index) => `right${index}`)];
  const found = await questions.rows(pairs, columnsOf(names));
  const examples = found.map(
    (cells): DroppedRow => ({
      values: valuesOf(shown, cells.slice(0, shown.length)),
      conditions: [],
      kept: valuesOf(shown, cells.slice(shown.length)),
    }),
  );
  const why = `another row of the same ${node.key.map((name) => `"${name}"`).join(", ")} was kept`;
  return [{ rows, input: 0, why, examples }];
}

const PAIRS = 5;
/** Where an order names all columns, as that of a check does, some tell enough. */
const MOST_COLUMNS = 12;

function namesOf(operation: TracedOperation, node: Deduplicate): readonly string[] {
  const asked = operation.demand.condition === undefined ? [] : columnsIn(operation.demand.condition);
  const ordering = node.by.flatMap(({ expression }) => columnsIn(expression));
  return [...new Set([...node.key, ...asked, ...ordering])].slice(0, MOST_COLUMNS);
}

/** Uniqueness of a key that may be null: the rows without one are put back beside what was kept. */
async function byUniqueCheck(
  questions: Questions,
  operation: TracedOperation,
  union: Extract<Relation, { kind: "union" }>,
): Promise<readonly DropReport[]> {
  const [node] = union.inputs;
  return node?.kind === "deduplicate" ? await byKey(questions, operation, node) : [];
}

/** Rows of which none is left, or fewer where each goes on once at most. */
async function byCount(
  questions: Questions,
  operation: TracedOperation,
  input: Prefix,
  why: string,
): Promise<readonly DropReport[]> {
  const { condition } = operation.demand;
  if (condition === undefined || input.demand.condition === undefined) return [];
  const before = await questions.count(where(input.relation, condition));
  const after = await questions.count(where(operation.relation, condition));
  // Of equal rows a set keeps one.
  const isSet = operation.relation.kind === "intersect" || operation.relation.kind === "except";
  if (after >= before || (isSet && after > 0)) return [];
  return [{ rows: before - after, input: 0, why, examples: [] }];
}
