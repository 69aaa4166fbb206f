import { count, rowNumber, rowsBetween, sum } from "@sluice/core";
import { describe, expect, it } from "vitest";
import { type Crashes, crashes, vehicles } from "./tables.ts";

type Row = Crashes;
// biome-ignore lint/suspicious/noExplicitAny: mistakes that types would find
const js = crashes as any;
// biome-ignore lint/suspicious/noExplicitAny: mistakes that types would find
const untyped = (column: unknown): any => column;

describe("refused with a sentence", () => {
  it.each<[string, () => unknown, string, string]>([
    [
      "a window function in select",
      () => crashes.select((c) => ({ a: c.hour.lag(1) })),
      'the column "a" of select holds the window function lag, which looks at other rows',
      "use window",
    ],
    [
      "a window function without an order",
      () => crashes.window({ partition: ["id"] }, () => ({ n: rowNumber() })),
      'rowNumber needs an order (in "n" of window)',
      "give by",
    ],
    [
      "a window function in an aggregate of a window",
      () => crashes.window({ by: (c) => c.at }, (c) => ({ n: sum(c.hour.lag(1)) })),
      'lag stands inside sum (in "n" of window)',
      "a window of its own",
    ],
    [
      "a frame without an order",
      () => crashes.window({ frame: rowsBetween("unbounded", "current") }, (c) => ({ n: sum(c.hour) })),
      "window has a frame and no order, in which a frame is counted",
      "give by",
    ],
    [
      "a frame that is none",
      () => js.window({ by: (c: Row) => c.at, frame: "rows" }, (c: Row) => ({ n: sum(c.hour) })),
      'frame of window is the text "rows", which is no frame',
      "rowsBetween",
    ],
    [
      "a bound that is none",
      () => rowsBetween({ preceding: -1 }, "current"),
      'rowsBetween was given {"preceding":-1}, which is no bound of a frame',
      "preceding: 3",
    ],
    [
      "an unknown option of window",
      () => js.window({ partitionBy: ["id"] }, (c: Row) => ({ n: sum(c.hour) })),
      'window has no option "partitionBy"',
      "partition",
    ],
    [
      "missing that is no null",
      () => js.union(vehicles, { missing: "zero" }),
      'missing of union is the text "zero"',
      'missing: "null"',
    ],
    ["all of intersect, misspelt", () => js.intersect(crashes, { al: true }), 'intersect has no option "al"', "all"],
    [
      "a key that is none",
      () => js.group(["id"], { sets: [["hour"]] }),
      '"hour" is no key of the group',
      "its keys are id",
    ],
    ["a word for sets", () => js.group(["id"], { sets: "all" }), 'sets of group is the text "all"', "rollup"],
    [
      "grouping without sets",
      () => crashes.group(["id"], { grouping: { id: "all" } }),
      "group has grouping and no sets: there are no subtotals to be marked",
      "rollup",
    ],
    [
      "fill that goes nowhere",
      () => js.fill(["hour"], {}),
      'fill goes "forward" or "backward", not undefined',
      "{ value: 0 }",
    ],
    [
      "a sample of nothing",
      () => js.sample({}),
      "sample takes either a count of rows or a share of them",
      "{ share: 0.1 }",
    ],
    [
      "a sample of more than all",
      () => crashes.sample({ share: 10 }),
      "share of sample lies between 0 and 1, and it is 10",
      "0.1",
    ],
    [
      "a pivot without values",
      () => js.pivot({ on: "hour", columns: () => ({ n: count() }) }),
      "values of pivot is undefined: its columns have to be known before the data is read",
      "values: [",
    ],
    [
      "a pivot by numbers as names",
      () => js.pivot({ on: "hour", values: { 1: 1 }, columns: () => ({ n: count() }) }),
      'the name "1" in values of pivot would be moved to the front by JavaScript',
      "values: [1, 2]",
    ],
    [
      "a pivot of a bare column",
      () => crashes.pivot({ on: "id", values: ["a"], columns: (c) => ({ n: c.hour }) }),
      'the column "hour" has many values in a group (in "n" of aggregate)',
      "max(c.hour)",
    ],
    [
      "nulls of unpivot",
      () => js.unpivot(["hour"], { name: "a", value: "b", nulls: true }),
      "nulls of unpivot is true",
      'nulls: "keep"',
    ],
    [
      "a split by a column that is looked at in vain",
      () => crashes.split((c) => ((c.hour as unknown as boolean) ? c.hour.gt(1) : c.hour.lt(1))).yes,
      'the column "hour" was looked at in the callback of split and is not part of its result',
      "caseWhen",
    ],
    [
      "an argument too many",
      () => js.window({ by: (c: Row) => c.at }, (c: Row) => ({ n: untyped(c.hour).nthValue(1, 2) })),
      "the call of nthValue has 3 arguments, counting its own column",
      "nthValue",
    ],
  ])("%s", (_name, build, message, hint) => {
    expect(build).toThrow(expect.objectContaining({ code: "config", message, hint: expect.stringContaining(hint) }));
  });
});
