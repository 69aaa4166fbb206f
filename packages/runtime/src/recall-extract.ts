import { join } from "node:path";
import { isSluiceError, type Json, type PlannedStage, SluiceError } from "@sluice/core";
import { tellRejects } from "./accept.ts";
import { linkOrCopy } from "./durable.ts";
import { throwIfStopped } from "./error-record.ts";
import { openInputs, type StageInputs } from "./inputs.ts";
import { type FoundExtract, findKept, keptCopies, newestKept } from "./kept-extract.ts";
import type { Resources } from "./resources.ts";
import { datasetOf, instantOf, type RunContext, scratchFolder } from "./run-context.ts";
import type { AttemptResult } from "./stage-work.ts";

/** What a persistent extract works on: its source, or a copy that makes reading it needless. */
export interface Recalled {
  readonly opened: StageInputs;
  readonly found?: FoundExtract;
}

/**
 * Opens the source of a persistent extract, and looks for a copy of it from an earlier run: a source that is what it was,
 * under the schema of then, is not read again.
 *
 * A source that is gone (`missing`; not one that drifted, or that does not answer) is replaced by a copy, with a warning:
 * in a resumed run by that of the very source it has read before, else by the newest one. The newest one only where all
 * targets that see it are replaced or merged: they end as they would have, had the source stayed as it was. An append
 * would add the same rows once more, so there the run fails.
 */
export async function openOrRecall(
  context: RunContext,
  stage: PlannedStage,
  resources: Resources,
  signal: AbortSignal,
): Promise<Recalled> {
  const dataset = stage.name;
  const known = context.identities.get(dataset);
  if (context.fromStage !== undefined) return recallStaged(context, dataset, known, context.fromStage, signal);
  try {
    const opened = await openInputs(context, stage, resources, signal);
    const found = await findKept(context, dataset, opened.identities[dataset] ?? null, signal);
    return found === undefined ? { opened } : { opened, found };
  } catch (thrown) {
    throwIfStopped(signal);
    if (!isSluiceError(thrown) || thrown.code !== "missing") throw thrown;
    const found = await recallMissing(context, stage, known, thrown, signal);
    const { landedAt } = found.kept;
    const message = `the source of dataset "${dataset}" is gone (${thrown.message}): the copy that was kept at ${landedAt} is read instead`;
    context.emit({ event: "warning", stage: stage.name, message });
    return recalled(context, dataset, found);
  }
}

function recalled(context: RunContext, dataset: string, found: FoundExtract): Recalled {
  const { identity } = found.kept;
  context.identities.set(dataset, identity);
  const opened = { inputs: new Map(), identities: { [dataset]: identity }, assertUnchanged: async () => undefined };
  return { opened, found };
}

/**
 * The copy that was asked for, and nothing of the source: the newest one (`latest`), the one of a time (the newest that had been
 * landed by then), or the one whose name begins so. A resumed run takes the one that it took.
 */
async function recallStaged(
  context: RunContext,
  dataset: string,
  known: Json | undefined,
  wanted: string,
  signal: AbortSignal,
): Promise<Recalled> {
  const until = isTime(wanted) ? endOfTime(wanted) : undefined;
  const found =
    known !== undefined
      ? await findKept(context, dataset, known, signal)
      : await newestKept(context, dataset, signal, (id, { landedAt }) => {
          if (wanted === "latest") return true;
          return until === undefined ? id.startsWith(wanted) : landedAt <= until;
        });
  if (found === undefined) throw await nothingStaged(context, dataset, wanted);
  const appending = known === undefined ? appendingTo(context, dataset) : undefined;
  const again = appending === undefined ? "" : `; "${appending}" appends its rows, be they there already`;
  const message = `dataset "${dataset}" is its copy of ${found.kept.landedAt}, as asked; the source is not looked at${again}`;
  context.emit({ event: "warning", stage: dataset, message });
  return recalled(context, dataset, found);
}

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z?)?$/.test(text);

/** The last instant that a day, a minute or a second in UTC has, so that what was landed in it counts. */
function endOfTime(text: string): string {
  const filled = `${text.replace(" ", "T").replace("Z", "")}${"9999-99-99T23:59:59.999".slice(text.replace("Z", "").length)}Z`;
  return filled;
}

async function nothingStaged(context: RunContext, dataset: string, wanted: string): Promise<SluiceError> {
  const copies = await keptCopies(context.request.stateFolder, datasetOf(context, dataset));
  const shown = copies.map(
    ({ id, landedAt, isCurrent }) => `${id.slice(0, 8)} of ${landedAt}${isCurrent ? "" : " (under another schema)"}`,
  );
  return new SluiceError(
    "missing",
    `no copy of dataset "${dataset}" is ${wanted === "latest" ? "kept" : `"${wanted}"`}`,
    {
      reason: "staged",
      offending: wanted,
      hint:
        shown.length === 0
          ? "a run without --from-stage lands one"
          : `there are ${shown.join(", ")}, for these parameters or others`,
    },
  );
}

async function recallMissing(
  context: RunContext,
  stage: PlannedStage,
  known: Json | undefined,
  missing: SluiceError,
  signal: AbortSignal,
): Promise<FoundExtract> {
  const dataset = stage.name;
  const found =
    known === undefined ? await newestKept(context, dataset, signal) : await findKept(context, dataset, known, signal);
  if (found === undefined) throw missing;
  const appending = known === undefined ? appendingTo(context, dataset) : undefined;
  if (appending === undefined) return found;
  const { message, offending } = missing;
  throw new SluiceError("missing", message, {
    hint: `a copy was kept at ${found.kept.landedAt} (${found.output.path}), but "${appending}" appends, and would add its rows once more`,
    ...(offending === undefined ? {} : { offending }),
    cause: missing,
  });
}

/** A load that appends what comes from the output of a stage, if there is one. */
function appendingTo(context: RunContext, name: string): string | undefined {
  const reached = new Set([name]);
  // Stages stand in an order in which they can run.
  for (const { name: stage, reads, writes } of context.request.plan.stages) {
    if (!reads.some((read) => "stage" in read && reached.has(read.stage))) continue;
    if (writes.kind === "target" && writes.mode === "append") return stage;
    reached.add(stage);
  }
  return undefined;
}

/** The result of an extract whose copy is used: the same rows and the same rejects as when it was landed. */
export async function takeKept(
  context: RunContext,
  stage: PlannedStage,
  { kept, output, rejects: file }: FoundExtract,
  resources: Resources,
): Promise<AttemptResult> {
  const { rejects, rowsIn, rows, landedAt } = kept;
  const { run, request } = context;
  const at = instantOf(request.clock.now());
  const message = `dataset "${stage.name}" is not read: its copy of ${landedAt} is used`;
  context.log({ event: "message", run, at, stage: stage.name, level: "info", message });
  if (rejects !== undefined) {
    const own = join(await scratchFolder(context, resources), "rejects.parquet");
    await linkOrCopy(file, own);
    await tellRejects(context, stage, stage.name, rejects, own);
  }
  return { output, rowsIn, rowsOut: rows, rejected: rejects?.rejected ?? 0 };
}
