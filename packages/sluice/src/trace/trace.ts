import {
  createTrace,
  inferSteps,
  parameterTypes,
  printExpression,
  SluiceError,
  type Source,
  type Trace,
  type TraceRequest,
} from "@sluice/core";
import { constantsOf } from "@sluice/runtime";
import type { Session } from "../composition.ts";
import { bindParameters } from "../parameters.ts";
import { planPipeline } from "../project/plan-pipeline.ts";
import { answerOf } from "./answer.ts";
import { attempt } from "./attempt.ts";
import { findDiverting } from "./diverting.ts";
import type { FoundTable } from "./find-table.ts";
import { lastRun } from "./last-run.ts";
import { lookAtTarget } from "./look-at-target.ts";
import { traceWithMeetings } from "./meetings.ts";
import { type OpenedRows, openRows } from "./open-rows.ts";
import { parseCondition } from "./parse-condition.ts";
import { columnsOf, createQuestions, valuesOf, where } from "./questions.ts";
import type { SourceReport, TraceReport } from "./report.ts";
import { traceSource } from "./trace-source.ts";
import { traceSteps } from "./trace-steps.ts";

export interface TraceRowsRequest {
  readonly table: FoundTable;
  /** Over the columns of the step. */
  readonly text: string;
  /** As it was given: `--where`. */
  readonly option: string;
  readonly given: Readonly<Record<string, unknown>>;
}

/**
 * Follows rows of a step from the records that they come from: what each operation did to them, and which one took them out.
 * The same records are accepted as in a run; nothing is written but scratch space.
 *
 * @throws SluiceError `config` for a condition that is wrong; what a source that cannot be read fails with
 */
export async function traceRows(session: Session, request: TraceRowsRequest): Promise<TraceReport> {
  const { table, text, option, given } = request;
  const { pipeline, step } = table;
  const declared = pipeline.definition.parameters ?? [];
  const parameters = bindParameters({ pipeline: pipeline.name, declared, given });
  const texts = new Map([...parameters].map(([key, { value }]) => [key, String(value)]));
  const planned = await planPipeline(session, pipeline, { frozen: false, parameters: texts });
  const { plan, datasets, inference } = planned;
  const { steps } = await inferSteps(inference);
  const inferred = steps.get(step.name);
  if (inferred === undefined) throw new SluiceError("internal", `nothing is known of the step "${step.name}"`);
  const types = parameterTypes(plan.definition);
  const condition = await parseCondition(session, {
    text,
    option,
    schema: inferred.schema,
    parameters: declared,
    types,
  });
  const constants = constantsOf({ now: new Date(session.clock.now()).toISOString() }, plan);
  const asked: Omit<TraceRequest, "isDiverting"> = { steps, datasets, parameters: types, step: step.name, condition };

  const first = createTrace({ ...asked, isDiverting: () => true });
  refuseWork(step.name, first);
  const sources: Source[] = [];
  const opened = new Map<string, OpenedRows>();
  try {
    for (const { dataset: name, columns } of first.sources) {
      const dataset = datasets.get(name);
      if (dataset === undefined) throw new SluiceError("internal", `no dataset is named "${name}"`);
      const onOpened = (source: Source): void => void sources.push(source);
      opened.set(name, await openRows(session, { dataset, columns, parameters, onOpened, signal: session.signal }));
    }
    const questions = await createQuestions(session, { opened, parameters, types, constants });
    const isDiverting = await findDiverting(asked, questions);
    const trace = await traceWithMeetings({ ...asked, isDiverting }, questions);
    const found: SourceReport[] = [];
    for (const source of trace.sources) {
      const rows = opened.get(source.dataset);
      if (rows !== undefined) found.push(await traceSource(session, { source, opened: rows, questions }));
    }
    const told = await traceSteps(session, trace, { questions, locations: pipeline.locations });
    const last = trace.steps.at(-1);
    if (last === undefined) throw new SluiceError("internal", `the step "${step.name}" was not traced`);
    const output = where(last.relation, condition);
    const names = last.schema.columns.map(({ name }) => name);
    const given = await attempt(
      async () => ({ rows: await questions.rows(output, columnsOf(names)), count: await questions.count(output) }),
      () => undefined,
    );
    for (const one of opened.values()) await one.assertUnchanged();
    const isLoad = step.kind === "load";
    const asking = { schema: inferred.schema, condition, parameters, types, constants };
    const run = await lastRun(
      session,
      plan,
      told.map((one) => one.step),
    );
    return {
      pipeline: pipeline.name,
      step: step.name,
      ...(isLoad ? { target: (await session.adapter(step.into.type)).nameOf(step.into) } : {}),
      condition: printExpression(condition),
      answer: answerOf(given?.count, found, told),
      sources: found,
      steps: told,
      rows: (given?.rows ?? []).map((cells) => valuesOf(names, cells)),
      ...(isLoad ? { targetNow: await lookAtTarget(session, { load: step, ...asking }) } : {}),
      ...(run === undefined ? {} : { lastRun: run }),
    };
  } finally {
    for (const source of sources) await source[Symbol.asyncDispose]();
  }
}

/** A trace promises that nothing happens; nobody knows what a function or a command does. */
function refuseWork(asked: string, { steps }: Trace): void {
  const work = steps.find(({ step }) => step.kind === "task" || step.kind === "shell")?.step;
  if (work === undefined) return;
  const what = work.kind === "task" ? "a task" : "a command";
  const reads = asked === work.name ? "" : `"${asked}" reads it: `;
  throw new SluiceError("unsupported", `${reads}"${work.name}" is ${what}, through which no row can be followed`, {
    offending: work.name,
    hint: "trace the steps that it reads",
  });
}
