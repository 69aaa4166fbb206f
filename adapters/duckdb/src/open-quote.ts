import type { FileHandle } from "node:fs/promises";
import { type CsvDialect, createRecordSplitter, type ScannableInput, SluiceError } from "@sluice/core";

/**
 * A quote that nothing closes before a file ends. Of more than two files for each thread DuckDB (1.5.6) reads each by one thread, and
 * then it leaves out, without an error, the record that such a quote opens and all behind it. The split finds what is wrong with it.
 */
export interface OpenQuote {
  /** Takes the pieces of a file, one after the other. */
  take(piece: Uint8Array): void;
  /** Whether the file, all of which was taken, may end within quotes; never false where it does. */
  mayBe(): boolean;
  /** Whether it does; to be asked where it may. */
  isIn(file: FileHandle, signal: AbortSignal): Promise<boolean>;
}

const BLANK = 32;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** The last byte of a byte order mark, and where it stands. */
const [MARK, MARK_AT] = [0xbf, 2];

/**
 * Between quotes, others stand in pairs. So of all runs of quotes the last that is odd opens the field that is open at the end, or
 * none is; and what opens one stands at the start of a field. It takes a look at the end of a piece as a rule. Undefined where
 * there are no quotes.
 */
export function openQuote({ dialect }: Pick<ScannableInput, "dialect">): OpenQuote | undefined {
  if (dialect === undefined || dialect.quote === "") return undefined;
  const quote = dialect.quote.charCodeAt(0);
  const separator = Buffer.from(dialect.delimiter).at(-1);
  const isDoubled = dialect.escape === dialect.quote;
  const escaping = isDoubled ? undefined : dialect.escape.charCodeAt(0);
  // A blank before a quote does not count, unless it is what parts fields or quotes them.
  const passesBlanks = separator !== BLANK && quote !== BLANK;
  let mayBeOpen = false;
  /** Whether the pieces before end with a quote. */
  let isCut = false;

  /** Whether a field may begin where this run of quotes does, or what stands before it does not tell. */
  const mayOpen = (bytes: Uint8Array, first: number): boolean => {
    let before = first - 1;
    while (passesBlanks && bytes[before] === BLANK) before -= 1;
    const byte = bytes[before];
    if (byte === undefined || (before === MARK_AT && byte === MARK)) return true;
    // Of two quoted parts with blanks between them the engine makes one field.
    const mayBegin = [separator, LINE_FEED, CARRIAGE_RETURN, quote].includes(byte);
    return mayBegin || bytes[first - 1] === escaping;
  };
  return {
    take: (piece) => {
      if (piece.length === 0) return;
      // How long a run is that two pieces share, neither tells.
      if (isCut && piece[0] === quote) mayBeOpen = true;
      isCut = piece.at(-1) === quote;
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      for (let last = bytes.lastIndexOf(quote); last >= 0; last -= 1) {
        if (bytes[last] !== quote) continue;
        let first = last;
        while (isDoubled && bytes[first - 1] === quote) first -= 1;
        const isOdd = (last - first) % 2 === 0;
        last = first;
        // One that may have begun in the piece before counts whatever its length.
        if (!isOdd && first > 0) continue;
        mayBeOpen = mayOpen(bytes, first);
        return;
      }
    },
    mayBe: () => mayBeOpen,
    // Of lines that are no records the split knows: it decides.
    isIn: async (file, signal) => (dialect.skip ?? 0) > 0 || (await endsOpen(file, dialect, signal)),
  };
}

const CHUNK_BYTES = 1_048_576;

/** Takes the file apart, as the split does: some ten times as slow as a look at its pieces. */
async function endsOpen(file: FileHandle, dialect: CsvDialect, signal: AbortSignal): Promise<boolean> {
  const splitter = createRecordSplitter({ dialect, header: dialect.header });
  let isOpen = false;
  const look = ({ problem }: { readonly problem: string | undefined }): void => {
    // Behind any other problem the engine may take another quote for the one that opens a field.
    isOpen ||= problem !== undefined;
  };
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let position = 0; !isOpen; ) {
    if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) {
      splitter.end(look);
      break;
    }
    position += bytesRead;
    // The splitter keeps the chunk while a record is open in it.
    splitter.push(Uint8Array.from(buffer.subarray(0, bytesRead)), look);
  }
  return isOpen;
}
