import { appendFile } from "node:fs/promises";
import { type CsvDialect, createRecordSplitter, expectedRecord, type FrozenColumn, type InputFile } from "@sluice/core";
import { withName } from "./errors.ts";

/** So many files at least are put together. */
export const LEAST_BUNDLED = 32;
/** Engines read several files at a time. */
const BUNDLE_BYTES = 64 << 20;
const WRITE_BYTES = 4 << 20;

/** A small file of which the header is known. */
export interface SmallText {
  readonly origin: string;
  /** Without a byte order mark. */
  readonly content: Buffer;
  /** The line of `origin` with which the content begins. */
  readonly firstLine: number;
  /** Where its header ends; 0 where it has none. */
  readonly headerEnd: number;
  /** Files of one layout hold their columns in one order. */
  readonly layout: string;
  readonly fields: number;
  /** Only files that share it stand in one bundle. */
  readonly key: string;
}

interface Bundle {
  readonly path: string;
  readonly key: string;
  bytes: number;
}

/**
 * Small files of one layout, one behind the other in few files in scratch space: an engine needs a millisecond to open one, and
 * a statement that names 100,000 of them is megabytes long.
 */
export class TextBundles {
  private readonly dialect: CsvDialect;
  private readonly columns: readonly FrozenColumn[];
  private readonly nextPath: () => string;
  private readonly open = new Map<string, Bundle>();
  private readonly waiting = new Map<string, Buffer[]>();
  private waitingBytes = 0;

  constructor(dialect: CsvDialect, columns: readonly FrozenColumn[], nextPath: () => string) {
    this.dialect = dialect;
    this.columns = columns;
    this.nextPath = nextPath;
  }

  /** Its place; undefined where it must be read alone. `flush` writes what was added. */
  add({ origin, content, firstLine, headerEnd, layout, fields, key }: SmallText): InputFile | undefined {
    const records = content.subarray(headerEnd);
    // At the start of a text it would be a mark, and is letters of a value here.
    if (records.subarray(0, 3).equals(MARK)) return undefined;
    const bundle = this.bundleOf(layout, key, content.subarray(0, headerEnd));
    const file: InputFile = {
      path: bundle.path,
      origin,
      bytes: records.length,
      start: bundle.bytes,
      firstLine: firstLine + this.linesIn(content.subarray(0, headerEnd)),
      ...(this.isSound(records, fields) ? {} : { unsound: true as const }),
    };
    this.write(bundle, records);
    const end = Buffer.from(LINE_ENDS[this.dialect.newline]);
    if (records.length > 0 && !records.subarray(-end.length).equals(end)) this.write(bundle, end);
    return file;
  }

  /** What comes next of this layout stands behind a file that is none of a bundle. */
  interrupt(layout: string): void {
    this.open.delete(layout);
  }

  get isFull(): boolean {
    return this.waitingBytes >= WRITE_BYTES;
  }

  async flush(): Promise<void> {
    for (const [path, pieces] of this.waiting) {
      await withName("the scratch space", () => appendFile(path, Buffer.concat(pieces)));
    }
    this.waiting.clear();
    this.waitingBytes = 0;
  }

  private bundleOf(layout: string, key: string, header: Buffer): Bundle {
    const last = this.open.get(layout);
    if (last !== undefined && last.key === key && last.bytes < BUNDLE_BYTES) return last;
    const bundle: Bundle = { path: `${this.nextPath()}.csv`, key, bytes: 0 };
    this.open.set(layout, bundle);
    this.write(bundle, header);
    const end = Buffer.from(LINE_ENDS[this.dialect.newline]);
    if (header.length > 0 && !header.subarray(-end.length).equals(end)) this.write(bundle, end);
    return bundle;
  }

  private write(bundle: Bundle, bytes: Buffer): void {
    const pieces = this.waiting.get(bundle.path);
    if (pieces === undefined) this.waiting.set(bundle.path, [bytes]);
    else pieces.push(bytes);
    bundle.bytes += bytes.length;
    this.waitingBytes += bytes.length;
  }

  private linesIn(header: Buffer): number {
    const end = this.dialect.newline === "cr" ? CR : LF;
    let count = 0;
    for (let at = header.indexOf(end); at >= 0; at = header.indexOf(end, at + 1)) count += 1;
    return count;
  }

  /** Whether each record ends where the next begins: without quotes and returns, lines are all there is. */
  private isSound(records: Buffer, fields: number): boolean {
    const { dialect } = this;
    const hasQuotes = dialect.quote !== "" && records.includes(dialect.quote);
    if (dialect.newline === "lf" && !hasQuotes && !records.includes(CR)) return true;
    let isSound = true;
    const look = ({ problem }: { readonly problem: unknown }): void => {
      isSound &&= problem === undefined;
    };
    const splitter = createRecordSplitter({ dialect, header: false, ...expectedRecord(dialect, this.columns, fields) });
    splitter.push(records, look);
    splitter.end(look);
    return isSound;
  }
}

const LF = 10;
const CR = 13;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_ENDS = { lf: "\n", mixed: "\n", crlf: "\r\n", cr: "\r" } as const;
