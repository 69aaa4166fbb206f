import { open } from "node:fs/promises";
import {
  type Cell,
  type FrozenColumn,
  type OpenContext,
  parseType,
  ROWS_DIALECT,
  type ScannableInput,
  SluiceError,
  type StageRequest,
  storedSchema,
  type WrittenFile,
} from "@sluice/core";
import { requireTable } from "./catalog.ts";
import type { Connection } from "./client.ts";
import { encodeRows, writeChunks } from "./encode.ts";

/** The staged rows, in their order. */
export async function* rowsOf(
  files: readonly WrittenFile[],
  request: StageRequest,
  context: OpenContext,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  if (files.length === 0) return;
  const { local } = context;
  const names = request.schema.columns.map((column) => column.name);
  const relation = { kind: "scan", source: { stage: "output" } } as const;
  const query = local.compile(relation, { schemaOf: () => request.schema, parameters: new Map() });
  const now = new Date(context.now()).toISOString();
  yield* local.rows(query, {
    inputs: new Map([["output", { input: scanStaged(request, files), columns: names }]]),
    parameters: new Map(),
    constants: { now, today: now.slice(0, 10) },
    signal: request.signal,
  });
}

/** The staged files as they are. */
export function scanStaged(request: StageRequest, files: readonly WrittenFile[]): ScannableInput {
  const order = request.schema.columns.map((column) => column.name);
  return {
    format: "parquet",
    groups: [{ order, files: files.map(({ path, bytes }) => ({ path, origin: path, bytes })) }],
    columns: request.schema.columns,
    validate: "used",
    identity: null,
  };
}

/** A table inside an open transaction, as a file for the engine. */
export async function exportTable(
  connection: Connection,
  table: string,
  columns: readonly FrozenColumn[],
  path: string,
  signal: AbortSignal,
): Promise<ScannableInput> {
  const file = await open(path, "wx");
  const chunks = encodeRows(connection, requireTable(connection, table, connection.path), columns);
  const { bytes } = await writeChunks(file, chunks, Number.POSITIVE_INFINITY, signal).finally(() => file.close());
  return {
    format: "csv",
    dialect: ROWS_DIALECT,
    groups: [{ order: columns.map((column) => column.name), files: [{ path, origin: table, bytes }] }],
    columns,
    validate: "used",
    identity: null,
  };
}

/** How a column of the table is read back: as it was bound. Rows that were there before may hold nulls. */
export function requireColumn(request: StageRequest, name: string): FrozenColumn {
  const column = storedSchema(request.schema, request).columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    throw new SluiceError("config", `the load has no column "${name}"`, { offending: name });
  }
  const base = { name, type: column.type, nullable: true };
  switch (parseType(column.type).kind) {
    case "bool":
      return { ...base, words: [["1"], ["0"]] };
    case "date":
      return { ...base, format: "%Y-%m-%d" };
    case "time":
      return { ...base, format: "%H:%M:%S.%f" };
    case "timestamp":
      return { ...base, format: "%Y-%m-%d %H:%M:%S.%f" };
    case "timestamptz":
      return { ...base, format: "%Y-%m-%d %H:%M:%S.%f%z" };
    case "bytes":
    case "interval":
    case "list":
    case "struct":
    case "map":
      return { ...base, type: "string" };
    default:
      return base;
  }
}
