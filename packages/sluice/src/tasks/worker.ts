/**
 * The thread that a function of the author's runs in. It is alone in its process with the host thread, which watches it:
 * whatever happens here, the process is ended and nothing else with it.
 */
import { realpathSync, statSync } from "node:fs";
import { isAbsolute, resolve, sep } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { type BoundValue, SluiceError, type WorkFormat, type WorkOutput } from "@sluice/core";
import { type FromHost, type HostResult, shown, type TaskOrder, type ThrownRecord, thrownRecord } from "./protocol.ts";
import { type RowObject, readBatches } from "./read-rows.ts";
import { createRowEncoder } from "./row-encoder.ts";
import { createRowWriter, type RowWriter } from "./row-writer.ts";

/** What the host gives its thread. */
export interface WorkerData {
  readonly order: TaskOrder;
  /** Counts up while the thread is alive; the second is 1 + the code of `process.exit`. */
  readonly signs: SharedArrayBuffer;
}

const TICK_MS = 200;
const port = parentPort;
const { order, signs } = workerData as WorkerData;
const counters = new Int32Array(signs);
const alive = (): void => void Atomics.add(counters, 0, 1);

if (port !== null) void main(port);

async function main(host: NonNullable<typeof port>): Promise<void> {
  setInterval(alive, TICK_MS).unref();
  const exit = process.exit.bind(process);
  process.exit = (code?: number | string | null): never => {
    Atomics.store(counters, 1, 1 + (Number(code ?? process.exitCode ?? 0) & 0xff));
    return exit(code);
  };
  // What `process.exit` comes down to, which some call themselves.
  const native = process as unknown as { reallyExit(code?: unknown): never };
  const really = native.reallyExit.bind(process);
  native.reallyExit = (code) => {
    Atomics.store(counters, 1, 1 + (Number(code ?? 0) & 0xff));
    return really(code);
  };
  try {
    const result = await runTask(order, host);
    host.postMessage({ kind: "done", result } satisfies FromHost);
  } catch (thrown) {
    const error = thrownRecord(thrown);
    const reason = error.isOurs && (error.reason === "row" || error.reason === "bigint") ? "row" : "threw";
    host.postMessage({ kind: "failed", reason, error } satisfies FromHost);
  }
  host.unref();
}

async function runTask(task: TaskOrder, host: NonNullable<typeof port>): Promise<HostResult> {
  process.setSourceMapsEnabled(true);
  const module = (await import(task.bundle)) as Readonly<Record<string, unknown>>;
  const run = module[task.export];
  if (typeof run !== "function") {
    throw new SluiceError("config", `"${task.export}" is ${shown(run)}, not a function`, { offending: task.export });
  }
  const aborting = new AbortController();
  const files = createFiles(host, () => aborting.abort(new Error("the step was told to stop")));
  // Listening for answers alone must not keep a thread alive that has nothing left to do.
  host.unref();
  const returned: unknown = await run(
    Object.freeze({
      inputs: Object.freeze(
        Object.fromEntries(
          task.inputs.map(({ name, columns }) => [
            name,
            Object.freeze({
              file: (format: WorkFormat) => files.ask(name, checkedFormat(format), true),
              [Symbol.asyncIterator]: () =>
                iterate(async () => {
                  const path = await files.ask(name, "csv", false);
                  return readBatches(path, columns, { bigint: task.bigint, input: name });
                }),
            }),
          ]),
        ),
      ),
      parameters: Object.freeze(
        Object.fromEntries(task.parameters.map(([name, value]) => [name, parameterOf(name, value, task.bigint)])),
      ),
      signal: aborting.signal,
      scratch: task.scratch,
      log: (message: unknown, level: unknown = "info") => {
        const known = level === "debug" || level === "warn" ? level : "info";
        host.postMessage({ kind: "log", level: known, message: String(message) } satisfies FromHost);
      },
      run: Object.freeze(task.run),
    }),
  );
  return await resultOf(returned, task);
}

/** The rows of batches, one by one. By hand, since an async generator costs three times as much for each (2026-11). */
function iterate(open: () => Promise<Generator<readonly RowObject[], void, void>>): AsyncIterator<RowObject> {
  let batches: Generator<readonly RowObject[], void, void> | undefined;
  let batch: readonly RowObject[] = [];
  let at = 0;
  let last: Promise<unknown> = Promise.resolve();
  const more = async (): Promise<IteratorResult<RowObject>> => {
    if (batches === undefined) batches = await open();
    // Iterating takes no turn of the loop by itself: timers and the signal want one.
    else await turn();
    alive();
    while (at >= batch.length) {
      const next = batches.next();
      if (next.done === true) return { done: true, value: undefined };
      batch = next.value;
      at = 0;
    }
    return { done: false, value: batch[at++] ?? {} };
  };
  return {
    next() {
      const row = at < batch.length ? batch[at++] : undefined;
      if (row !== undefined) return Promise.resolve({ done: false, value: row });
      // Asked for several rows at once, it gives them one after the other.
      const next = last.then(more);
      last = next.catch(() => undefined);
      return next;
    },
    async return() {
      batches?.return();
      batch = [];
      at = 0;
      return { done: true, value: undefined };
    },
  };
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

function checkedFormat(format: unknown): WorkFormat {
  if (format === "csv" || format === "ndjson" || format === "parquet") return format;
  throw new SluiceError("config", `${shown(format)} is no format of a file`, { hint: "csv, ndjson or parquet" });
}

async function resultOf(returned: unknown, task: TaskOrder): Promise<HostResult> {
  const { output, run } = task;
  if (output === undefined) {
    if (isIterable(returned)) {
      throw new SluiceError("config", `the function of "${run.step}" gives rows, and the step declares no output`, {
        hint: 'declare the columns: output: { id: "int64" }; or give nothing',
      });
    }
    return { kind: "none", ...(returned === undefined ? {} : { returned: shown(returned) }) };
  }
  if (output.isValue === true) return writeValue(run.step, returned, output);
  if (isFile(returned)) return await fileResult(returned, task);
  if (!isIterable(returned)) {
    throw new SluiceError("data", `the function of "${run.step}" gave ${shown(returned)}, not rows`, {
      hint: "yield rows, return an array of them, or return { file: path }",
    });
  }
  return await writeRows(run.step, returned, output);
}

/** A value is a row of one column, by the rules for rows. */
function writeValue(step: string, value: unknown, output: WorkOutput): HostResult {
  const given = { value: value === undefined ? null : value };
  const problem = createRowEncoder(output.columns)(given);
  if (typeof problem !== "string") {
    throw new SluiceError(
      "data",
      `the value of "${step}": ${shown(value)} ${problem.value === null ? "is no value, and null is not allowed" : problem.rule}`,
      {
        reason: "row",
        offending: step,
        hint: "return a value of the type that the step declares; a ? behind it allows null",
      },
    );
  }
  const writer = createRowWriter(step, output);
  try {
    writer.write(given);
    return { kind: "rows", ...writer.finish() };
  } finally {
    writer.close();
  }
}

type AnyRows = AsyncIterable<unknown> | Iterable<unknown>;

function isIterable(value: unknown): value is AnyRows {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

function isFile(value: unknown): value is { readonly file: string; readonly format?: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "file" in value &&
    typeof value.file === "string" &&
    !isIterable(value)
  );
}

async function writeRows(step: string, rows: AnyRows, output: WorkOutput): Promise<HostResult> {
  const writer = createRowWriter(step, output);
  try {
    if (Symbol.asyncIterator in rows) for await (const row of rows) await written(writer, row);
    else for (const row of rows) if (writer.write(row)) await paused();
    return { kind: "rows", ...writer.finish() };
  } finally {
    writer.close();
  }
}

/** Not async, so that a row costs no promise of its own. */
function written(writer: RowWriter, row: unknown): Promise<void> | undefined {
  return writer.write(row) ? paused() : undefined;
}

function paused(): Promise<void> {
  alive();
  return turn();
}

async function fileResult(
  value: { readonly file: string; readonly format?: unknown },
  task: TaskOrder,
): Promise<HostResult> {
  const { step } = task.run;
  const path = isAbsolute(value.file) ? value.file : resolve(task.scratch, value.file);
  const size = statSync(path, { throwIfNoEntry: false });
  if (size?.isFile() !== true) {
    throw new SluiceError("missing", `"${step}" gave the file ${value.file}, which is not there`, {
      offending: value.file,
    });
  }
  if (!realpathSync(path).startsWith(realpathSync(task.scratch) + sep)) {
    throw new SluiceError("data", `"${step}" gave the file ${value.file}, which lies outside of its scratch folder`, {
      offending: value.file,
      hint: "write it into the folder that the function is given as scratch",
    });
  }
  const format = value.format ?? /\.(csv|ndjson|jsonl|parquet)$/i.exec(path)?.[1]?.toLowerCase();
  const known = format === "jsonl" ? "ndjson" : format;
  if (known === "csv" || known === "ndjson" || known === "parquet") {
    return { kind: "file", path: realpathSync(path), format: known };
  }
  throw new SluiceError("data", `what the file ${value.file} of "${step}" holds cannot be told from its name`, {
    offending: value.file,
    hint: 'say it: { file, format: "csv" }, or "ndjson" or "parquet"',
  });
}

function parameterOf(name: string, { type, value }: BoundValue, bigint: boolean): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (type.startsWith("float")) return Number(value);
  if (!/^u?int\d+$/.test(type)) return value;
  if (bigint) return BigInt(value);
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new SluiceError("data", `the parameter "${name}" is ${value}, beyond what a number holds exactly (2^53)`, {
    hint: "ask for bigint: true",
    reason: "bigint",
  });
}

/** Asks the process of the run for files of inputs. */
function createFiles(host: NonNullable<typeof port>, onAbort: () => void) {
  const waiting = new Map<number, { resolve(path: string): void; reject(error: Error): void }>();
  let count = 0;
  host.on("message", (message: { kind: string; id: number; path?: string; error?: ThrownRecord }) => {
    if (message.kind === "abort") return onAbort();
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (waiting.size === 0) host.unref();
    if (message.path !== undefined) asked?.resolve(message.path);
    else asked?.reject(errorOf(message.error));
  });
  return {
    ask(input: string, format: WorkFormat, header: boolean): Promise<string> {
      const id = ++count;
      return new Promise<string>((resolveFile, reject) => {
        waiting.set(id, { resolve: resolveFile, reject });
        host.ref();
        host.postMessage({ kind: "file", id, input, format, header } satisfies FromHost);
      });
    },
  };
}

function errorOf(record: ThrownRecord | undefined): Error {
  const message = record?.message ?? "the file of the input could not be made";
  return record?.isOurs === true && record.code !== undefined
    ? new SluiceError(record.code as SluiceError["code"], message, {
        ...(record.hint === undefined ? {} : { hint: record.hint }),
      })
    : new Error(message);
}
