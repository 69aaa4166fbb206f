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
const counted = (profile: object, isStrict: boolean, paths: readonly string[]): unknown => {
  const { rows, incomplete } = readCounts(profile, new Map([["x", { input: input(...paths), isStrict }]]));
  return [rows.get("x"), incomplete];
};
const counts = (profile: object, ...paths: readonly string[]): unknown => counted(profile, false, paths);

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

it("does not trust a strict rule that is missing or did not look at each record", () => {
  const strict = (rows: number): object =>
    over("FILTER", 2, [
      over("PROJECTION", rows, [over("FILTER", rows, [scan(7, "/a.csv")])], { Projections: "sluice:strict record" }),
    ]);
  expect(counted(strict(7), true, ["/a.csv"])).toEqual([7, []]);
  expect(counted(strict(6), true, ["/a.csv"])).toEqual([7, ["x"]]);
  expect(counted(over("FILTER", 7, [scan(7, "/a.csv")]), true, ["/a.csv"])).toEqual([7, ["x"]]);
  expect(counted(over("FILTER", 6, [scan(7, "/a.csv")]), false, ["/a.csv"])).toEqual([7, []]);
});
