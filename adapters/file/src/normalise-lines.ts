import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { type CsvDialect, createRecordSplitter, type TextRecord } from "@sluice/core";
import { writeChunks } from "./prepare-text.ts";

const WRITE_BYTES = 1 << 20;

/** A part of a file. */
export interface ByteRange {
  readonly start: number;
  /** Before which byte it ends. */
  readonly end: number;
}

/**
 * A copy in which every record ends the same way, which engines require. Line ends inside quotes are values and stay;
 * blank lines stay too, so that lines keep their numbers, except those before the first record. Where records are padded, the
 * short ones are as long as the others.
 *
 * @returns the bytes written
 */
export async function normaliseLines(
  from: { readonly path: string; readonly origin: string } & Partial<ByteRange>,
  to: string,
  {
    dialect,
    fields,
    header,
    newline,
    signal,
  }: {
    readonly dialect: Pick<
      CsvDialect,
      "delimiter" | "quote" | "escape" | "newline" | "header" | "comment" | "ragged" | "fixed"
    >;
    /** How many a record has: with one, a blank line is a record too; with `ragged`, shorter ones get the rest. */
    readonly fields: number;
    /** What is written instead of the header. */
    readonly header?: Uint8Array | undefined;
    readonly newline: "lf" | "crlf" | "cr";
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const source = await open(from.path, "r");
  const { start = 0, end: stop = Number.POSITIVE_INFINITY } = from;
  const end = { lf: "\n", crlf: "\r\n", cr: "\r" }[newline];
  async function* rewritten(): AsyncGenerator<Uint8Array> {
    const isBlankRecord = fields === 1 && dialect.fixed === undefined;
    const splitter = createRecordSplitter({ dialect, header: dialect.header, ...(isBlankRecord ? { fields } : {}) });
    const pads = dialect.ragged === "pad";
    let ready: Uint8Array[] = [];
    let size = 0;
    let line = 0;
    let tooLong: { readonly at: number; readonly offset: number; readonly length: number }[] = [];
    const add = (bytes: Uint8Array): void => {
      ready.push(bytes);
      size += bytes.length;
    };
    const keep = (record: TextRecord): void => {
      const blank = line === 0 ? 0 : record.line - line;
      if (blank > 0) add(Buffer.from(end.repeat(blank)));
      if (record.problem === "is too long")
        tooLong.push({ at: ready.length, offset: record.offset, length: record.length });
      else add(record.record === 0 && header !== undefined ? header : Buffer.from(record.bytes()));
      const missing = pads && record.problem === undefined ? fields - record.fields : 0;
      if (missing > 0) add(Buffer.from(dialect.delimiter.repeat(missing)));
      add(Buffer.from(end));
      line = record.line + breaksIn(record, dialect) + 1;
    };
    const flush = async function* (): AsyncGenerator<Uint8Array> {
      let at = 0;
      for (const long of tooLong) {
        if (long.at > at) yield Buffer.concat(ready.slice(at, long.at));
        at = long.at;
        const begin = start + long.offset;
        const until = begin + long.length - 1;
        for await (const piece of createReadStream(from.path, { start: begin, end: until, signal }))
          yield piece as Buffer;
      }
      yield Buffer.concat(ready.slice(at));
      ready = [];
      tooLong = [];
      size = 0;
    };
    const reading = { highWaterMark: 1 << 18, signal, autoClose: false, start, end: stop - 1 };
    for await (const chunk of start < stop ? source.createReadStream(reading) : []) {
      splitter.push(chunk as Buffer, keep);
      if (size >= WRITE_BYTES || tooLong.length > 0) yield* flush();
    }
    splitter.end(keep);
    yield* flush();
  }
  try {
    await writeChunks(to, rewritten(), from.origin);
  } finally {
    await source.close();
  }
  return (await stat(to)).size;
}

/** Line ends inside a record; one with a quote that is wrong was cut at its first. */
function breaksIn(record: TextRecord, dialect: Pick<CsvDialect, "newline">): number {
  if (record.problem === "is too long") return 0;
  const bytes = record.bytes();
  const wanted = dialect.newline === "cr" ? 13 : 10;
  let count = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) count += 1;
  return count;
}
