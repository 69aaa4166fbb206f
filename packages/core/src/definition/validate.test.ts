import { describe, expect, it } from "vitest";
import type { JoinNode } from "../ir/relation.ts";
import { chicago, col, scan, scanStep } from "../plan/chicago.fixture.ts";
import { found, pipeline, transform } from "./definition.fixture.ts";
import type { PipelineDefinition, StepDefinition } from "./definition.ts";
import { assertValidDefinition } from "./validate.ts";

const load = (name: string, more: object = {}): StepDefinition =>
  ({
    kind: "load",
    name,
    from: scan("d"),
    into: { type: "file", path: `${name}.csv` },
    mode: "replace",
    ...more,
  }) as StepDefinition;
const joined = (more: Partial<JoinNode>): StepDefinition =>
  transform("t", { kind: "join", left: scan("d"), right: scan("e"), how: "inner", ...more });

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
      [["steps.a", 'the load "a": merge needs a key', 'name the columns that tell rows apart: key: ["id"]']],
    ],
    [
      "key without merge",
      pipeline(load("a", { key: ["id"] })),
      [
        [
          "steps.a.key",
          'the load "a": the mode is replace, and only merge, insert-only and delete+insert compare keys: "key" has no meaning',
          'leave it out, or write mode: "merge"',
        ],
      ],
    ],
    [
      "settings of other modes",
      pipeline(
        load("a", {
          mode: "insert-only",
          key: ["id"],
          deleteFlag: "gone",
          missing: "delete",
          newerBy: "at",
          partitions: ["day"],
          where: { kind: "column", name: "isOld" },
        }),
      ),
      [
        ...["deleteFlag", "newerBy", "missing", "partitions", "where"].map((member) => [
          `steps.a.${member}`,
          expect.stringContaining(`"${member}" has no meaning`),
          expect.stringContaining(["partitions", "where"].includes(member) ? 'mode: "overwrite"' : 'mode: "merge"'),
        ]),
        ["steps.a.where", 'the load "a": both partitions and where say which rows go', "leave one of them out"],
      ],
    ],
    [
      "a condition that is none of rows",
      pipeline(
        load("a", {
          mode: "overwrite",
          where: {
            kind: "call",
            name: "gt",
            arguments: [
              { kind: "call", name: "sum", arguments: [{ kind: "column", name: "n" }] },
              { kind: "parameter", name: "most" },
            ],
          },
        }),
      ),
      [
        ["steps.a.where", expect.stringContaining('the aggregate "sum"'), expect.any(String)],
        ["steps.a.where", expect.stringContaining('"most"'), expect.any(String)],
      ],
    ],
    [
      "a flag and an order that cannot be",
      pipeline(load("a", { mode: "merge", key: ["id"], deleteFlag: "id", newerBy: "id" })),
      [
        ["steps.a.deleteFlag", 'the load "a": "id" is a column of the key too', expect.any(String)],
        ["steps.a.newerBy", 'the load "a": "id" is a column of the key too', expect.any(String)],
        ["steps.a.newerBy", 'the load "a": "id" is the flag of deletions too', expect.any(String)],
      ],
    ],
    [
      "another table taken over",
      pipeline(load("a", { into: { type: "sqlite", connection: "w", table: "crash" }, takeOver: "crahs" })),
      [["steps.a.takeOver", 'the load "a" takes over "crahs", and writes the table "crash"', 'did you mean "crash"?']],
    ],
    [
      "a file taken over",
      pipeline(load("a", { takeOver: "x" })),
      [["steps.a.takeOver", 'the load "a" takes over "x", and its target is no table', expect.any(String)]],
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
