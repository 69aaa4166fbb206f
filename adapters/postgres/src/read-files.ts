import { open } from "node:fs/promises";
import { join } from "node:path";
import { addAbortSignal } from "node:stream";
import { crc32 } from "node:zlib";
import { type InputFile, type ReadItem, ROWS_DIALECT } from "@sluice/core";
import { copyPlain } from "./binary/copy-plain.ts";
import type { Connection } from "./client.ts";
import type { ReadPlan } from "./plan-read.ts";

export interface FilesRequest {
  readonly connection: Connection;
  /** One more session, in a transaction of the same kind that has not looked at anything yet. */
  readonly another: () => Promise<Connection>;
  readonly plan: ReadPlan;
  readonly scratch: string;
  readonly shown: string;
  readonly signal: AbortSignal;
}

export interface Copied {
  readonly file: InputFile;
  readonly rows: number;
  readonly check: number;
}

let files = 0;

/** Copies each query of the plan into a file of its own, at the same time and from one snapshot. */
export async function readFiles(request: FilesRequest): Promise<ReadItem> {
  const { plan } = request;
  const copied = plan.queries.length === 1 ? [await copyFirst(request)] : await copyTogether(request);
  const rows = copied.reduce((total, one) => total + one.rows, 0);
  const bytes = copied.reduce((total, one) => total + one.file.bytes, 0);
  const fields = plan.order.map((name) => {
    const column = plan.columns.find((one) => one.name === name);
    return { name, type: column?.type ?? "string", nullable: column?.nullable ?? true };
  });
  const files = copied.map((one) => one.file);
  const shape = { files, schema: { columns: fields }, rows, bytes };
  return {
    batch: plan.isPlain
      ? { format: "parquet", ...shape }
      : { format: "csv", dialect: ROWS_DIALECT, printed: plan.printed, ...shape },
    // What was read is its own identity: PostgreSQL says of no table when it changed last.
    position: { table: plan.table, rows, bytes, crc32: copied.map((one) => one.check) },
  };
}

async function copyFirst(request: FilesRequest): Promise<Copied> {
  return await copy(request.connection, request.plan.queries[0] ?? "", request);
}

async function copyTogether(request: FilesRequest): Promise<readonly Copied[]> {
  const { connection, plan, another } = request;
  const [[snapshot] = []] = await connection.query("select pg_export_snapshot()");
  const others: Connection[] = [];
  try {
    for (const _ of plan.queries.slice(1)) {
      const other = await another();
      others.push(other);
      await other.run(`set transaction snapshot '${snapshot}'`);
    }
    return await Promise.all(
      plan.queries.map((query, index) => copy([connection, ...others][index] ?? connection, query, request)),
    );
  } finally {
    await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
  }
}

async function copy(connection: Connection, query: string, request: FilesRequest): Promise<Copied> {
  if (!request.plan.isPlain) return await copyQuery(connection, query, request);
  const { plan, scratch, shown, signal } = request;
  const path = nextFile(scratch, "parquet");
  const { bytes, rows, check } = await copyPlain(connection, query, plan.columns, { path, signal });
  return { file: { path, origin: shown, bytes, rows }, rows, check };
}

function nextFile(scratch: string, ending: string): string {
  files += 1;
  return join(scratch, `rows-${files}.${ending}`);
}

/** Copies a query into a file of its own, as text. */
export async function copyQuery(
  connection: Connection,
  query: string,
  { scratch, shown, signal }: Pick<FilesRequest, "scratch" | "shown" | "signal">,
): Promise<Copied> {
  const path = nextFile(scratch, "csv");
  let bytes = 0;
  let check = 0;
  await using file = await open(path, "wx");
  const rows = addAbortSignal(signal, connection.copyOut(`copy (${query}) to stdout (format csv)`));
  for await (const block of rows as AsyncIterable<Buffer>) {
    bytes += block.byteLength;
    check = crc32(block, check);
    await file.writeFile(block);
  }
  return { file: { path, origin: shown, bytes }, rows: rows.rowCount, check };
}
