import { createHash, type Hash } from "node:crypto";
import { open as openFile } from "node:fs/promises";
import { join } from "node:path";
import {
  acceptHint,
  type ColumnDrift,
  type DiscoverRequest,
  type FrozenColumn,
  type OpenContext,
  type ReadItem,
  type ReadRequest,
  ROWS_DIALECT,
  SluiceError,
  type Source,
  type StreamInfo,
  typeDrift,
} from "@sluice/core";
import { closest, keysOf, listTables, requireTable, type TableInfo } from "./catalog.ts";
import { type Connection, openConnection } from "./client.ts";
import { conditionOf } from "./condition.ts";
import type { Target } from "./config.ts";
import { discoverTable } from "./discover.ts";
import { type Chunk, encodeRows, writeChunks } from "./encode.ts";
import { toSluiceError } from "./errors.ts";
import { throwIfCancelled, waitingFor } from "./patience.ts";
import { beginRead } from "./snapshot.ts";
import { typesNow } from "./types-now.ts";

/** A file of a batch is closed at about this size, so that the engine can read several at once. */
const FILE_BYTES = 256_000_000;

/** A table, a view, or a whole database as a source. It reads one snapshot, in one transaction. */
export function createSource(target: Target, context: OpenContext): Source {
  let files = 0;
  const { onLong } = waitingFor(target.shown, context, context.signal);
  const open = (signal: AbortSignal): Promise<Connection> =>
    openConnection(target.path, { mode: "read", signal, onLong });
  const guarded = async <T>(
    doing: string,
    signal: AbortSignal,
    work: (connection: Connection) => T | Promise<T>,
  ): Promise<T> => {
    throwIfCancelled(signal);
    const connection = await open(signal);
    try {
      await beginRead(connection, { signal, onLong });
      return await work(connection);
    } catch (error) {
      throwIfCancelled(signal);
      throw toSluiceError(error, doing);
    } finally {
      connection.close();
    }
  };
  return {
    check: (signal) =>
      guarded(`looking at ${target.shown}`, signal, (connection) => {
        if (target.table !== undefined) requireTable(connection, target.table, target.shown);
      }),
    async *discover(request: DiscoverRequest): AsyncIterable<StreamInfo> {
      const names = await guarded(`looking at ${target.shown}`, request.signal, (connection) =>
        target.table === undefined ? listTables(connection) : [target.table],
      );
      for (const name of names) {
        const doing = `looking at table "${name}" of ${target.shown}`;
        yield await guarded(doing, request.signal, (connection) =>
          discoverTable(connection, name, target.shown, request),
        );
      }
    },
    async *read(request: ReadRequest): AsyncIterable<ReadItem> {
      throwIfCancelled(request.signal);
      const name = target.table ?? request.dataset.name;
      const connection = await open(request.signal);
      try {
        await beginRead(connection, { signal: request.signal, onLong });
        const table = requireTable(connection, name, target.shown);
        const columns = columnsToRead(table, request, target.shown);
        const types = await typesNow(connection, table, request.dataset.columns, request.signal);
        const drift = typeDrift(request.dataset, `table "${table.name}" of ${target.shown}`, ({ name: column }) => {
          const type = types.get(column);
          return type === undefined ? undefined : { type };
        });
        if (drift !== undefined) throw drift;
        const hash = createHash("sha256");
        const condition = conditionOf(request, table, connection.encoding);
        const chunks = hashed(encodeRows(connection, table, columns, condition), hash);
        let total = 0;
        for (let ended = false; !ended; ) {
          const path = join(context.scratch, `rows-${++files}.csv`);
          const file = await openFile(path, "wx");
          const written = await writeChunks(file, chunks, FILE_BYTES, request.signal).finally(() => file.close());
          ended = written.ended;
          total += written.rows;
          yield {
            batch: {
              format: "csv",
              files: [{ path, origin: `${target.shown}#${table.name}`, bytes: written.bytes }],
              dialect: ROWS_DIALECT,
              schema: { columns: columns.map(({ name, type, nullable }) => ({ name, type, nullable })) },
              rows: written.rows,
              bytes: written.bytes,
            },
            position: { table: table.name, rows: total, sha256: hash.copy().digest("hex") },
          };
        }
      } catch (error) {
        throwIfCancelled(request.signal);
        throw toSluiceError(error, `reading table "${name}" of ${target.shown}`);
      } finally {
        connection.close();
      }
    },
    keys: (stream, signal) =>
      guarded(`looking at ${target.shown}`, signal, (connection) =>
        keysOf(requireTable(connection, target.table ?? stream, target.shown)),
      ),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function columnsToRead(table: TableInfo, request: ReadRequest, shown: string): readonly FrozenColumn[] {
  const { dataset } = request;
  const here = new Map(table.columns.map((column) => [column.name.toLowerCase(), column.name]));
  const absent = dataset.columns.filter((column) => !here.has(column.name.toLowerCase()));
  const isOther = absent.length === dataset.columns.length;
  const gone = absent.filter(({ evolves, nullable }) => isOther || evolves !== true || !nullable);
  const drift = (message: string, changes: readonly ColumnDrift[], hint: string): SluiceError =>
    new SluiceError("data", `table "${table.name}" of ${shown} ${message}`, {
      reason: "drift",
      offending: changes[0]?.column ?? "",
      hint,
      drift: { dataset: dataset.name, changes },
    });
  const [first] = gone;
  if (first !== undefined) {
    const frozen = new Set(dataset.columns.map((column) => column.name.toLowerCase()));
    const fresh = table.columns.map((column) => column.name).filter((name) => !frozen.has(name.toLowerCase()));
    const renamed = closest(first.name, fresh);
    throw drift(
      `no longer has ${gone.map((column) => `"${column.name}"`).join(", ")}, which "${dataset.name}" was frozen with`,
      gone.map(({ name, type }) => ({ kind: "removed", column: name, from: type })),
      renamed === undefined ? acceptHint(dataset.name) : `was it renamed to "${renamed}"? ${acceptHint(dataset.name)}`,
    );
  }
  const known = new Set(dataset.columns.map((column) => column.name.toLowerCase()));
  const added = table.columns.filter((column) => !known.has(column.name.toLowerCase())).map((column) => column.name);
  if (added.length > 0 && dataset.partial !== true) {
    const message = `has ${added.map((name) => `"${name}"`).join(", ")}, which "${dataset.name}" was not frozen with`;
    const hint = `${acceptHint(dataset.name)}, or set drift to "warn"`;
    if (dataset.drift === "fail")
      throw drift(
        message,
        added.map((column) => ({ kind: "added", column })),
        hint,
      );
    request.warn(`table "${table.name}" of ${shown} ${message}; it is not read`);
  }
  // Which rows are accepted must not depend on what is used of them.
  const read = dataset.columns.filter((column) => !absent.includes(column));
  if (dataset.validate === "all") return read;
  const used = read.filter((column) => request.columns.includes(column.name));
  // A query that only counts uses none, and a record needs a field.
  return used.length > 0 ? used : read.slice(0, 1);
}

/** What was read is its own identity: the file changes with every table in it, also with those that this run writes. */
function* hashed(chunks: Iterable<Chunk>, hash: Hash): Generator<Chunk> {
  for (const chunk of chunks) {
    hash.update(chunk.bytes);
    yield chunk;
  }
}
