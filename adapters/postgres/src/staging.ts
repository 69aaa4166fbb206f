import { createReadStream } from "node:fs";
import { addAbortSignal } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  type CommitResult,
  type FrozenColumn,
  type OpenContext,
  type Position,
  parseType,
  ROWS_DIALECT,
  type ScannableInput,
  SluiceError,
  type StageRequest,
  type Staging,
  type WrittenFile,
} from "@sluice/core";
import { findTable } from "./catalog.ts";
import { leftOut, mayLeaveOut } from "./change-all.ts";
import { throwIfCancelled } from "./client.ts";
import { toSluiceError } from "./errors.ts";
import type { FollowedLoad, Sent } from "./followed-load.ts";
import { beginLoading, type Loading, type LoadTarget } from "./loading.ts";
import { quotedTable, shownTable } from "./names.ts";
import { sendPieces } from "./piece-follower.ts";
import { copyQuery } from "./read-files.ts";
import { sentKeys } from "./sent-keys.ts";
import { readingOf } from "./types.ts";

/** The table as it will be, inside a transaction that is still open. */
interface Prepared {
  readonly loading: Loading;
  readonly result: CommitResult;
}

/**
 * One load in one transaction. Where the file was followed while it was written, most of its rows are in the transaction
 * before the file is added; else nothing touches the database before `scan` or `commit`.
 */
export function createStaging(
  target: LoadTarget,
  request: StageRequest,
  context: OpenContext,
  followed: FollowedLoad | undefined,
): Staging {
  const files: WrittenFile[] = [];
  const shown = shownTable(target.table);
  let prepared: Promise<Prepared> | undefined;
  let loading: Loading | undefined;
  let ended = false;

  const prepare = (): Promise<Prepared> => {
    prepared ??= (async () => {
      const rows = files.reduce((total, file) => total + file.rows, 0);
      const finished = await followed?.finish(files);
      loading = finished ?? (await beginLoading(target, request, context));
      if (loading.repeated !== undefined) return { loading, result: loading.repeated };
      const sent = (finished && followed?.sent()) ?? (await sendFiles(loading, files, request));
      const taken = sent.rows;
      if (taken < rows && (await mayLeaveOut(loading.connection, loading.plan))) {
        throw leftOut(loading.plan, "inserted", { taken, expected: rows });
      }
      if (taken !== rows) {
        throw new SluiceError("internal", `PostgreSQL took ${taken} of ${rows} rows for "${shown}"`);
      }
      return { loading, result: { repeated: false, ...(await loading.meetTarget(sent)) } };
    })();
    return prepared;
  };
  const giveUp = async (): Promise<void> => {
    ended = true;
    await followed?.stop();
    const open = loading;
    loading = undefined;
    await open?.[Symbol.asyncDispose]();
  };
  const guarded = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    if (ended) throw new SluiceError("internal", `${doing} after the load into "${shown}" had ended`);
    try {
      throwIfCancelled(request.signal);
      return await work();
    } catch (error) {
      await giveUp();
      throwIfCancelled(request.signal);
      throw toSluiceError(error, `${doing} ${target.shown}`);
    }
  };

  return {
    add: (more) =>
      guarded("adding to", async () => {
        files.push(...more);
        const odd = more.find(({ format }) => !["csv", "parquet"].includes(format) || format !== files[0]?.format);
        if (odd !== undefined)
          throw new SluiceError("internal", `PostgreSQL loads CSV or Parquet, not ${odd.format}: ${odd.path}`);
      }),
    scan: (columns) =>
      guarded("scanning", async () => {
        const { loading: open } = await prepare();
        return await scanTarget(open, columns, request, { scratch: context.scratch, shown });
      }),
    commit: (position?: Position) =>
      guarded("loading", async () => {
        const { loading: open, result } = await prepare();
        throwIfCancelled(request.signal);
        if (!result.repeated) await open.commit(result, position);
        await giveUp();
        return result;
      }),
    [Symbol.asyncDispose]: giveUp,
  };
}

async function sendFiles(loading: Loading, files: readonly WrittenFile[], request: StageRequest): Promise<Sent> {
  const { signal, schema } = request;
  const copy = await loading.openCopy(files[0]?.format ?? "csv");
  try {
    if (files[0]?.format === "parquet") {
      const keys = sentKeys(request);
      await sendPieces(
        files.map(({ path }) => path),
        { columns: schema.columns, keys },
        addAbortSignal(signal, copy),
      );
      return { rows: copy.rowCount, keys };
    }
    for (const file of files) {
      await pipeline(createReadStream(file.path, { highWaterMark: CHUNK_BYTES }), copy, {
        signal,
        end: file === files.at(-1),
      });
    }
    if (files.length === 0) await pipeline([], copy, { signal });
    return { rows: copy.rowCount, keys: undefined };
  } catch (error) {
    // Of a stream that broke before, the error says only that it did.
    throw copy.errored ?? error;
  }
}

const CHUNK_BYTES = 1_048_576;

/** What the transaction sees of the target, as a file that the engine reads. */
async function scanTarget(
  { connection, plan }: Loading,
  wanted: readonly string[],
  request: StageRequest,
  { scratch, shown }: { readonly scratch: string; readonly shown: string },
): Promise<ScannableInput> {
  const table = await findTable(connection, plan.name);
  const columns = wanted.map((name) => {
    const column = request.schema.columns.find((one) => one.name === name);
    const type = table?.columns.find((one) => one.name === name)?.type;
    if (column === undefined || type === undefined) {
      throw new SluiceError("config", `the target of the load has no column "${name}"`, { offending: name });
    }
    const { sql, format, words, type: read } = readingOf(type);
    // Rows that were there before may hold nulls. What text does not hold stays what PostgreSQL prints.
    const isText = ["interval", "list", "struct", "map"].includes(parseType(column.type).kind);
    const frozen: FrozenColumn = {
      name,
      type: isText ? read : column.type,
      nullable: true,
      ...(format === undefined ? {} : { format }),
      ...(words === undefined ? {} : { words }),
    };
    return { frozen, sql: sql(name) };
  });
  // A record of one null would be an empty line.
  const list = [...columns.map(({ sql }) => sql), "''"].join(", ");
  const query = `select ${list} from ${quotedTable(plan.name)}`;
  const { file } = await copyQuery(connection, query, { scratch, shown, signal: request.signal });
  return {
    format: "csv",
    dialect: ROWS_DIALECT,
    groups: [{ order: [...wanted, "sluice:filler"], files: [file] }],
    columns: columns.map(({ frozen }) => frozen),
    validate: "used",
    identity: null,
  };
}
