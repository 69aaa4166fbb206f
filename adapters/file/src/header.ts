import { open } from "node:fs/promises";
import { type CsvDialect, createRecordSplitter, parseRecord, type RecordProblem, type TextRecord } from "@sluice/core";
import { dataError, withName } from "./errors.ts";
import { looseFields } from "./loose-header.ts";
import type { ByteRange } from "./normalise-lines.ts";
import type { PreparedText } from "./prepare-text.ts";
import { readSmall } from "./read-small.ts";

/** The first record of a text file, as it stands there. */
export interface FirstRecord {
  readonly fields: readonly string[];
  readonly text: string;
  /** How its line ends; undefined where nothing follows it. */
  readonly newline: "lf" | "crlf" | "cr" | undefined;
  /** From 1; more where lines that are no records come before it. */
  readonly line: number;
  /** Of its first byte. */
  readonly offset: number;
  /** Of the first byte behind its line end. */
  readonly end: number;
  readonly problem: RecordProblem | undefined;
  /** Whether line feeds stand outside quotes in what was read behind it, where returns end lines. */
  readonly isFollowedByFeeds?: boolean;
}

/** How a first record is found; `fields` where it is no header, since of one field a blank line is a record too. */
type FirstDialect = CsvDialect & { readonly fields?: number | undefined };

/**
 * Reads the first record, however lines end.
 *
 * @returns undefined where the file holds nothing but blank lines
 */
export async function readFirstRecord(
  text: PreparedText,
  dialect: FirstDialect,
  range?: ByteRange,
): Promise<FirstRecord | undefined> {
  const content = range === undefined ? readSmall(text) : undefined;
  if (content !== undefined) return firstRecordIn(content, dialect);
  const isReturn = dialect.newline === "cr";
  const first = await readAs(text, dialect, isReturn, range);
  return loosened(isStray(first) ? reread(first, await readAs(text, dialect, !isReturn, range)) : first, dialect);
}

/** The first record of a text at hand. */
export function firstRecordIn(content: Uint8Array, dialect: FirstDialect): FirstRecord | undefined {
  const isReturn = dialect.newline === "cr";
  const findAs = (endsAtReturn: boolean): FirstRecord | undefined => {
    const finder = createFinder(dialect, endsAtReturn);
    return finder.push(content) ?? finder.end();
  };
  const first = findAs(isReturn);
  return loosened(isStray(first) ? reread(first, findAs(!isReturn)) : first, dialect);
}

/** Lines that end another way than was frozen look like one long line. */
function isStray(first: FirstRecord | undefined): boolean {
  return (
    first?.problem === "has a carriage return outside quotes" || first?.problem === "has a line feed outside quotes"
  );
}

/** The first record by the other line ends; as it was where lines end at feeds after all, and one of them holds a return. */
function reread(first: FirstRecord | undefined, again: FirstRecord | undefined): FirstRecord | undefined {
  return again?.isFollowedByFeeds === true ? first : again;
}

function loosened(found: FirstRecord | undefined, dialect: CsvDialect): FirstRecord | undefined {
  if (dialect.looseHeader !== true || found === undefined) return found;
  return { ...found, fields: looseFields(found, dialect), problem: undefined };
}

/** @throws SluiceError `data` with reason `empty` or `header` */
export function assertHeader(origin: string, first: FirstRecord | undefined): asserts first is FirstRecord {
  if (first === undefined) throw dataError(origin, "is empty: expected a header", "empty");
  if (first.problem === undefined) return;
  throw dataError(origin, `has a header that cannot be read: line ${first.line} ${first.problem}`, "header");
}

/** Takes the pieces of a text until its first record is whole. */
function createFinder(
  dialect: FirstDialect,
  endsAtReturn: boolean,
): { push(piece: Uint8Array): FirstRecord | undefined; end(): FirstRecord | undefined } {
  let found: FirstRecord | undefined;
  let isCut = false;
  let hasFeeds = false;
  const keep = (record: TextRecord): void => {
    if (found !== undefined) {
      // What is behind the end of the piece may close a quote.
      isCut ||= record.problem === "has an unterminated quote";
      hasFeeds ||= !isCut && record.problem === "has a line feed outside quotes";
      return;
    }
    const single = endsAtReturn ? "cr" : "lf";
    const bytes = record.bytes();
    found = {
      fields: parseRecord(bytes, dialect),
      text: Buffer.from(bytes).toString(),
      newline: record.lineEndLength === 0 ? undefined : record.lineEndLength === 2 ? "crlf" : single,
      line: record.line,
      offset: record.offset,
      end: record.offset + record.length + record.lineEndLength,
      problem: record.problem,
    };
  };
  const splitter = createRecordSplitter({
    dialect: { ...dialect, newline: endsAtReturn ? "cr" : "lf" },
    header: dialect.fields === undefined,
    ...(dialect.fields === 1 && dialect.fixed === undefined ? { fields: 1 } : {}),
  });
  return {
    push(piece) {
      splitter.push(piece, keep);
      if (found === undefined || !endsAtReturn) return found;
      splitter.end(keep);
      return { ...found, isFollowedByFeeds: hasFeeds };
    },
    end() {
      splitter.end(keep);
      return found;
    },
  };
}

async function readAs(
  text: PreparedText,
  dialect: FirstDialect,
  endsAtReturn: boolean,
  { start, end }: ByteRange = { start: 0, end: Number.POSITIVE_INFINITY },
): Promise<FirstRecord | undefined> {
  const finder = createFinder(dialect, endsAtReturn);
  const { content } = text;
  if (content !== undefined) return finder.push(content.subarray(start, end)) ?? finder.end();
  return await withName(text.origin, async () => {
    const handle = await open(text.path, "r");
    try {
      for (let at = start; ; ) {
        const size = Math.min(1 << 16, end - at);
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(1 << 16), 0, size, at);
        if (bytesRead === 0) return finder.end();
        at += bytesRead;
        const found = finder.push(buffer.subarray(0, bytesRead));
        if (found !== undefined) return found;
      }
    } finally {
      await handle.close();
    }
  });
}
