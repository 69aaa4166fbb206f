import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PARQUET, type PlainPage, PlainParquet } from "./plain-parquet.ts";
import { plainFooterBytes, readPlainFooter, readPlainGroup } from "./plain-reader.ts";

const TAIL_BYTES = 8;

/** A file of row groups of a column of one byte for each value. */
function fileOf(groups: readonly (readonly boolean[])[]): Uint8Array {
  const parquet = new PlainParquet([{ name: "v", type: { physical: PARQUET.physical.bytes } }]);
  const parts = [...parquet.begin()];
  for (const rows of groups) {
    const presence = new Uint8Array(Math.ceil(rows.length / 8));
    rows.forEach((is, row) => {
      if (is) presence[row >> 3] = (presence[row >> 3] as number) | (1 << (row & 7));
    });
    const values = Uint8Array.from(rows.filter((is) => is).map((_, index) => index));
    const page: PlainPage = { values, nulls: rows.length - values.length, presence };
    parts.push(...parquet.group(rows.length, [page]));
  }
  return Buffer.concat([...parts, ...parquet.end()]);
}

function footerOf(file: Uint8Array) {
  const length = plainFooterBytes(file.subarray(file.length - TAIL_BYTES));
  const at = file.length - TAIL_BYTES - (length ?? file.length);
  return length === undefined || at < 0 ? undefined : readPlainFooter(file.subarray(at, at + length), at);
}

describe("a plain Parquet file", () => {
  it("is read as it was written, with its nulls", () => {
    const rows = fc.array(fc.boolean(), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 20 }), (groups) => {
        const file = fileOf(groups);
        const found = footerOf(file);
        expect(found).toMatchObject({
          rows: groups.flat().length,
          columns: [{ name: "v", physical: PARQUET.physical.bytes }],
        });
        const read = found?.groups.map((group) =>
          readPlainGroup(group, file.subarray(group.at, group.at + group.bytes)),
        );
        expect(read?.map(([column]) => [...(column?.present ?? [])].map((is) => is === 1))).toEqual(groups);
        for (const [index, [column]] of (read ?? []).entries()) {
          const there = groups[index]?.filter((is) => is).length ?? 0;
          expect(column?.nulls).toBe((groups[index]?.length ?? 0) - there);
          expect(column?.pages.map(({ values, count }) => [values.length, count])).toEqual([[there, there]]);
        }
      }),
    );
  });

  it("is none as long as it is not whole, nor as a part of other bytes", () => {
    const file = fileOf([[true, false], [true]]);
    expect(footerOf(file)).toBeDefined();
    for (let bytes = TAIL_BYTES; bytes < file.length; bytes += 1)
      expect(footerOf(file.subarray(0, bytes))).toBeUndefined();
    expect(footerOf(Buffer.concat([Buffer.from("PAR1"), file]))).toBeUndefined();
  });
});
