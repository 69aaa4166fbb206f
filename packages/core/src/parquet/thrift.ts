/** What stands before a field says of which type it is. */
const TYPE = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;
const LONG_LIST = 15;
const MORE = 0x80n;

/**
 * Writes structures of Thrift's compact protocol, in which Parquet holds what it says of its pages. Fields come in the order of
 * their numbers. Source: thrift-compact-protocol.md of Apache Thrift.
 *
 * @example
 * new CompactWriter().i32(1, 2).text(4, "id").end().bytes; // 15 04 38 02 69 64 00
 */
export class CompactWriter {
  private readonly written: number[] = [];
  private lastField = 0;
  private readonly outer: number[] = [];

  get bytes(): Uint8Array {
    return Uint8Array.from(this.written);
  }

  bool(field: number, value: boolean): this {
    return this.field(field, value ? TYPE.true : TYPE.false);
  }

  i32(field: number, value: number): this {
    return this.field(field, TYPE.i32).item(value);
  }

  i64(field: number, value: number): this {
    return this.field(field, TYPE.i64).item(value);
  }

  text(field: number, value: string): this {
    return this.field(field, TYPE.binary).textItem(value);
  }

  /** Begins a structure inside this one, up to its `end`. */
  struct(field: number): this {
    return this.field(field, TYPE.struct).structItem();
  }

  /** Says how many items follow. */
  list(field: number, items: "i32" | "binary" | "struct", count: number): this {
    this.field(field, TYPE.list);
    if (count < LONG_LIST) {
      this.written.push((count << 4) | TYPE[items]);
      return this;
    }
    this.written.push((LONG_LIST << 4) | TYPE[items]);
    return this.varint(BigInt(count));
  }

  item(value: number): this {
    const exact = BigInt(value);
    return this.varint(exact >= 0n ? exact * 2n : -exact * 2n - 1n);
  }

  textItem(value: string): this {
    const bytes = new TextEncoder().encode(value);
    this.varint(BigInt(bytes.length));
    this.written.push(...bytes);
    return this;
  }

  structItem(): this {
    this.outer.push(this.lastField);
    this.lastField = 0;
    return this;
  }

  end(): this {
    this.written.push(0);
    this.lastField = this.outer.pop() ?? 0;
    return this;
  }

  varint(value: bigint): this {
    let rest = value;
    for (; rest >= MORE; rest >>= 7n) this.written.push(Number((rest & 0x7fn) | MORE));
    this.written.push(Number(rest));
    return this;
  }

  private field(field: number, type: number): this {
    this.written.push(((field - this.lastField) << 4) | type);
    this.lastField = field;
    return this;
  }
}
