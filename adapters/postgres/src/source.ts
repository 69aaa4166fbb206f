import {
  type DiscoverRequest,
  type OpenContext,
  parseTableName,
  type ReadItem,
  type ReadRequest,
  SluiceError,
  type Source,
  type StreamInfo,
  type TableName,
} from "@sluice/core";
import { NotPlain } from "./binary/not-plain.ts";
import { findTable, listTables, requireTable, type TableInfo, typesOf } from "./catalog.ts";
import { type Connection, openConnection, throwIfCancelled } from "./client.ts";
import type { Target } from "./config.ts";
import { type Discovered, discoverColumns, keysOf } from "./discover.ts";
import { toSluiceError } from "./errors.ts";
import { quotedTable, shownTable } from "./names.ts";
import { planRead } from "./plan-read.ts";
import { readFiles } from "./read-files.ts";

/** A snapshot that nothing changes: every statement of it sees the same rows. */
const BEGIN = "begin isolation level repeatable read, read only";

/** A table, a view, a query, or a whole database as a source. One read is one snapshot, however many sessions it takes. */
export function createSource(target: Target, context: OpenContext): Source {
  const { client, shown } = target;
  const open = (signal: AbortSignal): Promise<Connection> => openConnection({ client, shown, signal });
  const guarded = async <T>(
    doing: string,
    signal: AbortSignal,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> => {
    throwIfCancelled(signal);
    try {
      await using connection = await open(signal);
      await connection.run(BEGIN);
      return await work(connection);
    } catch (error) {
      throwIfCancelled(signal);
      throw toSluiceError(error, doing);
    }
  };
  const found = async (connection: Connection, name: TableName | undefined): Promise<Discovered> => {
    if (target.query !== undefined) return await foundQuery(connection, target.query, shown);
    const table = await requireTable(connection, name ?? { schema: target.schema, table: "" }, shown);
    return foundTable(table, shownIn(table));
  };
  /** In the schema of the search path, or in the one that the address names, a table needs none. */
  const shownIn = ({ name }: TableInfo): string =>
    target.table !== undefined || name.schema === "public" || name.schema === target.schema
      ? name.table
      : shownTable(name);
  const nameOfStream = (stream: string): TableName =>
    target.table ?? (target.schema === undefined ? parseTableName(stream) : { schema: target.schema, table: stream });
  return {
    check: (signal) =>
      guarded(`looking at ${shown}`, signal, async (connection) => {
        if (target.query !== undefined) await foundQuery(connection, target.query, shown);
        else if (target.table !== undefined) await requireTable(connection, target.table, shown);
      }),
    async *discover(request: DiscoverRequest): AsyncIterable<StreamInfo> {
      const isOne = target.query !== undefined || target.table !== undefined;
      const names = isOne
        ? [target.table]
        : await guarded(`looking at ${shown}`, request.signal, (connection) => listTables(connection, target.schema));
      for (const name of names) {
        yield await guarded(`looking at ${shown}`, request.signal, async (connection) =>
          discoverColumns(connection, await found(connection, name), request),
        );
      }
    },
    async *read(request: ReadRequest): AsyncIterable<ReadItem> {
      throwIfCancelled(request.signal);
      const read = async (asText: boolean): Promise<ReadItem> => {
        await using connection = await open(request.signal);
        await connection.run(BEGIN);
        const there = await found(connection, nameOfStream(request.dataset.name));
        const plan = await planRead(connection, there, request, shown, { asText });
        const another = async (): Promise<Connection> => {
          const other = await open(request.signal);
          await other.run(BEGIN);
          return other;
        };
        return await readFiles({ connection, another, plan, scratch: context.scratch, shown, signal: request.signal });
      };
      try {
        const item = await read(false).catch((error: unknown) => {
          // Some value is none here; which of them are rejects, and why, is told of text.
          if (error instanceof NotPlain) return undefined;
          throw error;
        });
        yield item ?? (await read(true));
      } catch (error) {
        throwIfCancelled(request.signal);
        throw toSluiceError(error, `reading ${shown}`);
      }
    },
    keys: (stream, signal) =>
      guarded(`looking at ${shown}`, signal, async (connection) => {
        if (target.query !== undefined) return [];
        const table = await findTable(connection, nameOfStream(stream));
        return table === undefined ? [] : keysOf(table);
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function foundTable(table: TableInfo, name: string): Discovered {
  const columns = table.columns.map(({ name: column, type, notNull }) => ({ name: column, type, notNull }));
  return { name, columns, from: quotedTable(table.name), table };
}

async function foundQuery(connection: Connection, query: string, shown: string): Promise<Discovered> {
  const text = query.replace(/;\s*$/, "");
  const fields = await connection.fieldsOf(`select * from (${text}\n) q limit 0`);
  const twice = fields.find((field, index) => fields.findIndex((other) => other.name === field.name) !== index);
  if (twice !== undefined || fields.some((field) => field.name === "?column?")) {
    const name = twice?.name ?? "?column?";
    throw new SluiceError(
      "config",
      `the query of ${shown} gives ${twice === undefined ? "a column without a name" : `the column "${name}" twice`}`,
      {
        offending: name,
        hint: "give each column a name of its own: select a.id as a_id, …",
      },
    );
  }
  const types = await typesOf(connection, fields);
  const columns = fields.flatMap((field, index) => {
    const type = types[index];
    return type === undefined ? [] : [{ name: field.name, type, notNull: false }];
  });
  return { name: "query", columns, from: `(${text}\n) q`, table: undefined };
}
