import { type Column, canonicalJson, type DatasetRead, type Json, type PlannedStage } from "@sluice/core";
import type { RunContext } from "../run-context.ts";
import { comparePositions } from "./position.ts";

/** What was landed of an incremental dataset in this run; recorded with the landed file. */
export interface SliceRecord {
  /** Where each load stood that had not committed in this run when the source was read. */
  readonly loads: { readonly [load: string]: Json };
  /** The columns whose hash stands in the landed file. */
  readonly hashed: readonly string[];
  /** Where a load stands that takes all of it; null where it is empty. */
  readonly next: Json;
  /** How many rows are new for each load. */
  readonly fresh: { readonly [load: string]: number };
}

/** An incremental dataset of a plan. */
export interface IncrementalDataset {
  readonly dataset: string;
  /** The stage that lands it. */
  readonly stage: PlannedStage;
  readonly read: DatasetRead & { readonly incremental: NonNullable<DatasetRead["incremental"]> };
  readonly cursor: Column | undefined;
}

/** Which part of what was landed a load takes. */
export interface LoadSlice {
  readonly from: Json;
  /** Where others stand that it has to catch up with first; all that was landed where absent. */
  readonly upto?: Json;
  /** False where it stands where others have yet to come: it takes nothing in this run. */
  readonly isActive: boolean;
}

/** The read of a stage that lands what is new of a dataset. */
export function incrementalRead(context: RunContext, stage: PlannedStage): IncrementalDataset | undefined {
  for (const read of stage.reads) {
    if (!("dataset" in read) || read.incremental === undefined || stage.kind !== "extract") continue;
    const { node } = read.incremental;
    const cursor = context.request.datasets.get(read.dataset)?.columns.find(({ name }) => name === node.cursor);
    return { dataset: read.dataset, stage, read: { ...read, incremental: read.incremental }, cursor };
  }
  return undefined;
}

/** The incremental datasets whose rows reach a stage. */
export function incrementalAbove(context: RunContext, stage: PlannedStage): readonly IncrementalDataset[] {
  return context.request.plan.stages.flatMap((other) => {
    const found = incrementalRead(context, other);
    return found !== undefined && reaches(context, other.name, stage.name) ? [found] : [];
  });
}

/** The loads of this run that rows of a stage reach, itself among them. */
export function loadsBelow(context: RunContext, name: string): readonly PlannedStage[] {
  return context.request.plan.stages.filter(
    (stage) => stage.writes.kind === "target" && context.selected.has(stage.name) && reaches(context, name, stage.name),
  );
}

function reaches({ request }: RunContext, from: string, to: string): boolean {
  const reached = new Set([from]);
  // Stages stand in an order in which they can run.
  for (const { name, reads } of request.plan.stages) {
    if (reads.some((read) => "stage" in read && reached.has(read.stage))) reached.add(name);
  }
  return reached.has(to);
}

/**
 * What each load takes. Loads behind one stage see the same rows of it, so where they do not stand at one place those that are
 * behind catch up first, and the others wait for the next run. Files are never told apart behind the source.
 */
export function loadSlices(
  context: RunContext,
  incremental: IncrementalDataset,
  loads: SliceRecord["loads"],
): ReadonlyMap<string, LoadSlice> {
  const { node } = incremental.read.incremental;
  const slices = new Map<string, LoadSlice>();
  for (const group of groupsOf(context, incremental, Object.keys(loads))) {
    const positions = group.map((load) => loads[load] ?? null);
    if (node.key !== undefined) {
      for (const load of group) slices.set(load, { from: loads[load] ?? null, isActive: true });
      continue;
    }
    const way = { node, cursor: incremental.cursor, dataset: incremental.dataset };
    const [least = null, ...others] = positions.toSorted((a, b) => comparePositions(way, a, b));
    const upto = others.find((other) => canonicalJson(other) !== canonicalJson(least));
    for (const load of group) {
      const from = loads[load] ?? null;
      const isActive = canonicalJson(from) === canonicalJson(least);
      slices.set(load, { from, isActive, ...(upto === undefined ? {} : { upto }) });
    }
  }
  return slices;
}

/** The stages that read what was landed, directly. */
export function readersOf({ request }: RunContext, dataset: string): readonly PlannedStage[] {
  return request.plan.stages.filter(({ reads }) => reads.some((read) => "stage" in read && read.stage === dataset));
}

function groupsOf(
  context: RunContext,
  { dataset, read }: IncrementalDataset,
  loads: readonly string[],
): readonly (readonly string[])[] {
  if (read.incremental.node.files !== undefined) return [loads];
  let groups: readonly string[][] = loads.map((load) => [load]);
  for (const reader of readersOf(context, dataset)) {
    const below = new Set(loadsBelow(context, reader.name).map(({ name }) => name));
    const joined = groups.filter((group) => group.some((load) => below.has(load)));
    if (joined.length > 1) groups = [...groups.filter((group) => !joined.includes(group)), joined.flat()];
  }
  return groups;
}
