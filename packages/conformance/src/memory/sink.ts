import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assertFollows,
  assertStageRequest,
  type CommitResult,
  type Json,
  type OpenContext,
  type ScannableInput,
  type Sink,
  type SinkCapabilities,
  SluiceError,
  type StageRequest,
  type Staging,
  type WriteIdentity,
  type WrittenFile,
} from "@sluice/core";
import type { TextRow } from "../rows.ts";
import { referenceLoad } from "../sink/reference-load.ts";
import type { MemoryDatabase, MemoryTable } from "./database.ts";
import { evolved } from "./evolved.ts";

export const MEMORY_SINK: SinkCapabilities = {
  modes: ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"],
  merge: ["deleteFlag", "newerBy", "missing"],
  evolve: ["fail", "add", "widen"],
  ordered: true,
};

/** A table in memory as a sink: what every sink promises, in the fewest words. */
export function createMemorySink(database: MemoryDatabase, table: string, context: OpenContext): Sink {
  let files = 0;
  return {
    capabilities: MEMORY_SINK,
    check: async (signal) => throwIfCancelled(signal),
    committed: async (identity) => {
      const found = database.commits.get(slotOf(identity));
      if (found === undefined) return undefined;
      const { commitId, epoch, result, position } = found;
      return { commitId, epoch, result: result as unknown as Json, ...(position === undefined ? {} : { position }) };
    },
    reposition: async (asked, position) => {
      const before = database.commits.get(slotOf(asked));
      if (before !== undefined && before.epoch > asked.epoch) throw newerWriter(table, before.epoch, asked.epoch);
      const { commitId, result } = before ?? { commitId: "", result: { repeated: false } };
      database.commits.set(slotOf(asked), { commitId, result, epoch: asked.epoch, position });
    },
    accepts: async (request) => {
      throwIfCancelled(request.signal);
      assertStageRequest(request, MEMORY_SINK, "a table in memory");
      return { format: "parquet", path: join(context.scratch, `output-${++files}.parquet`), ordered: true };
    },
    stage: async (request) => {
      assertStageRequest(request, MEMORY_SINK, "a table in memory");
      return createStaging(database, table, request, context, `staging-${++files}`);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

interface Outcome extends MemoryTable {
  readonly result: CommitResult;
}

function createStaging(
  database: MemoryDatabase,
  table: string,
  request: StageRequest,
  context: OpenContext,
  name: string,
): Staging {
  const files: WrittenFile[] = [];
  let scans = 0;
  const outcome = async (): Promise<Outcome> => {
    throwIfCancelled(request.signal);
    const fresh = await readStaged(context, request, files);
    const present = database.tables.get(table);
    const fits = present === undefined ? undefined : evolved(present, request);
    const { table: after, counts } = referenceLoad(fits, { ...request, rows: fresh });
    return { ...after, result: { repeated: false, ...counts } };
  };
  return {
    add: async (more) => {
      files.push(...more);
    },
    scan: async (columns): Promise<ScannableInput> => {
      const { schema, rows } = await outcome();
      const path = join(context.scratch, `${name}-scan-${++scans}.parquet`);
      const order = schema.columns.map((column) => column.name);
      const text = JSON.stringify({ schema, rows });
      await writeFile(path, text, { flag: "wx" });
      return {
        format: "parquet",
        groups: [{ order, files: [{ path, origin: table, bytes: Buffer.byteLength(text) }] }],
        columns: schema.columns.filter((column) => columns.includes(column.name)),
        validate: "used",
        identity: null,
      };
    },
    commit: async (position) => {
      const before = database.commits.get(slotOf(request));
      if (before?.commitId === request.commitId) return { ...before.result, repeated: true };
      if (before !== undefined && before.epoch > request.epoch) {
        throw newerWriter(table, before.epoch, request.epoch);
      }
      assertFollows(request, before, table);
      const { schema, rows, result } = await outcome();
      context.checkpoint("load.committing");
      database.tables.set(table, { schema, rows });
      database.commits.set(slotOf(request), { commitId: request.commitId, epoch: request.epoch, result, position });
      return result;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function newerWriter(table: string, seen: number, own: number): SluiceError {
  return new SluiceError("conflict", `"${table}" has seen epoch ${seen}, and this load has ${own}`, {
    reason: "epoch",
  });
}

async function readStaged(
  context: OpenContext,
  request: StageRequest,
  files: readonly WrittenFile[],
): Promise<readonly TextRow[]> {
  const { local } = context;
  const order = request.schema.columns.map((column) => column.name);
  const relation = { kind: "scan", source: { stage: "output" } } as const;
  const query = local.compile(relation, { schemaOf: () => request.schema, parameters: new Map() });
  const input: ScannableInput = {
    format: "parquet",
    groups: [{ order, files: files.map(({ path, bytes }) => ({ path, origin: path, bytes })) }],
    columns: request.schema.columns,
    validate: "used",
    identity: null,
  };
  const found: TextRow[] = [];
  if (files.length === 0) return found;
  const batches = local.rows(query, {
    inputs: new Map([["output", { input, columns: order }]]),
    parameters: new Map(),
    constants: { now: new Date(context.now()).toISOString(), today: "1970-01-01" },
    signal: request.signal,
  });
  for await (const rows of batches) {
    found.push(
      ...rows.map((row) => row.map((cell) => (cell === null || typeof cell === "boolean" ? cell : String(cell)))),
    );
  }
  return found;
}

function slotOf({ project, pipeline, step, slice }: WriteIdentity): string {
  return JSON.stringify([project, pipeline, step, slice]);
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new SluiceError("cancelled", "told to stop", { cause: signal.reason });
}
