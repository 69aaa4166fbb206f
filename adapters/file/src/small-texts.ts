import type { CsvDialect, ReadRequest } from "@sluice/core";
import type { FoundFile } from "./find-files.ts";
import { assertHeader, type FirstRecord, firstRecordIn } from "./header.ts";
import { matchHeader } from "./match-header.ts";
import { assertText } from "./prepare-text.ts";
import { readSmall } from "./read-small.ts";
import type { SmallText } from "./text-bundles.ts";
import { canonicalEncoding, isGzip, markedEncoding } from "./text-stream.ts";

/** The columns of a small file, in its own order. */
export type OrderedText = Omit<SmallText, "key"> & { readonly order: readonly string[] };

/** What a header says, and where it ends. */
interface KnownHeader {
  readonly order: readonly string[];
  readonly layout: string;
  readonly end: number;
}

/**
 * Reads small files that need no change. It gives undefined for what it cannot read at once: files that are long, expanded,
 * transcoded or cut, or whose first line ends another way.
 */
export function createSmallReader(
  { dataset, warn }: ReadRequest,
  frozen: CsvDialect,
  newline: "lf" | "crlf" | "cr",
): (file: FoundFile) => OrderedText | undefined {
  const { skip = 0, skipEnd = 0, comment, ragged, looseHeader } = frozen;
  const isAllTable = skip === 0 && skipEnd === 0 && comment === undefined && ragged === undefined;
  const isPlain = isAllTable && looseHeader !== true && frozen.newline !== "mixed";
  const isUtf8 = canonicalEncoding(frozen.encoding) === "utf-8";
  const names = dataset.columns.map((column) => column.name);
  const unnamed: KnownHeader = { order: names, layout: JSON.stringify(names), end: 0 };
  /** By the first line: 100,000 files have few of them. */
  const known = new Map<string, KnownHeader>();

  const headerOf = (content: Buffer, origin: string): KnownHeader | undefined => {
    const line = firstLine(content);
    const same = line === undefined ? undefined : known.get(line);
    if (same !== undefined) return same;
    const first = firstRecordIn(content, { ...frozen, fields: frozen.header ? undefined : names.length });
    if (frozen.header) assertHeader(origin, first);
    if (!startsPlainly(first, newline)) return undefined;
    if (!frozen.header || first === undefined) return unnamed;
    let isSilent = true;
    const say = (message: string): void => {
      isSilent = false;
      warn(message);
    };
    const order = matchHeader(dataset, first.fields, { origin, warn: say });
    const header = { order, layout: JSON.stringify(order), end: first.end };
    // What is said of a header is said of each file that has it.
    if (isSilent && line !== undefined && line.length === first.end) known.set(line, header);
    return header;
  };

  return (file) => {
    if (!isPlain || !isUtf8) return undefined;
    const read = readSmall(file);
    if (read === undefined || isGzip(read) || /\.gz$/i.test(file.origin)) return undefined;
    const mark = markedEncoding(read);
    if (mark !== undefined && mark !== "utf-8") return undefined;
    assertText(file.origin, read, "utf-8");
    const content = mark === undefined ? read : read.subarray(3);
    const header = headerOf(content, file.origin);
    if (header === undefined) return undefined;
    const { order, layout, end } = header;
    return { origin: file.origin, content, firstLine: 1, headerEnd: end, layout, order, fields: order.length };
  };
}

/** With its end; undefined where nothing follows it. */
function firstLine(content: Buffer): string | undefined {
  const feed = content.indexOf(10);
  return feed < 0 ? undefined : content.toString("latin1", 0, feed + 1);
}

/** Whether a text begins with its first record, and that ends as it should. */
export function startsPlainly(first: FirstRecord | undefined, newline: "lf" | "crlf" | "cr"): boolean {
  return first === undefined || (first.line === 1 && (first.newline ?? newline) === newline);
}
