import { catalogue, entryOf } from "../catalogue/catalogue.ts";
import { parseSignature } from "../catalogue/signature.ts";
import { SluiceError } from "../errors.ts";
import { type CallNode, type Expression, type OrderKey, operandsOf } from "../ir/expression.ts";
import type { SortKey } from "../ir/relation.ts";
import { canonicalType, isTypeText } from "../schema/types.ts";
import { isForeign, recordMade, recordUse } from "./scope.ts";
import { describe, literalOf } from "./value.ts";

// A tree beyond these is made by a loop; no engine would read its text.
const MOST_PARTS = 100_000;
const DEEPEST = 1000;
const sizes = new WeakMap<object, { readonly parts: number; readonly depth: number }>();

/**
 * A column, constant or call while a query is described: a plain node with the catalogue's methods on it.
 * It has no value, so whatever asks for one is refused.
 */
export class ExpressionValue {
  readonly node: Expression;

  constructor(node: Expression) {
    this.node = node;
    Object.freeze(this);
  }

  asc(options: { readonly nulls?: unknown } = {}): OrderValue {
    return new OrderValue(this, false, options.nulls);
  }

  desc(options: { readonly nulls?: unknown } = {}): OrderValue {
    return new OrderValue(this, true, options.nulls);
  }

  cast(type: string): ExpressionValue {
    return castTo(this, type, false, "cast");
  }

  tryCast(type: string): ExpressionValue {
    return castTo(this, type, true, "tryCast");
  }

  toFloat(): ExpressionValue {
    return castTo(this, "float64", false, "toFloat");
  }

  toText(): ExpressionValue {
    return castTo(this, "string", false, "toText");
  }

  toJSON(): never {
    throw new SluiceError("config", `${labelOf(this.node)} describes a value and has none, so it cannot become JSON`);
  }

  toString(): string {
    return noValue(this.node);
  }

  valueOf(): number {
    return noValue(this.node);
  }
}

function noValue(node: Expression): never {
  throw new SluiceError(
    "config",
    `${labelOf(node)} describes a value and has none: it cannot be compared, added or put into text`,
    {
      hint: "use its methods: .gt(3) for >, .eq(3) for ===, .plus(3) for +, .concat(…) for text",
      offending: labelOf(node),
    },
  );
}

/** A column with a direction. */
export class OrderValue {
  readonly order: SortKey;

  constructor(value: ExpressionValue, descending: boolean, nulls: unknown) {
    recordUse(value.node);
    if (nulls !== undefined && nulls !== "first" && nulls !== "last") {
      throw new SluiceError("config", `nulls stand "first" or "last", not ${describe(nulls)}`);
    }
    this.order = Object.freeze({
      expression: value.node,
      ...(descending ? { descending: true as const } : {}),
      ...(nulls === "first" ? { nulls: "first" as const } : {}),
    });
    Object.freeze(this);
    recordMade(this, `the order by ${labelOf(value.node)}`);
  }
}

/** A new expression over parts, remembered as made here. */
export function makeExpression(node: Expression, children: readonly Expression[]): ExpressionValue {
  const below = children.map((child) => sizes.get(child) ?? { parts: 1, depth: 1 });
  const parts = below.reduce((sum, child) => sum + child.parts, 1);
  const depth = below.reduce((most, child) => Math.max(most, child.depth), 0) + 1;
  if (parts > MOST_PARTS) throw new SluiceError("config", `an expression of more than ${MOST_PARTS} parts was made`);
  // An `and` of an `and` is flat.
  const own = node.kind === "call" && (node.name === "and" || node.name === "or") ? Math.max(2, depth - 1) : depth;
  if (own > DEEPEST) throw new SluiceError("config", `an expression is nested more than ${DEEPEST} levels deep`);
  sizes.set(node, { parts, depth: own });
  for (const child of children) recordUse(child);
  recordMade(node, labelOf(node));
  return new ExpressionValue(Object.freeze(node));
}

/** The node of an argument: an expression, or a constant. */
export function nodeOf(value: unknown, place: string): Expression {
  if (value instanceof ExpressionValue) {
    refuseForeign(value.node);
    return value.node;
  }
  if (value instanceof OrderValue) {
    throw new SluiceError("config", `${place} has a direction: asc() and desc() belong into sort`);
  }
  const literal = literalOf(value, place);
  if (literal !== undefined) return literal;
  const hint =
    value === null || value === undefined
      ? { hint: "to look for nulls use isNull(), isNotNull() or isNotDistinctFrom(column)" }
      : {};
  throw new SluiceError(
    "config",
    `${place} is ${describe(value)}, which is neither an expression nor a constant`,
    hint,
  );
}

/** Refuses a column that was given to another callback. */
export function refuseForeign(node: Expression): void {
  if (node.kind !== "column" || !isForeign(node)) return;
  throw new SluiceError("config", `the column "${node.name}" belongs to the callback of another operation`, {
    hint: "use the columns that this callback is given",
    offending: node.name,
  });
}

function castTo(value: ExpressionValue, type: unknown, safe: boolean, method: string): ExpressionValue {
  if (typeof type !== "string" || !isTypeText(type)) {
    throw new SluiceError("config", `${method} takes a type, not ${describe(type)}`, {
      hint: 'types are written "int64", "float64", "string", "date", "timestamp", "decimal(10,2)" and so on',
      offending: String(type),
    });
  }
  const node = nodeOf(value, `the value of ${method}`);
  return makeExpression(
    { kind: "cast", value: node, type: canonicalType(type), ...(safe ? { safe: true as const } : {}) },
    [node],
  );
}

/** A call of a catalogue function over values in the order of its signature. */
export function callFunction(name: string, values: readonly unknown[]): ExpressionValue {
  checkCount(name, values.length);
  refuseBooleans(name, values);
  const nodes = values.map((value, index) => nodeOf(value, `argument ${index + 1} of ${name}`));
  return makeExpression(callNode(name, nodes), nodes);
}

/** `!c.paid` is `false` for every row, so a boolean here is a mistake more often than a constant. */
function refuseBooleans(name: string, values: readonly unknown[]): void {
  if (name !== "and" && name !== "or" && name !== "not") return;
  const found = values.find((value) => typeof value === "boolean");
  if (found === undefined) return;
  throw new SluiceError("config", `${name} takes conditions, not ${found}, which JavaScript has computed`, {
    hint: `in place of ! use not(); for a constant write literal(${found})`,
    offending: String(found),
  });
}

/** `and` in `and` is one: the same meaning has one form. */
function callNode(name: string, nodes: readonly Expression[]): CallNode {
  const flat =
    name === "and" || name === "or"
      ? nodes.flatMap((node) => (node.kind === "call" && node.name === name ? node.arguments : [node]))
      : nodes;
  return { kind: "call", name, arguments: Object.freeze([...flat]) };
}

function checkCount(name: string, count: number): void {
  const signatures = (entryOf(name)?.signatures ?? []).map(parseSignature);
  const fits = signatures.some(({ parameters }) => {
    const least = parameters.filter((parameter) => !parameter.optional).length;
    return count >= least && (count <= parameters.length || parameters.at(-1)?.rest === true);
  });
  if (!fits) {
    throw new SluiceError("config", `the call of ${name} has ${count} arguments, counting its own column`, {
      hint: `it is ${name}${signatures.map((signature) => signature.text).join(" or ")}`,
      offending: name,
    });
  }
}

/** What may be said of the rows that an aggregate takes. */
interface Rows {
  readonly where?: unknown;
  readonly distinct?: unknown;
  readonly order?: unknown;
}

/** A call of an aggregate, with its options; what its declared result is, the generated functions say. */
export function aggregateCall<T>(
  name: string,
  columns: readonly unknown[],
  options: Rows = {},
  always?: "distinct",
): T {
  const nodes = columns.map((column, index) =>
    nodeOf(column, index === 0 ? `the column of ${name}` : `argument ${index + 1} of ${name}`),
  );
  const where = options.where === undefined ? undefined : nodeOf(options.where, `where of ${name}`);
  const distinct = options.distinct === true || always === "distinct";
  const order = orderOf(name, options.order);
  if (distinct && nodes.length === 0) {
    throw new SluiceError("config", `${name} counts rows, of which none is like another`, {
      hint: "countDistinct(column) counts the different values of a column",
      offending: name,
    });
  }
  const node: CallNode = {
    kind: "call",
    name,
    arguments: Object.freeze(nodes),
    ...(distinct ? { distinct: true as const } : {}),
    ...(where === undefined ? {} : { where }),
    ...(order.length === 0 ? {} : { order }),
  };
  return makeExpression(node, operandsOf(node)) as T;
}

/** The order in which an aggregate takes its rows: one key or several, ascending where no direction is said. */
function orderOf(name: string, given: unknown): readonly OrderKey[] {
  if (given === undefined) return [];
  const keys: readonly unknown[] = Array.isArray(given) ? given : [given];
  return Object.freeze(
    keys.map((key) => {
      if (!(key instanceof OrderValue)) return Object.freeze({ expression: nodeOf(key, `order of ${name}`) });
      recordUse(key);
      return key.order;
    }),
  );
}

/** A call of a window function that is no method; what its declared result is, the generated functions say. */
export function windowCall<T>(name: string, values: readonly unknown[]): T {
  return callFunction(name, values) as T;
}

/** What an expression is, for a message: `column "x"`, `the call of gt`. */
export function labelOf(node: Expression): string {
  switch (node.kind) {
    case "column":
      return `the column "${node.name}"`;
    case "call":
      return `the call of ${node.name}`;
    case "literal":
      return `the constant ${node.value}`;
    case "parameter":
      return `the parameter "${node.name}"`;
    case "cast":
      return `the cast to ${node.type}`;
    case "text":
      return `the expression ${JSON.stringify(node.text)}`;
    case "metric":
      return `steps.${node.step}.${node.name}`;
    case "constant":
    case "case":
      return `the ${node.kind}`;
    default:
      return node satisfies never;
  }
}

for (const [name, entry] of Object.entries(catalogue)) {
  const self = parseSignature(entry.signatures[0] ?? "").self;
  if (entry.kind === "aggregate" || self < 0) continue;
  const takesList = "special" in entry.text && entry.text.special === "in";
  Object.defineProperty(ExpressionValue.prototype, name, {
    value(this: ExpressionValue, ...given: readonly unknown[]): ExpressionValue {
      if (takesList && !(given.length === 1 && Array.isArray(given[0]))) {
        throw new SluiceError("config", `${name} takes one array of values`, { hint: `write ${name}(["a", "b"])` });
      }
      const values = takesList ? given.flat() : [...given];
      while (entry.kind === "window" && values.length > 0 && values.at(-1) === undefined) values.pop();
      values.splice(Math.min(self, values.length), 0, this);
      return callFunction(name, values);
    },
  });
}
