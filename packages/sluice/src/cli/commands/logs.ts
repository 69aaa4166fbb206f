import { didYouMean, type Json, type Plan, SluiceError } from "@sluice/core";
import { type LogLine, readLog } from "@sluice/runtime";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { linesOf } from "../output/run-report.ts";
import type { Terminal } from "../output/terminal.ts";
import { plainText } from "../output/text-width.ts";

/** Prints what happened in a run, oldest first; a step narrows it to the stage that ran it. */
export async function logs(context: CommandContext): Promise<ExitCode> {
  await using session = await openCommand(context);
  const { terminal } = context;
  const [id = "", step] = context.parsed.words;
  const store = await session.history();
  const run = await store.getRun(session.project.config.project, id);
  if (run === undefined) {
    throw new SluiceError("config", `no run is named "${id}"`, {
      offending: id,
      hint: 'list runs with "sluice runs"; the first letters of a name are enough',
    });
  }
  const steps = stepsOf(run.plan);
  if (step !== undefined && steps.length > 0 && !steps.includes(step)) {
    throw new SluiceError("config", `the run ${run.id} of "${run.pipeline}" has no step "${step}"`, {
      offending: step,
      hint: didYouMean(step, steps, "its steps"),
    });
  }
  const lines = await readLog({
    stateFolder: session.project.stateFolder,
    pipeline: run.pipeline,
    run: run.id,
    ...(step === undefined ? {} : { step }),
  });
  for (const line of lines) {
    if (context.signal.aborted) break;
    if (terminal.json) terminal.print(JSON.stringify(line));
    else for (const text of textsOf(line, terminal)) terminal.print(`${terminal.paint("dim", line.at)} ${text.trim()}`);
  }
  return 0;
}

/** The names that a step's log is asked for by: of stages and of the steps inside them. */
function stepsOf(recorded: Json): readonly string[] {
  const { plan } = recorded as unknown as { readonly plan?: Partial<Pick<Plan, "stages">> };
  return [...new Set((plan?.stages ?? []).flatMap((stage) => [stage.name, ...stage.steps]))];
}

function textsOf(line: LogLine, terminal: Terminal): readonly string[] {
  switch (line.event) {
    case "stage.sql":
      return terminal.verbose ? [`${line.stage}: ${line.sql}`] : [];
    case "message":
      return [`${line.level}: ${line.stage === undefined ? "" : `${line.stage}: `}${plainText(line.message)}`];
    case "run.finished": {
      const reason = line.error === undefined ? "" : `: ${plainText(line.error.message)}`;
      return [`${line.status}${reason}`];
    }
    case "stage.finished": {
      const reason = line.error === undefined ? [] : [plainText(line.error.message)];
      return [...linesOf(line, terminal), ...reason];
    }
    default:
      return linesOf(line, terminal);
  }
}
