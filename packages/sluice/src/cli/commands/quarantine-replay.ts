import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { SluiceError } from "@sluice/core";
import { recordedParameters } from "@sluice/runtime";
import { newRunId, type Session } from "../../composition.ts";
import { bindParameters } from "../../parameters.ts";
import { loadForRun } from "../../project/load-pipelines.ts";
import { chooseEntries } from "../../quarantine/choose-entries.ts";
import { findEntries, pendingEntries, type QuarantineEntry } from "../../quarantine/find-entries.ts";
import { type PreparedReplay, prepareReplay } from "../../quarantine/replay.ts";
import { forgetRows, knownReplays, rememberReplay } from "../../quarantine/replayed.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { givenParameters } from "../given-parameters.ts";
import { plural } from "../output/format-values.ts";
import { runAndReport } from "./run.ts";

const usage = (message: string, hint: string): SluiceError =>
  new SluiceError("config", message, { reason: "usage", hint });

/** Runs what runs took out through the pipeline as it is now; each row is taken once. */
export async function replay(context: CommandContext, session: Session): Promise<ExitCode> {
  const { parsed, terminal, folder } = context;
  const [, word, run] = parsed.words;
  if (word === undefined)
    throw usage('"sluice quarantine replay" needs a pipeline', "usage: sluice quarantine replay <pipeline> [run]");
  const pipeline = await loadForRun(session, { word, folder });
  const found = await findEntries(session, pipeline.name);
  const all = chooseEntries(await pendingEntries(session, found), {
    dataset: parsed.value("dataset"),
    step: parsed.value("step"),
  }).filter((entry) => run === undefined || entry.run.id.startsWith(run));
  if (run !== undefined && all.length === 0) {
    const other = found.find((entry) => entry.run.id.startsWith(run));
    const why =
      other === undefined
        ? "it took nothing out, or is not known"
        : other.run.status === "succeeded"
          ? "a later run has read the same source"
          : `it ${other.run.status}, and the next run reads the same rows`;
    throw new SluiceError("config", `run "${run}" of "${pipeline.name}" has nothing to replay: ${why}`, {
      offending: run,
      hint: `sluice quarantine list ${pipeline.name}`,
    });
  }
  const names = [...new Set(all.map(({ name }) => name))];
  const given = parsed.value("from");
  if (given !== undefined && names.length > 1)
    throw usage(
      `--from takes the place of the rows of one dataset, and there are those of ${names.join(", ")}`,
      "say which: --dataset <name>",
    );
  const from = given === undefined ? undefined : pathInProject(session, folder, given);
  let code: ExitCode = 0;
  let replayed = 0;
  for (const name of names) {
    const entries = all.filter((entry) => entry.name === name);
    const parameters = parametersOf(context, entries, pipeline.definition.parameters ?? [], pipeline.name);
    const texts = new Map([...parameters].map(([key, { value }]) => [key, String(value)]));
    const known = await knownReplays(session, pipeline.name);
    const options = { parameters: texts, ...(from === undefined ? {} : { from }) };
    const prepared = await prepareReplay(session, pipeline, entries, known, options);
    if (prepared === undefined) continue;
    replayed += prepared.rows;
    const ended = await runReplay(context, session, prepared, parameters);
    if (ended !== 0) code = ended;
  }
  if (replayed === 0 && !terminal.json) terminal.print(`nothing of "${pipeline.name}" is left to replay`);
  return code;
}

async function runReplay(
  context: CommandContext,
  session: Session,
  { replay: taken, pipeline, planned, rows, tooLong, resume }: PreparedReplay,
  parameters: ReturnType<typeof bindParameters>,
): Promise<ExitCode> {
  const { terminal } = context;
  const run = resume ?? newRunId(session.clock.now());
  if (resume === undefined) rememberReplay({ ...taken, runs: [...taken.runs, run] });
  if (tooLong > 0)
    terminal.printError(`${plural(tooLong, "record")} of ${taken.name} longer than 64 KB stay: give them with --from`);
  const request = { pipeline, planned, parameters, resume, replay: { slice: taken.slice, of: taken.name, run } };
  const { code, events } = await runAndReport(context, session, request);
  const rejects = events.flatMap((event) => (event.event === "stage.rejects" ? [event] : []));
  const rejected = rejects.reduce((sum, event) => sum + event.rejected, 0);
  if (code !== 0) {
    terminal.printError(`the ${plural(rows, "row")} of ${taken.name} stay in the quarantine`);
    return code;
  }
  forgetRows(taken);
  const own = rejects.find(({ dataset }) => dataset === taken.name);
  // A file that takes the place of rows holds as many as its author put into it.
  const through = own === undefined ? rows : taken.from === undefined ? rows - own.rejected : own.accepted;
  const again = rejected === 0 ? "" : `; ${rejected} rejected again`;
  if (!terminal.json) terminal.print(`${plural(through, "row")} of ${taken.name} replayed${again}`);
  return code;
}

/** Those of the run that took the rows out, but for what is given now. */
function parametersOf(
  { parsed }: CommandContext,
  entries: readonly QuarantineEntry[],
  declared: NonNullable<Parameters<typeof bindParameters>[0]["declared"]>,
  pipeline: string,
): ReturnType<typeof bindParameters> {
  const given = givenParameters(parsed.values("param"));
  const sets = entries.map(({ run }) =>
    [...recordedParameters(run)].flatMap(([name, { value }]) =>
      declared.some((one) => one.name === name) && !Object.hasOwn(given, name) && value !== null
        ? [[name, String(value)] as const]
        : [],
    ),
  );
  const [first = []] = sets;
  if (sets.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
    throw usage(
      "the runs that took these rows out had other parameters",
      `name one of them: sluice quarantine replay ${pipeline} <run>`,
    );
  }
  return bindParameters({ pipeline, declared, given: { ...Object.fromEntries(first), ...given } });
}

function pathInProject(session: Session, folder: string, given: string): string {
  const path = isAbsolute(given) ? given : resolve(folder, given);
  if (!existsSync(path))
    throw new SluiceError("missing", `there is no file ${given}`, {
      offending: given,
      hint: "give the corrected records, under the header of their source",
    });
  return relative(session.project.root, path).replaceAll("\\", "/");
}
