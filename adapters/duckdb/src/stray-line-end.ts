import type { ScannableInput } from "@sluice/core";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Looks at the pieces of one file, one after the other; true where one holds what it looks for. */
export type PieceLook = (piece: Uint8Array) => boolean;

/**
 * Looks for the line end of other texts where DuckDB (1.5.6) would take it for one: of lines that end with LF, a CR behind a
 * delimiter ends the record, and one in front of a record is dropped; of lines that end with CR, an LF behind a delimiter
 * ends the record. Everywhere else it refuses them, as the split does. Within quotes they mean nothing, which a look at
 * bytes cannot know: such a file is read by the split, slower. Undefined where there is nothing to look for.
 */
export function strayLineEnd({ dialect }: Pick<ScannableInput, "dialect">): PieceLook | undefined {
  if (dialect === undefined || dialect.newline === "crlf") return undefined;
  const isOfReturns = dialect.newline === "cr";
  const stray = isOfReturns ? LINE_FEED : CARRIAGE_RETURN;
  const delimiter = Buffer.from(dialect.delimiter).at(-1);
  /** Whether a stray one may stand behind this byte. */
  const isBefore = (byte: number): boolean => byte === delimiter || (!isOfReturns && byte === LINE_FEED);
  /** The last byte of the piece before; at the start a record begins. */
  let last = isOfReturns ? CARRIAGE_RETURN : LINE_FEED;
  /** Whether the piece before ended with one that the next byte decides on. */
  let isOpen = false;
  return (piece) => {
    const [first] = piece;
    if (first === undefined) return false;
    if (isOpen && first !== LINE_FEED) return true;
    isOpen = false;
    for (let at = piece.indexOf(stray); at !== -1; at = piece.indexOf(stray, at + 1)) {
      if (!isBefore(piece[at - 1] ?? last)) continue;
      if (isOfReturns) return true;
      const next = piece[at + 1];
      if (next !== undefined && next !== LINE_FEED) return true;
      isOpen = next === undefined;
    }
    last = piece.at(-1) ?? last;
    return false;
  };
}
