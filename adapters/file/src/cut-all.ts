import { open } from "node:fs/promises";
import type { CsvDialect } from "@sluice/core";
import { cutText, tableRange } from "./cut-text.ts";
import { withName } from "./errors.ts";
import { guessNewline } from "./guess-newline.ts";
import { readFirstRecord } from "./header.ts";
import { onDisk, type PreparedText } from "./prepare-text.ts";
import { sniffDialect } from "./sniff-dialect.ts";
import { sniffPreamble } from "./sniff-preamble.ts";
import { readHead } from "./text-stream.ts";

const SAMPLE_BYTES = 1 << 17;

/**
 * Texts that hold a table and nothing else: what stands above it, below it and between its records is found in the first,
 * where it was not said, and left out of all. A file that is all table is not copied.
 */
export async function cutAll(
  texts: readonly PreparedText[],
  {
    known,
    nextPath,
    signal,
  }: { readonly known: Partial<CsvDialect>; readonly nextPath: () => string; readonly signal: AbortSignal },
): Promise<{
  readonly texts: readonly PreparedText[];
  readonly known: Partial<CsvDialect>;
  readonly warnings: readonly string[];
}> {
  const [first] = texts;
  if (first === undefined) return { texts, known, warnings: [] };
  const head = await readHead({ ...first, changed: "" }, SAMPLE_BYTES);
  const all = { ...known, ...sniffPreamble(head.toString(), known) };
  const { comment, skip = 0, skipEnd = 0 } = all;
  if (comment === undefined && skip === 0 && skipEnd === 0) return { texts, known, warnings: [] };
  const laid: PreparedText[] = [];
  for (const text of texts) laid.push(await onDisk(text, `${nextPath()}.csv`));
  const top = laid[0] ?? first;
  const above = await tableRange(top, { skip, newline: known.newline ?? guessNewline(head) });
  const begin = above?.start ?? 0;
  const start = await readAt(top, begin);
  const isWhole = top.bytes <= begin + start.length;
  const dialect = { ...all, ...sniffDialect(tableSample(start, comment), all, isWhole), header: all.header ?? true };
  const newline = dialect.newline === "mixed" ? "lf" : dialect.newline;
  const cut: PreparedText[] = [];
  for (const text of laid) {
    const range = await tableRange(text, dialect);
    const found = { ...dialect, encoding: "utf-8", quotedEmpty: "text", compression: "none" } as const;
    const record = await readFirstRecord(text, found, range);
    cut.push(await cutText(text, `${nextPath()}.csv`, { dialect, fields: 0, first: record, range, newline, signal }));
  }
  const { delimiter, quote, escape: escaping } = dialect;
  const warnings = known.skip === undefined && skip === 1 ? doubtOfTitle(head) : [];
  return { texts: cut, known: { ...all, delimiter, quote, escape: escaping, newline }, warnings };
}

/** One word above lines of several fields is a title, or the name of the only column. */
function doubtOfTitle(head: Buffer): readonly string[] {
  const [line = ""] = head
    .toString()
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/, 1);
  if (!/^"?[\p{L}_][\p{L}\p{N}_]*"?$/u.test(line)) return [];
  return [
    `the first line, ${JSON.stringify(line)}, is taken for a title and left out: where it is the name of the only column, declare skip: 0 and a delimiter that does not occur`,
  ];
}

/** The table may begin far behind the start of its file. */
async function readAt({ path, origin }: PreparedText, position: number): Promise<Buffer> {
  return await withName(origin, async () => {
    const handle = await open(path);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, position);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  });
}

/** The start of a table without its comments. */
function tableSample(start: Buffer, comment: string | undefined): Buffer {
  if (comment === undefined) return start;
  const lines = start.toString("latin1").split(/(?<=\n)|(?<=\r)(?!\n)/);
  const mark = Buffer.from(comment).toString("latin1");
  return Buffer.from(lines.filter((line) => !line.startsWith(mark)).join(""), "latin1");
}
