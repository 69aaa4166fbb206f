import {
  boundsCondition,
  type Column,
  canonicalJson,
  type Expression,
  extractRelation,
  type FileSelection,
  type Json,
  literalOf,
  type PlannedStage,
  type Relation,
  type Sink,
  SluiceError,
  schemaOfDataset,
} from "@sluice/core";
import { openTarget, writeIdentity } from "../load.ts";
import { Resources } from "../resources.ts";
import { datasetOf, parameterTexts, type RunContext } from "../run-context.ts";
import { withLag } from "./cursor-text.ts";
import { comparePositions, cursorPosition, filesPosition, hashedName, isSomewhere, positionIn } from "./position.ts";
import { type IncrementalDataset, incrementalRead, loadSlices, loadsBelow, type SliceRecord } from "./slice-plan.ts";

/** What is asked of a source, and of what it gives, for what is new. */
export interface StartedSlice {
  readonly incremental: IncrementalDataset;
  readonly loads: SliceRecord["loads"];
  readonly hashed: readonly string[];
  /** The query of the extract. */
  readonly relation: Relation;
  /** For a source that takes filters. */
  readonly filter?: Expression;
  /** For a source of files. */
  readonly files?: FileSelection;
}

/**
 * Asks the targets how far their loads have come. Those that have committed in this run are done with it; the least of the
 * others is where reading begins.
 */
export async function startSlice(
  context: RunContext,
  stage: PlannedStage,
  signal: AbortSignal,
): Promise<StartedSlice | undefined> {
  const incremental = incrementalRead(context, stage);
  if (incremental === undefined) return undefined;
  const { dataset, read } = incremental;
  const { node, isWhole } = read.incremental;
  const loads: [string, Json][] = [];
  for (const load of loadsBelow(context, stage.name)) {
    if (context.outcomes.get(load.name)?.status === "succeeded") continue;
    loads.push([load.name, positionIn(await committedPosition(context, load, signal), dataset)]);
  }
  const positions = Object.fromEntries(loads);
  tellOfInitial(context, stage, incremental, positions);
  const columns = schemaOfDataset(datasetOf(context, dataset)).columns;
  const hashed = hashedColumns(incremental, stage, columns, Object.values(positions));
  const condition = isWhole ? undefined : conditionOf(context, incremental, positions, columns);
  const landed = stage.schema.columns
    .map(({ name }) => name)
    .filter((name) => columns.some((one) => one.name === name));
  return {
    incremental,
    loads: positions,
    hashed: hashed.map(hashedName),
    relation: extractRelation({ node, dataset, columns: landed, hashed, condition }),
    ...(condition === undefined ? {} : { filter: condition }),
    ...(node.files === undefined ? {} : { files: selectionOf(context, incremental, positions) }),
  };
}

/** Whoever gives a parameter for this run expects rows from there on, which only come before the first commit. */
function tellOfInitial(
  context: RunContext,
  stage: PlannedStage,
  { dataset, read }: IncrementalDataset,
  positions: SliceRecord["loads"],
): void {
  const { initial } = read.incremental.node;
  if (initial?.kind !== "parameter") return;
  const declared = context.request.plan.definition.parameters?.find(({ name }) => name === initial.name);
  const given = context.parameters.get(initial.name)?.value;
  if (given === undefined || canonicalJson(given) === canonicalJson(declared?.default ?? null)) return;
  for (const [load, position] of Object.entries(positions)) {
    const at = cursorPosition(position, dataset)?.cursor;
    if (at === undefined) continue;
    context.emit({
      event: "warning",
      stage: stage.name,
      message: `"${load}" stands at ${at} in "${dataset}", so it does not begin at ${given}: $${initial.name} counts before the first commit only; sluice state set moves it`,
    });
  }
}

/** What a load has committed beside its rows. */
export async function committedPosition(
  context: RunContext,
  load: PlannedStage,
  signal: AbortSignal,
): Promise<Json | undefined> {
  if (load.writes.kind !== "target") return undefined;
  const resources = new Resources();
  try {
    const sink = await openTarget(context, load, load.writes, resources, signal);
    const asked = { ...writeIdentity(context, load), parameters: parameterTexts(context.parameters) };
    return positionOfTarget(context, load, asked.commitId, await sink.committed(asked));
  } finally {
    await resources[Symbol.asyncDispose]();
  }
}

/**
 * Where a load goes on, which needs the rows before it: a target that is gone would be made anew with the newest only.
 *
 * @throws SluiceError `conflict` where the target is gone, and the position was neither reset nor set since
 */
function positionOfTarget(
  context: RunContext,
  load: PlannedStage,
  commitId: string,
  stored: Awaited<ReturnType<Sink["committed"]>>,
): Json | undefined {
  if (stored?.isGone !== true || stored.commitId === commitId || !isSomewhere(stored.position)) return stored?.position;
  const moving = `${context.pipeline} ${load.name}`;
  throw new SluiceError("conflict", `the target of "${load.name}" is gone, and its position says that it holds rows`, {
    offending: load.name,
    reason: "position",
    hint: `sluice state reset ${moving} loads all rows again; or put the target back; or say with sluice state set ${moving} from where on`,
  });
}

/** The columns that told rows apart when a position was taken go on to do so, where they are still what they were. */
function hashedColumns(
  { dataset, read }: IncrementalDataset,
  stage: PlannedStage,
  columns: readonly Column[],
  positions: readonly Json[],
): readonly Column[] {
  const { node } = read.incremental;
  if (node.key !== undefined)
    return columns.filter(({ name }) => stage.schema.columns.some((one) => one.name === name));
  if (node.files !== undefined) return columns;
  const known = new Map(columns.map((one) => [hashedName(one), one]));
  for (const position of positions) {
    const before = cursorPosition(position, dataset)?.hashed ?? [];
    if (before.length > 0 && before.every((name) => known.has(name)))
      return before.flatMap((name) => known.get(name) ?? []);
  }
  return columns;
}

/** Of the rows that one of the loads may take. */
function conditionOf(
  context: RunContext,
  incremental: IncrementalDataset,
  loads: SliceRecord["loads"],
  columns: readonly Column[],
): Expression | undefined {
  const { cursor, dataset, read } = incremental;
  const { node } = read.incremental;
  if (cursor === undefined) return undefined;
  const way = { node, cursor, dataset };
  const active = [...loadSlices(context, incremental, loads).values()].filter(({ isActive }) => isActive);
  const [least = null] = active.map(({ from }) => from).toSorted((a, b) => comparePositions(way, a, b));
  const from = cursorPosition(least, dataset);
  if (from === undefined) return boundsCondition(node, columns);
  const value = node.lag === undefined ? from.cursor : withLag(cursor.type, from.cursor, node.lag);
  return boundsCondition(node, columns, literalOf(value, cursor.type));
}

function selectionOf(context: RunContext, incremental: IncrementalDataset, loads: SliceRecord["loads"]): FileSelection {
  const { dataset, read } = incremental;
  const active = [...loadSlices(context, incremental, loads).values()].find(({ isActive }) => isActive);
  const known = filesPosition(active?.from ?? null, dataset).files;
  const only = active?.upto === undefined ? {} : { only: filesPosition(active.upto, dataset).files };
  return { take: read.incremental.node.files ?? "new", known, ...only };
}
