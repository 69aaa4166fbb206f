import { CompactWriter } from "./thrift.ts";

/** The numbers by which Parquet calls them. Source: parquet.thrift of Apache Parquet. */
export const PARQUET: {
  readonly physical: {
    readonly boolean: 0;
    readonly int32: 1;
    readonly int64: 2;
    readonly float: 4;
    readonly double: 5;
    readonly bytes: 6;
    readonly fixed: 7;
  };
  readonly converted: {
    readonly utf8: 0;
    readonly decimal: 5;
    readonly date: 6;
    readonly time: 8;
    readonly timestamp: 10;
    readonly uint8: 11;
    readonly uint16: 12;
    readonly uint32: 13;
    readonly int8: 15;
    readonly int16: 16;
    readonly int32: 17;
    readonly int64: 18;
  };
} = {
  physical: { boolean: 0, int32: 1, int64: 2, float: 4, double: 5, bytes: 6, fixed: 7 },
  converted: {
    utf8: 0,
    decimal: 5,
    date: 6,
    // Both in microseconds.
    time: 8,
    timestamp: 10,
    uint8: 11,
    uint16: 12,
    uint32: 13,
    int8: 15,
    int16: 16,
    int32: 17,
    int64: 18,
  },
};
const DATA_PAGE = 0;
const [PLAIN, RLE] = [0, 3];
const OPTIONAL = 1;
const UNCOMPRESSED = 0;
const MAGIC = new TextEncoder().encode("PAR1");

/** How Parquet calls what the values of a column are. */
export interface ParquetType {
  readonly physical: number;
  /** Bytes of a value, where each has as many and the physical type does not say so. */
  readonly length?: number;
  readonly converted?: number;
  readonly scale?: number;
  readonly precision?: number;
  /** A logical type that has no older name. */
  readonly logical?: "timestamp" | "timestamptz" | "uuid";
}

/** What a column holds of a group of rows: its values in the encoding PLAIN, the null ones left out. */
export interface PlainPage {
  readonly values: Uint8Array;
  readonly nulls: number;
  /** A bit for each row, the first one lowest: whether there is a value. */
  readonly presence: Uint8Array;
}

interface Chunk {
  readonly at: number;
  readonly bytes: number;
}

interface RowGroup {
  readonly rows: number;
  readonly bytes: number;
  readonly chunks: readonly Chunk[];
}

/**
 * A file of Parquet around columns as they lie in memory: no dictionary, no compression, no statistics. It is for rows on their way
 * to an engine, which reads it once. Each part is to be written behind the one before.
 *
 * @example
 * const file = new PlainParquet([{ name: "id", type: { physical: PARQUET.physical.int64 } }]);
 * [...file.begin(), ...file.group(1, [{ values, nulls: 0, presence }]), ...file.end()]; // a file of one row
 */
export class PlainParquet {
  private readonly columns: readonly { readonly name: string; readonly type: ParquetType }[];
  private readonly groups: RowGroup[] = [];
  private at = 0;

  constructor(columns: readonly { readonly name: string; readonly type: ParquetType }[]) {
    this.columns = columns;
  }

  /** Bytes of all parts until now. */
  get bytes(): number {
    return this.at;
  }

  begin(): readonly Uint8Array[] {
    this.at += MAGIC.length;
    return [MAGIC];
  }

  /** So many rows, as a row group with one page for each column. */
  group(rows: number, pages: readonly PlainPage[]): readonly Uint8Array[] {
    const start = this.at;
    const parts: Uint8Array[] = [];
    const chunks = pages.map((page): Chunk => {
      const levels = levelsOf(page, rows);
      const header = pageHeader(rows, levels.length + page.values.length);
      parts.push(header, levels, page.values);
      const chunk = { at: this.at, bytes: header.length + levels.length + page.values.length };
      this.at += chunk.bytes;
      return chunk;
    });
    this.groups.push({ rows, bytes: this.at - start, chunks });
    return parts;
  }

  /** What the file says of itself. */
  end(): readonly Uint8Array[] {
    const footer = this.footer();
    const parts = [footer, littleEndian(footer.length), MAGIC];
    for (const part of parts) this.at += part.length;
    return parts;
  }

  private footer(): Uint8Array {
    const out = new CompactWriter().i32(1, 1).list(2, "struct", this.columns.length + 1);
    out.structItem().text(4, "schema").i32(5, this.columns.length).end();
    for (const { name, type } of this.columns) schemaElement(out, name, type);
    const rows = this.groups.reduce((total, group) => total + group.rows, 0);
    out.i64(3, rows).list(4, "struct", this.groups.length);
    for (const group of this.groups) {
      out.structItem().list(1, "struct", group.chunks.length);
      for (const [index, chunk] of group.chunks.entries()) this.columnChunk(out, index, chunk, group.rows);
      out.i64(2, group.bytes).i64(3, group.rows).end();
    }
    return out.end().bytes;
  }

  private columnChunk(out: CompactWriter, index: number, { at, bytes }: Chunk, rows: number): void {
    const column = this.columns[index];
    if (column === undefined) return;
    out.structItem().i64(2, at).struct(3);
    out.i32(1, column.type.physical).list(2, "i32", 2).item(PLAIN).item(RLE);
    out.list(3, "binary", 1).textItem(column.name).i32(4, UNCOMPRESSED);
    out.i64(5, rows).i64(6, bytes).i64(7, bytes).i64(9, at).end().end();
  }
}

function pageHeader(rows: number, bytes: number): Uint8Array {
  const out = new CompactWriter().i32(1, DATA_PAGE).i32(2, bytes).i32(3, bytes);
  return out.struct(5).i32(1, rows).i32(2, PLAIN).i32(3, RLE).i32(4, RLE).end().end().bytes;
}

/** Which values are there, a bit each: one run of them all where all are, else the bits as they are. */
function levelsOf({ nulls, presence }: PlainPage, rows: number): Uint8Array {
  const bits = nulls === 0 ? Uint8Array.of(1) : presence;
  const run = nulls === 0 ? BigInt(rows) << 1n : (BigInt(bits.length) << 1n) | 1n;
  const head = new CompactWriter().varint(run).bytes;
  const levels = new Uint8Array(4 + head.length + bits.length);
  levels.set(littleEndian(head.length + bits.length));
  levels.set(head, 4);
  levels.set(bits, 4 + head.length);
  return levels;
}

function littleEndian(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
}

function schemaElement(out: CompactWriter, name: string, type: ParquetType): void {
  out.structItem().i32(1, type.physical);
  if (type.length !== undefined) out.i32(2, type.length);
  out.i32(3, OPTIONAL).text(4, name);
  if (type.converted !== undefined) out.i32(6, type.converted);
  if (type.scale !== undefined) out.i32(7, type.scale);
  if (type.precision !== undefined) out.i32(8, type.precision);
  if (type.logical === "uuid") out.struct(10).struct(14).end().end();
  else if (type.logical !== undefined) {
    out
      .struct(10)
      .struct(8)
      .bool(1, type.logical === "timestamptz");
    out.struct(2).struct(2).end().end().end().end();
  }
  out.end();
}
