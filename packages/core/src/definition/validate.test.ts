import { describe, expect, it } from "vitest";
import type { Expression } from "../ir/expression.ts";
import type { JoinNode, Relation } from "../ir/relation.ts";
import { call, chicago, col, number, scan, scanStep, text } from "../plan/chicago.fixture.ts";
import type { Address } from "../schema/frozen.ts";
import type { CheckDefinition, PipelineDefinition, StepDefinition } from "./definition.ts";
import { placeError } from "./locate.ts";
import { assertValidDefinition, validateDefinition } from "./validate.ts";

const transform = (name: string, query: Relation, more: object = {}): StepDefinition => ({
  kind: "transform",
  name,
  query,
  ...more,
});
const load = (name: string, more: object = {}): StepDefinition =>
  ({
    kind: "load",
    name,
    from: scan("d"),
    into: { type: "file", path: `${name}.csv` },
    mode: "replace",
    ...more,
  }) as StepDefinition;
const pipeline = (...steps: StepDefinition[]): PipelineDefinition => ({ name: "p", steps });
const found = (definition: PipelineDefinition): unknown[] =>
  validateDefinition(definition).map((error) => [error.at?.path, error.message, error.hint]);
const inFilter = (condition: Expression): StepDefinition =>
  transform("t", { kind: "filter", input: scan("d"), condition });
const joined = (more: Partial<JoinNode>): StepDefinition =>
  transform("t", { kind: "join", left: scan("d"), right: scan("e"), how: "inner", ...more });
const metric: Expression = { kind: "metric", step: "t", name: "rowsOut" };
const sum = (one: Expression): Expression => call("sum", one);

it("finds nothing in a right definition", () => {
  expect(found(chicago)).toEqual([]);
  assertValidDefinition(chicago);
});

describe("steps", () => {
  it.each<[string, PipelineDefinition, unknown[]]>([
    ["no steps", pipeline(), [["steps", 'the pipeline "p" has no steps', undefined]]],
    [
      "names",
      pipeline(load("1x")),
      [
        [
          "steps.1x",
          '"1x" is not a name for a step',
          "names begin with a letter or _ and go on with letters, digits, _ and -",
        ],
      ],
    ],
    [
      "twice",
      pipeline(load("a"), load("a", { into: { type: "file", path: "b" } })),
      [["steps", 'the step "a" stands twice', undefined]],
    ],
    [
      "unknown step read",
      pipeline(transform("crash", scan("d")), load("a", { from: scanStep("crahs") })),
      [["steps.a.from.scan", 'no step is named "crahs"', 'did you mean "crash"?']],
    ],
    [
      "unknown step waited for",
      pipeline(load("a", { after: ["b"] })),
      [["steps.a.after", 'no step is named "b"', "steps are a"]],
    ],
    [
      "after itself",
      pipeline(load("a", { after: ["a"] })),
      [["steps.a.after", 'the step "a" waits for itself', undefined]],
    ],
    [
      "a cycle",
      pipeline(
        transform("a", scanStep("b")),
        transform("b", scan("d"), { after: ["c"] }),
        transform("c", scanStep("a")),
      ),
      [["steps.a", "the steps wait for each other: a needs b needs c needs a", "take one of these references out"]],
    ],
    [
      "reading itself",
      pipeline(transform("a", scanStep("a"))),
      [["steps.a", "the steps wait for each other: a needs a", "take one of these references out"]],
    ],
    [
      "reading a load",
      pipeline(load("a"), load("b", { from: scanStep("a") })),
      [["steps.b", '"b" reads "a", which is a load and has no rows of its own', "read what the load reads"]],
    ],
    [
      "merge without key",
      pipeline(load("a", { mode: "merge" })),
      [["steps.a", 'the load "a" merges but has no key', "give the columns that tell rows apart: key: [id]"]],
    ],
    [
      "key without merge",
      pipeline(load("a", { key: ["id"] })),
      [
        [
          "steps.a.key",
          'the load "a" has a key, but its mode is replace',
          "only merge compares keys: use mode: merge, or leave the key out",
        ],
      ],
    ],
    [
      "attempts",
      pipeline(load("a", { retry: { attempts: 0, jitter: 2 }, timeoutMs: -1 })),
      [
        ["steps.a.timeoutMs", "timeoutMs is -1; it is a time above 0", undefined],
        ["steps.a.retry.attempts", "retry.attempts is 0; it is a whole number from 1 on", undefined],
        ["steps.a.retry.jitter", "retry.jitter is 2; it is a share from 0 to 1", undefined],
      ],
    ],
    [
      "one target",
      pipeline(
        load("a", { into: { type: "file", path: "x/../o.csv" } }),
        load("b", { into: { type: "file", path: "./o.csv", header: false } }),
      ),
      [
        [
          "steps.b.into",
          '"a" and "b" write the same target; one table has one writer',
          "unite their rows in one step, then load that",
        ],
      ],
    ],
    [
      "one table, whatever its case",
      pipeline(
        load("a", { into: { type: "sqlite", connection: "w", table: "T" } }),
        load("b", { into: { type: "sqlite", connection: "w", table: "t" } }),
      ),
      [["steps.b.into", '"a" and "b" write the same target; one table has one writer', expect.any(String)]],
    ],
    [
      "its own source",
      pipeline(
        load("a", {
          from: { kind: "scan", source: { inline: { type: "file", path: "out/*.csv" } } },
          into: { type: "file", path: "out/a.csv" },
        }),
      ),
      [
        [
          "steps.a.into",
          'the load "a" writes what the step "a" reads: the pipeline would change its own source',
          "write to another place",
        ],
      ],
    ],
    [
      "parameters",
      {
        ...pipeline(load("a")),
        parameters: [
          { name: "d", type: "dat" },
          { name: "e", type: "date", default: "1.1.24" },
          { name: "f", type: "string", values: ["x"], default: "y" },
        ],
      },
      [
        ["parameters.d", '"dat" is not a type', 'did you mean "date"?'],
        ["parameters.e", 'the value "1.1.24" is not a date (write it as 2024-01-31)', undefined],
        ["parameters.f", 'the default "y" is none of the values x', undefined],
      ],
    ],
    [
      "schedule",
      { ...pipeline(load("a")), schedule: { cron: "daily", zone: "Chicago" } },
      [
        ["schedule.cron", '"daily" is not a schedule', expect.any(String)],
        ["schedule.zone", '"Chicago" is not a time zone', "zones are named as in America/Chicago"],
      ],
    ],
  ])("%s", (_, definition, problems) => {
    expect(found(definition)).toEqual(problems);
  });
});

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
          "aggregate first, then filter or select over its result",
        ],
      ],
    ],
    [
      "an aggregate in an aggregate",
      transform("t", { kind: "aggregate", input: scan("d"), by: [], columns: [["s", sum(sum(col("a")))]] }),
      [["steps.t.query.aggregate.s", 'the aggregate "sum" stands inside another aggregate', undefined]],
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

describe("relations", () => {
  const at = (kind: string): string => `steps.t.query.${kind}`;
  it.each<[string, StepDefinition, unknown[]]>([
    [
      "columns twice",
      transform("t", {
        kind: "select",
        input: scan("d"),
        columns: [
          ["a", col("a")],
          ["A", col("b")],
          ["", col("c")],
        ],
      }),
      [
        [
          at("select"),
          'the columns "a" and "A" differ only by case, which engines ignore',
          "give one of them another name",
        ],
        [at("select"), "a column has an empty name", undefined],
      ],
    ],
    [
      "control characters",
      transform("t", { kind: "keep", input: scan("d"), columns: ["a\nb"] }),
      [[at("keep"), 'the column name "a\\nb" holds a control character', undefined]],
    ],
    [
      "a cross join with using",
      joined({ how: "cross", using: ["a"] }),
      [[at("join"), "a cross join pairs all rows and takes no using", "for a condition use how: inner"]],
    ],
    ["a join without condition", joined({}), [[at("join"), "the inner join has no condition", "give using or on"]]],
    [
      "a semi join with a suffix",
      joined({ how: "semi", using: ["a"], suffix: "_r" }),
      [[at("join"), "a semi join gives the left columns only and takes no suffix", undefined]],
    ],
    [
      "values of wrong types",
      transform("t", {
        kind: "values",
        columns: [{ name: "n", type: "int8", nullable: false }],
        rows: [["1"], ["300"], [null], ["1", "2"]],
      }),
      [
        [`${at("values")}.rows[1]`, '"300" in row 2, column "n" does not fit int8', undefined],
        [`${at("values")}.rows[2]`, 'null in row 3, column "n" cannot be null', undefined],
        [`${at("values")}.rows[3]`, "row 4 has 2 values for 1 columns", undefined],
      ],
    ],
    [
      "a limit",
      transform("t", { kind: "limit", input: scan("d"), count: 1.5, offset: -1 }),
      [
        [at("limit"), "the limit 1.5 is not a whole number from 0 on", undefined],
        [at("limit"), "the offset -1 is not a whole number from 0 on", undefined],
      ],
    ],
    [
      "a stage",
      transform("t", { kind: "scan", source: { stage: "x" } }),
      [[at("scan"), 'a definition cannot read the stage "x"', undefined]],
    ],
    [
      "the right side of a join, by its path",
      joined({ using: ["a"], right: { kind: "keep", input: scan("e"), columns: [] } }),
      [[`${at("join")}.right.keep`, "keep names no columns", undefined]],
    ],
  ])("%s", (_, step, problems) => {
    expect(found(pipeline(step))).toEqual(problems);
  });

  it("refuses what is deeper than an engine can parse, without falling itself", () => {
    let query = scan("d");
    for (let count = 0; count < 100_000; count++) query = { kind: "distinct", input: query };
    expect(found(pipeline(transform("t", query)))).toEqual([
      [
        "steps.t.query",
        "100001 operations stand on each other; at most 1000 can",
        "divide the query into several steps",
      ],
    ]);
  });
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

describe("placeError", () => {
  const [error] = validateDefinition(pipeline(inFilter(col("a", "left"))));
  const steps = new Map([["t", { file: "p.yaml", line: 4, column: 3 }]]);
  it("finds the nearest known member, else the step, else the pipeline", () => {
    if (error === undefined) throw new Error("no error");
    const paths = new Map([["steps.t.query", { line: 6, column: 9, text: "l.a" }]]);
    const path = "steps.t.query.filter";
    expect(placeError(error, { file: "p.yaml", steps, paths })).toMatchObject({
      at: { file: "p.yaml", line: 6, column: 9, path },
      offending: "a",
    });
    expect(placeError(error, { file: "p.yaml", steps }).at).toEqual({ file: "p.yaml", line: 4, column: 3, path });
    expect(placeError(error, { file: "p.yaml", steps: new Map() }).at).toEqual({ file: "p.yaml", path });
  });
});

it.each<[Address, Address, boolean]>([
  [{ type: "csv", path: "a/b.csv" }, { type: "file", path: "./a//b.csv" }, true],
  [{ type: "file", path: "a/*.csv" }, { type: "file", path: "a/b/c.csv" }, false],
  [{ type: "file", path: "a/**/*.csv" }, { type: "file", path: "a/b/c.csv" }, true],
  [{ type: "file", path: "{day}.csv" }, { type: "file", path: "2024.csv" }, true],
  [{ type: "file", path: "a[1].csv" }, { type: "file", path: "a1.csv" }, false],
  [{ type: "sqlite", connection: "w", table: "a" }, { type: "sqlite", connection: "v", table: "a" }, false],
])("a target is what a source reads: %j, %j, %s", async (source, target, same) => {
  const { mayRead } = await import("./targets.ts");
  expect(mayRead(source, target)).toBe(same);
});

it("tells metrics, text and other words apart in when", () => {
  const when = call("and", call("gt", metric, number("1")), call("eq", text("a"), text("b")));
  expect(found(pipeline(transform("t", scan("d")), transform("u", scan("d"), { when })))).toEqual([]);
});
