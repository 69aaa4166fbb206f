import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  canonicalJson,
  type EngineInput,
  inside,
  type Json,
  type Relation,
  ROW_HASH,
  type Schema,
  SluiceError,
} from "@sluice/core";
import { makeFolder, publishFile, sha256OfFile, sizeOf } from "../durable.ts";
import { toSluiceError } from "../error-record.ts";
import { parquetInput } from "../landed-output.ts";
import { compileOver, queryDefaults, type RunContext } from "../run-context.ts";
import { fileNameOf } from "../run-folder.ts";
import { call, column, type Landed, rowsOver } from "./boundary.ts";
import { keyPosition } from "./position.ts";
import type { IncrementalDataset } from "./slice-plan.ts";

/** So many snapshots of a dataset are kept beside those that loads of this run stand at. */
const KEPT_SNAPSHOTS = 5;

/** A query over more than the stages of the plan. */
export interface BoundRelation {
  readonly relation: Relation;
  readonly inputs: ReadonlyMap<string, EngineInput>;
  readonly schemas: ReadonlyMap<string, Schema>;
}

/**
 * The rows that are new or other than in one of the snapshots, and the keys that are gone from it. Where a snapshot is lost
 * or was never made, all rows are: the loads merge.
 */
export async function keySlice(
  context: RunContext,
  incremental: IncrementalDataset,
  landed: Landed,
  positions: readonly Json[],
): Promise<BoundRelation> {
  const { dataset, read } = incremental;
  const { node } = read.incremental;
  const key = node.key ?? [];
  const keyed = landed.schema.columns.filter(({ name }) => key.includes(name) || name === ROW_HASH);
  const schema: Schema = { columns: keyed };
  const inputs = new Map<string, EngineInput>();
  const schemas = new Map<string, Schema>();
  let isComplete = positions.length > 0;
  for (const position of new Map(positions.map((one) => [canonicalJson(one), one])).values()) {
    const path = await snapshotAt(context, dataset, position);
    if (path === undefined) {
      isComplete = false;
      continue;
    }
    const name = `${dataset}.snapshot${inputs.size + 1}`;
    const input = parquetInput(schema, { path, origin: name, bytes: (await sizeOf(path)) ?? 0 }, name);
    inputs.set(name, { input, columns: keyed.map((one) => one.name) });
    schemas.set(name, schema);
  }
  const scans = [...inputs.keys()].map((name): Relation => ({ kind: "scan", source: { stage: name } }));
  const rows: Relation = { kind: "scan", source: { stage: landed.name } };
  const [first, ...others] = scans;
  const same = others.reduce<Relation | undefined>(
    (left, right) => (left === undefined ? right : { kind: "intersect", left, right }),
    first,
  );
  const changed: Relation =
    same === undefined || !isComplete
      ? rows
      : { kind: "join", left: rows, right: same, how: "anti", using: [...key, ROW_HASH] };
  const given = inside(node, landed.schema.columns, changed, undefined);
  const relation =
    node.deleted === undefined || scans.length === 0 ? given : withGone(node.deleted, given, rows, scans);
  return { relation, inputs, schemas };

  function withGone(flag: string, kept: Relation, all: Relation, before: readonly Relation[]): Relation {
    const keysOf = (input: Relation): Relation => ({ kind: "keep", input, columns: key });
    const known: Relation = { kind: "union", inputs: before.map(keysOf), distinct: true };
    const gone: Relation = { kind: "join", left: known, right: keysOf(all), how: "anti", using: key };
    const columns = landed.schema.columns.filter(({ name }) => name !== ROW_HASH);
    const filled: Relation = {
      kind: "select",
      input: gone,
      columns: [
        ...columns.map(({ name, type }) => [name, key.includes(name) ? column(name) : nullOf(type)] as const),
        [flag, { kind: "literal", type: "bool", value: true }],
      ],
    };
    return { kind: "union", inputs: [kept, filled] };
  }
}

function nullOf(type: string): { kind: "cast"; value: { kind: "literal"; type: "null"; value: null }; type: string } {
  return { kind: "cast", value: { kind: "literal", type: "null", value: null }, type };
}

function snapshotFolder({ request, pipeline }: RunContext, dataset: string): string {
  return join(request.stateFolder, "incremental", fileNameOf(pipeline), fileNameOf(dataset));
}

async function snapshotAt(context: RunContext, dataset: string, position: Json): Promise<string | undefined> {
  const known = keyPosition(position, dataset);
  if (known === undefined) return undefined;
  const path = join(snapshotFolder(context, dataset), `${known.snapshot}.parquet`);
  if ((await sizeOf(path)) !== undefined && (await sha256OfFile(path, context.signal)) === known.snapshot) return path;
  const message = `the rows of "${dataset}" as they were last loaded are no longer kept: all of them are loaded again, and keys that are gone since are not told`;
  context.emit({ event: "warning", message });
  return undefined;
}

/** Keeps the keys and hashes of what was landed; they are on the disk before a load commits that it has them. */
export async function takeSnapshot(
  context: RunContext,
  { dataset, read }: IncrementalDataset,
  landed: Landed,
  before: readonly Json[],
  scratch: string,
  signal: AbortSignal,
): Promise<Json> {
  const key = read.incremental.node.key ?? [];
  await refuseKeys(context, landed, key, signal);
  const scan: Relation = { kind: "scan", source: { stage: landed.name } };
  const kept: Relation = { kind: "keep", input: scan, columns: [...key, ROW_HASH] };
  const relation: Relation = { kind: "sort", input: kept, by: key.map((name) => ({ expression: column(name) })) };
  const schemas = new Map([[landed.name, landed.schema]]);
  const inputs = new Map([
    [landed.name, { input: landed.input, columns: landed.schema.columns.map(({ name }) => name) }],
  ]);
  const path = join(scratch, "snapshot.parquet");
  const output = { format: "parquet", path, ordered: true } as const;
  const query = compileOver(context, relation, schemas);
  const { rowsOut } = await context.request.engine.execute(query, {
    ...queryDefaults(context),
    inputs,
    output,
    signal,
  });
  const snapshot = await sha256OfFile(path, signal);
  const folder = snapshotFolder(context, dataset);
  await makeFolder(folder);
  await publishFile(path, join(folder, `${snapshot}.parquet`));
  const needed = before.flatMap((position) => keyPosition(position, dataset)?.snapshot ?? []);
  await forgetOld(folder, new Set([snapshot, ...needed].map((name) => `${name}.parquet`)));
  return { snapshot, rows: rowsOut };
}

async function forgetOld(folder: string, needed: ReadonlySet<string>): Promise<void> {
  const found: { readonly path: string; readonly at: number }[] = [];
  for (const name of await readdir(folder)) {
    if (needed.has(name)) continue;
    const path = join(folder, name);
    try {
      found.push({ path, at: (await stat(path)).mtimeMs });
    } catch (error) {
      if (toSluiceError(error).code !== "missing") throw error;
    }
  }
  for (const { path } of found.sort((a, b) => b.at - a.at).slice(KEPT_SNAPSHOTS)) await rm(path, { force: true });
}

async function refuseKeys(
  context: RunContext,
  landed: Landed,
  key: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const counted: Relation = {
    kind: "aggregate",
    input: { kind: "scan", source: { stage: landed.name } },
    by: key,
    columns: [["_sluice_n", call("count")]],
  };
  const nulls = key.map((name) => call("isNull", column(name)));
  const several = call("gt", column("_sluice_n"), { kind: "literal", type: "number", value: "1" });
  const wrong: Relation = { kind: "filter", input: counted, condition: call("or", several, ...nulls) };
  const [row] = await rowsOver(context, landed, { kind: "limit", input: wrong, count: 1 }, signal);
  if (row === undefined) return;
  const values = key.map((name, index) => `${name} = ${String(row[index] ?? "null")}`).join(", ");
  const isNull = key.some((_, index) => row[index] === null);
  throw new SluiceError(
    "data",
    isNull
      ? `a row of "${landed.name}" has no key (${values}), by which new rows are told`
      : `${String(row[key.length])} rows of "${landed.name}" have the key ${values}, by which new rows are told`,
    { reason: isNull ? "null-key" : "duplicate-key", offending: values, hint: "name the columns that tell rows apart" },
  );
}
