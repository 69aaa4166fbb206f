import {
  type AnyStep,
  definePipeline as defineWithParameters,
  type ParameterDefinition,
  type ParameterInput,
  type Pipeline,
  type PipelineOptions,
  type ScheduleDefinition,
  SluiceError,
} from "@sluice/core";
import { z } from "zod";
import { cronProblem } from "./cron-problem.ts";
import { parametersOf } from "./zod-parameters.ts";

/** What a pipeline is made of. */
export interface DefinePipelineOptions {
  /** Unique in the project. */
  readonly name: string;
  readonly description?: string;
  readonly schedule?: ScheduleDefinition;
  /** One Zod object: text, numbers, booleans, dates, instants, words, with defaults. */
  readonly parameters?: z.ZodObject | NonNullable<PipelineOptions["parameters"]>;
  /** Steps that they refer to are found by themselves. */
  readonly steps: readonly AnyStep[];
}

/**
 * A pipeline of steps and of all that they refer to: the default export of a file in `pipelines/`.
 *
 * @example
 * export default definePipeline({
 *   name: "chicago",
 *   schedule: cron("0 3 * * *", { zone: "America/Chicago" }),
 *   parameters: z.object({ since: z.iso.date().default("2021-01-01") }),
 *   steps: [loadCrash],
 * });
 * @throws SluiceError `config` where two steps share a name, or a parameter has a rule that a definition cannot hold
 */
export function definePipeline(options: DefinePipelineOptions): Pipeline {
  const { parameters, ...rest } = options;
  refuseSchedule(rest.schedule);
  if (parameters === undefined) return defineWithParameters(rest);
  const inputs = parameters instanceof z.ZodObject ? inputsOf(parametersOf(parameters)) : parameters;
  return defineWithParameters({ ...rest, parameters: inputs });
}

/** Whether it is text at all is said where the definition is made. */
function refuseSchedule(schedule: ScheduleDefinition | undefined): void {
  const problem = typeof schedule?.cron === "string" ? cronProblem(schedule.cron) : undefined;
  if (problem === undefined) return;
  const { message, ...details } = problem;
  throw new SluiceError("config", message, details);
}

function inputsOf(definitions: readonly ParameterDefinition[]): { readonly [name: string]: ParameterInput } {
  return Object.fromEntries(
    definitions.map(({ name, type, ...input }) => [name, { ...input, type: type as ParameterInput["type"] }]),
  );
}
