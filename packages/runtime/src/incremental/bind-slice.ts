import {
  boundOf,
  type Column,
  type Expression,
  type IncrementalNode,
  inside,
  literalOf,
  mapInputs,
  type PlannedStage,
  type Relation,
  ROW_HASH,
  SluiceError,
  walkRelation,
} from "@sluice/core";
import { landedInput } from "../landed-output.ts";
import { type RunContext, stageOf } from "../run-context.ts";
import { type Boundary, boundaryOf, call, column, type Landed, PLACE } from "./boundary.ts";
import { withLag } from "./cursor-text.ts";
import { type BoundRelation, keySlice } from "./key-slice.ts";
import { cursorPosition } from "./position.ts";
import {
  type IncrementalDataset,
  incrementalRead,
  type LoadSlice,
  loadSlices,
  loadsBelow,
  type SliceRecord,
} from "./slice-plan.ts";
import { sliceOf } from "./slice-record.ts";

/** The query of a stage, with what its loads have yet to take in place of its incremental reads. */
export async function bindSlices(
  context: RunContext,
  stage: PlannedStage,
  signal: AbortSignal,
): Promise<BoundRelation> {
  const bound = new Map<IncrementalNode, BoundRelation>();
  for (const node of incrementalNodes(stage.relation)) {
    const source = node.input.kind === "scan" && "stage" in node.input.source ? node.input.source.stage : undefined;
    const extract = source === undefined ? undefined : stageOf(context, source);
    const incremental = extract === undefined ? undefined : incrementalRead(context, extract);
    if (extract === undefined || incremental === undefined) continue;
    const record = sliceOf(context, extract.name);
    const landed = { name: extract.name, schema: extract.schema, input: landedInput(context, extract.name) };
    if (node.key !== undefined) {
      const below = new Set(loadsBelow(context, stage.name).map(({ name }) => name));
      const positions = Object.entries(record.loads).flatMap(([load, position]) => (below.has(load) ? [position] : []));
      bound.set(node, await keySlice(context, incremental, landed, positions));
      continue;
    }
    const slice = sliceForStage(context, stage, incremental, record);
    const relation = await sliceRelation(context, { incremental, record, landed, slice }, signal);
    bound.set(node, { relation, inputs: new Map(), schemas: new Map() });
  }
  const replace = (relation: Relation): Relation =>
    relation.kind === "incremental" ? (bound.get(relation)?.relation ?? relation) : mapInputs(relation, replace);
  const all = [...bound.values()];
  return {
    relation: bound.size === 0 ? stage.relation : replace(stage.relation),
    inputs: new Map(all.flatMap(({ inputs }) => [...inputs])),
    schemas: new Map(all.flatMap(({ schemas }) => [...schemas])),
  };
}

function incrementalNodes(relation: Relation): readonly IncrementalNode[] {
  const found: IncrementalNode[] = [];
  walkRelation(relation, (node) => {
    if (node.kind === "incremental") found.push(node);
  });
  return found;
}

/** All active loads behind a stage stand at one place; where none is active, it gives nothing. */
function sliceForStage(
  context: RunContext,
  stage: PlannedStage,
  incremental: IncrementalDataset,
  record: SliceRecord,
): LoadSlice {
  const slices = loadSlices(context, incremental, record.loads);
  const below = loadsBelow(context, stage.name).flatMap(({ name }) => slices.get(name) ?? []);
  return below.find(({ isActive }) => isActive) ?? below[0] ?? { from: null, isActive: true };
}

export interface Slicing {
  readonly incremental: IncrementalDataset;
  readonly record: Pick<SliceRecord, "hashed">;
  readonly landed: Landed;
  readonly slice: LoadSlice;
}

const NOTHING: Expression = { kind: "literal", type: "bool", value: false };

/** The rows of a landed extract that a load takes, in the columns of the incremental read. */
export async function sliceRelation(context: RunContext, slicing: Slicing, signal: AbortSignal): Promise<Relation> {
  const { incremental, landed, slice } = slicing;
  const { node } = incremental.read.incremental;
  const scan: Relation = { kind: "scan", source: { stage: landed.name } };
  const { columns } = landed.schema;
  if (!slice.isActive) return inside(node, columns, scan, NOTHING);
  // The files that were read are those that are new for every active load.
  if (node.files !== undefined) return inside(node, columns, scan, undefined);
  const { cursor } = incremental;
  if (cursor === undefined) throw new SluiceError("internal", `"${incremental.dataset}" has no cursor`);
  const { condition, needsPlace } = await cursorCondition(context, slicing, cursor, signal);
  if (!needsPlace) return inside(node, columns, scan, condition);
  const numbered: Relation = {
    kind: "window",
    input: scan,
    partition: [ROW_HASH],
    by: [{ expression: column(ROW_HASH) }],
    columns: [[PLACE, call("rowNumber")]],
  };
  const kept: Relation = condition === undefined ? numbered : { kind: "filter", input: numbered, condition };
  return inside(node, columns, { kind: "drop", input: kept, columns: [PLACE] }, undefined);
}

async function cursorCondition(
  context: RunContext,
  { incremental, record, landed, slice }: Slicing,
  cursor: Column,
  signal: AbortSignal,
): Promise<{ readonly condition: Expression | undefined; readonly needsPlace: boolean }> {
  const { dataset, read } = incremental;
  const { node } = read.incremental;
  const from = cursorPosition(slice.from, dataset);
  const upto = slice.upto === undefined ? undefined : cursorPosition(slice.upto, dataset);
  const value = column(cursor.name);
  const literal = (text: string): Expression => literalOf(text, cursor.type);
  const boundaries: Boundary[] = [];
  const seenAt = async (position: NonNullable<typeof from>): Promise<Expression | undefined> => {
    if (position.seen === null) return undefined;
    if (position.seen.length > 0 && position.hashed.join("\0") !== record.hashed.join("\0")) {
      return hashesDiffer(context, incremental);
    }
    const boundary = await boundaryOf(context, landed, cursor, { ...position, seen: position.seen }, signal);
    boundaries.push(boundary);
    return boundary.seen;
  };
  const parts: Expression[] = [];
  if (from !== undefined && node.lag !== undefined) {
    parts.push(call("gte", value, literal(withLag(cursor.type, from.cursor, node.lag))));
  } else if (from !== undefined) {
    const seen = await seenAt(from);
    const above = call("gt", value, literal(from.cursor));
    const at = call("eq", value, literal(from.cursor));
    if (seen === undefined) parts.push(call("gte", value, literal(from.cursor)));
    else parts.push(call("or", above, call("and", at, call("not", seen))));
  } else if (node.initial !== undefined) parts.push(call("gte", value, boundOf(node.initial, cursor.type)));
  if (node.end !== undefined) parts.push(call("lt", value, boundOf(node.end, cursor.type)));
  if (upto !== undefined) {
    const seen = await seenAt(upto);
    const below = call("lt", value, literal(upto.cursor));
    const at = call("eq", value, literal(upto.cursor));
    parts.push(
      seen === undefined ? call("lte", value, literal(upto.cursor)) : call("or", below, call("and", at, seen)),
    );
  }
  const needsPlace = boundaries.some((boundary) => boundary.needsPlace);
  if (node.nulls === "exclude") return { condition: all([call("isNotNull", value), ...parts]), needsPlace };
  const within = all(parts);
  if (within === undefined || node.nulls !== "include") return { condition: within, needsPlace };
  return { condition: call("or", within, call("isNull", value)), needsPlace };
}

/** Whoever merges takes all of them once more. */
function hashesDiffer(context: RunContext, { dataset, stage, cursor }: IncrementalDataset): undefined {
  const appending = loadsBelow(context, stage.name).find(
    ({ writes }) => writes.kind === "target" && writes.mode === "append",
  );
  if (appending === undefined) return undefined;
  throw new SluiceError(
    "conflict",
    `columns of "${dataset}" are gone, or have another type, by which "${appending.name}" tells the rows that it has from those that it has not`,
    {
      reason: "position",
      hint: `say with sluice state set from which ${cursor?.name ?? "value"} on rows are new, or let the load merge`,
    },
  );
}

export function all(parts: readonly Expression[]): Expression | undefined {
  const [only] = parts;
  return parts.length > 1 ? call("and", ...parts) : only;
}
