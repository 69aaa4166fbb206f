import { entryOf, isAggregate } from "../catalogue/catalogue.ts";
import { SluiceError } from "../errors.ts";
import { type Expression, operandsOf } from "../ir/expression.ts";
import type { NamedExpression, SortKey } from "../ir/relation.ts";
import { ExpressionValue, labelOf, OrderValue, refuseForeign } from "./expression.ts";
import { callBack, currentOperation, recordRead, recordUse } from "./scope.ts";
import { describe } from "./value.ts";

type Side = "left" | "right";

/** The columns a callback is given: every property is a column of that name, and nothing else is there. */
export function createColumns(side?: Side): object {
  const refuse = (what: string, hint: string) => (): never => {
    throw new SluiceError("config", `the columns of a row cannot be ${what} (in ${currentOperation()})`, { hint });
  };
  const columns: object = new Proxy(Object.freeze(Object.create(null)), {
    get: (_target, key) => {
      if (typeof key === "string") return readColumn(columns, key, side);
      if (key === Symbol.toPrimitive) refuse("put into text or compared", "take one of them: c.name")();
      if (key === Symbol.iterator) refuse("listed", "name the columns that you need")();
      return undefined;
    },
    has: refuse("searched with in", "every name is a column; whether it exists is known when the pipeline is checked"),
    ownKeys: refuse("spread, listed or taken as a rest", "to add columns to all others use derive, to take some keep"),
    set: refuse("assigned to", "return an object with the new columns"),
    defineProperty: refuse("assigned to", "return an object with the new columns"),
    deleteProperty: refuse("deleted", "use drop"),
  });
  rows.add(columns);
  return columns;
}

const rows = new WeakSet<object>();

function readColumn(row: object, name: string, side: Side | undefined): ExpressionValue {
  const node: Expression = Object.freeze({ kind: "column", name, ...(side === undefined ? {} : { side }) });
  recordRead(row, node, name);
  return new ExpressionValue(node);
}

interface Allowed {
  /** Whether the result may, or must, hold aggregates; the keys of the group may stand beside them. */
  readonly aggregates?: boolean;
  /** Whether it may hold window functions. */
  readonly windows?: boolean;
}

/** The one expression that a callback returns. */
export function expressionFrom(operation: string, callback: unknown, columns: readonly object[]): Expression {
  return callBack(operation, callback, columns, (result) => accept(result, `the callback of ${operation}`, {}));
}

/** The named expressions that a callback returns, in order. */
export function namedFrom(
  operation: string,
  callback: unknown,
  columns: readonly object[],
  allowed: Allowed = {},
): readonly NamedExpression[] {
  return callBack(operation, callback, columns, (result) =>
    Object.freeze(
      membersOf(result, operation).map(([name, value]) =>
        Object.freeze([name, accept(value, `the column "${name}" of ${operation}`, allowed)] as const),
      ),
    ),
  );
}

/** What a callback wants rows sorted by. */
export function sortKeysFrom(operation: string, callback: unknown, columns: readonly object[]): readonly SortKey[] {
  return callBack(operation, callback, columns, (result) => {
    const list: readonly unknown[] = Array.isArray(result) ? result : [result];
    if (list.length === 0) throw new SluiceError("config", `the callback of ${operation} returned an empty array`);
    return Object.freeze(list.map((item) => sortKey(item, operation)));
  });
}

function sortKey(item: unknown, operation: string): SortKey {
  if (item instanceof OrderValue) {
    recordUse(item);
    inspect(item.order.expression, operation, {});
    return item.order;
  }
  return Object.freeze({ expression: accept(item, `the callback of ${operation}`, {}) });
}

/** The members of an object that a callback returned. */
export function membersOf(result: unknown, operation: string): readonly (readonly [string, unknown])[] {
  if (typeof result === "object" && result !== null && rows.has(result)) {
    throw new SluiceError("config", `the callback of ${operation} returned the row itself`, {
      hint: "return an object with columns: { crash_id: c.crash_record_id }; all columns are there without it",
    });
  }
  // Not only instanceof: `{ __proto__: c.id }` has an expression as its prototype.
  const isExpression = result instanceof ExpressionValue && Object.hasOwn(result, "node");
  if (typeof result !== "object" || result === null || Array.isArray(result) || isExpression) {
    const shown = isExpression ? labelOf(result.node) : describe(result);
    throw new SluiceError("config", `the callback of ${operation} returned ${shown}, not an object with columns`, {
      hint: "write ({ name: c.name }), with parentheses around the braces",
    });
  }
  const prototype: unknown = Object.getPrototypeOf(result);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new SluiceError("config", `the callback of ${operation} returned an object with a prototype of its own`, {
      hint: 'return a plain object; a column named __proto__ is written ["__proto__"]: c.name',
    });
  }
  return Reflect.ownKeys(result).map((key) => {
    if (typeof key === "symbol") throw new SluiceError("config", `a column of ${operation} is named by a symbol`);
    if (/^(0|[1-9]\d*)$/.test(key)) {
      throw new SluiceError(
        "config",
        `the column name "${key}" of ${operation} would be moved to the front by JavaScript`,
        {
          hint: `give it another name here, then rename({ name: "${key}" })`,
          offending: key,
        },
      );
    }
    return [key, (result as Readonly<Record<string, unknown>>)[key]] as const;
  });
}

/** The node of something that a callback returned. */
export function accept(value: unknown, place: string, allowed: Allowed): Expression {
  if (value instanceof ExpressionValue) {
    recordUse(value.node);
    inspect(value.node, place, allowed);
    return value.node;
  }
  if (typeof value === "object" && value !== null && rows.has(value)) {
    throw new SluiceError("config", `${place} is the row itself, not an expression`, { hint: "take a column of it" });
  }
  if (value instanceof OrderValue) {
    throw new SluiceError("config", `${place} has a direction: asc() and desc() belong into sort`);
  }
  if (typeof value === "object" && value !== null && "otherwise" in value) {
    throw new SluiceError("config", `${place} is a caseWhen without an end`, {
      hint: "add .otherwise(value) or .orNull()",
    });
  }
  throw new SluiceError("config", `${place} is ${describe(value)}, not an expression`, { hint: hintFor(value) });
}

function hintFor(value: unknown): string {
  if (typeof value === "boolean")
    return "use methods in place of operators: .gt(3) for >, .eq(3) for ===, not(…) for !";
  if (value === undefined) return "did you forget return, or the parentheses around an object?";
  if (value === null) return 'write literal(null, "string") for a null of a type';
  return "wrap constants in literal(…)";
}

/** Refuses columns of other callbacks, and aggregates where rows are not aggregated. */
function inspect(root: Expression, place: string, allowed: Allowed): void {
  const seen = new Set<Expression>();
  const visit = (node: Expression): void => {
    if (seen.has(node)) return;
    seen.add(node);
    refuseForeign(node);
    if (node.kind === "call" && isAggregate(node.name) && allowed.aggregates !== true) {
      throw new SluiceError("config", `${place} holds the aggregate ${node.name}, which takes many rows`, {
        hint: "use group([…]).aggregate(…) or aggregate(…), then go on from its columns; or window(…), which keeps the rows",
        offending: node.name,
      });
    }
    if (node.kind === "call" && allowed.windows !== true && entryOf(node.name)?.kind === "window") {
      throw new SluiceError("config", `${place} holds the window function ${node.name}, which looks at other rows`, {
        hint: "use window({ by }, (c) => ({ … })), then go on from its columns",
        offending: node.name,
      });
    }
    for (const operand of operandsOf(node)) visit(operand);
  };
  visit(root);
}
