import {
  type Adapter,
  type Address,
  type CommitResult,
  type Json,
  type LoadSettings,
  loadSettingsOf,
  type OpenContext,
  type Position,
  type ScannableInput,
  type Schema,
  type SinkCapabilities,
  type StageRequest,
  typedLiterals,
} from "@sluice/core";
import { expect } from "vitest";
import { type PlainRow, plainRows, readInput, sortedRows, type TextRow, writeRows } from "../rows.ts";
import type { Gaps } from "../suite.ts";
import type { LoadCounts } from "./reference-load.ts";

/** What the sink suite needs from whoever calls it. */
export interface SinkHarness {
  readonly name: string;
  readonly adapter: Adapter;
  /** Fresh: an empty scratch folder, and an engine that writes what the sink asks for. */
  readonly openContext: () => Promise<OpenContext>;
  /** A place that nothing was written to yet; for loads of these partitions, where a target has to know them itself. */
  readonly createTarget: (partitions?: readonly string[]) => Promise<SinkTarget>;
  /** Takes the rows away behind the sink's back, as people drop a table; what is known of commits may stay. */
  readonly takeAway?: (target: SinkTarget) => Promise<void>;
  /** What its targets can do, where that is less or more than the adapter says of all. */
  readonly capabilities?: SinkCapabilities;
  /** Types that the sink refuses or does not hold. */
  readonly withoutTypes?: readonly string[];
  /** How many columns it takes at most, where that is below 500. */
  readonly mostColumns?: number;
  readonly gaps?: Gaps;
  /** How it is called in the matrix of `docs/loads.md`; absent where another harness stands for the same sink. */
  readonly report?: string;
}

export interface SinkTarget {
  readonly address: Address;
  readonly connection?: Json;
  /** What it holds, in its own order, as cells of the schema's types; undefined where there is nothing. */
  rows(schema: Schema): Promise<readonly (readonly unknown[])[] | undefined>;
  /** Everything in its place, by name and contents, to compare before and after. */
  traces(): Promise<Json>;
}

/** One load, step by step as the runtime does it. */
export interface Load extends LoadSettings {
  readonly schema: Schema;
  readonly rows: readonly TextRow[];
  readonly mode: StageRequest["mode"];
  readonly epoch?: number;
  readonly commitId?: string;
  readonly step?: string;
  readonly slice?: string;
  readonly position?: Position;
  readonly follows?: string | null;
  readonly goesOn?: true;
  readonly checkpoint?: (name: string) => void;
  readonly signal?: AbortSignal;
  /** Look at the table before the commit. */
  readonly scan?: readonly string[];
  /** Leave without a commit. */
  readonly discard?: true;
}

export interface Loaded {
  readonly result: CommitResult | undefined;
  readonly scanned: readonly PlainRow[] | undefined;
}

let commits = 0;

/** The request that a load makes; a commit id of its own where it names none. */
export function requestOf(load: Load): StageRequest {
  return {
    project: "project",
    pipeline: "pipeline",
    step: load.step ?? "load",
    slice: load.slice ?? "",
    epoch: load.epoch ?? 1,
    commitId: load.commitId ?? `commit-${++commits}`,
    ...(load.follows === undefined ? {} : { follows: load.follows }),
    ...(load.goesOn === undefined ? {} : { goesOn: load.goesOn }),
    schema: load.schema,
    mode: load.mode,
    ...loadSettingsOf(load),
    ...(load.where === undefined
      ? {}
      : { where: typedLiterals(load.where, { columns: load.schema.columns, parameters: new Map() }) }),
    key: load.key ?? [],
    parameters: new Map(),
    signal: load.signal ?? new AbortController().signal,
  };
}

/** Opens the sink, asks what to write, writes it, stages, looks, commits or not, and closes everything. */
export async function runLoad(harness: SinkHarness, target: SinkTarget, load: Load): Promise<Loaded> {
  const base = await harness.openContext();
  const context: OpenContext = load.checkpoint === undefined ? base : { ...base, checkpoint: load.checkpoint };
  const sink = await openSink(harness, target, context);
  try {
    const request = requestOf(load);
    const output = await sink.accepts(request);
    const files = await writeRows(context.local, load.schema, load.rows, output);
    const staging = await sink.stage(request);
    try {
      await staging.add(files);
      let scanned: readonly PlainRow[] | undefined;
      if (load.scan !== undefined) {
        const input: ScannableInput = await staging.scan(load.scan);
        scanned = await readInput(context.local, input, load.scan);
      }
      const result = load.discard === true ? undefined : await staging.commit(load.position);
      return { result, scanned };
    } finally {
      await staging[Symbol.asyncDispose]();
    }
  } finally {
    await sink[Symbol.asyncDispose]();
  }
}

/** The adapter's sink for a target. */
export async function openSink(
  harness: SinkHarness,
  target: SinkTarget,
  context: OpenContext,
): Promise<Awaited<ReturnType<NonNullable<Adapter["openSink"]>>>> {
  const { adapter } = harness;
  if (adapter.openSink === undefined) throw new Error(`adapter ${adapter.type} has no sink`);
  return adapter.openSink(adapter.parseAddress(target.address), target.connection, context);
}

/** What the sinks of a harness can do. */
export function capabilitiesOf({ adapter, capabilities }: SinkHarness): SinkCapabilities {
  const found = capabilities ?? adapter.sink;
  if (found === undefined) throw new Error(`adapter ${adapter.type} has no sink`);
  return found;
}

/** Every count that is given is exact, and none that is not zero is left out. */
export function expectCounts(result: CommitResult | undefined, wanted: LoadCounts): void {
  const { inserted = 0, updated = 0, deleted = 0, unchanged = 0 } = result ?? {};
  expect({ inserted, updated, deleted, unchanged }).toEqual(wanted);
  expect(result?.inserted).toBeTypeOf("number");
}

/** The target holds exactly these rows; in this order where the sink keeps it. */
export async function expectRows(
  harness: SinkHarness,
  target: SinkTarget,
  schema: Schema,
  rows: readonly TextRow[],
): Promise<void> {
  const found = plainRows(schema, (await target.rows(schema)) ?? []);
  const wanted = plainRows(schema, rows);
  if (capabilitiesOf(harness).ordered) expect(found).toEqual(wanted);
  else expect(sortedRows(found)).toEqual(sortedRows(wanted));
}
