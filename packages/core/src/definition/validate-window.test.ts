import { describe, expect, it } from "vitest";
import type { Expression } from "../ir/expression.ts";
import type { Frame, FrameBound, WindowNode } from "../ir/relation.ts";
import { call, col, number, scan } from "../plan/chicago.fixture.ts";
import { canonicalRelation } from "./canonical.ts";
import { found, inFilter, pipeline, sum, transform } from "./definition.fixture.ts";

const over = (column: Expression, more: Partial<WindowNode> = {}): WindowNode => ({
  kind: "window",
  input: scan("d"),
  partition: [],
  by: [{ expression: col("t") }],
  columns: [["x", column]],
  ...more,
});
const problemsOf = (node: WindowNode): unknown[] => found(pipeline(transform("t", node)));
const framed = (unit: Frame["unit"], from: FrameBound, to: FrameBound, more: Partial<WindowNode> = {}): unknown[] =>
  problemsOf(over(sum(col("a")), { frame: { unit, from, to }, ...more })).map((problem) =>
    Array.isArray(problem) ? problem[1] : problem,
  );

describe("a window", () => {
  it("takes window functions, aggregates and plain columns beside each other", () => {
    expect(problemsOf(over(call("minus", sum(col("a")), call("plus", call("lag", col("a")), col("b")))))).toEqual([]);
    expect(problemsOf(over(sum(col("a")), { by: [] }))).toEqual([]);
  });

  it("is where window functions stand, and nowhere else", () => {
    const problem = [
      "steps.t.query.filter",
      'the window function "rowNumber" looks at the rows around a row and cannot stand here',
      "use window, which adds columns computed over the rows of a partition; then go on from its columns",
    ];
    expect(found(pipeline(inFilter(call("gt", call("rowNumber"), number("1")))))).toEqual([problem]);
  });

  it("has an order for functions that need one", () => {
    expect(problemsOf(over(call("lag", col("a")), { by: [] }))).toEqual([
      [
        "steps.t.query.window.x",
        '"lag" needs an order, and the window has none',
        "give by: what the rows of the window are ordered by",
      ],
    ]);
  });

  it("does not nest functions over rows", () => {
    const hint = "compute the inner one in a window of its own, then the outer one over its column";
    const at = "steps.t.query.window.x";
    expect(problemsOf(over(sum(call("lag", col("a")))))).toEqual([
      [at, '"lag" stands inside another function over rows', hint],
    ]);
    expect(problemsOf(over(call("lag", sum(col("a")))))).toEqual([
      [at, '"sum" stands inside another function over rows', hint],
    ]);
  });

  it("computes something, under names that differ", () => {
    expect(problemsOf(over(col("a"), { columns: [] }))).toEqual([
      ["steps.t.query.window", "a window computes no columns", undefined],
    ]);
    expect(
      problemsOf(
        over(col("a"), {
          columns: [
            ["x", call("rank")],
            ["X", call("rank")],
          ],
        }),
      ),
    ).toEqual([expect.arrayContaining(['the columns "x" and "X" differ only by case, which engines ignore'])]);
  });
});

describe("a frame", () => {
  it.each<[Frame["unit"], FrameBound, FrameBound, string[]]>([
    ["rows", { preceding: "2" }, "current", []],
    ["rows", { preceding: "3" }, { preceding: "1" }, []],
    ["range", { preceding: "P7D" }, { preceding: "P1D" }, []],
    ["range", { preceding: "0.5" }, { following: "P1D" }, []],
    ["rows", { preceding: "1.5" }, "current", ['a frame counts rows, and "1.5" is no whole number from 0 on']],
    ["groups", { preceding: "P1D" }, "current", ['a frame counts groups, and "P1D" is no whole number from 0 on']],
    [
      "range",
      { preceding: "-1" },
      "current",
      ['"-1" is no distance of a range frame: a number from 0 on, or a duration'],
    ],
    [
      "range",
      { preceding: "P-1D" },
      "current",
      ['"P-1D" is no distance of a range frame: a number from 0 on, or a duration'],
    ],
    [
      "range",
      { preceding: "week" },
      "current",
      ['"week" is no distance of a range frame: a number from 0 on, or a duration'],
    ],
    ["rows", "current", { preceding: "1" }, ["the frame begins at the row and ends before that, at 1 preceding"]],
    ["rows", { following: "2" }, "current", ["the frame begins at 2 following and ends before that, at the row"]],
    [
      "rows",
      { preceding: "1" },
      { preceding: "2" },
      ["the frame begins at 1 preceding and ends before that, at 2 preceding"],
    ],
  ])("%s from %j to %j", (unit, from, to, problems) => {
    expect(framed(unit, from, to)).toEqual(problems);
  });

  it("needs an order, and by distances one of one key", () => {
    expect(framed("rows", "unbounded", "current", { by: [] })).toEqual([
      "a window has a frame and no order, in which a frame is counted",
    ]);
    const by = [{ expression: col("t") }, { expression: col("u") }];
    expect(framed("range", { preceding: "1" }, "current", { by })).toEqual([
      "a range frame with a distance is ordered by one key, not by 2",
    ]);
  });

  it("has one form: the standard's own is left out, numbers are plain", () => {
    const canonical = (frame: Frame): unknown =>
      (canonicalRelation(over(sum(col("a")), { frame })) as WindowNode).frame;
    expect(canonical({ unit: "range", from: "unbounded", to: "current" })).toBeUndefined();
    expect(canonical({ unit: "rows", from: { preceding: "+02" }, to: "current" })).toEqual({
      unit: "rows",
      from: { preceding: "2" },
      to: "current",
    });
  });
});
