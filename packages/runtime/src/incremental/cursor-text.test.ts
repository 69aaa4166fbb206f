import { describe, expect, test } from "vitest";
import { compareCursors, withLag } from "./cursor-text.ts";

describe("compareCursors", () => {
  test.each([
    ["int64", "9", "10"],
    ["int64", "-10", "-9"],
    ["int64", "9007199254740992", "9007199254740993"],
    ["decimal(20,4)", "1.5", "1.50001"],
    ["decimal(20,4)", "-0.5", "0.25"],
    ["float64", "1e2", "101"],
    ["timestamp", "2024-01-01 00:00:00", "2024-01-01 00:00:00.5"],
    ["string", "z", "ä"],
    ["string", "\uffff", "\u{1f600}"],
  ])("%s: %s is less than %s", (type, less, more) => {
    expect(compareCursors(type, less, more)).toBeLessThan(0);
    expect(compareCursors(type, more, less)).toBeGreaterThan(0);
    expect(compareCursors(type, less, less)).toBe(0);
  });
});

describe("withLag", () => {
  test.each([
    ["int64", "10", "5", "5"],
    ["int64", "9007199254740993", "1", "9007199254740992"],
    ["decimal(10,2)", "0.25", "0.5", "-0.25"],
    ["float64", "1.5", "0.5", "1"],
    ["date", "2024-03-01", "P1D", "2024-02-29"],
    ["timestamp", "2024-03-01 12:00:00.123456", "P2D", "2024-02-28 12:00:00.123456"],
    ["timestamptz", "2024-01-01 00:00:00+00", "PT36H", "2023-12-30 12:00:00+00"],
    ["timestamp", "0001-01-01 00:00:05", "P2D", "0001-01-01 00:00:00"],
  ])("%s: %s less %s is %s", (type, cursor, lag, expected) => {
    expect(withLag(type, cursor, lag)).toBe(expected);
  });
});
