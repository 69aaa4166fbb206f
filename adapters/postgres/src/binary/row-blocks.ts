import type { PlainValues } from "@sluice/core";
import type { SentKeys } from "../sent-keys.ts";
import type { FieldColumn } from "./field-column.ts";
import { LENGTH_BYTES } from "./field-column.ts";

/** `PGCOPY\n\377\r\n\0`, four bytes of flags, and four that say how many more there are. */
export const HEADER: Buffer = Buffer.from("5047434f50590aff0d0a000000000000000000", "hex");
/** Stands where the number of a row's fields would, behind the last row. */
export const TRAILER: Buffer = Buffer.from("ffff", "hex");
const COUNT_BYTES = 2;
/** A longer row is a block of its own. */
const BLOCK_BYTES = 1_048_576;

/**
 * The rows of a row group as `COPY … FROM STDIN (FORMAT binary)` takes them, in blocks. Source: the file formats of COPY in
 * PostgreSQL's manual.
 */
export function* rowBlocks(
  columns: readonly FieldColumn[],
  values: readonly PlainValues[],
  rows: number,
  keys?: SentKeys,
): Generator<Buffer> {
  const sizes = new Float64Array(rows).fill(COUNT_BYTES + LENGTH_BYTES * columns.length);
  for (const [index, column] of columns.entries()) {
    const taken = values[index];
    if (taken !== undefined) column.begin(taken);
    column.addSizes(sizes);
  }
  keys?.take(columns);
  // Each size becomes the place where the next field of its row belongs.
  const at = sizes;
  for (let from = 0; from < rows; ) {
    let to = from;
    let bytes = 0;
    do {
      const size = sizes[to] as number;
      at[to] = bytes;
      bytes += size;
      to += 1;
    } while (to < rows && bytes + (sizes[to] as number) <= BLOCK_BYTES);
    // The stream keeps it until it is sent.
    const block = Buffer.allocUnsafeSlow(bytes);
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    for (let row = from; row < to; row += 1) {
      view.setInt16(at[row] as number, columns.length);
      at[row] = (at[row] as number) + COUNT_BYTES;
    }
    for (const column of columns) column.put({ bytes: block, view, at }, from, to);
    yield block;
    from = to;
  }
}
