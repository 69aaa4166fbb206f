import { canonicalLag } from "../incremental/duration.ts";
import { type CallNode, type Expression, type LiteralNode, mapOperands, type OrderKey } from "../ir/expression.ts";
import {
  type AggregateNode,
  type Frame,
  type FrameBound,
  type IncrementalNode,
  mapExpressions,
  mapInputs,
  type Relation,
} from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import { canonicalType, type TypeText } from "../schema/types.ts";
import { defaultCheckName } from "./check-name.ts";
import type {
  CheckDefinition,
  LoadDefinition,
  PipelineDefinition,
  RetryDefinition,
  ScheduleDefinition,
  ShellDefinition,
  StepDefinition,
  TaskDefinition,
} from "./definition.ts";
import { placeOf } from "./targets.ts";

/**
 * The one form of all definitions that mean the same: steps, parameters and `after` sorted by name, defaults left out,
 * `and`/`or` flattened, types in their one text, pairs of `rename` and what raw SQL is declared to give sorted. Frozen, and
 * made only of JSON.
 *
 * @example
 * canonicalDefinition({ name: "p", steps: [b, a], parameters: [] }); // { name: "p", steps: [a, b] }
 */
export function canonicalDefinition(definition: PipelineDefinition): PipelineDefinition {
  const { name, description, schedule, parameters = [], steps } = definition;
  return deepFreeze(
    defined({
      name,
      description,
      schedule: schedule === undefined ? undefined : canonicalSchedule(schedule),
      parameters: parameters.length === 0 ? undefined : parameters.map(typed).toSorted(byName),
      steps: steps.map(canonicalStep).toSorted(byName),
    }),
  );
}

/**
 * Whether two definitions mean the same.
 *
 * @example
 * sameDefinition(fromTypeScript, fromYaml); // true: the twins share a name
 */
export function sameDefinition(a: PipelineDefinition, b: PipelineDefinition): boolean {
  return canonicalJson(canonicalDefinition(a)) === canonicalJson(canonicalDefinition(b));
}

function canonicalSchedule({ cron, zone }: ScheduleDefinition): ScheduleDefinition {
  const fields = cron.trim().split(/\s+/).join(" ");
  return zone === undefined || zone === "UTC" ? { cron: fields } : { cron: fields, zone };
}

function canonicalStep(step: StepDefinition): StepDefinition {
  const common = {
    after: step.after === undefined || step.after.length === 0 ? undefined : [...new Set(step.after)].toSorted(),
    when: step.when === undefined ? undefined : canonicalExpression(step.when),
    retry: step.retry === undefined ? undefined : canonicalRetry(step.retry),
    checks: step.checks === undefined || step.checks.length === 0 ? undefined : step.checks.map(canonicalCheck),
  };
  if (step.kind === "transform") return defined({ ...step, ...common, query: canonicalRelation(step.query) });
  if (step.kind === "task") return defined({ ...step, ...common, ...canonicalTask(step) });
  if (step.kind === "shell") return defined({ ...step, ...common, ...canonicalShell(step) });
  return defined({ ...step, ...common, ...canonicalLoad(step) });
}

function canonicalLoad({ from, into, key = [], where, evolve }: LoadDefinition) {
  return {
    from: canonicalRelation(from),
    into: defined(into),
    key: key.length === 0 ? undefined : key,
    where: where === undefined ? undefined : canonicalExpression(where),
    evolve: evolve === "add" ? undefined : evolve,
  };
}

function canonicalTask({ run, inputs = [], output, value, bigint, memoryMb }: TaskDefinition) {
  return {
    run: defined(run),
    inputs:
      inputs.length === 0
        ? undefined
        : inputs.map(({ name, from }) => ({ name, from: canonicalRelation(from) })).toSorted(byName),
    output: output?.map(typed),
    value: value === undefined ? undefined : { type: canonicalType(value.type), nullable: value.nullable },
    bigint: bigint || undefined,
    memoryMb: memoryMb === 1024 ? undefined : memoryMb,
  };
}

function canonicalShell({ inputs = [], output, format, header, env = [] }: ShellDefinition) {
  return {
    inputs:
      inputs.length === 0
        ? undefined
        : inputs
            .map((input) => ({ ...canonicalFormat(input), name: input.name, from: canonicalRelation(input.from) }))
            .map((input) => defined(input))
            .toSorted(byName),
    output: output?.map(typed),
    ...canonicalFormat({ format, header }),
    env: env.length === 0 ? undefined : env.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  };
}

function canonicalFormat({ format, header }: { readonly format?: unknown; readonly header?: unknown }) {
  return {
    format: format === "csv" ? undefined : (format as ShellDefinition["format"]),
    header: header === false ? (false as const) : undefined,
  };
}

/** One attempt is what a step has anyway. */
function canonicalRetry(retry: RetryDefinition): RetryDefinition | undefined {
  if (retry.attempts === 1) return undefined;
  return defined({
    attempts: retry.attempts,
    initialMs: retry.initialMs === 1000 ? undefined : retry.initialMs,
    maxMs: retry.maxMs === 60_000 ? undefined : retry.maxMs,
    jitter: retry.jitter === 0.2 ? undefined : retry.jitter,
  });
}

function canonicalCheck(check: CheckDefinition): CheckDefinition {
  const common = {
    name: check.name === defaultCheckName(check) ? undefined : check.name,
    otherwise: check.otherwise === "fail" ? undefined : check.otherwise,
    mostly: check.mostly === 1 ? undefined : check.mostly,
  };
  switch (check.kind) {
    case "expression":
      return defined({ ...check, ...common, condition: canonicalExpression(check.condition) });
    case "unique": {
      const by = check.by === undefined || check.by.length === 0 ? undefined : check.by.map(canonicalSortKey);
      return defined({ ...check, ...common, by });
    }
    case "notNull":
    case "accepted":
    case "range":
    case "pattern":
    case "rowCount":
      return defined({ ...check, ...common });
    case "schema":
      return defined({ ...check, ...common, columns: check.columns.map(typed) });
    default:
      return check satisfies never;
  }
}

/** The canonical form of a relation: see `canonicalDefinition`. */
export function canonicalRelation(relation: Relation): Relation {
  const below = mapInputs(relation, canonicalRelation);
  const node = defined(mapExpressions(below, canonicalExpression));
  switch (node.kind) {
    case "rename":
      return { ...node, names: node.names.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) };
    case "join":
      return defined({ ...node, using: node.using === undefined || node.using.length === 0 ? undefined : node.using });
    case "union":
      return defined({ ...node, distinct: node.distinct || undefined });
    case "intersect":
    case "except":
      return defined({ ...node, all: node.all || undefined });
    case "aggregate":
      return canonicalAggregate(node);
    case "fill":
      return { ...node, by: node.by.map(canonicalSortKey) };
    case "pivot":
      return { ...node, values: node.values.map(([name, value]) => [name, plainLiteral(value)] as const) };
    case "unnest":
      return defined({ ...node, outer: node.outer || undefined, prefix: node.prefix || undefined });
    case "sample":
      return defined({ ...node, seed: node.seed || undefined });
    case "limit":
      return defined({ ...node, offset: node.offset || undefined });
    case "window":
      return defined({ ...node, by: node.by.map(canonicalSortKey), frame: canonicalFrame(node.frame) });
    case "sort":
    case "deduplicate":
      return { ...node, by: node.by.map(canonicalSortKey) };
    case "sql":
      return node.declared === undefined ? node : { ...node, declared: node.declared.map(typed).toSorted(byName) };
    case "scan":
      if ("table" in node.source) return { ...node, source: { table: placeOf(node.source.table) } };
      return "inline" in node.source ? { ...node, source: { inline: defined(node.source.inline) } } : node;
    case "values":
      return { ...node, columns: node.columns.map(typed) };
    case "incremental":
      return canonicalIncremental(node);
    case "filter":
    case "select":
    case "derive":
    case "keep":
    case "drop":
    case "dropNulls":
    case "distinct":
    case "unpivot":
      return node;
    default:
      return node satisfies never;
  }
}

/** The type of a bound is that of the cursor, whichever way it was written. */
function canonicalIncremental(node: IncrementalNode): IncrementalNode {
  const { initial, end, lag } = node;
  const plain = (bound: Expression | undefined): Expression | undefined =>
    bound?.kind === "literal" ? { kind: "literal", type: "string", value: bound.value } : bound;
  return defined({
    ...node,
    initial: plain(initial),
    end: plain(end),
    lag: lag === undefined ? undefined : (canonicalLag(lag) ?? lag),
  });
}

/** Grouping once by all keys is what happens anyway; the order of sets, and of keys in them, means nothing. */
function canonicalAggregate(node: AggregateNode): AggregateNode {
  const places = new Map(node.by.map((name, index) => [name, index]));
  const placeOf = (name: string): number => places.get(name) ?? places.size;
  const sets = (node.sets ?? [])
    .map((set) => set.toSorted((a, b) => placeOf(a) - placeOf(b)))
    .toSorted((a, b) => b.length - a.length || compareNumbers(a.map(placeOf), b.map(placeOf)));
  const [first = []] = sets;
  const isPlain = node.sets !== undefined && sets.length === 1 && first.length === node.by.length;
  return defined({
    ...node,
    sets: node.sets === undefined || (isPlain && !node.grouping?.length) ? undefined : sets,
    grouping: node.grouping?.length ? node.grouping.toSorted((a, b) => placeOf(a[0]) - placeOf(b[0])) : undefined,
  });
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((one, place) => one !== b[place]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** A day, an instant and the like are their text, which takes the type that it meets. */
function plainLiteral(literal: LiteralNode): LiteralNode {
  const isPlain = literal.value === null || ["string", "number", "bool"].includes(literal.type);
  if (literal.value === null) return { ...literal, type: "null" };
  return canonicalExpression(isPlain ? literal : { ...literal, type: "string" }) as LiteralNode;
}

function canonicalOrder(order: CallNode["order"]): CallNode["order"] | undefined {
  return order === undefined || order.length === 0 ? undefined : order.map(canonicalSortKey);
}

function canonicalSortKey(key: OrderKey): OrderKey {
  return defined({
    expression: canonicalExpression(key.expression),
    descending: key.descending || undefined,
    nulls: key.nulls === "first" ? key.nulls : undefined,
  });
}

/** The standard's own frame, from the start of the partition to all that equals the row, is what is meant without one. */
function canonicalFrame(frame: Frame | undefined): Frame | undefined {
  if (frame === undefined) return undefined;
  if (frame.unit === "range" && frame.from === "unbounded" && frame.to === "current") return undefined;
  return { unit: frame.unit, from: canonicalBound(frame.from), to: canonicalBound(frame.to) };
}

function canonicalBound(bound: FrameBound): FrameBound {
  if (typeof bound === "string") return bound;
  return "preceding" in bound
    ? { preceding: canonicalNumber(bound.preceding) }
    : { following: canonicalNumber(bound.following) };
}

/** The canonical form of an expression: see `canonicalDefinition`. */
export function canonicalExpression(expression: Expression): Expression {
  const node = defined(mapOperands(expression, canonicalExpression));
  switch (node.kind) {
    case "call":
      return flatten(defined({ ...node, distinct: node.distinct || undefined, order: canonicalOrder(node.order) }));
    case "cast":
      return defined({ ...typed(node), safe: node.safe || undefined });
    case "case":
      return isNull(node.otherwise) ? defined({ ...node, otherwise: undefined }) : node;
    case "literal":
      return node.type === "number" && typeof node.value === "string"
        ? { ...node, value: canonicalNumber(node.value) }
        : node;
    case "column":
    case "parameter":
    case "constant":
    case "metric":
    case "text":
      return node;
    default:
      return node satisfies never;
  }
}

function flatten(node: CallNode): Expression {
  if (node.name !== "and" && node.name !== "or") return node;
  const operands = node.arguments.flatMap((operand) =>
    operand.kind === "call" && operand.name === node.name ? operand.arguments : [operand],
  );
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { ...node, arguments: operands };
}

/** Signs and leading zeros that mean nothing go; places after the point stay, since they make the type of a decimal. */
function canonicalNumber(text: string): string {
  const found = /^([+-]?)0*(\d[\d.]*)(?:e([+-]?)0*(\d+))?$/i.exec(text);
  if (found === null) return text;
  const [, sign, digits = "", exponentSign, exponent] = found;
  const negative = sign === "-" && /[1-9]/.test(digits) ? "-" : "";
  return `${negative}${digits}${exponent === undefined ? "" : `e${exponentSign === "-" ? "-" : ""}${exponent}`}`;
}

function isNull(expression: Expression | undefined): boolean {
  return expression?.kind === "literal" && expression.value === null;
}

function typed<T extends { readonly type: TypeText }>(value: T): Defined<T> {
  return defined({ ...value, type: canonicalType(value.type) });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

type Defined<T> = T extends object ? { [K in keyof T]: Exclude<T[K], undefined> } : T;

/** A copy without the members that are undefined, which JSON does not have. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
