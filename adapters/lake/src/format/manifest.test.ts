import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAvro } from "../avro/container.ts";
import { compareValues } from "../values/compare-values.ts";
import { decodeValue } from "../values/encode-value.ts";
import { readManifestList, writeManifestList } from "./manifest-list.ts";
import { readManifest } from "./manifest-read.ts";
import { avroName } from "./manifest-schema.ts";
import { type NewEntry, writeManifest } from "./manifest-write.ts";
import type { DataFile, PartitionSpec, PartitionValue, PrimitiveType, TableSchema } from "./model.ts";
import { summarizePartitions } from "./partition-summary.ts";
import { copyFile } from "./stored-file.ts";

const SNAPSHOT = 8000000000000000001n;
const TYPES: readonly PrimitiveType[] = [
  { kind: "int" },
  { kind: "long" },
  { kind: "decimal", precision: 12, scale: 2 },
  { kind: "string" },
  { kind: "boolean" },
  { kind: "date" },
  { kind: "timestamptz" },
  { kind: "uuid" },
  { kind: "binary" },
  { kind: "double" },
  { kind: "fixed", length: 3 },
];
const SPEC: PartitionSpec = {
  specId: 4,
  fields: TYPES.map((type, index) => ({
    sourceId: index + 1,
    fieldId: 1000 + index,
    name: `${type.kind}-größe ${index}`,
    transform: { kind: "identity" },
  })),
};
const SCHEMA: TableSchema = {
  schemaId: 7,
  identifierFieldIds: [],
  fields: TYPES.map((type, index) => ({ id: index + 1, name: `c${index}`, required: false, type })),
};

function valuesOf(type: PrimitiveType): fc.Arbitrary<Exclude<PartitionValue, null>> {
  switch (type.kind) {
    case "int":
    case "date":
      return fc.integer();
    case "long":
    case "timestamptz":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "decimal":
      return fc.bigInt({ min: -(10n ** 12n) + 1n, max: 10n ** 12n - 1n });
    case "string":
      return fc.string({ unit: "grapheme" });
    case "boolean":
      return fc.boolean();
    case "double":
      return fc.double({ noNaN: true });
    case "uuid":
      return fc.uint8Array({ minLength: 16, maxLength: 16 });
    case "fixed":
      return fc.uint8Array({ minLength: 3, maxLength: 3 });
    default:
      return fc.uint8Array({ maxLength: 9 });
  }
}

const file = fc
  .record({
    path: fc.string({ minLength: 1 }).map((name) => `file:///a b%20/${name}`),
    partition: fc.tuple(...TYPES.map((type) => fc.option(valuesOf(type)))),
    recordCount: fc.nat(),
    nullCounts: fc.option(fc.array(fc.tuple(fc.nat(), fc.nat())), { nil: undefined }),
    upperBounds: fc.option(fc.array(fc.tuple(fc.nat(), fc.uint8Array())), { nil: undefined }),
  })
  .map(
    ({ nullCounts, upperBounds, ...rest }): DataFile => ({
      content: "data",
      format: "parquet",
      specId: 4,
      sizeBytes: 123,
      ...rest,
      ...(nullCounts === undefined ? {} : { nullCounts: new Map(nullCounts) }),
      ...(upperBounds === undefined ? {} : { upperBounds: new Map(upperBounds) }),
      splitOffsets: [4, 2 ** 40],
      sortOrderId: 0,
    }),
  );

const plain = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? `0x${Buffer.from(value).toString("hex")}`
    : value instanceof Map
      ? [...value].map(([key, member]) => [key, plain(member)])
      : Array.isArray(value)
        ? value.map(plain)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]))
          : Object.is(value, -0)
            ? "-0"
            : value;

async function roundTrip(entries: readonly NewEntry[], sequenceNumber = 9) {
  const location = "file:///m.avro";
  const common = { spec: SPEC, types: TYPES, schema: SCHEMA, content: "data", snapshotId: SNAPSHOT } as const;
  const { bytes, manifest } = await writeManifest({ ...common, location, sequenceNumber, entries });
  return { bytes, manifest, read: await readManifest({ bytes, manifest, spec: SPEC, types: TYPES }) };
}

describe("manifests", () => {
  it("hold every value of every type", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 5 }), async (files) => {
        const { read } = await roundTrip(
          files.map((one) => ({ status: "added", snapshotId: SNAPSHOT, file: one }) as const),
        );
        expect(read.map((entry) => plain(copyFile(entry.file)))).toEqual(files.map((one) => plain(one)));
      }),
      { numRuns: 50 },
    );
  });

  it("hand their sequence number down to what they added, and to nothing else", async () => {
    const [one] = fc.sample(file, { numRuns: 1, seed: 1 }) as [DataFile];
    const { read, manifest } = await roundTrip([
      { status: "added", snapshotId: SNAPSHOT, file: one },
      { status: "existing", snapshotId: 5n, sequenceNumber: 2, fileSequenceNumber: 3, file: one },
      { status: "deleted", snapshotId: SNAPSHOT, sequenceNumber: 1, fileSequenceNumber: 1, file: one },
    ]);
    expect(
      read.map(({ status, snapshotId, sequenceNumber, fileSequenceNumber }) => [
        status,
        snapshotId,
        sequenceNumber,
        fileSequenceNumber,
      ]),
    ).toEqual([
      ["added", SNAPSHOT, 9, 9],
      ["existing", 5n, 2, 3],
      ["deleted", SNAPSHOT, 1, 1],
    ]);
    // What is deleted does not count: nothing that is live is as old.
    expect(manifest).toMatchObject({ minSequenceNumber: 2, addedFiles: 1, existingFiles: 1, deletedFiles: 1 });
    await expect(roundTrip([{ status: "existing", snapshotId: 5n, file: one }])).rejects.toThrow("no sequence numbers");
  });

  it("carry what readers need in their header and their schema", async () => {
    const [one] = fc.sample(file, { numRuns: 1, seed: 1 }) as [DataFile];
    const { bytes } = await roundTrip([{ status: "added", snapshotId: SNAPSHOT, file: one }]);
    const { metadata } = await readAvro(bytes, () => null);
    expect([...metadata.keys()].sort()).toEqual(
      [
        "avro.codec",
        "avro.schema",
        "content",
        "format-version",
        "partition-spec",
        "partition-spec-id",
        "schema",
        "schema-id",
      ].sort(),
    );
    const schema = metadata.get("avro.schema") ?? "";
    for (const attribute of ['"field-id":1003', '"element-id":133', '"logicalType":"map"', '"adjust-to-utc":true']) {
      expect(schema).toContain(attribute);
    }
  });

  it("name partitions as Avro allows", () => {
    expect(avroName("a-b")).toBe("a_x2Db");
    expect(avroName("9 lives")).toBe("_9_x20lives");
    expect(avroName("größe")).toBe("gr_xF6_xDFe");
  });
});

describe("manifest lists", () => {
  it("are read back", async () => {
    const [one] = fc.sample(file, { numRuns: 1, seed: 1 }) as [DataFile];
    const { manifest } = await roundTrip([{ status: "added", snapshotId: SNAPSHOT, file: one }]);
    const bytes = await writeManifestList({ snapshotId: SNAPSHOT, parentSnapshotId: 3n, sequenceNumber: 9 }, [
      manifest,
      { ...manifest, content: "deletes", path: "file:/x y.avro" },
    ]);
    expect(plain(await readManifestList(bytes))).toEqual(
      plain([manifest, { ...manifest, content: "deletes", path: "file:/x y.avro" }]),
    );
    const { metadata } = await readAvro(bytes, () => null);
    expect(metadata.get("snapshot-id")).toBe(String(SNAPSHOT));
    expect(metadata.get("sequence-number")).toBe("9");
  });

  it("summarise partitions by value, not by bytes", () => {
    for (const [index, type] of TYPES.entries()) {
      fc.assert(
        fc.property(fc.array(fc.option(valuesOf(type)), { minLength: 1 }), (values) => {
          const files = values.map(
            (value) => ({ partition: [...Array(index).fill(null), value] }) as unknown as DataFile,
          );
          const summary = summarizePartitions(files, TYPES)[index];
          const known = values.filter((value) => value !== null);
          expect(summary?.containsNull).toBe(known.length < values.length);
          if (known.length === 0) {
            expect(summary?.lowerBound).toBeUndefined();
            return;
          }
          const lower = decodeValue(summary?.lowerBound ?? new Uint8Array(), type);
          const upper = decodeValue(summary?.upperBound ?? new Uint8Array(), type);
          for (const value of known) {
            expect(compareValues(lower, value)).toBeLessThanOrEqual(0);
            expect(compareValues(upper, value)).toBeGreaterThanOrEqual(0);
          }
        }),
        { numRuns: 30 },
      );
    }
  });

  it("leave NaN out of bounds, and put -0 before 0", () => {
    const of = (...values: PartitionValue[]) =>
      summarizePartitions(
        values.map((value) => ({ partition: [value] }) as unknown as DataFile),
        [{ kind: "double" }],
      )[0];
    expect(of(Number.NaN)).toEqual({ containsNull: false, containsNan: true });
    const both = of(0, -0, Number.NaN);
    expect(both?.containsNan).toBe(true);
    expect(Buffer.from(both?.lowerBound ?? []).readDoubleLE()).toBe(-0);
    expect(Buffer.from(both?.upperBound ?? []).readDoubleLE()).toBe(0);
  });
});
