import { describe, expect, it } from "vitest";
import { col, scan } from "../plan/chicago.fixture.ts";
import { found, pipeline, sum, transform } from "./definition.fixture.ts";
import type { CheckDefinition } from "./definition.ts";

describe("checks", () => {
  const path = "steps.t.checks[0]";
  it.each<[CheckDefinition, unknown[]]>([
    [
      { kind: "rowCount", min: 1, otherwise: "divert" },
      [
        [
          path,
          'the check "rowCount" cannot divert: no single row is to blame',
          "use otherwise: fail or warn; row checks and unique can divert",
        ],
      ],
    ],
    [
      { kind: "notNull", columns: ["a"], mostly: 95 },
      [[path, 'mostly is 95 in the check "notNull(a)"; it is a share above 0 up to 1', "did you mean 0.95?"]],
    ],
    [
      { kind: "notNull", columns: ["a"], mostly: 0 },
      [[path, 'mostly is 0 in the check "notNull(a)"; it is a share above 0 up to 1', undefined]],
    ],
    [{ kind: "unique", columns: [] }, [[path, "unique names no columns", undefined]]],
    [
      { kind: "accepted", column: "a", values: [] },
      [[path, 'the check "accepted(a)" accepts no value at all', undefined]],
    ],
    [{ kind: "range", column: "a" }, [[path, 'the check "range(a)" has no bound', "give min or max"]]],
    [{ kind: "pattern", column: "a", pattern: "" }, [[path, 'the check "pattern(a)" has an empty pattern', undefined]]],
    [
      { kind: "rowCount", min: 3, max: 2 },
      [[path, 'the check "rowCount" asks for at least 3 and at most 2 rows, which cannot be', undefined]],
    ],
    [
      { kind: "schema", columns: [{ name: "a", type: "txt", nullable: true }] },
      [[path, '"txt" is not a type', expect.any(String)]],
    ],
    [
      { kind: "expression", condition: sum(col("a")) },
      [[path, 'the aggregate "sum" computes over many rows and cannot stand here', expect.any(String)]],
    ],
  ])("%j", (check, problems) => {
    expect(found(pipeline(transform("t", scan("d"), { checks: [check] })))).toEqual(problems);
  });

  it("refuses two of one name, but numbers those that have none", () => {
    const check: CheckDefinition = { kind: "notNull", columns: ["a"] };
    expect(found(pipeline(transform("t", scan("d"), { checks: [check, check] })))).toEqual([]);
    const named = { ...check, name: "n" };
    expect(found(pipeline(transform("t", scan("d"), { checks: [named, named] })))).toEqual([
      ["steps.t.checks", 'the check "n" stands twice', undefined],
    ]);
  });
});
