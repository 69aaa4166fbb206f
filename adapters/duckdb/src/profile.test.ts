import type { ScannableInput } from "@sluice/core";
import { expect, it } from "vitest";
import { readCounts } from "./profile.ts";

const input = (...paths: readonly string[]): ScannableInput => ({
  format: "csv",
  groups: [{ order: ["a"], files: paths.map((path) => ({ path, origin: path, bytes: 1 })) }],
  columns: [],
  validate: "all",
  identity: null,
});
const scan = (rows: number, files: string, read = 1): object => ({
  operator_name: "READ_CSV ",
  operator_cardinality: rows,
  extra_info: { "Filename(s)": files, "Total Files Read": String(read) },
  children: [],
});
const over = (
  operator_name: string,
  operator_cardinality: number,
  children: readonly object[],
  extra_info = {},
): object => ({
  operator_name,
  operator_cardinality,
  extra_info,
  children,
});
const counts = (profile: object, ...paths: readonly string[]): unknown => {
  const { rows, incomplete } = readCounts(profile, new Map([["x", input(...paths)]]));
  return [rows.get("x"), incomplete];
};

it("counts what a scan gives", () => {
  expect(counts(over("COPY", 1, [scan(7, "/a.csv")]), "/a.csv")).toEqual([7, []]);
  expect(counts(over("UNION", 1, [scan(7, "/a.csv"), scan(3, "/b.csv")]), "/a.csv", "/b.csv")).toEqual([10, []]);
});

it("knows a path that was given as a pattern", () => {
  expect(counts(scan(7, "/a [[]1].csv, /b.csv", 2), "/a [1].csv", "/b.csv")).toEqual([7, []]);
});

it("does not trust a scan that is missing, unfinished, below a limit or beside nothing", () => {
  expect(counts(over("EMPTY_RESULT", 0, []), "/a.csv")).toEqual([0, ["x"]]);
  expect(counts(scan(7, "/a.csv, /b.csv", 1), "/a.csv", "/b.csv")).toEqual([7, ["x"]]);
  expect(counts(over("STREAMING_LIMIT", 1, [scan(7, "/a.csv")]), "/a.csv")).toEqual([7, ["x"]]);
  expect(counts(over("LIMIT", 1, [scan(7, "/a.csv")]), "/a.csv")).toEqual([7, ["x"]]);
  const empty = over("DUMMY_SCAN", 0, []);
  expect(counts(over("HASH_JOIN", 0, [over("PROJECTION", 7, [scan(7, "/a.csv")]), empty]), "/a.csv")).toEqual([
    7,
    ["x"],
  ]);
});

it("does not trust a strict condition that let go of records", () => {
  const expression = { Expression: "(a IN ('x')) AND CASE WHEN … ELSE error('sluice:strict:x') END" };
  expect(counts(over("FILTER", 6, [scan(7, "/a.csv")], expression), "/a.csv")).toEqual([7, ["x"]]);
  expect(counts(over("FILTER", 7, [scan(7, "/a.csv")], expression), "/a.csv")).toEqual([7, []]);
  expect(counts(over("FILTER", 6, [scan(7, "/a.csv")], { Expression: "a > 1" }), "/a.csv")).toEqual([7, []]);
});
