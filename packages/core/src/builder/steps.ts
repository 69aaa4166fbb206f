import type {
  CheckDefinition,
  RetryDefinition,
  StepDefinition,
  TransformDefinition,
} from "../definition/definition.ts";
import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import type { Expression } from "../ir/expression.ts";
import { accept } from "./callback.ts";
import { type Check, checksFromRules } from "./checks.ts";
import type { Int } from "./columns.generated.ts";
import type { Condition, Untyped } from "./columns.ts";
import { makeExpression } from "./expression.ts";
import { optionsOf, refuseRest } from "./options.ts";
import { recordProvenance } from "./provenance.ts";
import type { Relation, Rows } from "./relation.ts";
import { RelationValue, relationOf } from "./relation-value.ts";
import { callBack } from "./scope.ts";
import { setNeeds, setSteps, stepsNeededBy, stepsOf } from "./steps-behind.ts";
import { describe } from "./value.ts";

/** What all steps take. */
export interface StepOptions<Name extends string, R> {
  readonly name: Name;
  readonly description?: string;
  readonly checks?: readonly Check<NoInfer<keyof R & string>>[];
  /** Conditions on each row by name; `rule(…)` gives one options. */
  readonly rules?: (columns: R) => Rules;
  /** Steps that must be done before, though nothing of them is read. */
  readonly after?: readonly (AnyStep | string)[];
  /** False skips the step and all that need it: `(x) => x.steps.crash.rowsOut.gt(0)`. */
  readonly when?: (run: WhenRun) => Condition;
  readonly retry?: RetryDefinition;
  readonly timeoutMs?: number;
}

/** What a condition of a step can look at. */
export interface WhenRun {
  readonly steps: StepsSoFar;
}

/** The figures of earlier steps, by step name; one that no step has is an error when the pipeline is planned. */
export interface StepsSoFar {
  // biome-ignore lint/suspicious/noExplicitAny: StepMetrics; with noUncheckedIndexedAccess each step would be "possibly undefined"
  readonly [step: string]: any;
}

/** The figures of a step that is done. */
export interface StepMetrics {
  readonly rowsIn: Int<null>;
  readonly rowsOut: Int<null>;
  readonly rejected: Int<null>;
  /** Of a task that returns one. */
  readonly value: Untyped;
}

/** Conditions on rows by name; `rule(…)` is one with options. */
export interface Rules {
  readonly [name: string]: Condition;
}

/** Any step of a pipeline. */
export interface AnyStep {
  readonly name: string;
  readonly step: StepDefinition;
}

/** What `transform` takes: the options of any step, and its query. */
export interface TransformOptions<Name extends string, R> extends StepOptions<Name, R> {
  readonly query: Rows<R>;
}

/** A step that gives rows; it is a relation over them. */
export interface TransformStep<Name extends string, R> extends Relation<R>, AnyStep {
  readonly name: Name;
}

const callSites = new WeakMap<object, Error>();

/** The stack at the place where a step or pipeline was written, as text; made only when asked for. */
export function callSiteOf(value: object): string | undefined {
  return callSites.get(value)?.stack;
}

/** Remembers where a value was written. */
export function recordCallSite(value: object): void {
  callSites.set(value, new Error("written here"));
}

/** A step that is a relation over its own rows. */
export class RowsValue<S extends StepDefinition> extends RelationValue {
  readonly name: string;
  readonly step: S;

  constructor(step: S) {
    super({ kind: "scan", source: Object.freeze({ step: step.name }) }, []);
    this.name = step.name;
    this.step = step;
  }
}

/**
 * A step that gives rows.
 *
 * @example
 * const crash = transform({ name: "crash", query: crashes.filter((c) => c.latitude.isNotNull()), checks: [notNull("crash_id")] });
 * crash.limit(10); // a relation like any other
 */
export function transform<const Name extends string, R>(options: TransformOptions<Name, R>): TransformStep<Name, R> {
  const { query, ...rest } = optionsOf("transform", options);
  refuseOther("transform", rest, ["query"]);
  const name = stepName("transform", rest.name);
  const relation = relationOf(`the query of the step "${name}"`, query);
  const made = new RowsValue<TransformDefinition>(
    Object.freeze({
      kind: "transform",
      name,
      ...commonOf(name, rest),
      query: relation.node,
    } satisfies TransformDefinition),
  );
  recordStep(made, [relation], rest.after);
  return Object.freeze(made) as unknown as TransformStep<Name, R>;
}

/** Remembers what a step needs and where it was written; one that is a relation is read as itself. */
export function recordStep(made: object, relations: readonly RelationValue[], after: unknown): void {
  setNeeds(made, [...relations.flatMap((relation) => [...stepsOf(relation)]), ...stepsAfter(after)]);
  if (made instanceof RelationValue) {
    setSteps(made, new Set([made]));
    recordProvenance(made, relations);
  }
  recordCallSite(made);
}

const COMMON = ["name", "description", "checks", "rules", "after", "when", "retry", "timeoutMs"];

/** Refuses options that a kind of step does not have. */
export function refuseOther(operation: string, rest: Readonly<Record<string, unknown>>, own: readonly string[]): void {
  const unknownOptions = Object.fromEntries(Object.entries(rest).filter(([option]) => !COMMON.includes(option)));
  refuseRest(operation, unknownOptions, [...COMMON, ...own]);
}

/** The name of a step, or why it is none. */
export function stepName(operation: string, name: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  throw new SluiceError("config", `a ${operation} has the name ${describe(name)}`, {
    hint: 'give it one: name: "crash"',
  });
}

type Common = Pick<TransformDefinition, "description" | "after" | "when" | "retry" | "timeoutMs" | "checks">;

/** The members that every step may have. */
export function commonOf(step: string, options: Readonly<Record<string, unknown>>): Common {
  const { description, after, when, retry, timeoutMs } = options as { readonly [K in keyof Common]: unknown };
  const checks = [
    ...listed(step, options.checks),
    ...(options.rules === undefined ? [] : checksFromRules(options.rules)),
  ];
  const names = afterNames(step, after);
  return {
    ...(description === undefined ? {} : { description: String(description) }),
    ...(names.length === 0 ? {} : { after: Object.freeze(names) }),
    ...(when === undefined ? {} : { when: condition(when) }),
    ...(retry === undefined
      ? {}
      : { retry: Object.freeze({ ...optionsOf("retry", retry) }) as unknown as RetryDefinition }),
    ...(timeoutMs === undefined ? {} : { timeoutMs: Number(timeoutMs) }),
    ...(checks.length === 0 ? {} : { checks: Object.freeze(checks) }),
  };
}

function listed(step: string, checks: unknown): readonly CheckDefinition[] {
  if (checks === undefined) return [];
  if (!Array.isArray(checks)) {
    throw new SluiceError("config", `checks of the step "${step}" is ${describe(checks)}, not an array`);
  }
  return checks.map((check: unknown) => {
    if (typeof check === "object" && check !== null && "definition" in check)
      return check.definition as CheckDefinition;
    const hint =
      typeof check === "function" ? { hint: "conditions on rows belong into rules: (c) => ({ name: … })" } : {};
    throw new SluiceError("config", `a check of the step "${step}" is ${describe(check)}`, hint);
  });
}

function afterNames(step: string, after: unknown): readonly string[] {
  if (after === undefined) return [];
  if (!Array.isArray(after))
    throw new SluiceError("config", `after of the step "${step}" is ${describe(after)}, not an array`);
  const names = after.map((one: unknown) => {
    if (typeof one === "string") return one;
    if (typeof one === "object" && one !== null && stepsNeededBy(one) !== undefined) return (one as AnyStep).name;
    throw new SluiceError("config", `after of the step "${step}" holds ${describe(one)}, which is no step`);
  });
  return [...new Set(names)].sort();
}

function stepsAfter(after: unknown): readonly object[] {
  return Array.isArray(after) ? after.filter((one): one is object => typeof one === "object") : [];
}

const METRICS = ["rowsIn", "rowsOut", "rejected", "value"] as const;

function condition(when: unknown): Expression {
  const steps = new Proxy(Object.freeze(Object.create(null)), {
    get: (_target, step) => (typeof step === "string" ? metricsOf(step) : undefined),
  });
  return callBack("when", when, [Object.freeze({ steps })], (result) => accept(result, "the callback of when", {}));
}

function metricsOf(step: string): object {
  return new Proxy(Object.freeze(Object.create(null)), {
    get: (_target, name) => {
      if (typeof name !== "string") return undefined;
      const metric = METRICS.find((known) => known === name);
      if (metric !== undefined) return makeExpression({ kind: "metric", step, name: metric }, []);
      throw new SluiceError("config", `a step has no figure "${name}" (steps.${step}.${name})`, {
        hint: didYouMean(name, METRICS, "figures"),
        offending: name,
      });
    },
  });
}
