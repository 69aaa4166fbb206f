import type { FileHandle } from "node:fs/promises";
import type { ParquetType, PlainColumn } from "./plain-column.ts";
import { CompactWriter } from "./thrift.ts";

/** The numbers by which Parquet calls them. Source: parquet.thrift of Apache Parquet. */
const DATA_PAGE = 0;
const [PLAIN, RLE] = [0, 3];
const OPTIONAL = 1;
const UNCOMPRESSED = 0;
const MAGIC = Buffer.from("PAR1");

export interface NamedColumn {
  readonly name: string;
  readonly column: PlainColumn;
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
 * Writes columns as they lie in memory into a file of Parquet: no dictionary, no compression, no statistics. It is read once, by
 * the engine, from the machine's own memory.
 */
export class PlainParquet {
  private readonly file: FileHandle;
  private readonly columns: readonly NamedColumn[];
  private readonly groups: RowGroup[] = [];
  private at = 0;

  private constructor(file: FileHandle, columns: readonly NamedColumn[]) {
    this.file = file;
    this.columns = columns;
  }

  static async begin(file: FileHandle, columns: readonly NamedColumn[]): Promise<PlainParquet> {
    const parquet = new PlainParquet(file, columns);
    await parquet.write([MAGIC]);
    return parquet;
  }

  /** Writes so many rows of the columns, as a row group of one page for each column. */
  async group(rows: number): Promise<void> {
    const start = this.at;
    const parts: Buffer[] = [];
    const chunks: Chunk[] = [];
    let at = start;
    for (const { column } of this.columns) {
      const { values } = column;
      const levels = levelsOf(column, rows);
      const header = pageHeader(rows, levels.length + values.length);
      parts.push(header, levels, values);
      const bytes = header.length + levels.length + values.length;
      chunks.push({ at, bytes });
      at += bytes;
    }
    await this.write(parts);
    this.groups.push({ rows, bytes: this.at - start, chunks });
  }

  /** Writes what the file says of itself; gives its size. */
  async end(): Promise<number> {
    const footer = this.footer();
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    await this.write([footer, length, MAGIC]);
    return this.at;
  }

  private async write(parts: readonly Buffer[]): Promise<void> {
    for (const part of parts) {
      await this.file.writeFile(part);
      this.at += part.length;
    }
  }

  private footer(): Buffer {
    const out = new CompactWriter().i32(1, 1).list(2, "struct", this.columns.length + 1);
    out.structItem().text(4, "schema").i32(5, this.columns.length).end();
    for (const { name, column } of this.columns) schemaElement(out, name, column.type);
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
    const { name, column } = this.columns[index] as NamedColumn;
    out.structItem().i64(2, at).struct(3);
    out.i32(1, column.type.physical).list(2, "i32", 2).item(PLAIN).item(RLE);
    out.list(3, "binary", 1).textItem(name).i32(4, UNCOMPRESSED);
    out.i64(5, rows).i64(6, bytes).i64(7, bytes).i64(9, at).end().end();
  }
}

function pageHeader(rows: number, bytes: number): Buffer {
  const out = new CompactWriter().i32(1, DATA_PAGE).i32(2, bytes).i32(3, bytes);
  return out.struct(5).i32(1, rows).i32(2, PLAIN).i32(3, RLE).i32(4, RLE).end().end().bytes;
}

/** Which values are there, a bit each: one run of them all where all are, else the bits as they are. */
function levelsOf(column: PlainColumn, rows: number): Buffer {
  const bits = column.nulls === 0 ? Buffer.of(1) : column.presence(rows);
  const run = column.nulls === 0 ? BigInt(rows) << 1n : (BigInt(bits.length) << 1n) | 1n;
  const head = new CompactWriter().varint(run).bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length + bits.length);
  return Buffer.concat([length, head, bits]);
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
