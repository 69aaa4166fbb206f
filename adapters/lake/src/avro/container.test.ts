import { crc32, deflateRawSync } from "node:zlib";
import avsc from "avsc";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { decompress } from "./codecs.ts";
import { readAvro, writeAvro } from "./container.ts";
import { type AvroRecord, createDecoder, type Undecoded } from "./decode.ts";
import { ByteWriter, createEncoder } from "./encode.ts";
import { type AvroSchema, resolveSchema } from "./schema.ts";

const SCHEMA: AvroSchema = {
  type: "record",
  name: "row",
  fields: [
    { name: "id", type: "long", "field-id": 1 },
    { name: "small", type: ["null", "int"], "field-id": 2 },
    { name: "text", type: "string", "field-id": 3 },
    { name: "real", type: "double", "field-id": 4 },
    { name: "single", type: "float", "field-id": 5 },
    { name: "flag", type: "boolean", "field-id": 6 },
    { name: "raw", type: ["null", "bytes"], "field-id": 7 },
    { name: "hash", type: { type: "fixed", name: "hash", size: 4 }, "field-id": 8 },
    {
      name: "pairs",
      type: {
        type: "array",
        logicalType: "map",
        items: {
          type: "record",
          name: "pair",
          fields: [
            { name: "key", type: "int" },
            { name: "value", type: "long" },
          ],
        },
      },
      "field-id": 9,
    },
    { name: "named", type: { type: "map", values: "string" }, "field-id": 10 },
  ],
};

const bytes = (length?: number) =>
  fc
    .uint8Array(length === undefined ? { maxLength: 200 } : { minLength: length, maxLength: length })
    .map((array) => Buffer.from(array));
/** avsc, which the codec is compared with, drops the sign of numbers below -2^52 (5.7.9). */
const safe = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
const row = fc.record({
  id: safe,
  small: fc.option(fc.integer()),
  text: fc.string({ unit: "grapheme" }),
  real: fc.double(),
  single: fc.float(),
  flag: fc.boolean(),
  raw: fc.option(bytes()),
  hash: bytes(4),
  pairs: fc.uniqueArray(fc.record({ key: fc.integer(), value: safe }), { selector: ({ key }) => key }),
  named: fc.dictionary(
    fc.string().filter((key) => key !== "__proto__"),
    fc.string(),
  ),
});
/** Lists of pairs are read as maps. */
const plain = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (_key, member: unknown) =>
      member instanceof Map ? [...member].map(([key, of]: [unknown, unknown]) => ({ key, value: of })) : member,
    ),
  ) as unknown;

describe("the codec", () => {
  it("writes the bytes that another writer of Avro writes, and reads its own", () => {
    const reference = avsc.Type.forSchema(SCHEMA as never);
    const type = resolveSchema(SCHEMA);
    const encode = createEncoder(type);
    const decode = createDecoder(type);
    const writerOf = (value: unknown) => {
      const writer = new ByteWriter();
      encode(writer, value);
      return { written: writer.written() };
    };
    fc.assert(
      fc.property(row, (value) => {
        const writer = new ByteWriter(4);
        encode(writer, value);
        expect(plain(reference.fromBuffer(writer.written()))).toEqual(plain(value));
        // Lists may be cut into blocks in many ways; without them there is one way to write a value.
        const { written } = writerOf({ ...value, pairs: value.pairs.slice(0, 3) });
        expect(written.equals(reference.toBuffer({ ...value, pairs: value.pairs.slice(0, 3) }))).toBe(true);
        const reader = new ByteReader(writer.written());
        expect(plain(decode(reader))).toEqual(plain(value));
        expect(reader.atEnd).toBe(true);
      }),
    );
  });

  it("keeps every whole number of 64 bits", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const writer = new ByteWriter();
        writer.long(value);
        expect(BigInt(new ByteReader(writer.written()).long())).toBe(value);
      }),
    );
    expect(() => new ByteWriter().long(2n ** 63n)).toThrow("does not fit 64 bits");
  });

  it("steps over what is lazy, and decodes it when asked", () => {
    const type = resolveSchema(SCHEMA);
    const writer = new ByteWriter();
    const [value] = fc.sample(row, { numRuns: 1, seed: 7 });
    createEncoder(type)(writer, value);
    const expected = plain(value) as Record<string, unknown>;
    for (const lazy of [["id"], ["named"], ["text", "pairs"], Object.keys(expected)]) {
      const decode = createDecoder(type, { isLazy: ({ name }) => lazy.includes(name) });
      const reader = new ByteReader(writer.written());
      const { undecoded, ...record } = decode(reader) as AvroRecord;
      expect(reader.atEnd).toBe(true);
      expect(Object.keys(record)).toEqual(Object.keys(expected).filter((name) => !lazy.includes(name)));
      const decoded = lazy.map((name) => [name, (undecoded as Undecoded).value(name)]);
      expect(plain({ ...record, ...Object.fromEntries(decoded) })).toEqual(expected);
      expect((undecoded as Undecoded).value("nothing")).toBeUndefined();
    }
  });

  it("refuses what was cut anywhere, and never hangs or reads on", () => {
    const type = resolveSchema(SCHEMA);
    const writer = new ByteWriter();
    createEncoder(type)(writer, fc.sample(row, { numRuns: 1, seed: 3 })[0]);
    const whole = Buffer.from(writer.written());
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => createDecoder(type)(new ByteReader(whole.subarray(0, length)))).toThrow(/Avro file/);
    }
  });

  it("refuses counts that promise more than is there", () => {
    const writer = new ByteWriter();
    writer.long(2 ** 40);
    const decode = createDecoder(resolveSchema({ type: "array", items: "null" }));
    expect(() => decode(new ByteReader(writer.written()))).toThrow("values follow");
  });

  it("resolves names within namespaces, and refuses unknown ones", () => {
    const inner = { type: "record", name: "inner", namespace: "a.b", fields: [{ name: "x", type: "int" }] };
    const outer = resolveSchema({
      type: "record",
      name: "outer",
      namespace: "a.b",
      fields: [
        { name: "one", type: inner },
        { name: "two", type: "inner" },
        { name: "three", type: ["null", "a.b.inner"] },
      ],
    });
    expect(outer).toMatchObject({ kind: "record", fields: [{}, { type: { kind: "record", name: "inner" } }, {}] });
    expect(() => resolveSchema("nowhere")).toThrow('unknown type "nowhere"');
  });
});

describe("container files", () => {
  const values = fc.sample(row, { numRuns: 50, seed: 1 });

  it.each(["null", "deflate"] as const)("are read back, and by another reader of Avro (%s)", async (codec) => {
    const file = await writeAvro({ schema: SCHEMA, metadata: { content: "data" }, values, codec });
    const back = await readAvro(file, plain);
    expect(back.values).toEqual(values.map(plain));
    expect(back.metadata.get("content")).toBe("data");
    expect(JSON.parse(back.metadata.get("avro.schema") ?? "")).toEqual(SCHEMA);
    const rows: unknown[] = [];
    await new Promise((resolve, reject) => {
      const decoder = new avsc.streams.BlockDecoder();
      decoder.on("data", (value) => rows.push(plain(value)));
      decoder.on("end", resolve).on("error", reject).end(file);
    });
    expect(rows).toEqual(values.map(plain));
  });

  it("are cut into blocks", async () => {
    const many = Array.from({ length: 40_000 }, (_, index) => ({ n: index, t: `text ${index} that takes some room` }));
    const schema: AvroSchema = {
      type: "record",
      name: "r",
      fields: [
        { name: "n", type: "long" },
        { name: "t", type: "string" },
      ],
    };
    const file = await writeAvro({ schema, metadata: {}, values: many });
    expect((await readAvro(file, (value) => value)).values).toEqual(many);
  });

  it("refuses damage by name", async () => {
    const file = await writeAvro({ schema: SCHEMA, metadata: {}, values });
    const read = (bytes: Buffer) => readAvro(bytes, plain);
    await expect(read(Buffer.from("PAR1"))).rejects.toThrow("no Avro file");
    await expect(read(file.subarray(0, file.length - 5))).rejects.toMatchObject({ code: "data" });
    const spoiled = Buffer.from(file);
    spoiled[file.length - 40] = (spoiled[file.length - 40] ?? 0) ^ 0xff;
    await expect(read(spoiled)).rejects.toMatchObject({ code: "data" });
  });
});

describe("codecs of blocks", () => {
  it("expands deflate", async () => {
    expect(String(await decompress("deflate", deflateRawSync("abc")))).toBe("abc");
  });

  it("expands snappy, copies that reach into themselves too, and verifies its checksum", async () => {
    // "abababababab!" as the literal "ab", a copy of ten bytes two back, the literal "!", and the CRC-32.
    const body = Buffer.from([13, 0b0000_0100, 0x61, 0x62, 0b0001_1001, 2, 0, 0x21, 0, 0, 0, 0]);
    body.writeUInt32BE(crc32("abababababab!"), body.length - 4);
    expect(String(await decompress("snappy", body))).toBe("abababababab!");
    body[body.length - 1] = (body[body.length - 1] ?? 0) ^ 1;
    await expect(decompress("snappy", body)).rejects.toThrow("checksum");
  });

  it("never trusts a length or an offset of snappy", async () => {
    await fc.assert(
      fc.asyncProperty(bytes(), async (block) => {
        await expect(decompress("snappy", block)).rejects.toMatchObject({ code: "data" });
      }),
    );
  });

  it("refuses others by name", async () => {
    await expect(decompress("bzip2", Buffer.alloc(0))).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining('"bzip2"') as string,
    });
  });
});
