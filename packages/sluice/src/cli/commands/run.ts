import { type Locations, SluiceError } from "@sluice/core";
import type { ErrorRecord, RunEvent } from "@sluice/runtime";
import { crashPoint, type Session } from "../../composition.ts";
import { execute } from "../../execute.ts";
import { bindParameters } from "../../parameters.ts";
import { loadPipeline } from "../../project/load-pipelines.ts";
import type { LoadedPipeline } from "../../project/pick-pipeline.ts";
import { planPipeline } from "../../project/plan-pipeline.ts";
import type { CommandContext } from "../context.ts";
import { type ExitCode, exitCodeOf } from "../exit-code.ts";
import { givenParameters } from "../given-parameters.ts";
import { openCommand, wantsFrozen } from "../open-command.ts";
import { liveReport } from "../output/live-report.ts";
import { printErrors } from "../output/print-errors.ts";
import { jsonReport, plainReport, type RunReport, summaryLines } from "../output/run-report.ts";

/** Runs a pipeline and shows how it goes. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { parsed, terminal, folder, environment } = context;
  const given = givenParameters(parsed.values("param"));
  const resume = parsed.value("resume");
  if (parsed.flag("reread") && resume === undefined) {
    throw new SluiceError("config", "--reread needs --resume", {
      reason: "usage",
      hint: "sluice run --resume <run> --reread",
    });
  }
  await using session = await openCommand(context);
  const word = parsed.words[0] ?? (resume === undefined ? undefined : await pipelineOfRun(session, resume));
  const pipeline = await loadPipeline(session, { word, folder });
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
  });
  const stages = planned.plan.stages.map((stage) => stage.name);
  const report = reportFor(context, session, stages);
  const events: RunEvent[] = [];
  try {
    const result = await execute(session, {
      planned,
      parameters,
      step: parsed.value("step"),
      resume,
      reread: parsed.flag("reread"),
      checkpoint: crashPoint(environment.SLUICE_CRASH_AT),
      onEvent: (event) => {
        if (event.event !== "stage.progress") events.push(event);
        report.event(event);
      },
    });
    report.end();
    if (!terminal.json) for (const line of summaryLines(events, terminal)) terminal.print(line);
    const errors = errorsIn(events, pipeline);
    printErrors(errors, terminal, folder);
    return exitCodeOfRun(result.status, result.checksFailed, errors);
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

/** Every error of a run once, each at the step that it befell. */
function errorsIn(events: readonly RunEvent[], { locations }: LoadedPipeline): readonly SluiceError[] {
  const found: SluiceError[] = [];
  const add = (record: ErrorRecord, at?: SluiceError["at"]): void => {
    if (found.some((error) => error.message === record.message)) return;
    found.push(errorOfRecord(record, at));
  };
  for (const event of events) {
    if (event.event === "stage.finished" && event.error !== undefined) {
      add(event.error, placeOfStep(event.stage, locations));
    }
  }
  const last = events.at(-1);
  if (last?.event === "run.finished" && last.error !== undefined) add(last.error);
  return found;
}

function placeOfStep(step: string, locations: Locations): SluiceError["at"] {
  return locations.steps.get(step);
}

function errorOfRecord(record: ErrorRecord, fallback: SluiceError["at"]): SluiceError {
  const at = record.at === undefined || record.at.file === "" ? fallback : record.at;
  return new SluiceError(record.code as SluiceError["code"], record.message, {
    ...(record.hint === undefined ? {} : { hint: record.hint }),
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    ...(record.offending === undefined ? {} : { offending: record.offending }),
    ...(at === undefined ? {} : { at }),
  });
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
