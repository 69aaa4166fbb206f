import { describe, expect, it } from "vitest";
import type { Expression } from "../ir/expression.ts";
import type { JoinNode, Relation } from "../ir/relation.ts";
import { call, col, number, scan, text } from "../plan/chicago.fixture.ts";
import { found, inFilter, metric, pipeline, sum, transform } from "./definition.fixture.ts";
import type { CheckDefinition, StepDefinition } from "./definition.ts";

const joined = (more: Partial<JoinNode>): StepDefinition =>
  transform("t", { kind: "join", left: scan("d"), right: scan("e"), how: "inner", ...more });

describe("expressions", () => {
  const at = "steps.t.query.filter";
  it.each<[string, StepDefinition, unknown[]]>([
    [
      "an aggregate in a filter",
      inFilter(call("gt", sum(col("a")), number("1"))),
      [
        [
          at,
          'the aggregate "sum" computes over many rows and cannot stand here',
          "aggregate first, then filter or select over its result; or add it to each row with window",
        ],
      ],
    ],
    [
      "an aggregate in an aggregate",
      transform("t", { kind: "aggregate", input: scan("d"), by: [], columns: [["s", sum(sum(col("a")))]] }),
      [["steps.t.query.aggregate.s", 'the aggregate "sum" stands inside another aggregate', undefined]],
    ],
    [
      "an order that nothing depends on",
      transform("t", {
        kind: "aggregate",
        input: scan("d"),
        by: [],
        columns: [["s", { kind: "call", name: "sum", arguments: [col("a")], order: [{ expression: col("b") }] }]],
      }),
      [["steps.t.query.aggregate.s", '"sum" takes no order: its result does not depend on it', undefined]],
    ],
    [
      "an order of distinct values by something else",
      transform("t", {
        kind: "aggregate",
        input: scan("d"),
        by: [],
        columns: [
          [
            "s",
            {
              kind: "call",
              name: "arrayAgg",
              arguments: [col("a")],
              distinct: true,
              order: [{ expression: col("b") }],
            },
          ],
        ],
      }),
      [
        [
          "steps.t.query.aggregate.s",
          '"arrayAgg" of distinct values can be ordered by the value only',
          "leave distinct or the order out",
        ],
      ],
    ],
    [
      "a bare column",
      transform("t", {
        kind: "aggregate",
        input: scan("d"),
        by: ["k"],
        columns: [
          ["s", call("plus", sum(col("a")), col("b"))],
          ["k2", col("k")],
        ],
      }),
      [
        [
          "steps.t.query.aggregate.s",
          'the column "b" stands outside an aggregate and is no key of the group',
          "group by it, or take one of its values: min(b), max(b), any_value(b)",
        ],
      ],
    ],
    [
      "an undeclared parameter",
      inFilter({ kind: "parameter", name: "day" }),
      [[at, 'the pipeline declares no parameter "day"', "there are no parameters"]],
    ],
    [
      "a figure outside when",
      inFilter(call("gt", metric, number("1"))),
      [[at, '"steps.t.rowsOut" can only stand in "when"', undefined]],
    ],
    [
      "a side without a join",
      inFilter(col("a", "left")),
      [[at, 'the column "a" has a side, but there is only one input here', undefined]],
    ],
    [
      "a join without a side",
      joined({ on: call("eq", col("a"), col("b", "right")) }),
      [["steps.t.query.join", 'the column "a" does not say its side', "write l.a or r.a"]],
    ],
    [
      "raw SQL declared to give what no query can",
      transform("t", {
        kind: "sql",
        engine: "duckdb",
        texts: ["select 1 as a"],
        inputs: [],
        declared: [
          { name: "a", type: "integer", nullable: true },
          { name: "A", type: "int64", nullable: true },
        ],
      }),
      [
        [
          "steps.t.query.sql",
          'the columns "a" and "A" differ only by case, which engines ignore',
          "give one of them another name",
        ],
        ["steps.t.query.sql.a", expect.stringContaining('"integer"'), expect.anything()],
      ],
    ],
    [
      "text never parsed",
      inFilter({ kind: "text", text: "a is null" }),
      [[at, 'the text "a is null" was never parsed', undefined]],
    ],
    [
      "a wrong literal",
      inFilter({ kind: "literal", type: "date", value: "2024-02-30" }),
      [[at, '"2024-02-30" is not a date (write it as 2024-01-31)', undefined]],
    ],
    [
      "distinct of what is no aggregate",
      inFilter({ kind: "call", name: "lower", arguments: [col("a")], distinct: true }),
      [[at, '"lower" takes no distinct: only aggregates such as sum do', undefined]],
    ],
    [
      "a column in when",
      transform("t", scan("d"), { when: call("gt", col("a"), number("1")) }),
      [
        [
          "steps.t.when",
          'the column "a" cannot stand in "when", which is decided before any row is read',
          "use a figure of an earlier step: steps.<step>.rowsOut",
        ],
      ],
    ],
    [
      "its own figure in when",
      transform("t", scan("d"), { when: call("gt", metric, number("1")) }),
      [["steps.t.when", 'the step "t" waits for itself', undefined]],
    ],
  ])("%s", (_, step, problems) => {
    expect(found(pipeline(step))).toEqual(problems);
  });
});

it("refuses NUL in every text that reaches SQL", () => {
  const problem = [
    '"a\\u0000b" holds the character NUL, which no text in SQL can',
    "take it out; what is not text is written as bytes",
  ];
  expect(found(pipeline(inFilter(call("eq", col("a"), text("a\0b")))))).toEqual([["steps.t.query.filter", ...problem]]);
  const sql: Relation = { kind: "sql", engine: "duckdb", texts: ["a\0b"], inputs: [] };
  expect(found(pipeline(transform("t", sql)))).toEqual([["steps.t.query.sql", ...problem]]);
  const checks: CheckDefinition[] = [
    { kind: "accepted", column: "a", values: ["a\0b"] },
    { kind: "range", column: "a", min: "a\0b" },
    { kind: "pattern", column: "a", pattern: "a\0b" },
  ];
  expect(found(pipeline(transform("t", scan("d"), { checks })))).toEqual(
    checks.map((_, index) => [`steps.t.checks[${index}]`, ...problem]),
  );
  const values: Relation = {
    kind: "values",
    columns: [{ name: "a", type: "string", nullable: false }],
    rows: [["a\0b"]],
  };
  expect(found(pipeline(transform("t", values)))).toEqual([
    ["steps.t.query.values.rows[0]", expect.stringContaining("holds the character NUL"), undefined],
  ]);
});

it("refuses an expression that is nested too deep, without falling itself", () => {
  let condition: Expression = col("a");
  for (let count = 0; count < 100_000; count++) condition = call("not", condition);
  const problem = [
    "steps.t.query.filter",
    "100001 operations are nested in one expression; at most 1000 can be",
    "compute parts of it in columns of their own",
  ];
  expect(found(pipeline(inFilter(condition)))).toEqual([problem]);
  expect(found(pipeline(transform("t", scan("d"), { when: condition })))[0]).toEqual([
    "steps.t.when",
    ...problem.slice(1),
  ]);
});

it("tells metrics, text and other words apart in when", () => {
  const when = call("and", call("gt", metric, number("1")), call("eq", text("a"), text("b")));
  expect(found(pipeline(transform("t", scan("d")), transform("u", scan("d"), { when })))).toEqual([]);
});
