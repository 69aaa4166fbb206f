import { parseType, type StageRequest } from "@sluice/core";
import { describe, expect, it } from "vitest";
import type { FieldColumn } from "./binary/field-column.ts";
import { fieldColumn } from "./binary/field-kinds.ts";
import { sentKeys } from "./sent-keys.ts";

const request = (type: string, key: readonly string[] = ["id"]): StageRequest =>
  ({ key, schema: { columns: [{ name: "id", type, nullable: true }] } }) as unknown as StageRequest;

/** A row group of one column: its values as Parquet holds them, and nulls behind them. */
function group(type: string, values: readonly bigint[], { width = 8, nulls = 0 } = {}): readonly FieldColumn[] {
  const bytes = Buffer.alloc(values.length * width);
  values.forEach((value, index) => {
    if (width === 8) bytes.writeBigInt64LE(value, index * width);
    else bytes.writeInt32LE(Number(value), index * width);
  });
  const present = new Uint8Array(values.length + nulls).fill(1, 0, values.length);
  const field = fieldColumn(parseType(type));
  field.begin({ present, nulls, pages: [{ values: bytes, count: values.length }] });
  return [field];
}

const LEAST = -(2n ** 63n);
const numbers = (from: number, to: number): bigint[] =>
  Array.from({ length: to - from }, (_, index) => BigInt((from + index) * 7_919) - 2n ** 40n);

describe("keys of rows that are sent", () => {
  it.each([
    ["int64", 8, [3n, LEAST, 2n ** 63n - 1n, 3n + 2n ** 32n, -1n], true],
    ["int64", 8, [3n, LEAST, 3n], false],
    ["int64", 8, [2n ** 32n, 1n, 2n ** 32n], false],
    ["int16", 4, [3n, -3n, 32_767n, -32_768n], true],
    ["int16", 4, [-3n, 3n, -3n], false],
    ["uint32", 4, [-1n, 1n, 0n], true],
    ["uint32", 4, [-1n, 1n, -1n], false],
    ["date", 4, [0n, 19_000n, -1n], true],
    ["timestamp", 8, [0n, 1n, 2n ** 62n], true],
    ["timestamptz", 8, [5n, 1n, 5n], false],
    // Two days before all that PostgreSQL knows are the same one there.
    ["date", 4, [-(2n ** 31n), -(2n ** 31n) + 1n], false],
  ])("tells whether %s of %i bytes are apart: %s", (type, width, values, areApart) => {
    const keys = sentKeys(request(type));
    keys?.take(group(type, values, { width }));
    expect(keys?.areApart()).toBe(areApart);
  });

  it("finds what is there in two row groups, however far apart", () => {
    for (const [again, areApart] of [
      [BigInt(7_919) - 2n ** 40n, false],
      [12n, true],
    ] as const) {
      const keys = sentKeys(request("int64"));
      for (let from = 0; from < 200_000; from += 50_000) keys?.take(group("int64", numbers(from, from + 50_000)));
      keys?.take(group("int64", [again]));
      expect(keys?.areApart()).toBe(areApart);
    }
  });

  it("takes a null for no key, also where all are", () => {
    const some = sentKeys(request("int64"));
    some?.take(group("int64", [1n], { nulls: 1 }));
    some?.take(group("int64", [2n]));
    expect(some?.areApart()).toBe(false);
    const all = sentKeys(request("int64"));
    all?.take(group("int64", [], { nulls: 2 }));
    expect(all?.areApart()).toBe(false);
    expect(sentKeys(request("int64"))?.areApart()).toBe(true);
  });

  it("knows nothing of more keys than it may hold, and of keys that are no words", () => {
    const keys = sentKeys(request("int32"));
    const million = numbers(0, 1_000_000).map((value) => value % 2n ** 31n);
    for (let times = 0; times < 5; times += 1) keys?.take(group("int32", million, { width: 4 }));
    expect(keys?.areApart()).toBeUndefined();
    for (const type of ["string", "float64", "bool", "decimal(9,2)", "uuid", "interval"]) {
      expect(sentKeys(request(type))).toBeUndefined();
    }
    expect(sentKeys(request("int64", ["id", "other"]))).toBeUndefined();
    expect(sentKeys(request("int64", []))).toBeUndefined();
  });
});
