import { literalProblem } from "../catalogue/literal.ts";
import { canonicalDefinition } from "../definition/canonical.ts";
import type {
  ParameterDefinition,
  PipelineDefinition,
  ScheduleDefinition,
  StepDefinition,
} from "../definition/definition.ts";
import { allExpressionsOf, relationsOf, stepOrder } from "../definition/step-graph.ts";
import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import { type Expression, walkExpression } from "../ir/expression.ts";
import { parseType } from "../schema/types.ts";
import type { DeclaredType } from "./columns.ts";
import { typeOf } from "./declared-columns.ts";
import { declaredTypeOf } from "./functions.ts";
import { optionsOf, refuseRest } from "./options.ts";
import { type AnyStep, callSiteOf, recordCallSite } from "./steps.ts";
import { stepsNeededBy } from "./steps-behind.ts";
import { taskFunctionOf } from "./task.ts";
import { describe, literalOf } from "./value.ts";

/** When a pipeline runs: five fields (minute, hour, day of month, month, day of week) in a zone, UTC where absent. */
export function cron(text: string, options: { readonly zone?: string } = {}): ScheduleDefinition {
  const { zone, ...rest } = optionsOf("cron", options);
  refuseRest("cron", rest, ["zone"]);
  if (typeof text !== "string" || text.trim().split(/\s+/).length !== 5) {
    throw new SluiceError("config", `${describe(text)} is not a schedule of five fields`, {
      hint: 'minute, hour, day of month, month, day of week: "0 3 * * *" is every day at 3:00',
    });
  }
  return Object.freeze({
    cron: text.trim().split(/\s+/).join(" "),
    ...(zone === undefined ? {} : { zone: String(zone) }),
  });
}

/** A parameter as its pipeline declares it. */
export interface ParameterInput {
  readonly type: Exclude<DeclaredType, `${string}?`>;
  /** Without it the parameter must be given. */
  readonly default?: string | number | bigint | boolean | null;
  readonly description?: string;
  readonly values?: readonly string[];
}

/** What `definePipeline` takes. */
export interface PipelineOptions {
  readonly name: string;
  readonly description?: string;
  readonly schedule?: ScheduleDefinition;
  readonly parameters?: { readonly [name: string]: ParameterInput };
  /** Steps that they refer to are found by themselves. */
  readonly steps: readonly AnyStep[];
}

/** A pipeline as a value: its definition, and where its steps were written. */
export interface Pipeline {
  readonly brand: "sluice-pipeline";
  readonly definition: PipelineDefinition;
  /** The stack at the call that made a step (of the pipeline itself for ""), as text; undefined for an unknown name. */
  callSite(step: string): string | undefined;
  /** The function that a task runs; undefined for other steps. Whoever loads the pipeline finds its module. */
  taskFunction(step: string): unknown;
}

/**
 * A pipeline of steps and of all that they refer to.
 *
 * @example
 * export default definePipeline({ name: "chicago", schedule: cron("0 3 * * *"), steps: [loadCrash] });
 * @throws SluiceError `config` where two steps share a name, or wait for each other
 */
export function definePipeline(options: PipelineOptions): Pipeline {
  const { name, description, schedule, parameters, steps, ...rest } = optionsOf("definePipeline", options);
  refuseRest("definePipeline", rest, ["name", "description", "schedule", "parameters", "steps"]);
  if (typeof name !== "string" || name === "") {
    throw new SluiceError("config", `a pipeline has the name ${describe(name)}`, {
      hint: 'give it one: name: "chicago"',
    });
  }
  const found = collectSteps(name, steps);
  const definition = canonicalDefinition({
    name,
    ...(description === undefined ? {} : { description: String(description) }),
    ...(schedule === undefined ? {} : { schedule: schedule as ScheduleDefinition }),
    ...(parameters === undefined ? {} : { parameters: parametersFrom(parameters) }),
    steps: [...found.values()].map((step) => step.step),
  });
  refuseCycle(name, definition);
  for (const step of found.values()) checkParameters(step.step, definition.parameters ?? []);
  const pipeline: Pipeline = {
    brand: "sluice-pipeline",
    definition,
    taskFunction: (step) => taskFunctionOf(found.get(step) ?? {}),
    callSite: (step) => callSiteOf(step === "" ? pipeline : (found.get(step) ?? {})),
  };
  recordCallSite(pipeline);
  return Object.freeze(pipeline);
}

/** Tells a pipeline of any loaded copy of this package from other values. */
export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === "object" && value !== null && "brand" in value && value.brand === "sluice-pipeline";
}

interface StepValue extends AnyStep {
  readonly step: StepDefinition;
}

function collectSteps(pipeline: string, steps: unknown): ReadonlyMap<string, StepValue> {
  if (!Array.isArray(steps) || steps.length === 0) {
    const shown = Array.isArray(steps) ? "an empty array" : describe(steps);
    throw new SluiceError("config", `the steps of the pipeline "${pipeline}" are ${shown}, not an array of steps`);
  }
  const found = new Map<string, StepValue>();
  const waiting: unknown[] = [...steps];
  while (waiting.length > 0) {
    const value = waiting.shift();
    const needed = typeof value === "object" && value !== null ? stepsNeededBy(value) : undefined;
    if (needed === undefined) {
      throw new SluiceError("config", `the pipeline "${pipeline}" holds ${describe(value)} as a step`, {
        hint: "steps are made by transform(…), load(…), task(…) and shell(…); a relation alone is none",
      });
    }
    const step = value as StepValue;
    const other = found.get(step.name);
    if (other === step) continue;
    if (other !== undefined) {
      throw new SluiceError("config", `two steps of the pipeline "${pipeline}" are named "${step.name}"`, {
        hint: "give one of them another name",
        offending: step.name,
      });
    }
    found.set(step.name, step);
    waiting.push(...needed);
  }
  return found;
}

function refuseCycle(name: string, definition: PipelineDefinition): void {
  const order = stepOrder(definition);
  if (!("cycle" in order)) return;
  const [first] = order.cycle;
  throw new SluiceError(
    "config",
    `steps of the pipeline "${name}" wait for each other: ${order.cycle.join(" needs ")}`,
    {
      hint: "take one of these references out of after or when",
      ...(first === undefined ? {} : { offending: first }),
    },
  );
}

/** `param` says a type where it stands; the pipeline says it once for all. */
function checkParameters(step: StepDefinition, declared: readonly ParameterDefinition[]): void {
  const names = declared.map((parameter) => parameter.name);
  for (const node of expressionsOfStep(step)) {
    if (node.kind !== "parameter") continue;
    const parameter = declared.find((one) => one.name === node.name);
    if (parameter === undefined) {
      throw new SluiceError(
        "config",
        `the step "${step.name}" uses the parameter "${node.name}", which is not declared`,
        {
          hint: didYouMean(node.name, names, "parameters"),
          offending: node.name,
        },
      );
    }
    const said = declaredTypeOf(node);
    const wanted = parameter.default === null ? `${parameter.type}?` : parameter.type;
    if (said === undefined || said === wanted || said === `${wanted}?`) continue;
    throw new SluiceError(
      "config",
      `the step "${step.name}" takes the parameter "${node.name}" as ${said}, but it is ${wanted}`,
      {
        hint: `write param("${node.name}", "${wanted}")`,
        offending: said,
      },
    );
  }
}

function expressionsOfStep(step: StepDefinition): readonly Expression[] {
  const conditions = (step.checks ?? []).flatMap((check) => (check.kind === "expression" ? [check.condition] : []));
  const read = relationsOf(step).flatMap(({ relation }) => allExpressionsOf(relation));
  const where = step.kind === "load" && step.where !== undefined ? [step.where] : [];
  const roots = [...read, ...conditions, ...where, ...(step.when === undefined ? [] : [step.when])];
  const found: Expression[] = [];
  for (const root of roots) walkExpression(root, (node) => found.push(node));
  return found;
}

function parametersFrom(parameters: unknown): readonly ParameterDefinition[] {
  return Object.entries(optionsOf("parameters", parameters)).map(([name, input]) => {
    const place = `the parameter "${name}"`;
    const { type, default: given, description, values, ...rest } = optionsOf(place, input);
    refuseRest(place, rest, ["type", "default", "description", "values"]);
    const text = typeOf(type, place);
    const fallback = given === undefined || given === null ? given : literalOf(given, `the default of ${place}`)?.value;
    if (given !== undefined && fallback === undefined) {
      throw new SluiceError("config", `the default of ${place} is ${describe(given)}, not a constant`);
    }
    const problem = fallback === undefined ? undefined : literalProblem(fallback, parseType(text));
    if (problem !== undefined) throw new SluiceError("config", `the default ${describe(given)} of ${place} ${problem}`);
    return {
      name,
      type: text,
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(description === undefined ? {} : { description: String(description) }),
      ...(values === undefined ? {} : { values: Object.freeze([...(values as readonly string[])]) }),
    };
  });
}
