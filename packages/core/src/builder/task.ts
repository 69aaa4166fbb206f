import type { TaskDefinition, ValueType } from "../definition/definition.ts";
import { hasRows } from "../definition/step-graph.ts";
import { SluiceError } from "../errors.ts";
import type { DeclaredType } from "./columns.ts";
import { declaredColumns, typeOf } from "./declared-columns.ts";
import { optionsOf } from "./options.ts";
import type { Relation } from "./relation.ts";
import { type RelationValue, relationOf } from "./relation-value.ts";
import { type AnyStep, commonOf, RowsValue, recordStep, refuseOther, type StepOptions, stepName } from "./steps.ts";
import type { OutputColumns, OutputOf, TaskContext, TaskInputs, TaskResult, ValueRow } from "./task-types.ts";
import { describe } from "./value.ts";

/** What tasks and commands take beside the options of any step. */
export interface WorkOptions<O> {
  /** The columns of the rows that it gives: `{ crash_id: "string", risk: "float64?" }`. Without it nothing can read it. */
  readonly output?: O;
  /** Wrong rows up to it go into the quarantine: a count, or a share such as `"0.5%"`. Absent: one wrong row fails the step. */
  readonly maxRejects?: number | `${number}%`;
  /** Without a sign of life for so long it is ended: a minute for a task, an hour for a command where absent. */
  readonly stallMs?: number;
}

/** What `task` takes. */
export interface TaskOptions<Name extends string, I, O, Big extends boolean, V = undefined>
  extends StepOptions<Name, V extends string ? ValueRow<V> : OutputOf<O>>,
    WorkOptions<O> {
  /** What the function reads, by the names that it has there. */
  readonly inputs?: I;
  /** A function that a module of the project exports; it never runs while planning. */
  readonly run: (context: TaskContext<NoInfer<I>, NoInfer<Big>>) => TaskResult<NoInfer<O>, NoInfer<V>>;
  /** In place of rows it returns one value of this type, for conditions: `(x) => x.steps.decide.value.gt(0)`. */
  readonly value?: V;
  /** Integers of inputs and parameters come as `bigint`; as `number`, and an error beyond 2^53, where absent. */
  readonly bigint?: Big;
  /** What its process may use, in MB; 1024 where absent. */
  readonly memoryMb?: number;
}

/** A task or a command that gives rows; it is a relation over them. */
export interface RowsStep<Name extends string, R> extends Relation<R>, AnyStep {
  readonly name: Name;
}

/** A task or a command that gives no rows; `after: [it]` waits for it. */
export interface ActionStep<Name extends string> extends AnyStep {
  readonly name: Name;
}

/** What a task or a command is: rows of the declared columns, or an action. */
export type WorkStep<Name extends string, O, V = undefined> = V extends string
  ? RowsStep<Name, ValueRow<V>>
  : keyof O extends never
    ? ActionStep<Name>
    : RowsStep<Name, OutputOf<O>>;

const functions = new WeakMap<object, unknown>();

/** The function of a task; undefined for other values. */
export function taskFunctionOf(step: object): unknown {
  return functions.get(step);
}

const OWN = ["inputs", "output", "run", "bigint", "memoryMb", "maxRejects", "stallMs", "value"];

/**
 * A step that runs a function of the author's, in a process of its own: for what no query can say. The function is
 * exported by a module of the project, and is given rows or files; it gives rows one by one, all at once, or as a file.
 *
 * @example
 * export const scored = task({ name: "score", inputs: { crash }, output: { crash_id: "string", risk: "float64?" }, run: score });
 * scored.filter((c) => c.risk.gt(1)); // a relation like any other
 */
export function task<
  const Name extends string,
  const I extends TaskInputs = Record<never, never>,
  const O extends OutputColumns = Record<never, never>,
  const Big extends boolean = false,
  const V extends DeclaredType | undefined = undefined,
>(options: TaskOptions<Name, I, O, Big, V>): WorkStep<Name, O, V> {
  const given = optionsOf("task", options);
  const { inputs, output, run, bigint, memoryMb, maxRejects, stallMs, value, ...rest } = given;
  refuseOther("task", rest, OWN);
  const name = stepName("task", rest.name);
  if (typeof run !== "function") {
    throw new SluiceError("config", `run of the step "${name}" is ${describe(run)}, not a function`, {
      hint: "import the function that a module of the project exports",
    });
  }
  const relations = Object.entries(inputs === undefined ? {} : optionsOf("inputs", inputs)).map(
    ([input, value]) => [input, relationOf(`the input "${input}" of the step "${name}"`, value)] as const,
  );
  const step: TaskDefinition = Object.freeze({
    kind: "task",
    name,
    ...commonOf(name, rest),
    // Which module exports it is known to whoever loads the pipeline.
    run: Object.freeze({ module: `#${run.name}` }),
    ...(value === undefined ? {} : { value: valueType(name, value) }),
    ...inputsOf(relations),
    ...workOf(`output of the step "${name}"`, { output, maxRejects, stallMs }),
    ...(bigint === true ? { bigint: true } : {}),
    ...(memoryMb === undefined ? {} : { memoryMb: Number(memoryMb) }),
  } satisfies TaskDefinition);
  const made = madeOf(
    step,
    relations.map(([, relation]) => relation),
    rest.after,
  );
  functions.set(made, run);
  return made as unknown as WorkStep<Name, O, V>;
}

function valueType(name: string, value: unknown): ValueType {
  const type = typeOf(value, `value of the step "${name}"`);
  return Object.freeze({ type, nullable: String(value).endsWith("?") });
}

function inputsOf(relations: readonly (readonly [string, RelationValue])[]): Pick<TaskDefinition, "inputs"> {
  if (relations.length === 0) return {};
  return { inputs: Object.freeze(relations.map(([name, { node }]) => Object.freeze({ name, from: node }))) };
}

/** The members that tasks and commands share. */
export function workOf(
  place: string,
  {
    output,
    maxRejects,
    stallMs,
  }: { readonly output: unknown; readonly maxRejects: unknown; readonly stallMs: unknown },
): Pick<TaskDefinition, "output" | "maxRejects" | "stallMs"> {
  return {
    ...(output === undefined ? {} : { output: declaredColumns(place, output) }),
    ...(maxRejects === undefined ? {} : { maxRejects: maxRejects as number | string }),
    ...(stallMs === undefined ? {} : { stallMs: Number(stallMs) }),
  };
}

/** The value of a step: a relation where it has rows. */
export function madeOf<S extends AnyStep["step"]>(
  step: S,
  relations: readonly RelationValue[],
  after: unknown,
): object {
  const hasOutput = hasRows(step);
  const made = hasOutput ? new RowsValue<S>(step) : { name: step.name, step };
  recordStep(made, relations, after);
  return Object.freeze(made);
}
