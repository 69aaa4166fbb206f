import { type PlainPage, parseType, type TypeText } from "@sluice/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BinaryRows } from "./binary-rows.ts";
import { plainColumn } from "./column-kinds.ts";
import { NotPlain } from "./not-plain.ts";

const HEADER = Buffer.from("5047434f50590aff0d0a000000000000000000", "hex");
const TRAILER = Buffer.from("ffff", "hex");

/** A value as the server sends it, and as a plain page of Parquet has it; of booleans, a byte stands for the bit. */
interface Sample {
  readonly sent: Buffer;
  readonly plain: Buffer;
}
type Row = readonly (Sample | null)[];

const int = (bytes: number, value: bigint): Buffer => {
  const digits = BigInt.asUintN(bytes * 8, value)
    .toString(16)
    .padStart(bytes * 2, "0");
  return Buffer.from(digits, "hex");
};
const little = (bytes: number, value: bigint): Buffer => int(bytes, value).reverse();
const shifted = (bytes: number, by: bigint) => (value: bigint) => ({
  sent: int(bytes, value - by),
  plain: little(bytes, value),
});
const whole = (bytes: number) =>
  fc.bigInt({ min: -(2n ** BigInt(bytes * 8 - 1)), max: 2n ** BigInt(bytes * 8 - 1) - 1n });
const reversed = (bytes: number) => whole(bytes).map(shifted(bytes, 0n));
const texts = fc.uint8Array({ maxLength: 200 }).map((value) => {
  const bytes = Buffer.from(value);
  return { sent: bytes, plain: Buffer.concat([little(4, BigInt(bytes.length)), bytes]) };
});

/** As numeric_send in numeric.c does: digits of four places, without zeros at either end. */
function numeric(value: bigint, scale: number, shown = scale): Buffer {
  const text = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const before = text.slice(0, text.length - scale);
  const after = text.slice(text.length - scale);
  const front = before.padStart(Math.ceil(before.length / 4) * 4, "0");
  const digits = `${front}${after.padEnd(Math.ceil(after.length / 4) * 4, "0")}`.match(/.{4}/g) ?? [];
  let weight = front.length / 4 - 1;
  while (digits[0] === "0000") {
    digits.shift();
    weight -= 1;
  }
  while (digits.at(-1) === "0000") digits.pop();
  if (digits.length === 0) weight = 0;
  const shorts = [digits.length, weight, value < 0n ? 0x4000 : 0, shown, ...digits.map(Number)];
  return Buffer.concat(shorts.map((short) => int(2, BigInt(short))));
}

const decimals = (precision: number, scale: number): fc.Arbitrary<Sample> => {
  const most = 10n ** BigInt(precision) - 1n;
  const some = fc.oneof(
    fc.bigInt({ min: -most, max: most }),
    fc
      .tuple(fc.integer({ min: 0, max: precision - 1 }), fc.constantFrom(-1n, 1n, 9n, -9n))
      .map(([power, digit]) => digit * 10n ** BigInt(power)),
    fc.constantFrom(0n, most, -most),
  );
  return some.map((value) => ({
    sent: numeric(value, scale),
    plain: precision <= 18 ? little(8, value) : int(16, value),
  }));
};
const [DAY, EPOCH] = [86_400_000_000n, 10_957n];
const [FIRST, LAST] = [-719_162n, 2_932_896n];
const moments = fc
  .oneof(
    fc.bigInt({ min: FIRST * DAY, max: (LAST + 1n) * DAY - 1n }),
    fc.constantFrom(FIRST * DAY, (LAST + 1n) * DAY - 1n),
  )
  .map(shifted(8, EPOCH * DAY));

const SAMPLES: Readonly<Record<TypeText, fc.Arbitrary<Sample>>> = {
  bool: fc.boolean().map((is) => ({ sent: Buffer.of(Number(is)), plain: Buffer.of(Number(is)) })),
  int16: whole(2).map((value) => ({ sent: int(2, value), plain: little(4, value) })),
  int32: reversed(4),
  int64: reversed(8),
  uint32: fc
    .bigInt({ min: 0n, max: 2n ** 32n - 1n })
    .map((value) => ({ sent: int(4, value), plain: little(8, value) })),
  float32: reversed(4),
  float64: reversed(8),
  "decimal(4,1)": decimals(4, 1),
  "decimal(15,15)": decimals(15, 15),
  "decimal(16,3)": decimals(16, 3),
  "decimal(18,0)": decimals(18, 0),
  "decimal(19,2)": decimals(19, 2),
  "decimal(38,10)": decimals(38, 10),
  "decimal(38,0)": decimals(38, 0),
  "decimal(38,37)": decimals(38, 37),
  string: texts,
  bytes: texts,
  uuid: fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((value) => ({ sent: Buffer.from(value), plain: Buffer.from(value) })),
  date: fc.oneof(fc.bigInt({ min: FIRST, max: LAST }), fc.constantFrom(FIRST, LAST)).map(shifted(4, EPOCH)),
  time: fc.bigInt({ min: 0n, max: DAY - 1n }).map(shifted(8, 0n)),
  timestamp: moments,
  timestamptz: moments,
};

const typesAndRows: fc.Arbitrary<[TypeText[], Row[]]> = fc
  .array(fc.constantFrom(...Object.keys(SAMPLES)), { minLength: 1, maxLength: 12 })
  .chain((types) => {
    const values = types.map((type) => fc.option(SAMPLES[type] ?? fc.constant(null), { freq: 4 }));
    return fc.tuple(fc.constant(types), fc.array(fc.tuple(...values), { maxLength: 80 }));
  });

function streamOf(rows: readonly Row[], columns: number): Buffer {
  const parts = rows.flatMap((row) => [
    int(2, BigInt(columns)),
    ...row.flatMap((value) => (value === null ? [int(4, -1n)] : [int(4, BigInt(value.sent.length)), value.sent])),
  ]);
  return Buffer.concat([HEADER, ...parts, TRAILER]);
}

const bitAt = (bytes: Uint8Array, index: number): number => ((bytes[index >> 3] as number) >> (index & 7)) & 1;

interface Taken {
  readonly groups: readonly number[];
  /** For each column what its values are, one behind the other, and whether each row has one. */
  readonly values: readonly Buffer[];
  readonly present: readonly (readonly boolean[])[];
}

/** What becomes of blocks, as pages say it. */
async function take(types: readonly TypeText[], blocks: readonly Buffer[], heldBytes?: number): Promise<Taken> {
  const groups: number[] = [];
  const values: Buffer[][] = types.map(() => []);
  const present: boolean[][] = types.map(() => []);
  const write = async (rows: number, pages: readonly PlainPage[]): Promise<void> => {
    groups.push(rows);
    for (const [index, page] of pages.entries()) {
      const bits = Array.from({ length: rows }, (_, row) => page.nulls === 0 || bitAt(page.presence, row) === 1);
      present[index]?.push(...bits);
      const count = rows - page.nulls;
      expect(bits.filter((is) => is)).toHaveLength(count);
      const isBits = types[index] === "bool";
      if (isBits) expect(page.values).toHaveLength(Math.ceil(count / 8));
      values[index]?.push(
        isBits
          ? Buffer.from(Array.from({ length: count }, (_, at) => bitAt(page.values, at)))
          : Buffer.from(page.values),
      );
    }
  };
  const columns = types.map((type) => ({ column: plainColumn(parseType(type)), nullable: true }));
  const rows = new BinaryRows(columns, { write, ...(heldBytes === undefined ? {} : { heldBytes }) });
  for (const block of blocks) await rows.take(block);
  await rows.finish();
  return { groups, values: values.map((parts) => Buffer.concat(parts)), present };
}

function expected(types: readonly TypeText[], rows: readonly Row[]): Omit<Taken, "groups"> {
  const column = (index: number) => rows.map((row) => row[index] ?? null);
  return {
    values: types.map((_, index) =>
      Buffer.concat(column(index).flatMap((value) => (value === null ? [] : [value.plain]))),
    ),
    present: types.map((_, index) => column(index).map((value) => value !== null)),
  };
}

/** A stream in blocks that end where it is told. */
function cut(stream: Buffer, places: readonly number[]): readonly Buffer[] {
  const edges = [0, ...[...places].sort((a, b) => a - b), stream.length];
  return edges.slice(1).map((edge, index) => stream.subarray(edges[index], edge));
}

describe("rows that come in binary", () => {
  it("are the columns of a plain Parquet file, wherever they are cut and however much is held", async () => {
    const held = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constant(65_536));
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(typesAndRows, places, held, async ([types, rows], at, heldBytes) => {
        const stream = streamOf(rows, types.length);
        const blocks = cut(
          stream,
          at.map((part) => Math.floor(part * stream.length)),
        );
        const { groups, ...taken } = await take(types, blocks, heldBytes);
        expect(taken).toEqual(expected(types, rows));
        expect(groups.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
      }),
      { numRuns: 300 },
    );
  });

  it("are whole where two blocks meet at any byte", async () => {
    const types = ["int32", "string", "bool", "decimal(9,2)"];
    const rows = fc.sample(fc.tuple(...types.map((type) => fc.option(SAMPLES[type] ?? fc.constant(null)))), 4);
    const stream = streamOf(rows, types.length);
    for (let place = 0; place <= stream.length; place += 1) {
      expect(await take(types, cut(stream, [place]), 64), `cut at ${place}`).toMatchObject(expected(types, rows));
    }
  });

  it("may have values of many megabytes between short ones, which are not kept in memory together", async () => {
    const lengths = [1, 40_000_000, 2, 9_000_000, 12_000_000, 3];
    const rows = lengths.map((length, index): Row => {
      const sent = Buffer.alloc(length, 97 + index);
      const long = { sent, plain: Buffer.concat([little(4, BigInt(length)), sent]) };
      return [shifted(4, 0n)(BigInt(index)), long];
    });
    const stream = streamOf(rows, 2);
    const places = Array.from({ length: Math.floor(stream.length / 1_000_003) }, (_, index) => (index + 1) * 1_000_003);
    const { values, groups } = await take(["int32", "bytes"], cut(stream, places));
    const wanted = expected(["int32", "bytes"], rows).values;
    expect(values.map((bytes, index) => bytes.equals(wanted[index] ?? Buffer.of()))).toEqual([true, true]);
    expect(groups.length).toBeGreaterThan(1);
  });

  it("may be none, of 300 columns, all null, more than are held at a time", async () => {
    expect(await take(["int32"], [streamOf([], 1)])).toMatchObject({ groups: [], present: [[]] });
    const types = Array.from({ length: 300 }, (_, index) => Object.keys(SAMPLES)[index % 22] as TypeText);
    const wide = fc.sample(fc.tuple(...types.map((type) => fc.option(SAMPLES[type] ?? fc.constant(null)))), 40);
    expect(await take(types, [streamOf(wide, 300)], 20_000)).toMatchObject(expected(types, wide));
    const nulls = wide.map((row) => row.map(() => null));
    expect(await take(types, [streamOf(nulls, 300)])).toMatchObject(expected(types, nulls));
    const many = Array.from(
      { length: 250_001 },
      (_, index): Row => [index % 3 === 0 ? null : shifted(4, 0n)(BigInt(index))],
    );
    const { groups, ...taken } = await take(["int32"], [streamOf(many, 1)]);
    expect(groups).toEqual([122_880, 122_880, 4241]);
    expect(taken.values[0]?.equals(expected(["int32"], many).values[0] ?? Buffer.of())).toBe(true);
  });

  it("are refused where a value is none of its type, or they do not end", async () => {
    const refused: readonly (readonly [TypeText, Buffer])[] = [
      ["date", int(4, 2n ** 31n - 1n)],
      ["date", int(4, -(2n ** 31n))],
      ["date", int(4, LAST + 1n - EPOCH)],
      ["date", int(4, FIRST - 1n - EPOCH)],
      ["timestamp", int(8, 2n ** 63n - 1n)],
      ["timestamp", int(8, -(2n ** 63n))],
      ["timestamp", int(8, (LAST + 1n - EPOCH) * DAY)],
      ["timestamptz", int(8, (FIRST - EPOCH) * DAY - 1n)],
      ["time", int(8, DAY)],
      ["int32", int(8, 1n)],
      ["int64", int(4, 1n)],
      ["uuid", int(4, 1n)],
      ["decimal(4,1)", numeric(10_000n, 1)],
      ["decimal(4,1)", numeric(-10_000n, 1)],
      ["decimal(4,1)", numeric(100n, 2)],
      ["decimal(18,0)", numeric(10n ** 18n, 0)],
      ["decimal(19,0)", numeric(2n ** 64n * 10n ** 4n, 0)],
      ["decimal(38,0)", numeric(10n ** 38n, 0)],
      ["decimal(38,0)", numeric(2n ** 128n, 0)],
      ["decimal(38,0)", numeric(10n ** 130_000n, 0)],
      ["decimal(9,2)", Buffer.from("00000000c0000000", "hex")],
      ["decimal(9,2)", Buffer.from("00000000d0000000", "hex")],
      ["decimal(9,2)", Buffer.from("0001000000000000", "hex")],
      ["decimal(9,2)", Buffer.from("0000", "hex")],
    ];
    for (const [type, sent] of refused) {
      const stream = streamOf([[null], [{ sent, plain: sent }]], 1);
      await expect(take([type], [stream]), `${type} ${sent.subarray(0, 16).toString("hex")}`).rejects.toThrow(NotPlain);
    }
    const stream = streamOf([[shifted(4, 0n)(1n)]], 1);
    await expect(take(["int32", "int32"], [stream])).rejects.toThrow(NotPlain);
    for (const bytes of [0, 10, 19, 25, stream.length - 2]) {
      await expect(take(["int32"], [stream.subarray(0, bytes)])).rejects.toThrow(NotPlain);
    }
  });
});
