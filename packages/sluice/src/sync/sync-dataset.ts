import {
  type Adapter,
  type FrozenDataset,
  type Json,
  type OpenContext,
  SluiceError,
  type StreamInfo,
} from "@sluice/core";
import type { DatasetSource } from "../dataset-options.ts";
import { type DriftReport, diff } from "./drift-report.ts";
import { mayEvolve } from "./evolve-frozen.ts";
import { freeze } from "./freeze.ts";

export interface SyncRequest {
  readonly name: string;
  readonly source: DatasetSource;
  readonly adapter: Adapter;
  readonly connection: Json | undefined;
  readonly context: OpenContext;
  /** What was frozen before, where it was. */
  readonly previous: FrozenDataset | undefined;
}

export interface SyncResult {
  readonly frozen: FrozenDataset;
  /** Undefined where nothing was frozen before. */
  readonly drift: DriftReport | undefined;
  /** What the source says of itself beside its columns. */
  readonly found: Pick<StreamInfo, "rows" | "bytes" | "keys" | "cursors">;
}

/** Looks at the source of a dataset and proposes what to freeze; writes nothing. */
export async function syncDataset({
  name,
  source,
  adapter,
  connection,
  context,
  previous,
}: SyncRequest): Promise<SyncResult> {
  const { address, options } = source;
  if (adapter.openSource === undefined) {
    throw new SluiceError("unsupported", `dataset "${name}" cannot be read: ${adapter.type} is not a source`);
  }
  await using opened = await adapter.openSource(adapter.parseAddress(address), connection, context);
  const request = {
    types: new Map(Object.entries(options.types ?? {})),
    required: options.required ?? [],
    dialect: options.dialect ?? {},
    parameters: new Map<string, string>(),
    signal: context.signal,
    ...(mayEvolve(options) ? { isUnion: true as const } : {}),
    ...(options.columns === undefined ? {} : { columns: options.columns }),
    ...(options.formats === undefined ? {} : { formats: new Map(Object.entries(options.formats)) }),
  };
  for await (const found of opened.discover(request)) {
    const frozen = freeze(name, source, found);
    const drift = previous === undefined ? undefined : diff(previous, frozen);
    return { frozen, drift, found };
  }
  throw new SluiceError("missing", `${adapter.nameOf(address)} holds nothing that dataset "${name}" could read`);
}
