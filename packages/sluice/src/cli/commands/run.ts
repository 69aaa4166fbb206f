import { SluiceError } from "@sluice/core";
import type { CheckResult, RunEvent } from "@sluice/runtime";
import { crashPoint, type Session } from "../../composition.ts";
import { type ExecuteRequest, execute } from "../../execute.ts";
import { bindParameters, givenAgain } from "../../parameters.ts";
import { freezeEvolved } from "../../project/evolve-datasets.ts";
import { loadForRun } from "../../project/load-pipelines.ts";
import type { LoadedPipeline } from "../../project/pick-pipeline.ts";
import { type PlannedPipeline, planPipeline } from "../../project/plan-pipeline.ts";
import type { CommandContext } from "../context.ts";
import { type ExitCode, exitCodeOf } from "../exit-code.ts";
import { givenParameters } from "../given-parameters.ts";
import { openCommand, wantsFrozen } from "../open-command.ts";
import { liveReport } from "../output/live-report.ts";
import { printErrors } from "../output/print-errors.ts";
import { jsonReport, plainReport, type RunReport, summaryLines } from "../output/run-report.ts";
import { definitionOfCheck, errorsOfRun } from "../run-errors.ts";

/** Runs a pipeline and shows how it goes. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { parsed, folder } = context;
  const given = givenParameters(parsed.values("param"));
  const resume = parsed.value("resume");
  if (parsed.flag("reread") && resume === undefined) {
    throw new SluiceError("config", "--reread needs --resume", {
      reason: "usage",
      hint: "sluice run --resume <run> --reread",
    });
  }
  const fromStage = parsed.value("from-stage");
  if (fromStage !== undefined && resume !== undefined) {
    throw new SluiceError("config", "a resumed run reads what it has read: --from-stage is for a new one", {
      reason: "usage",
      hint: "leave out --from-stage, or start a new run",
    });
  }
  await using session = await openCommand(context);
  const word = parsed.words[0] ?? (resume === undefined ? undefined : await pipelineOfRun(session, resume));
  const pipeline = await loadForRun(session, { word, folder });
  const { definition } = pipeline;
  const parameters = bindParameters({
    pipeline: definition.name,
    declared: definition.parameters ?? [],
    given,
    isResumed: resume !== undefined,
  });
  const planned = await planPipeline(session, pipeline, {
    frozen: wantsFrozen(context, false),
    parameters: new Map([...parameters].map(([name, { value }]) => [name, String(value)])),
    // A resumed run goes on with what it was planned with, and one from a kept copy does not look at sources.
    ...(resume === undefined && fromStage === undefined
      ? { evolve: wantsFrozen(context, true) ? ("fixed" as const) : ("take" as const) }
      : {}),
  });
  freezeEvolved(session, planned.evolved);
  if (fromStage !== undefined) requireStaged(planned, fromStage);
  const step = parsed.value("step");
  const reread = parsed.flag("reread");
  const told = resume === undefined ? parameters : givenAgain(parameters, given);
  return (
    await runAndReport(context, session, { pipeline, planned, parameters: told, step, resume, reread, fromStage })
  ).code;
}

function requireStaged({ plan, datasets }: PlannedPipeline, fromStage: string): void {
  if ([...datasets.values()].some(({ stage }) => stage === "persistent")) return;
  throw new SluiceError("config", `"${plan.definition.name}" reads no dataset of which copies are kept`, {
    offending: fromStage,
    hint: 'keep them with stage: "persistent"',
  });
}

/** Runs what was planned and shows how it goes, to its end. */
export async function runAndReport(
  context: CommandContext,
  session: Session,
  {
    pipeline,
    ...request
  }: Omit<ExecuteRequest, "onEvent" | "progress" | "checkpoint"> & { readonly pipeline: LoadedPipeline },
): Promise<{ readonly code: ExitCode; readonly events: readonly RunEvent[] }> {
  const { terminal, folder, environment } = context;
  // What was stopped before it began is no run.
  session.signal.throwIfAborted();
  const stages = request.planned.plan.stages.map((stage) => stage.name);
  const report = reportFor(context, session, stages);
  const events: RunEvent[] = [];
  try {
    const result = await execute(session, {
      ...request,
      checkpoint: crashPoint({ kill: environment.SLUICE_CRASH_AT, stop: environment.SLUICE_STOP_AT }),
      progress: terminal.json || terminal.canRedraw,
      onEvent: (event) => {
        if (event.event !== "stage.progress") events.push(event);
        report.event(event);
      },
    });
    report.end();
    const columnsOf = (result: CheckResult): readonly string[] => columnsOfCheck(result, pipeline);
    if (!terminal.json) for (const line of summaryLines(events, terminal, columnsOf)) terminal.print(line);
    const errors = errorsOfRun(events, pipeline);
    printErrors(errors, terminal, folder);
    return { code: exitCodeOfRun(result.status, result.checksFailed, errors), events };
  } finally {
    report.end();
  }
}

function reportFor(context: CommandContext, session: Session, stages: readonly string[]): RunReport {
  const { terminal } = context;
  if (terminal.json) return jsonReport(terminal);
  return terminal.canRedraw ? liveReport(terminal, stages, () => session.clock.now()) : plainReport(terminal);
}

async function pipelineOfRun(session: Session, id: string): Promise<string> {
  const store = await session.store();
  const record = await store.getRun(session.project.config.project, id);
  if (record !== undefined) return record.pipeline;
  throw new SluiceError("config", `no run is named "${id}"`, {
    offending: id,
    hint: 'list runs with "sluice runs"; the first letters of a name are enough',
  });
}

function columnsOfCheck(result: CheckResult, pipeline: LoadedPipeline): readonly string[] {
  const check = definitionOfCheck(result, pipeline)?.check;
  if (check === undefined) return [];
  if ("column" in check) return [check.column];
  return "columns" in check ? check.columns.map((column) => (typeof column === "string" ? column : column.name)) : [];
}

function exitCodeOfRun(
  status: "succeeded" | "failed" | "cancelled",
  checksFailed: boolean,
  errors: readonly SluiceError[],
): ExitCode {
  if (status === "succeeded") return 0;
  if (status === "cancelled") return 130;
  if (checksFailed) return 3;
  return exitCodeOf(errors) === 2 ? 2 : 1;
}
