import { describe, expect, it } from "vitest";
import type { DataFile, Field } from "../format/model.ts";
import { encodeValue } from "../values/encode-value.ts";
import { type KeyEnds, sharedRanges, within } from "./key-range.ts";

const LONG = { kind: "long" } as const;
const fields: readonly Field[] = [{ id: 1, name: "ID", required: false, type: LONG }];
const spec = { specId: 0, fields: [] };
const table = { metadata: { partitionSpecs: [spec] } } as unknown as Parameters<typeof sharedRanges>[2]["table"];
const ends: readonly KeyEnds[] = [{ name: "id", stored: "ID", type: "int64", low: 10n, high: 90n }];

function file(low: bigint | undefined, high: bigint | undefined, specId = 0): DataFile {
  const bounds = (value: bigint | undefined): ReadonlyMap<number, Uint8Array> =>
    new Map(value === undefined ? [] : [[1, encodeValue(value, LONG)]]);
  return {
    ...{ content: "data", path: "file:///x", format: "parquet", specId, partition: [], recordCount: 1, sizeBytes: 1 },
    ...{ lowerBounds: bounds(low), upperBounds: bounds(high) },
  };
}

const ranges = (...files: readonly DataFile[]): readonly string[] =>
  sharedRanges(ends, files, { table, fields }).map(
    (range) => `${within([range], "b")}, ${within([range], "s")}${range.leavesOut ? ", leaves out" : ""}`,
  );

describe("the range of keys that both arrive and are stored", () => {
  it("is what the files may hold of what arrives", () => {
    expect(ranges(file(20n, 30n), file(50n, 120n))).toEqual([
      'b."id" between 20 and 90, s."ID" between 20 and 90, leaves out',
    ]);
    expect(ranges(file(5n, 100n))).toEqual(['b."id" between 10 and 90, s."ID" between 10 and 90']);
  });

  it("ends with what arrives where a file does not say its own end", () => {
    const unknown = [file(undefined, 30n), file(20n, undefined), file(undefined, undefined), file(20n, 30n, 7)];
    const told = unknown.map((one) => ranges(file(20n, 30n), one));
    expect(told).toEqual([
      ['b."id" between 10 and 30, s."ID" between 10 and 30, leaves out'],
      ['b."id" between 20 and 90, s."ID" between 20 and 90, leaves out'],
      ['b."id" between 10 and 90, s."ID" between 10 and 90'],
      ['b."id" between 10 and 90, s."ID" between 10 and 90'],
    ]);
  });
});
