import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CommitResult,
  type Json,
  type OpenContext,
  type ScannableInput,
  type Schema,
  type Sink,
  type SinkCapabilities,
  SluiceError,
  type StageRequest,
  type Staging,
  type WriteIdentity,
  type WrittenFile,
} from "@sluice/core";
import type { TextRow } from "../rows.ts";
import type { MemoryDatabase } from "./database.ts";

export const MEMORY_SINK: SinkCapabilities = { modes: ["append", "replace", "merge"], ordered: true };

/** A table in memory as a sink: what every sink promises, in the fewest words. */
export function createMemorySink(database: MemoryDatabase, table: string, context: OpenContext): Sink {
  let files = 0;
  return {
    capabilities: MEMORY_SINK,
    check: async (signal) => throwIfCancelled(signal),
    committed: async (identity) => {
      const found = database.commits.get(slotOf(identity));
      if (found === undefined) return undefined;
      return { commitId: found.commitId, epoch: found.epoch, result: found.result as unknown as Json };
    },
    accepts: async (request) => {
      throwIfCancelled(request.signal);
      requireSupported(request);
      return { format: "parquet", path: join(context.scratch, `output-${++files}.parquet`), ordered: true };
    },
    stage: async (request) => {
      requireSupported(request);
      return createStaging(database, table, request, context, `staging-${++files}`);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

interface Outcome {
  readonly schema: Schema;
  readonly rows: readonly TextRow[];
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
    if (request.mode === "replace" || present === undefined) requireKeys(request, fresh, table);
    const deleted = present?.rows.length ?? 0;
    if (request.mode === "replace") {
      return { schema: request.schema, rows: fresh, result: { repeated: false, inserted: fresh.length, deleted } };
    }
    if (request.mode === "append") {
      const rows = [...(present?.rows ?? []), ...fresh];
      return { schema: present?.schema ?? request.schema, rows, result: { repeated: false, inserted: fresh.length } };
    }
    requireKeys(request, fresh, table);
    return { schema: request.schema, ...merge(request, present?.rows ?? [], fresh) };
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
        const message = `"${table}" has seen epoch ${before.epoch}, and this load has ${request.epoch}`;
        throw new SluiceError("conflict", message, { reason: "epoch" });
      }
      const { schema, rows, result } = await outcome();
      context.checkpoint("load.committing");
      database.tables.set(table, { schema, rows });
      database.commits.set(slotOf(request), { commitId: request.commitId, epoch: request.epoch, result, position });
      return result;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function merge(
  request: StageRequest,
  present: readonly TextRow[],
  fresh: readonly TextRow[],
): { readonly rows: readonly TextRow[]; readonly result: CommitResult } {
  const keyed = new Map(fresh.map((row) => [keyOf(request, row), row]));
  let updated = 0;
  let unchanged = 0;
  const rows = present.map((row) => {
    const key = keyOf(request, row);
    const other = keyed.get(key);
    keyed.delete(key);
    if (other === undefined) return row;
    if (JSON.stringify(other) === JSON.stringify(row)) unchanged += 1;
    else updated += 1;
    return other;
  });
  const added = [...keyed.values()];
  return { rows: [...rows, ...added], result: { repeated: false, inserted: added.length, updated, unchanged } };
}

function keyOf(request: StageRequest, row: TextRow): string {
  return JSON.stringify(
    request.key.map((name) => row[request.schema.columns.findIndex((column) => column.name === name)]),
  );
}

function requireKeys(request: StageRequest, rows: readonly TextRow[], table: string): void {
  if (request.mode !== "merge") return;
  const seen = new Set<string>();
  for (const row of rows) {
    const key = keyOf(request, row);
    const reason = /(?:\[|,)null(?:,|\])/.test(key) ? "null-key" : seen.has(key) ? "duplicate-key" : undefined;
    if (reason !== undefined) {
      throw new SluiceError("data", `a row to merge into "${table}" has the ${reason.replace("-", " ")} ${key}`, {
        reason,
        offending: key,
      });
    }
    seen.add(key);
  }
}

function requireSupported(request: StageRequest): void {
  if (!MEMORY_SINK.modes.includes(request.mode)) {
    throw new SluiceError("unsupported", `a table in memory has no mode "${String(request.mode)}"`);
  }
  if (request.mode !== "merge") return;
  const names = request.schema.columns.map((column) => column.name);
  const unknown = request.key.find((name) => !names.includes(name));
  if (request.key.length > 0 && unknown === undefined) return;
  const message =
    unknown === undefined ? "a merge needs a key" : `the key column "${unknown}" is not among the columns`;
  throw new SluiceError("config", message, unknown === undefined ? {} : { offending: unknown });
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
