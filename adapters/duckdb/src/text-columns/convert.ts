import { open, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type ScannableInput, SluiceError } from "@sluice/core";
import type { FileTask } from "./convert-file.ts";
import { convertInThread } from "./pool.ts";
import { rulesOf } from "./rules.ts";

/** Text that was found to be accepted: the used columns of each file in a Parquet file. */
export interface TextColumns extends AsyncDisposable {
  readonly paths: readonly string[];
  /** The columns of which the values are there; of all others, their texts. */
  readonly typed: ReadonlySet<string>;
  readonly rows: number;
}

export interface ConvertRequest {
  readonly input: ScannableInput;
  /** The columns that a query uses. */
  readonly columns: readonly string[];
  /** Those of them that are wanted as they stand there. */
  readonly asText?: ReadonlySet<string> | undefined;
  readonly folder: string;
  readonly signal: AbortSignal;
  /** So much of a text is looked at at a time; a longer record is not accepted. */
  readonly textBytes?: number;
  /** A part of a file for one thread is no smaller. */
  readonly partBytes?: number;
  readonly threads?: number | undefined;
}

/** Below, a text is read before a kernel is made. */
const LEAST_BYTES = 8 * 1024 * 1024;
/** Of many files, each must be worth a file of its own. */
const LEAST_FILE_BYTES = 1024 * 1024;
/** What is converted lies in scratch space until the query is over. */
const MOST_BYTES = 4 * 1024 * 1024 * 1024;

export interface ConvertLimits {
  readonly threads?: number;
  readonly scratchBytes?: number;
  /** From how many bytes on text is taken apart here, 8 MB where absent. */
  readonly convertFromBytes?: number;
}

/** Whether an input is large enough and not too large. */
export function isWorthConverting({ format, groups }: ScannableInput, limits: ConvertLimits): boolean {
  const { scratchBytes = MOST_BYTES, convertFromBytes = LEAST_BYTES } = limits;
  if (format !== "csv") return false;
  const files = groups.flatMap((group) => group.files);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const leastOfFile = Math.min(LEAST_FILE_BYTES, convertFromBytes);
  return (
    bytes >= convertFromBytes && bytes >= files.length * leastOfFile && bytes <= Math.min(MOST_BYTES, scratchBytes)
  );
}

const TEXT_BYTES = 2 * 1024 * 1024;
const LF = 10;
/** So far behind it, the end of a line is looked for. */
const LOOK_BYTES = 65_536;
/** A part of a file for one thread is no smaller. */
const LEAST_PART_BYTES = 16 * 1024 * 1024;

let parts = 0;

/**
 * Takes text apart and looks at every field as the strict read would: once, in one pass over the bytes. What is accepted goes into
 * Parquet files; undefined where a record is not certainly accepted, or the input has something that the kernel does not know, which
 * says nothing of the text: the strict read decides then.
 */
export async function convertText(request: ConvertRequest): Promise<TextColumns | undefined> {
  const { input, columns, signal, threads = availableParallelism() } = request;
  // A query that only counts uses no column, and a file needs one.
  const wanted = columns.length > 0 ? columns : (input.groups[0]?.order.slice(0, 1) ?? []);
  const rules = rulesOf(input, wanted, request.asText);
  if (rules === undefined) return undefined;
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const onAbort = (): void => void Atomics.store(stop, 0, 1);
  const tasks: FileTask[] = [];
  const remove = async (): Promise<void> => {
    for (const { parquet } of tasks) await rm(parquet, { force: true });
  };
  try {
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    const { folder, textBytes = TEXT_BYTES } = request;
    for (const { path } of input.groups.flatMap((group) => group.files)) {
      for (const part of await partsOf(path, request)) {
        parts += 1;
        tasks.push({ text: path, ...part, parquet: join(folder, `text-${parts}.parquet`), rules, textBytes, stop });
      }
    }
    const found = await Promise.all(
      tasks.map(async (task) => {
        const rows = await convertInThread(task, threads);
        // Nothing that the others find is of use then.
        if (rows === undefined) onAbort();
        return rows;
      }),
    );
    if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
    const rows = found.reduce<number | undefined>(
      (sum, one) => (sum === undefined || one === undefined ? undefined : sum + one),
      0,
    );
    if (rows === undefined) {
      await remove();
      return undefined;
    }
    const typed = new Set(rules.used.flatMap(({ name, width }) => (width === undefined ? [] : [name])));
    return { paths: tasks.map(({ parquet }) => parquet), typed, rows, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    // A file that cannot be read here is told of by the read that follows.
    if ((error as { code?: unknown }).code === "cancelled" || !isOfSystem(error)) throw error;
    return undefined;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function isOfSystem(error: unknown): boolean {
  return typeof (error as { syscall?: unknown }).syscall === "string";
}

type Part = Pick<FileTask, "from" | "to" | "isLast">;

/**
 * Parts of a file for several threads, each from behind a line end on. Where that stands in quotes, the part before does not end with
 * a record, and is not accepted.
 */
async function partsOf(path: string, request: ConvertRequest): Promise<readonly Part[]> {
  const { threads = availableParallelism(), partBytes = LEAST_PART_BYTES, textBytes = TEXT_BYTES } = request;
  await using file = await open(path);
  const { size } = await file.stat();
  const count = Math.max(1, Math.min(threads, Math.floor(size / partBytes)));
  const edges = [0];
  const buffer = Buffer.alloc(Math.min(textBytes, LOOK_BYTES));
  for (let part = 1; part < count; part += 1) {
    const at = Math.floor((size * part) / count);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    const end = buffer.subarray(0, bytesRead).indexOf(LF);
    const edge = at + end + 1;
    if (end >= 0 && edge < size && edge > (edges.at(-1) ?? 0)) edges.push(edge);
  }
  return edges.map((from, index) => ({ from, to: edges[index + 1] ?? size, isLast: index === edges.length - 1 }));
}
