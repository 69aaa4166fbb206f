import { join } from "node:path";
import {
  type BoundValue,
  type EngineInput,
  type FrozenDataset,
  isSluiceError,
  type ReadRequest,
  type ScannableInput,
  type Schema,
  SluiceError,
  type Source,
  type SplitResult,
  schemaOfDataset,
} from "@sluice/core";
import { assertFewRejects, collect } from "@sluice/runtime";
import type { Session } from "../composition.ts";

/** The accepted rows of a dataset, as a run would accept them, in the order of its records. */
export interface OpenedRows {
  readonly dataset: FrozenDataset;
  /** As a person would write its address. */
  readonly address: string;
  /** What the source gave: files with every record. */
  readonly input: ScannableInput;
  /** Whether those files are the user's own. */
  readonly isOfFiles: boolean;
  readonly accepted: EngineInput;
  readonly rejected: number;
  /** Parquet of the rejects. */
  readonly rejects?: string;
  /** The columns that tell rows apart, where the source declares some. */
  readonly keys: readonly (readonly string[])[];
  readonly warnings: readonly string[];
  assertUnchanged(): Promise<void>;
}

export interface OpenRowsRequest {
  readonly dataset: FrozenDataset;
  readonly columns: readonly string[];
  readonly parameters: ReadonlyMap<string, BoundValue>;
  /** Told of what has to be closed at the end. */
  readonly onOpened: (source: Source) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads a dataset once: text is landed as Parquet, so that every question about its rows is cheap; strictly first, then, where
 * that fails, record by record.
 *
 * @throws SluiceError where the source cannot be read
 */
export async function openRows(session: Session, request: OpenRowsRequest): Promise<OpenedRows> {
  const { dataset, parameters, signal } = request;
  const adapter = await session.adapter(dataset.source.type);
  if (adapter.openSource === undefined) {
    throw new SluiceError("unsupported", `dataset "${dataset.name}" cannot be read: ${adapter.type} is not a source`);
  }
  const address = adapter.parseAddress(dataset.source);
  const connection = address.connection === undefined ? undefined : session.connection(address.connection);
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const source = await adapter.openSource(address, connection, { ...(await session.openContext(warn)), signal });
  request.onOpened(source);
  const texts = new Map(
    [...parameters].flatMap(([name, { value }]) => (value === null ? [] : [[name, String(value)]])),
  );
  const columns = columnsToRead(dataset, request.columns);
  const reading: ReadRequest = { dataset, columns, parameters: texts, signal, warn };
  const input = source.scan === undefined ? await collect(source, reading) : await source.scan(reading);
  const shown = adapter.nameOf(address);
  const assertUnchanged = async (): Promise<void> => {
    if (source.scan === undefined || ((await source.isUnchanged?.(input)) ?? true)) return;
    throw new SluiceError("conflict", `the source of dataset "${dataset.name}" (${shown}) changed while it was read`, {
      reason: "source-changed",
      offending: shown,
      hint: "let the writer finish, then trace again",
    });
  };
  const isOfFiles = source.scan !== undefined;
  const opened = {
    dataset,
    address: shown,
    input,
    isOfFiles,
    keys: (await source.keys?.(dataset.name, signal)) ?? [],
    assertUnchanged,
  };
  if (input.format === "parquet") {
    return { ...opened, accepted: { input, columns }, rejected: 0, warnings };
  }
  const landed = await land(session, { dataset, input, columns, signal, assertUnchanged });
  return { ...opened, ...landed, warnings: [...warnings, ...landed.warnings] };
}

/** A file of no columns holds no rows either. */
function columnsToRead(dataset: FrozenDataset, wanted: readonly string[]): readonly string[] {
  return wanted.length > 0 ? wanted : dataset.columns.slice(0, 1).map((column) => column.name);
}

interface LandRequest {
  readonly dataset: FrozenDataset;
  readonly input: ScannableInput;
  readonly columns: readonly string[];
  readonly signal: AbortSignal;
  readonly assertUnchanged: () => Promise<void>;
}

async function land(
  session: Session,
  { dataset, input, columns, signal, assertUnchanged }: LandRequest,
): Promise<Pick<OpenedRows, "accepted" | "rejected" | "rejects" | "warnings">> {
  const engine = await session.engine();
  const folder = session.scratchFolder();
  const { name } = dataset;
  const schema = schemaOfDataset(dataset, columns);
  const path = join(folder, "accepted.parquet");
  const accepted = parquetOf(schema, path, name);
  const query = engine.compile(
    { kind: "scan", source: { dataset: name } },
    { schemaOf: () => schema, parameters: new Map() },
  );
  try {
    await engine.execute(query, {
      inputs: new Map([[name, { input, columns }]]),
      parameters: new Map(),
      constants: { now: new Date(0).toISOString(), today: "1970-01-01" },
      output: { format: "parquet", path, ordered: true },
      signal,
    });
    await assertUnchanged();
    return { accepted, rejected: 0, warnings: [] };
  } catch (thrown) {
    signal.throwIfAborted();
    await assertUnchanged();
    if (!isSluiceError(thrown) || thrown.code !== "data" || thrown.reason === "drift") throw thrown;
  }
  const rejects = join(folder, "rejected.parquet");
  const result = await engine.split({ name, input, columns, accepted: path, rejected: rejects, signal });
  await assertUnchanged();
  return {
    accepted,
    rejected: result.rejected,
    rejects,
    warnings: [...(result.warnings ?? []), ...tooMany(dataset, result)],
  };
}

function tooMany(dataset: FrozenDataset, result: SplitResult): readonly string[] {
  try {
    assertFewRejects(dataset, result);
    return [];
  } catch (thrown) {
    if (!isSluiceError(thrown)) throw thrown;
    return [`a run fails here: ${thrown.message}`];
  }
}

function parquetOf({ columns }: Schema, path: string, origin: string): EngineInput {
  const names = columns.map((column) => column.name);
  return {
    columns: names,
    input: {
      format: "parquet",
      groups: [{ order: names, files: [{ path, origin, bytes: 0 }] }],
      columns,
      validate: "all",
      identity: null,
    },
  };
}
