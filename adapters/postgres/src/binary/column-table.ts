import type { PlainPage } from "@sluice/core";
import type { PlainColumn } from "./column-kinds.ts";

/** What `../../kernel/take-rows.ts` reads and notes of a column lies there from its place in the table on. */
const COLUMN_BYTES = 40;
const [KIND, NULLABLE, SCALE, TO, CAME, NULLS, PRESENCE, BITS, LIMIT_LOW, LIMIT_HIGH] = [
  0, 1, 2, 4, 8, 12, 16, 20, 24, 32,
] as const;
/** Texts are copied 16 bytes at a time, past their end. */
const MARGIN = 16;
/** What stands before each text. */
const LENGTH_BYTES = 4;

export interface TableColumn {
  readonly column: PlainColumn;
  readonly nullable: boolean;
}

/** Where the values of a column and the bits of their presence are put. */
export interface Place {
  readonly values: number;
  readonly end: number;
  readonly nulls: number;
  readonly presence: number;
}

export interface Layout {
  readonly places: readonly Place[];
  /** Behind all of them. */
  readonly end: number;
}

/** The columns of some rows, in the memory of a kernel. */
export class ColumnTable {
  readonly bytes: number;
  private readonly columns: readonly TableColumn[];

  constructor(columns: readonly TableColumn[]) {
    this.columns = columns;
    this.bytes = columns.length * COLUMN_BYTES;
  }

  /** Writes it where it begins, with nothing counted yet. */
  begin(memory: Buffer, table: number): void {
    memory.fill(0, table, table + this.bytes);
    this.columns.forEach(({ column, nullable }, index) => {
      const at = table + index * COLUMN_BYTES;
      memory[at + KIND] = column.kind;
      memory[at + NULLABLE] = Number(nullable);
      memory[at + SCALE] = column.type.scale ?? 0;
      const limit = column.limit ?? 0n;
      memory.writeBigUInt64LE(BigInt.asUintN(64, limit), at + LIMIT_LOW);
      memory.writeBigUInt64LE(limit >> 64n, at + LIMIT_HIGH);
    });
  }

  /** Where the columns of so many counted rows belong, one behind the other. */
  layout(memory: Buffer, table: number, from: number, rows: number): Layout {
    let end = from;
    const places = this.columns.map(({ column: { width } }, index): Place => {
      const at = table + index * COLUMN_BYTES;
      const nulls = memory.readUInt32LE(at + NULLS);
      const count = rows - nulls;
      const values = end;
      if (width === undefined) end += memory.readUInt32LE(at + CAME) + count * LENGTH_BYTES;
      else end += width === 0 ? Math.ceil(count / 8) : count * width;
      const place = { values, end, nulls, presence: end + MARGIN };
      end = place.presence + (nulls === 0 ? 0 : Math.ceil(rows / 8));
      return place;
    });
    return { places, end: end + MARGIN };
  }

  /** Tells the kernel where, and clears what is for bits. */
  place(memory: Buffer, table: number, { places }: Layout, rows: number): void {
    places.forEach(({ values, end, nulls, presence }, index) => {
      const at = table + index * COLUMN_BYTES;
      memory.writeUInt32LE(values, at + TO);
      memory.writeUInt32LE(presence, at + PRESENCE);
      memory.writeUInt32LE(0, at + BITS);
      if (this.columns[index]?.column.width === 0) memory.fill(0, values, end);
      if (nulls > 0) memory.fill(0, presence, presence + Math.ceil(rows / 8));
    });
  }
}

/** What lies at a place. */
export function pageAt(memory: Buffer, { values, end, nulls, presence }: Place, rows: number): PlainPage {
  const bits = nulls === 0 ? 0 : Math.ceil(rows / 8);
  return { values: memory.subarray(values, end), nulls, presence: memory.subarray(presence, presence + bits) };
}
