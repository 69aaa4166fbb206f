import {
  boundOf,
  type Column,
  type Expression,
  type FileMark,
  type Json,
  literalProblem,
  parseType,
  type Relation,
  SluiceError,
} from "@sluice/core";
import type { RunContext } from "../run-context.ts";
import { all, sliceRelation } from "./bind-slice.ts";
import { call, column, hashesAt, type Landed, rowsOver } from "./boundary.ts";
import { type BoundRelation, keySlice, takeSnapshot } from "./key-slice.ts";
import { type IncrementalDataset, loadSlices, loadsBelow, type SliceRecord } from "./slice-plan.ts";
import type { StartedSlice } from "./start-slice.ts";

/** So many different rows may share the greatest value of a cursor, where a load cannot take them twice. */
const MOST_TIES = 100_000;

/** Looks at what was landed: where it leads, and how much of it is new for each load. */
export async function finishSlice(
  context: RunContext,
  started: StartedSlice,
  landed: Landed,
  { identity, scratch }: { readonly identity: Json; readonly scratch: string },
  signal: AbortSignal,
): Promise<SliceRecord> {
  const { incremental, loads, hashed } = started;
  const { node } = incremental.read.incremental;
  if (node.key !== undefined) return finishKeys(context, started, landed, scratch, signal);
  const next = node.files === undefined ? await reached(context, started, landed, signal) : filesRead(identity);
  const fresh: [string, number][] = [];
  for (const [load, slice] of loadSlices(context, incremental, loads)) {
    const relation = await sliceRelation(context, { incremental, record: { hashed }, landed, slice }, signal);
    fresh.push([load, await countRows(context, landed, relation, signal)]);
  }
  return { loads, hashed, next, fresh: Object.fromEntries(fresh) };
}

async function finishKeys(
  context: RunContext,
  { incremental, loads, hashed }: StartedSlice,
  landed: Landed,
  scratch: string,
  signal: AbortSignal,
): Promise<SliceRecord> {
  const next = await takeSnapshot(context, incremental, landed, Object.values(loads), scratch, signal);
  const fresh: [string, number][] = [];
  for (const [load, position] of Object.entries(loads)) {
    const slice = await keySlice(context, incremental, landed, [position]);
    fresh.push([load, await countRows(context, landed, slice.relation, signal, slice)]);
  }
  return { loads, hashed, next, fresh: Object.fromEntries(fresh) };
}

async function countRows(
  context: RunContext,
  landed: Landed,
  input: Relation,
  signal: AbortSignal,
  more?: BoundRelation,
): Promise<number> {
  const relation: Relation = { kind: "aggregate", input, by: [], columns: [["n", call("count")]] };
  const [[count] = []] = await rowsOver(context, landed, relation, signal, more);
  return Number(count ?? 0);
}

/** A source of files gives what it read as its identity: those that were not known before. */
function filesRead(identity: Json): Json {
  const files = Array.isArray(identity) ? (identity as unknown as readonly FileMark[]) : [];
  return files.length === 0 ? null : ({ files } as unknown as Json);
}

async function reached(
  context: RunContext,
  { incremental, hashed }: StartedSlice,
  landed: Landed,
  signal: AbortSignal,
): Promise<Json> {
  const { cursor, read } = incremental;
  const { node } = read.incremental;
  if (cursor === undefined) throw new SluiceError("internal", `"${incremental.dataset}" has no cursor`);
  const value = column(cursor.name);
  const scan: Relation = { kind: "scan", source: { stage: landed.name } };
  if (node.nulls === undefined && cursor.nullable) await refuseNulls(context, landed, scan, cursor, signal);
  // What is read whole holds rows too that nobody takes.
  const bounds = all([
    ...(node.initial === undefined || !read.incremental.isWhole
      ? []
      : [call("gte", value, boundOf(node.initial, cursor.type))]),
    ...(node.end === undefined ? [] : [call("lt", value, boundOf(node.end, cursor.type))]),
  ]);
  const within: Relation = bounds === undefined ? scan : { kind: "filter", input: scan, condition: bounds };
  const greatest: Relation = { kind: "aggregate", input: within, by: [], columns: [["greatest", call("max", value)]] };
  const [[found = null] = []] = await rowsOver(context, landed, greatest, signal);
  if (found === null) return null;
  const text = String(found);
  assertPosition(incremental, cursor, text);
  if (node.lag !== undefined) return { cursor: text, hashed: [], seen: null };
  const seen = await hashesAt(context, landed, cursor, text, signal, MOST_TIES + 1);
  if (seen.length <= MOST_TIES) return { cursor: text, hashed: [...hashed], seen } as unknown as Json;
  const appending = loadsBelow(context, incremental.stage.name).find(
    ({ writes }) => writes.kind === "target" && writes.mode === "append",
  );
  if (appending === undefined) return { cursor: text, hashed: [], seen: null };
  throw new SluiceError(
    "data",
    `more than ${MOST_TIES} rows of "${incremental.dataset}" have ${cursor.name} = ${text}: which of them "${appending.name}" has cannot be kept`,
    { offending: text, hint: "take a finer cursor, or let the load merge by a key" },
  );
}

async function refuseNulls(
  context: RunContext,
  landed: Landed,
  input: Relation,
  { name }: Column,
  signal: AbortSignal,
): Promise<void> {
  const isNull: Expression = call("isNull", column(name));
  const nulls = await countRows(context, landed, { kind: "filter", input, condition: isNull }, signal);
  if (nulls === 0) return;
  throw new SluiceError("data", `${nulls} rows of "${landed.name}" have no ${name}, by which new rows are told`, {
    reason: "null-cursor",
    offending: name,
    hint: 'leave them out with nulls: "exclude", or take them each time with nulls: "include"',
  });
}

/** A greatest value that stays the greatest, such as infinity, would end the load for good. */
function assertPosition({ dataset }: IncrementalDataset, { name, type }: Column, text: string): void {
  const kind = parseType(type);
  const isEndless = /nan|inf/i.test(text) && !["string"].includes(kind.kind);
  if (!isEndless && literalProblem(text, kind) === undefined) return;
  throw new SluiceError("data", `the greatest ${name} of "${dataset}" is ${text}, beyond which nothing is new`, {
    offending: text,
    hint: "filter such rows in the source, or say end",
  });
}
