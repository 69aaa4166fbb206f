import { type RunRecord, SluiceError, type StageRecord } from "@sluice/core";
import { type ErrorRecord, recordedPlan, summarizeRecords } from "@sluice/runtime";
import { isAlive } from "../../composition.ts";
import { interruptedRuns } from "../../project/interrupted.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { loadLines } from "../output/load-lines.ts";
import { type ShownStep, stepLines } from "../output/step-lines.ts";
import { plainText } from "../output/text-width.ts";

/** Shows one run: when it ran, how its steps ended, what its loads did. */
export async function showRun(context: CommandContext, id: string): Promise<ExitCode> {
  await using session = await openCommand(context);
  const { terminal } = context;
  const store = await session.history();
  const run = await store.getRun(session.project.config.project, id);
  if (run === undefined) {
    throw new SluiceError("config", `no run is named "${id}"`, {
      offending: id,
      hint: 'list runs with "sluice runs"; the first letters of a name are enough',
    });
  }
  const records = new Map((await store.stagesOf(run.id)).map((stage) => [stage.stage, stage]));
  const steps = stepsOf(run, records);
  const gone = await interruptedRuns(store, [run], { now: session.clock.now(), isAlive });
  const status = gone.has(run.id) ? "interrupted" : run.status;
  if (terminal.json) {
    const { plan: _plan, ...rest } = run;
    terminal.print(JSON.stringify({ ...rest, status, steps }));
    return 0;
  }
  const lines = [
    `${terminal.paint("bold", run.pipeline)} run ${run.id}: ${status}`,
    ...timesOf(run),
    ...errorOf(run),
    "",
    ...stepLines(steps, terminal),
  ];
  const loads = loadLines(steps, terminal);
  if (loads.length > 0) lines.push("", ...loads);
  terminal.print(lines.join("\n"));
  return 0;
}

/** A run that is under way has stages that are, and some that wait. */
function stepsOf(run: RunRecord, records: ReadonlyMap<string, StageRecord>): Readonly<Record<string, ShownStep>> {
  const { plan, step } = recordedPlan(run);
  const stages = step === undefined ? plan.stages : plan.stages.filter((stage) => records.has(stage.name));
  const ended = summarizeRecords(stages, records);
  if (run.finishedAt !== undefined) return ended;
  return Object.fromEntries(
    Object.entries(ended).map(([name, one]) => [
      name,
      { ...one, status: records.get(one.stage)?.status ?? ("waiting" as const) },
    ]),
  );
}

function timesOf({ startedAt, finishedAt, createdAt }: RunRecord): readonly string[] {
  if (startedAt === undefined) return [`created ${createdAt}`];
  return [`started ${startedAt}${finishedAt === undefined ? "" : `, ended ${finishedAt}`}`];
}

function errorOf({ error }: RunRecord): readonly string[] {
  return error === undefined ? [] : [plainText((error as unknown as ErrorRecord).message)];
}
