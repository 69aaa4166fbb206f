import { isSluiceError } from "../errors.ts";
import { assertCondition } from "../infer/type-of.ts";
import type { ColumnNode, Expression } from "../ir/expression.ts";
import { walkExpression } from "../ir/expression.ts";
import { inputsOf, type NamedExpression, type Relation } from "../ir/relation.ts";
import { printExpression } from "../print/print-expression.ts";
import type { Schema } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import { conjunctsOf, type Demand, demandOf, unnarrowed } from "./demand.ts";
import { joinDemands } from "./join-demands.ts";
import { isNeverTrueForNulls } from "./null-rejection.ts";
import { substitute } from "./substitute.ts";

export interface PushRequest {
  readonly schemaOf: (relation: Relation) => Schema;
  readonly parameters: ReadonlyMap<string, TypeText>;
}

/**
 * Which rows of each input matter for the rows of a relation that do, in the order of `inputsOf`. A row that matters is
 * never left out; one that does not may be among them where the demand is not exact.
 *
 * @example
 * pushDemand(select({ crash_id: crash_record_id }), { condition: parse("crash_id = 'x'"), exact: true, because: [] }, request);
 * // [{ condition: parse("crash_record_id = 'x'"), exact: true, because: [] }]
 */
export function pushDemand(node: Relation, demand: Demand, request: PushRequest): readonly Demand[] {
  const inputs = inputsOf(node);
  return pushed(node, demand, request).map((one, index) => {
    const input = inputs[index];
    return input === undefined ? one : askable(one, request.schemaOf(input), request.parameters);
  });
}

function pushed(node: Relation, demand: Demand, { schemaOf }: PushRequest): readonly Demand[] {
  switch (node.kind) {
    case "scan":
    case "values":
      return [];
    case "filter":
    case "dropNulls":
    case "keep":
    case "drop":
    case "sort":
    case "limit":
    case "distinct":
    case "deduplicate":
    case "sample":
      return [demand];
    case "select":
      return [computedFrom(demand, node.columns, () => undefined)];
    case "derive":
      return [computedFrom(demand, node.columns, (column) => column)];
    case "rename": {
      const before = new Map(node.names.map(([from, to]) => [to, from]));
      return [computedFrom(demand, [], (column) => ({ ...column, name: before.get(column.name) ?? column.name }))];
    }
    case "join":
      return joinDemands(node, demand, schemaOf(node.left).columns, schemaOf(node.right).columns);
    case "union":
      return node.inputs.map((input) => ofUnited(demand, schemaOf(input), schemaOf(node)));
    case "intersect":
    case "except":
      return [demand, demand];
    case "window":
      return [
        ofColumns(
          demand,
          without(
            schemaOf(node.input),
            node.columns.map(([name]) => name),
          ),
          BY_WINDOW,
        ),
      ];
    case "fill":
      return [ofColumns(demand, without(schemaOf(node.input), node.columns), BY_FILL)];
    case "unpivot":
      return [ofColumns(demand, without(schemaOf(node.input), node.columns), BY_SHAPE)];
    case "incremental": {
      const given = node.deleted === undefined ? [] : [node.deleted];
      return [ofColumns(demand, without(schemaOf(node.input), given), BY_SHAPE)];
    }
    case "unnest":
      return [ofColumns(demand, without(schemaOf(node.input), [node.column]), BY_SHAPE)];
    case "aggregate":
    case "pivot":
      return [ofGroups(demand, node)];
    case "sql":
      return node.inputs.map(() => unnarrowed(...demand.because, "nothing can be followed through raw SQL"));
    default:
      return notFollowed(node, demand);
  }
}

/** An operation of which nothing is known here: its inputs are shown whole. */
function notFollowed(node: Relation, demand: Demand): readonly Demand[] {
  return inputsOf(node).map(() => unnarrowed(...demand.because, `nothing can be followed through ${node.kind}`));
}

function computedFrom(
  demand: Demand,
  columns: readonly NamedExpression[],
  otherwise: (column: ColumnNode) => Expression | undefined,
): Demand {
  const { condition, because } = demand;
  if (condition === undefined) return demand;
  const computed = new Map(columns);
  const below = substitute(condition, (column) => computed.get(column.name) ?? otherwise(column));
  return below === undefined
    ? unnarrowed(
        ...because,
        "the condition grows too large when its columns are replaced by what they are computed from",
      )
    : { ...demand, condition: below };
}

/** The keys of a group are those of its rows; what was computed over them is of no single one. */
function ofGroups(demand: Demand, node: Extract<Relation, { kind: "aggregate" | "pivot" }>): Demand {
  const by = new Set(node.by);
  const isRolledUp = node.kind === "aggregate" && node.sets !== undefined;
  return ofColumns(demand, by, BY_GROUP, (conjunct) =>
    // A key is null in the rows of a subtotal, which come from rows with any.
    isRolledUp ? columnsOf(conjunct).every((name) => isNeverTrueForNulls(conjunct, (one) => one === name)) : true,
  );
}

const BY_GROUP = "is about whole groups, not about their rows";
const BY_WINDOW = "is about what a window computes over several rows";
const BY_FILL = "is about what was filled in from other rows";
const BY_SHAPE = "is about columns that are made from the names or the parts of others";

/** The parts of the condition that are about these columns alone, which are the input's as they are. */
function ofColumns(
  demand: Demand,
  names: ReadonlySet<string>,
  why: string,
  isKept: (conjunct: Expression) => boolean = () => true,
): Demand {
  const { condition, because } = demand;
  if (condition === undefined) return demand;
  const [kept, others]: [Expression[], string[]] = [[], []];
  for (const conjunct of conjunctsOf(condition)) {
    if (columnsOf(conjunct).every((name) => names.has(name)) && isKept(conjunct)) kept.push(conjunct);
    else others.push(`${printExpression(conjunct)} ${why}`);
  }
  return demandOf(kept, demand.exact && others.length === 0, [...because, ...others]);
}

function without({ columns }: Schema, names: readonly string[]): ReadonlySet<string> {
  return new Set(columns.map(({ name }) => name).filter((name) => !names.includes(name)));
}

/** A column that an input of a union lacks is null in its rows. */
function ofUnited(demand: Demand, input: Schema, output: Schema): Demand {
  const own = new Set(input.columns.map(({ name }) => name));
  const missing = output.columns.filter(({ name }) => !own.has(name));
  if (missing.length === 0) return demand;
  const nulls = missing.map(({ name, type }): NamedExpression => {
    return [name, { kind: "cast", value: { kind: "literal", type: "null", value: null }, type }];
  });
  return computedFrom(demand, nulls, (column) => column);
}

function columnsOf(expression: Expression): readonly string[] {
  const found: string[] = [];
  walkExpression(expression, (node) => {
    if (node.kind === "column") found.push(node.name);
  });
  return found;
}

/** A column may be of another type below, where the condition means nothing. */
function askable(demand: Demand, { columns }: Schema, parameters: ReadonlyMap<string, TypeText>): Demand {
  const { condition, because } = demand;
  if (condition === undefined) return demand;
  try {
    assertCondition(condition, { columns, parameters }, "the condition");
    return demand;
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return unnarrowed(...because, `${printExpression(condition)} cannot be asked here: ${error.message}`);
  }
}
