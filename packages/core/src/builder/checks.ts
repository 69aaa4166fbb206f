import type { CheckDefinition } from "../definition/definition.ts";
import { SluiceError } from "../errors.ts";
import { accept, createColumns, membersOf, sortKeysFrom } from "./callback.ts";
import type { Condition, DeclaredType, Moment, PlainDate, PlainDateTime, PlainTime } from "./columns.ts";
import { declaredColumns } from "./declared-columns.ts";
import { ExpressionValue } from "./expression.ts";
import { columnNames, optionsOf, refuseRest } from "./options.ts";
import { callBack, recordMade, recordUse } from "./scope.ts";
import { describe, literalOf } from "./value.ts";

/** A check of the named columns, to be put on a step that has them. */
export interface Check<out K extends string> {
  readonly columns: readonly K[];
  readonly definition: CheckDefinition;
}

/** What happens where a check does not hold. */
export interface CheckOptions {
  /** Unique in its step; made from the kind and the columns where absent. */
  readonly name?: string;
  /** `fail` where absent; `divert` takes the failing rows out of the output and keeps them aside. */
  readonly otherwise?: "fail" | "warn" | "divert";
  /** The share of rows that must pass, above 0 up to 1. */
  readonly mostly?: number;
}

type Bound = number | bigint | string | Moment | PlainDate | PlainTime | PlainDateTime;

function check<K extends string>(
  operation: string,
  columns: unknown,
  options: CheckOptions | undefined,
  make: (columns: readonly string[]) => CheckDefinition,
): Check<K> {
  const names = columnNames(operation, typeof columns === "string" ? [columns] : columns);
  return Object.freeze({
    columns: names as readonly K[],
    definition: Object.freeze({ ...make(names), ...commonOf(operation, options) }),
  });
}

function commonOf(operation: string, options: CheckOptions = {}): CheckOptions {
  const { name, otherwise, mostly, ...rest } = optionsOf(operation, options);
  refuseRest(operation, rest, ["name", "otherwise", "mostly"]);
  if (otherwise !== undefined && otherwise !== "fail" && otherwise !== "warn" && otherwise !== "divert") {
    throw new SluiceError("config", `${operation} can fail, warn or divert otherwise, not ${describe(otherwise)}`);
  }
  if (mostly !== undefined && !(typeof mostly === "number" && mostly > 0 && mostly <= 1)) {
    throw new SluiceError("config", `mostly of ${operation} is a share above 0 up to 1, not ${describe(mostly)}`);
  }
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw new SluiceError("config", `the name of ${operation} is ${describe(name)}`);
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(otherwise === undefined || otherwise === "fail" ? {} : { otherwise }),
    ...(mostly === undefined || mostly === 1 ? {} : { mostly }),
  };
}

/** The columns are never null. `notNull("crash_id")`, `notNull(["crash_id", "crash_date"])` */
export function notNull<const K extends string>(columns: K | readonly K[], options?: CheckOptions): Check<K> {
  return check("notNull", columns, options, (names) => ({ kind: "notNull", columns: names }));
}

/**
 * No two rows have the same values in the columns. To divert all but one, say which one comes first: `by`.
 *
 * @example unique("person_id", { otherwise: "divert", by: (p) => p.crash_date })
 */
export function unique<const K extends string>(
  columns: K | readonly K[],
  options: CheckOptions & { readonly by?: (columns: ByColumns) => unknown } = {},
): Check<K> {
  const { by, ...common } = options;
  const keys = by === undefined ? undefined : sortKeysFrom("unique", by, [createColumns()]);
  return check("unique", columns, common, (names) => ({
    kind: "unique",
    columns: names,
    ...(keys === undefined ? {} : { by: keys }),
  }));
}

/** The columns of a step whose row is not known where the check is written. */
export interface ByColumns {
  // biome-ignore lint/suspicious/noExplicitAny: every other type makes each column "possibly undefined"
  readonly [column: string]: any;
}

/** The column holds one of the values, or null. `accepted("person_type", ["DRIVER", "PASSENGER"])` */
export function accepted<const K extends string>(
  column: K,
  values: readonly (string | number | bigint | boolean)[],
  options?: CheckOptions,
): Check<K> {
  if (!Array.isArray(values) || values.length === 0) throw new SluiceError("config", "accepted names no values");
  const texts = values.map((value: unknown) => {
    const literal = literalOf(value, "a value of accepted")?.value;
    if (literal === undefined || literal === null)
      throw new SluiceError("config", `accepted takes constants, not ${describe(value)}`);
    return literal;
  });
  return check("accepted", column, options, () => ({ kind: "accepted", column, values: Object.freeze(texts) }));
}

/** The column lies within the bounds, both included, or is null. `range("latitude", { min: 41, max: 43 })` */
export function range<const K extends string>(
  column: K,
  bounds: { readonly min?: Bound; readonly max?: Bound } & CheckOptions,
): Check<K> {
  const { min, max, ...options } = bounds;
  if (min === undefined && max === undefined) throw new SluiceError("config", "range has neither min nor max");
  const bound = (name: string, value: unknown): string => {
    const literal = literalOf(value, `${name} of range`)?.value;
    if (typeof literal === "string") return literal;
    throw new SluiceError("config", `${name} of range is ${describe(value)}, not a number, text or date`);
  };
  return check("range", column, options, () => ({
    kind: "range",
    column,
    ...(min === undefined ? {} : { min: bound("min", min) }),
    ...(max === undefined ? {} : { max: bound("max", max) }),
  }));
}

/** A regular expression (RE2) occurs in the column, or it is null. `pattern("rd_no", "^J[A-Z][0-9]{6}$")` */
export function pattern<const K extends string>(
  column: K,
  expression: string | RegExp,
  options?: CheckOptions,
): Check<K> {
  if (expression instanceof RegExp && expression.flags !== "") {
    throw new SluiceError("config", `the flags of ${expression} have no meaning here`, {
      hint: "write (?i) at the start for i",
    });
  }
  const text = expression instanceof RegExp ? expression.source : expression;
  if (typeof text !== "string" || text === "")
    throw new SluiceError("config", `pattern takes a regular expression, not ${describe(text)}`);
  return check("pattern", column, options, () => ({ kind: "pattern", column, pattern: text }));
}

/** The number of rows lies within the bounds. `rowCount({ min: 1 })` */
export function rowCount(bounds: {
  readonly min?: number;
  readonly max?: number;
  readonly name?: string;
  readonly otherwise?: "fail" | "warn";
}): Check<never> {
  const { min, max, ...options } = bounds;
  for (const bound of [min, max]) {
    if (bound !== undefined && !(Number.isSafeInteger(bound) && bound >= 0)) {
      throw new SluiceError("config", `${describe(bound)} is not a number of rows (in rowCount)`);
    }
  }
  if (min === undefined && max === undefined) throw new SluiceError("config", "rowCount has neither min nor max");
  return Object.freeze({
    columns: [],
    definition: Object.freeze({
      kind: "rowCount" as const,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...commonOf("rowCount", options),
    }),
  });
}

/** The rows have exactly these columns, in any order. `schema({ crash_id: "string", latitude: "float64?" })` */
export function schema(
  columns: { readonly [column: string]: DeclaredType },
  options?: Pick<CheckOptions, "name"> & { readonly otherwise?: "fail" | "warn" },
): Check<never> {
  const declared = declaredColumns("schema", columns);
  return Object.freeze({
    columns: [],
    definition: Object.freeze({ kind: "schema" as const, columns: declared, ...commonOf("schema", options) }),
  });
}

class RuleValue {
  readonly condition: unknown;
  readonly options: CheckOptions;

  constructor(condition: unknown, options: CheckOptions) {
    this.condition = condition;
    this.options = options;
  }
}

/** A condition for `rules`, with options: `rule(c.latitude.gt(41), { otherwise: "divert" })` */
export function rule(condition: Condition, options: Omit<CheckOptions, "name"> = {}): Condition {
  const made = new RuleValue(condition, options);
  if (condition instanceof ExpressionValue) recordUse(condition.node);
  recordMade(made, "a rule");
  return made as unknown as Condition;
}

/** The checks that a `rules` callback describes: one for each member, in order. */
export function checksFromRules(rules: unknown): readonly CheckDefinition[] {
  return callBack("rules", rules, [createColumns()], (result) =>
    membersOf(result, "rules").map(([name, value]) => {
      const given = value instanceof RuleValue ? value : new RuleValue(value, {});
      if (value instanceof RuleValue) recordUse(value);
      const condition = accept(given.condition, `the rule "${name}"`, {});
      return Object.freeze({
        kind: "expression" as const,
        condition,
        name,
        ...commonOf(`the rule "${name}"`, given.options),
      });
    }),
  );
}
