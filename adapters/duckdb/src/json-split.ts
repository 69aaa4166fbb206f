import { type FileHandle, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  acceptHint,
  createJsonReader,
  createLineSplitter,
  type InputFile,
  type JsonReader,
  SluiceError,
  type SplitRequest,
  type SplitResult,
  type TextLine,
} from "@sluice/core";
import type { Client, Session } from "./client.ts";
import { jsonValue, structureOf } from "./json-values.ts";
import { dictionaryOptions } from "./output.ts";
import { partitionsOf } from "./partitions.ts";
import { quotedText } from "./read-raw.ts";
import { removeOutput } from "./remove-output.ts";
import { SoundLines } from "./sound-lines.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { standardCsv } from "./standard-csv.ts";
import { textValue } from "./text-values.ts";
import { duckDbTypeOf } from "./types.ts";

const CHUNK_BYTES = 1024 * 1024;

/**
 * Parts the records of NDJSON in this process, exactly: those that are accepted go, normalised, into files that DuckDB
 * reads, the others into a list. Keys that were not frozen are drift, or left aside with a word.
 */
export async function splitJson(request: SplitRequest, session: Session, client: Client): Promise<SplitResult> {
  const { input, signal } = request;
  const folder = await mkdtemp(join(await client.folder(), "split-"));
  const rejectsPath = join(folder, "rejects.csv");
  const tally = new Tally();
  try {
    const reader = createJsonReader(input.columns.filter(({ partition }) => partition !== true));
    const isPartitioned = partitionsOf(input) !== undefined;
    const files = input.groups.flatMap((group) => group.files);
    const sound = new SoundLines(folder);
    const rejects = await open(rejectsPath, "w");
    try {
      for (const [number, file] of files.entries()) {
        await partFile(file, number, { request, reader, tally, sound, rejects, isPartitioned });
      }
    } finally {
      await sound.close();
      await rejects.close();
    }
    const accepted = await session.run(acceptedSql(request, sound), { signal });
    const rejected = await session.run(rejectedSql(request, files, rejectsPath), { signal });
    return {
      accepted: accepted.rowsChanged,
      rejected: rejected.rowsChanged,
      reasons: tally.reasons(),
      warnings: input.unknownKeys === "warn" ? unknownWarnings(request.name, reader) : [],
    };
  } catch (error) {
    await removeOutput(request.accepted);
    await removeOutput(request.rejected);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Work {
  readonly request: SplitRequest;
  readonly reader: JsonReader;
  readonly tally: Tally;
  readonly sound: SoundLines;
  readonly rejects: FileHandle;
  /** Whether each sound record must be known by its file. */
  readonly isPartitioned: boolean;
}

async function partFile(file: InputFile, number: number, work: Work): Promise<void> {
  const { request, reader, tally, isPartitioned } = work;
  const lines = await linesOf(file);
  const splitter = createLineSplitter();
  let rejects = "";
  const emit = (line: TextLine): void => {
    const at = lines?.[line.record - 1] ?? line.line;
    const before = reader.unknown.size;
    const verdict =
      line.problem === undefined
        ? reader.read(Buffer.from(line.bytes.buffer, line.bytes.byteOffset, line.bytes.length).toString())
        : { column: "", rule: line.problem, value: startOf(line) };
    if ("rule" in verdict) {
      const { column, rule, value } = verdict;
      const words = [column, rule].map((word) => quotedText(Buffer.from(word)));
      rejects += `${number},${line.record},${at},${line.length},${words.join(",")},${quotedText(line.bytes)}\n`;
      tally.add(column, rule, value);
      return;
    }
    if (reader.unknown.size > before && (request.input.unknownKeys ?? "fail") === "fail") {
      throw drift(request.name, file, at, [...reader.unknown.keys()].slice(before));
    }
    work.sound.add(isPartitioned ? `{"file":${number},"record":${verdict.values}}` : verdict.values);
  };
  const handle = await open(file.path);
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      if (request.signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
      if (bytesRead > 0) splitter.push(buffer.subarray(0, bytesRead), emit);
      else splitter.end(emit);
      await work.sound.flush();
      if (rejects !== "") await work.rejects.writeFile(rejects);
      rejects = "";
      if (bytesRead === 0) return;
    }
  } finally {
    await handle.close();
  }
}

/** What tells a person which record it is; of a long one only its start is there. */
function startOf({ bytes }: TextLine): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 400)).toString();
}

/** The lines on which records began, where they were cut out of a document. */
async function linesOf({ lines }: InputFile): Promise<Float64Array | undefined> {
  if (lines === undefined) return undefined;
  const bytes = await readFile(lines);
  const count = Math.floor(bytes.length / 8);
  return Float64Array.from({ length: count }, (_, index) => bytes.readDoubleLE(8 * index));
}

function drift(name: string, file: InputFile, line: number, keys: readonly string[]): SluiceError {
  const shown = keys.map((key) => JSON.stringify(key)).join(", ");
  const says = keys.length === 1 ? "a key that is not frozen" : "keys that are not frozen";
  return new SluiceError(
    "data",
    `${file.origin} is not what was frozen as "${name}": line ${line} holds ${says}: ${shown}`,
    {
      reason: "drift",
      offending: keys[0] ?? "",
      hint: `${acceptHint(name)}, or leave new keys aside with drift: "warn"`,
      drift: { dataset: name, changes: keys.map((column) => ({ kind: "added", column })) },
    },
  );
}

function unknownWarnings(name: string, { unknown }: JsonReader): readonly string[] {
  if (unknown.size === 0) return [];
  const shown = [...unknown].slice(0, 10).map(([path, records]) => `${JSON.stringify(path)} (${records})`);
  const more = unknown.size > 10 ? ` and ${unknown.size - 10} more` : "";
  return [`records of "${name}" hold keys that are not frozen and are not read: ${shown.join(", ")}${more}`];
}

function acceptedSql({ input, columns, accepted }: SplitRequest, sound: SoundLines): string {
  const wanted = columns.map((name) => {
    const found = input.columns.find((column) => column.name === name);
    if (found === undefined) throw new SluiceError("internal", `the input has no column "${name}"`);
    return found;
  });
  const record = quoteName("\u0001record");
  const terms = wanted.map((column) => {
    if (column.partition === true) return `${textValue(column, "safe")} as ${quoteName(column.name)}`;
    const term = `struct_extract(${record}, ${quoteText(column.name)})`;
    return `cast(${jsonValue(column, term, "normalised")} as ${duckDbTypeOf(column.type)}) as ${quoteName(column.name)}`;
  });
  const own = input.columns.filter(({ partition }) => partition !== true);
  const structure = quoteText(structureOf(own, "normalised"));
  const from = sound.sql();
  const values = partitionsOf(input)?.byNumber("json_extract_string(json, '$.file')").join(", ");
  const lines =
    values === undefined
      ? `select json_transform(json, ${structure}) as ${record} from ${from}`
      : `select json_transform(json_extract(json, '$.record'), ${structure}) as ${record}, ${values} from ${from}`;
  const list = terms.length === 0 ? "1::tinyint as sluice_row" : terms.join(", ");
  const options = ["format parquet", "preserve_order true", ...dictionaryOptions(wanted, false)];
  return `copy (select ${list} from (${lines})) to ${quoteText(accepted)} (${options.join(", ")})`;
}

const REJECTS: readonly string[] = ["file", "record", "line", "bytes", "column", "rule", "raw"];

function rejectedSql({ rejected }: SplitRequest, files: readonly InputFile[], path: string): string {
  const origins = `[${["''", ...files.map(({ origin }) => quoteText(origin))].join(", ")}]`;
  const list = `${origins}[file::bigint + 2] as file, record::bigint as record, line::bigint as line, coalesce("column", '') as "column", rule, coalesce(raw, '') as raw, bytes::bigint as bytes`;
  const from = standardCsv(path, REJECTS);
  return `copy (select ${list} from ${from}) to ${quoteText(rejected)} (format parquet, preserve_order true)`;
}

/** Counts rejects by column and rule; places in lists and in the text are no part of either. */
class Tally {
  private readonly found = new Map<string, { column: string; rule: string; rows: number; example: string }>();

  add(path: string, words: string, example: string): void {
    const column = path.replaceAll(/\[[0-9]+\]/g, "[]");
    const rule = words.startsWith("is not JSON") ? "is not JSON" : words;
    const key = JSON.stringify([column, rule]);
    const seen = this.found.get(key);
    if (seen === undefined) this.found.set(key, { column, rule, rows: 1, example: example.slice(0, 80) });
    else seen.rows += 1;
  }

  reasons(): SplitResult["reasons"] {
    const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    return [...this.found.values()]
      .sort((a, b) => b.rows - a.rows || order(a.column, b.column) || order(a.rule, b.rule))
      .slice(0, 100);
  }
}
