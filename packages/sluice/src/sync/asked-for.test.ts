import type { FrozenColumn, FrozenDataset } from "@sluice/core";
import { expect, test } from "vitest";
import type { DatasetOptions } from "../dataset-options.ts";
import { withConfiguration } from "./asked-for.ts";
import { diff } from "./drift-report.ts";

const address = { type: "file", path: "data/a.csv", format: "csv" };
const dialect = {
  delimiter: ",",
  quote: '"',
  escape: '"',
  header: true,
  newline: "lf",
  encoding: "utf-8",
  quotedEmpty: "text",
  compression: "none",
} as const;

const column = (name: string, type: string, more: Partial<FrozenColumn> = {}): FrozenColumn => ({
  name,
  type,
  nullable: true,
  ...more,
});

const frozen = (columns: readonly FrozenColumn[], more: Partial<FrozenDataset> = {}): FrozenDataset => ({
  version: 1,
  name: "a",
  source: address,
  dialect,
  columns,
  validate: "all",
  drift: "fail",
  reordered: "fail",
  stage: "volatile",
  warnings: [],
  ...more,
});

/** What is left to be the source's doing. */
const drift = (previous: FrozenDataset, options: DatasetOptions, found: FrozenDataset): readonly string[] =>
  diff(withConfiguration(previous, { address, options }, found), found).sentences;

const before = frozen([column("id", "int64"), column("day", "string"), column("zip", "int64")]);

test("what the author asked for is no drift", () => {
  const typed = frozen([column("id", "string"), column("day", "string"), column("zip", "int64")]);
  expect(drift(before, { types: { id: "string" } }, typed)).toEqual([]);
  const dated = frozen([column("id", "int64"), column("day", "date", { format: "%d.%m.%Y" }), column("zip", "int64")]);
  expect(drift(before, { formats: { day: "%d.%m.%Y" } }, dated)).toEqual([]);
  const required = frozen([
    column("id", "int64", { nullable: false }),
    column("day", "string"),
    column("zip", "int64"),
  ]);
  expect(drift(before, { required: ["id"] }, required)).toEqual([]);
  expect(drift(required, {}, before)).toEqual([]);
  expect(
    drift(before, { maxRejects: 5, drift: "warn" }, frozen(before.columns, { maxRejects: 5, drift: "warn" })),
  ).toEqual([]);
});

test("what the author did not ask for is drift, whatever else was changed", () => {
  const found = frozen([column("id", "string"), column("day", "string"), column("zip", "string")], { maxRejects: 5 });
  expect(drift(before, { maxRejects: 5, types: { id: "string" } }, found)).toEqual(['"zip" was int64 and is string']);
  const wider = frozen([...before.columns, column("extra", "string")], { maxRejects: 5 });
  expect(drift(before, { maxRejects: 5 }, wider)).toEqual(['"extra" (string) is new']);
  const semicolons = frozen(before.columns, { maxRejects: 5, dialect: { ...dialect, delimiter: ";" } });
  expect(drift(before, { maxRejects: 5 }, semicolons)).toEqual(['the delimiter was "," and is ";"']);
});

test("columns that the author chose, or chose no longer, are no drift; their types are", () => {
  const few = frozen([column("id", "int64"), column("zip", "string")], { partial: true });
  expect(drift(before, { columns: ["id", "zip"] }, few)).toEqual(['"zip" was int64 and is string']);
  const all = frozen([column("id", "int64"), column("day", "string"), column("zip", "string")]);
  expect(drift(few, {}, all)).toEqual([]);
  expect(drift(few, {}, frozen([column("id", "int64"), column("day", "string")]))).toEqual(['"zip" (string) is gone']);
});

test("another address is another source", () => {
  const found = frozen([column("x", "string")], { source: { ...address, path: "data/b.csv" } });
  const source = { address: { ...address, path: "data/b.csv" }, options: {} };
  expect(diff(withConfiguration(before, source, found), found).sentences).toEqual([]);
});
