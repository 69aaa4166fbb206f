import { describe, expect, it } from "vitest";
import type { Relation } from "../ir/relation.ts";
import { col, scan, scanStep } from "./chicago.fixture.ts";
import { isStageOrdered } from "./row-order.ts";
import { load, plan, transform } from "./small-plan.fixture.ts";

describe("isStageOrdered", () => {
  it("holds from a sort through landing to the end, and of raw SQL that orders", async () => {
    const sorted: Relation = { kind: "sort", input: scan("small"), by: [{ expression: col("name") }] };
    const { stages } = await plan(
      transform("s", sorted, { timeoutMs: 1 }),
      load({ kind: "keep", input: scanStep("s"), columns: ["name"] }),
      transform("grouped", { kind: "aggregate", input: scanStep("s"), by: ["name"], columns: [] }),
      transform("raw", {
        kind: "sql",
        engine: "duckdb",
        texts: ["select * from ", " order  by 1"],
        inputs: [scan("small")],
      }),
    );
    expect(Object.fromEntries(stages.map(({ name }) => [name, isStageOrdered(stages, name)]))).toEqual({
      s: true,
      grouped: false,
      save: true,
      small: false,
      raw: true,
    });
  });
});
