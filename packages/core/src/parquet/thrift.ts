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

/** A value of Thrift's compact protocol: a structure is its fields by their numbers. */
export type CompactValue = number | boolean | Uint8Array | readonly CompactValue[] | CompactStruct;
export type CompactStruct = ReadonlyMap<number, CompactValue>;

const [BYTE, I16, DOUBLE, SET, MAP] = [3, 4, 7, 10, 11];
const DOUBLE_BYTES = 8;

/**
 * Reads what `CompactWriter` writes. Integers are numbers: what Parquet counts in them stays below 2 to the power of 53.
 *
 * @example
 * new CompactReader(Uint8Array.of(0x15, 0x04, 0x00), 0).struct().get(1); // 2
 */
export class CompactReader {
  private readonly bytes: Uint8Array;
  /** Where the next value begins. */
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** @throws RangeError where the bytes end before the structure, or hold what Parquet does not */
  struct(): CompactStruct {
    const found = new Map<number, CompactValue>();
    let field = 0;
    for (let head = this.byte(); head !== 0; head = this.byte()) {
      const step = head >> 4;
      field = step === 0 ? this.integer() : field + step;
      found.set(field, this.value(head & 15, true));
    }
    return found;
  }

  private value(type: number, isField: boolean): CompactValue {
    switch (type) {
      case TYPE.true:
      case TYPE.false:
        return (isField ? type : this.byte()) === TYPE.true;
      case BYTE:
        return this.byte();
      case I16:
      case TYPE.i32:
      case TYPE.i64:
        return this.integer();
      case DOUBLE:
        return this.take(DOUBLE_BYTES);
      case TYPE.binary:
        return this.take(this.unsigned());
      case TYPE.list:
      case SET:
        return this.list();
      case TYPE.struct:
        return this.struct();
      default:
        throw new RangeError(type === MAP ? "a map in Parquet's own data" : `no type of Thrift: ${type}`);
    }
  }

  private list(): readonly CompactValue[] {
    const head = this.byte();
    const count = head >> 4 === LONG_LIST ? this.unsigned() : head >> 4;
    const found: CompactValue[] = [];
    for (let index = 0; index < count; index += 1) found.push(this.value(head & 15, false));
    return found;
  }

  private integer(): number {
    const zigzag = this.unsigned();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  private unsigned(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  private take(count: number): Uint8Array {
    this.at += count;
    if (this.at > this.bytes.length) throw new RangeError("Thrift's bytes end too early");
    return this.bytes.subarray(this.at - count, this.at);
  }

  private byte(): number {
    return this.take(1)[0] as number;
  }
}
