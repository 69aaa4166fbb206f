import { type ColumnDrift, columnDrifts, type FrozenDataset, reachOf, reachText } from "@sluice/core";
import type { Session } from "../composition.ts";
import { errorsOf } from "../failures.ts";
import { diff } from "../sync/drift-report.ts";
import { reachRequest } from "./drift-reach.ts";
import { loadPipelines } from "./load-pipelines.ts";
import type { LoadedPipeline } from "./pick-pipeline.ts";
import { planPipeline } from "./plan-pipeline.ts";

/** What the drift of a dataset means to one pipeline. */
export interface PipelineReach {
  readonly pipeline: string;
  readonly changes: readonly ColumnDrift[];
  /** Why it could not be planned any more, were the dataset as it was found. */
  readonly problems: readonly string[];
}

/** A dataset as it was frozen and as it was found. */
export interface DriftedDataset {
  readonly before: FrozenDataset;
  readonly after: FrozenDataset;
}

/**
 * What drifts mean to the pipelines of the project: by the plan with what was frozen for columns that are there no more or are
 * others, by the plan with what was found for those that are new. A pipeline that is wrong by itself is left out.
 */
export async function syncReach(
  session: Session,
  drifted: readonly DriftedDataset[],
): Promise<ReadonlyMap<string, readonly PipelineReach[]>> {
  const reaches = new Map<string, readonly PipelineReach[]>();
  if (drifted.length === 0) return reaches;
  let pipelines: readonly LoadedPipeline[] = [];
  try {
    pipelines = (await loadPipelines(session)).found;
  } catch (thrown) {
    // What is wrong with pipelines is said by commands that need them.
    errorsOf(thrown);
  }
  for (const { before, after } of drifted) {
    const own: PipelineReach[] = [];
    for (const pipeline of pipelines) own.push(...(await reachIn(session, pipeline, { before, after })));
    reaches.set(before.name, own);
  }
  return reaches;
}

async function reachIn(
  session: Session,
  pipeline: LoadedPipeline,
  { before, after }: DriftedDataset,
): Promise<readonly PipelineReach[]> {
  const plan = async (dataset: FrozenDataset): Promise<(column: string) => ColumnDrift["reaches"]> => {
    const planned = await planPipeline(session, pipeline, {
      frozen: false,
      substitutes: new Map([[dataset.name, dataset]]),
    });
    isRead = Object.hasOwn(planned.plan.datasets, dataset.name);
    const request = await reachRequest(planned.plan, planned.datasets, session.adapter);
    return (column) => reachOf(request, dataset.name, column);
  };
  let isRead = false;
  const old = await plan(before).catch((thrown: unknown) => void errorsOf(thrown));
  if (old === undefined || !isRead) return [];
  const problems: string[] = [];
  const now = await plan(after).catch((thrown: unknown) => {
    problems.push(...errorsOf(thrown).map(({ message }) => message));
    return undefined;
  });
  const changes = columnDrifts(diff(before, after).columns).map((change): ColumnDrift => {
    const reaches = change.kind === "added" ? now?.(change.column) : old(change.column);
    return change.kind === "reordered" || reaches === undefined ? change : { ...change, reaches };
  });
  return [{ pipeline: pipeline.definition.name, changes, problems }];
}

/** Lines for people, as many as a person reads. */
export function reachLines(reaches: readonly PipelineReach[]): readonly string[] {
  const lines = reaches.flatMap(({ pipeline, changes, problems }) => [
    ...changes.flatMap(({ column, reaches: reached }) =>
      reached === undefined || reachText(reached) === "nothing"
        ? []
        : [`${pipeline}: "${column}" reaches ${reachText(reached)}`],
    ),
    ...problems.slice(0, 3).map((problem) => `${pipeline}: could not be planned with it: ${problem}`),
  ]);
  const more = lines.length - MOST_LINES;
  return more <= 0 ? lines : [...lines.slice(0, MOST_LINES), `and ${more} more lines; all of them with --json`];
}

const MOST_LINES = 20;
