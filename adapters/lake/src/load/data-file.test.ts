import type { WrittenFile } from "@sluice/core";
import { expect, it } from "vitest";
import type { Field } from "../format/model.ts";
import { dataFileOf } from "./data-file.ts";

const written = (nulls: number): WrittenFile => ({
  ...{ path: "/scratch/a.parquet", format: "parquet", rows: 3, bytes: 100 },
  columns: [{ path: ["s"], bytes: 10, values: 3, nulls }],
});
const tableOf = (required: boolean): { fields: readonly Field[]; spec: { specId: number; fields: [] } } => ({
  fields: [{ id: 2, name: "s", type: { kind: "string" }, required }],
  spec: { specId: 0, fields: [] },
});

it("takes no null for a column that the table requires", () => {
  expect(() => dataFileOf(written(1), "file:///t/a.parquet", tableOf(true))).toThrow(
    expect.objectContaining({ code: "data", reason: "null", offending: "s" }),
  );
  expect(dataFileOf(written(0), "file:///t/a.parquet", tableOf(true)).nullCounts).toEqual(new Map([[2, 0]]));
  expect(dataFileOf(written(1), "file:///t/a.parquet", tableOf(false)).nullCounts).toEqual(new Map([[2, 1]]));
});
