import {
  type CsvDialect,
  createRecordSplitter,
  type DiscoverRequest,
  expectedRecord,
  type FixedWidth,
  type FrozenColumn,
  SluiceError,
  type StreamInfo,
  type TextRecord,
} from "@sluice/core";
import { chooseColumns } from "./choose-columns.ts";
import { textIn } from "./column-counts.ts";
import {
  type ColumnDeclaration,
  type ColumnProfile,
  createProfile,
  declarationOf,
  withNulls,
} from "./column-profile.ts";
import type { FileAddress } from "./config.ts";
import { cutText, tableRange } from "./cut-text.ts";
import { withName } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { guessNewline } from "./guess-newline.ts";
import { knownDialect } from "./known-dialect.ts";
import { PassCounts } from "./pass-counts.ts";
import { prepareAll } from "./prepare-all.ts";
import type { PreparedText } from "./prepare-text.ts";
import { readPieces } from "./read-small.ts";
import { streamName } from "./stream-name.ts";
import { readHead } from "./text-stream.ts";

const HEAD_BYTES = 1 << 17;

/** A column of a line: its whole, or the characters of a span. */
type LineColumn = Pick<FrozenColumn, "name" | "span">;

/**
 * What files hold whose records are whole lines: of fixed width, where the author says where each column stands and the
 * values say what it is, or lines as they are, which are one text.
 */
export async function discoverLines(
  files: readonly FoundFile[],
  request: DiscoverRequest,
  { address, nextPath }: { readonly address: FileAddress; readonly nextPath: () => string },
): Promise<StreamInfo> {
  const { signal } = request;
  const known = knownDialect(address, request.dialect);
  const { comment, skip = 0, skipEnd = 0 } = known;
  const decoded = await prepareAll(files, { encoding: known.encoding, nextPath, signal });
  const [first] = decoded.texts;
  if (first === undefined) throw new SluiceError("internal", `${address.path}: no files to look at`);
  const columns = columnsOf(address);
  const fixed = fixedOf(address);
  const newline = known.newline ?? guessNewline(await readHead({ ...first, changed: "" }, HEAD_BYTES));
  const dialect = {
    delimiter: "",
    quote: "",
    escape: "",
    header: false,
    newline,
    ...(comment === undefined ? {} : { comment }),
    ...(skip === 0 ? {} : { skip }),
    ...(skipEnd === 0 ? {} : { skipEnd }),
    ...(fixed === undefined ? {} : { fixed }),
  } as const;
  const profiles = columns.map((column) => createProfile(column.name, lineDeclaration(column, { request, address })));
  const nulls = new Set(address.nulls);
  const counts = new PassCounts(newline);
  const gaps = new Gaps(columns);
  for (const prepared of decoded.texts) {
    const text = await cutLines(prepared, { dialect, nextPath, signal });
    await profileLines(text, { dialect, columns, profiles, counts, gaps, nulls, signal });
  }
  const findings = profiles.map((profile) => withNulls(profile.finish("null"), address));
  const found = findings.map(({ column }, index): FrozenColumn => {
    const span = columns[index]?.span;
    return span === undefined ? column : { ...column, span };
  });
  return {
    name: streamName(address.path),
    ...chooseColumns(found, request),
    dialect: {
      ...dialect,
      newline: known.newline ?? counts.newline(),
      encoding: decoded.encoding,
      quotedEmpty: "null",
      compression: first.compression,
    },
    rows: counts.records - counts.rejected,
    bytes: files.reduce((total, file) => total + file.bytes, 0),
    warnings: [
      ...decoded.warnings,
      ...findings.flatMap(({ warnings }) => warnings),
      ...counts.warnings(),
      ...gaps.warnings(),
    ],
  };
}

function columnsOf({ columns }: FileAddress): readonly LineColumn[] {
  return columns?.map(([name, first, last]) => ({ name, span: [first, last] })) ?? [{ name: "line" }];
}

function fixedOf({ format, short = "reject", trim = true }: FileAddress): FixedWidth | undefined {
  return format === "fixed" ? { short, trim } : undefined;
}

/** Lines as they are stay text unless their author says otherwise: what looks like numbers is still a line. */
function lineDeclaration(
  { name, span }: LineColumn,
  { request, address }: { readonly request: DiscoverRequest; readonly address: FileAddress },
): ColumnDeclaration {
  // Blanks are part of the layout here, and were left out before.
  const declaration = { ...declarationOf(name, { request, address, mayGuessNumbers: true }), trim: false };
  return span === undefined ? { ...declaration, type: declaration.type ?? "string" } : declaration;
}

type LineDialect = Pick<
  CsvDialect,
  "delimiter" | "quote" | "escape" | "newline" | "header" | "comment" | "skip" | "skipEnd" | "fixed"
>;

/** A text without the lines above and below those that are read. */
async function cutLines(
  text: PreparedText,
  {
    dialect,
    nextPath,
    signal,
  }: { readonly dialect: LineDialect; readonly nextPath: () => string; readonly signal: AbortSignal },
): Promise<PreparedText> {
  const range = await tableRange(text, dialect);
  if (range === undefined) return text;
  const newline = dialect.newline === "mixed" ? "lf" : dialect.newline;
  return await cutText(text, `${nextPath()}.csv`, { dialect, fields: 1, first: undefined, range, newline, signal });
}

async function profileLines(
  text: PreparedText,
  work: {
    readonly dialect: LineDialect;
    readonly columns: readonly LineColumn[];
    readonly profiles: readonly ColumnProfile[];
    readonly counts: PassCounts;
    readonly gaps: Gaps;
    readonly nulls: ReadonlySet<string>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { dialect, columns, profiles, counts, gaps, nulls, signal } = work;
  const isTrimmed = dialect.fixed?.trim === true;
  const keep = (record: TextRecord): void => {
    counts.add(record, text.origin, false);
    if (record.problem !== undefined) return;
    const bytes = record.bytes();
    const line = textIn(bytes, 0, bytes.length);
    // Positions count characters; only beyond the basic plane do JavaScript's units differ from them.
    const letters = /[\ud800-\udfff]/.test(line) ? Array.from(line) : line;
    gaps.look(letters);
    for (const [index, { span }] of columns.entries()) {
      const written = span === undefined ? line : slice(letters, span[0] - 1, span[1]);
      const value = isTrimmed ? trimBlanks(written) : written;
      profiles[index]?.add(nulls.has(value) ? "" : value, false, record.line);
    }
  };
  const firstLine = text.firstLine ?? 1;
  const splitter = createRecordSplitter({ dialect, header: false, firstLine, ...expectedRecord(dialect, columns, 1) });
  await withName(text.origin, async () => {
    for await (const piece of readPieces(text, { signal })) splitter.push(piece, keep);
    splitter.end(keep);
  });
}

function slice(letters: string | readonly string[], from: number, to: number): string {
  return typeof letters === "string" ? letters.slice(from, to) : letters.slice(from, to).join("");
}

/** Blanks alone, as the engine does: a tab is a character. */
function trimBlanks(text: string): string {
  return text.replace(/^ +/, "").replace(/ +$/, "");
}

/** Characters between the columns belong to none. Where they hold something, a column may have been forgotten. */
class Gaps {
  private readonly spans: readonly (readonly [from: number, to: number])[];
  private readonly seen = new Map<string, number>();

  constructor(columns: readonly LineColumn[]) {
    const ends = columns.flatMap(({ span }) => (span === undefined ? [] : [span])).sort((a, b) => a[0] - b[0]);
    const spans: (readonly [number, number])[] = [];
    let next = 1;
    for (const [first, last] of ends) {
      if (first > next) spans.push([next - 1, first - 1]);
      next = Math.max(next, last + 1);
    }
    this.spans = spans;
  }

  look(letters: string | readonly string[]): void {
    for (const [from, to] of this.spans) {
      if (trimBlanks(slice(letters, from, to)) === "") continue;
      const key = from + 1 === to ? `character ${to}` : `characters ${from + 1} to ${to}`;
      this.seen.set(key, (this.seen.get(key) ?? 0) + 1);
    }
  }

  warnings(): readonly string[] {
    return [...this.seen].map(
      ([where, lines]) => `no column covers ${where}, not blank in ${lines} ${lines === 1 ? "line" : "lines"}`,
    );
  }
}
