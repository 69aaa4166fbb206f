import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SchemaRequest, schemaOf } from "../infer/schema-of.ts";
import type { Expression } from "../ir/expression.ts";
import { inputsOf, type JoinHow, type JoinNode, type Relation } from "../ir/relation.ts";
import { call, col, number, scan, schemaText, text } from "../plan/chicago.fixture.ts";
import { interpret, type Row, type Table, type Value } from "../plan/interpret.fixture.ts";
import { printExpression } from "../print/print-expression.ts";
import type { Demand } from "./demand.ts";
import { pushDemand } from "./push-demand.ts";

const SCHEMAS = { a: schemaText(["id", "x", "y"]), b: schemaText(["id", "y", "w"]) };
const request: SchemaRequest = {
  parameters: new Map(),
  schemaOf: (source) => ("dataset" in source && source.dataset === "b" ? SCHEMAS.b : SCHEMAS.a),
};
const pushing = { parameters: new Map(), schemaOf: (relation: Relation) => schemaOf(relation, request) };
const demand = (condition: Expression): Demand => ({ condition, exact: true, because: [] });
const namesOf = (relation: Relation): readonly string[] => schemaOf(relation, request).columns.map(({ name }) => name);

const [a, b] = [scan("a"), scan("b")];
const eq = (name: string, value: string): Expression => call("eq", col(name), text(value));
const join = (how: JoinHow, more: Partial<JoinNode> = {}): Relation => ({
  kind: "join",
  left: a,
  right: b,
  how,
  ...(how === "cross" || more.on !== undefined ? {} : { using: ["id"] }),
  ...(how === "semi" || how === "anti" ? {} : { suffix: "_r" }),
  ...more,
});
const shown = (one: Demand | undefined): string =>
  `${one?.condition === undefined ? "all" : printExpression(one.condition)}${one?.exact ? "" : " ?"}`;

describe("what is asked of the inputs of", () => {
  const sided = call("eq", col("x", "left"), col("w", "right"));
  it.each<[string, Relation, Expression, readonly string[]]>([
    [
      "select",
      { kind: "select", input: a, columns: [["n", call("upper", col("x"))]] },
      eq("n", "P"),
      ["upper(x) = 'P'"],
    ],
    ["derive", { kind: "derive", input: a, columns: [["x", col("y")]] }, eq("x", "p"), ["y = 'p'"]],
    ["rename", { kind: "rename", input: a, names: [["x", "n"]] }, eq("n", "p"), ["x = 'p'"]],
    [
      "a cast, which must not fail on rows that a filter keeps away",
      { kind: "derive", input: a, columns: [["n", { kind: "cast", value: col("x"), type: "int64" }]] },
      call("eq", col("n"), number("1")),
      ["try_cast(x as int64) = 1"],
    ],
    ["limit", { kind: "limit", input: a, count: 1 }, eq("x", "p"), ["x = 'p'"]],
    ["an inner join, by its key", join("inner"), eq("id", "p"), ["id = 'p'", "id = 'p'"]],
    ["an inner join, by one side", join("inner"), eq("w", "p"), ["all ?", "w = 'p'"]],
    [
      "an inner join, by both",
      join("inner"),
      call("and", eq("x", "p"), call("eq", col("y"), col("y_r"))),
      ["x = 'p' ?", "all ?"],
    ],
    ["a left join, by the right side", join("left"), call("isNull", col("w")), ["all ?", "w is null"]],
    ["a full join, by its key", join("full"), call("isNull", col("id")), ["id is null", "id is null"]],
    ["an anti join", join("anti"), call("and", eq("id", "p"), eq("x", "q")), ["id = 'p' and x = 'q'", "id = 'p' ?"]],
    ["a join on other names", join("inner", { on: sided }), eq("x", "p"), ["x = 'p'", "w = 'p'"]],
    ["a left join on other names", join("left", { on: sided }), eq("w", "p"), ["x = 'p'", "w = 'p'"]],
    [
      "a left join on other names, alone",
      join("left", { on: sided }),
      call("isNull", col("w")),
      ["all ?", "w is null"],
    ],
    [
      "a join that computes",
      join("inner", { select: [["n", call("orElse", col("y", "left"), col("y", "right"))]] }),
      eq("n", "p"),
      ["all ?", "all ?"],
    ],
    ["union", { kind: "union", inputs: [a, a] }, eq("x", "p"), ["x = 'p'", "x = 'p'"]],
    [
      "aggregate",
      { kind: "aggregate", input: a, by: ["x"], columns: [["n", call("count")]] },
      call("and", eq("x", "p"), call("gt", col("n"), number("1"))),
      ["x = 'p' ?"],
    ],
    [
      "a rollup, whose subtotals have no key",
      { kind: "aggregate", input: a, by: ["x"], sets: [["x"], []], columns: [["n", call("count")]] },
      call("and", eq("x", "p"), call("isNull", col("x"))),
      ["x = 'p' ?"],
    ],
    [
      "a window",
      { kind: "window", input: a, partition: ["x"], by: [], columns: [["n", call("count")]] },
      call("and", eq("x", "p"), call("gt", col("n"), number("1"))),
      ["x = 'p' ?"],
    ],
    [
      "a fill",
      { kind: "fill", input: a, columns: ["x"], how: "value", value: text("p"), partition: [], by: [] },
      call("and", eq("x", "p"), eq("y", "q")),
      ["y = 'q' ?"],
    ],
    [
      "unpivot",
      { kind: "unpivot", input: a, columns: ["x", "y"], name: "name", value: "value" },
      call("and", eq("id", "1"), eq("value", "p")),
      ["id = '1' ?"],
    ],
    ["except", { kind: "except", left: a, right: a }, eq("x", "p"), ["x = 'p'", "x = 'p'"]],
    [
      "a union in which an input lacks the column",
      { kind: "union", inputs: [a, b], missing: "null" },
      call("isNull", col("w")),
      ["try_cast(null as string) is null", "w is null"],
    ],
    [
      "raw SQL",
      {
        kind: "sql",
        engine: "duckdb",
        texts: ["select * from ", ""],
        inputs: [a],
        columns: [{ name: "x", type: "string", nullable: true }],
      },
      eq("x", "p"),
      ["all ?"],
    ],
  ])("%s", (_, node, condition, expected) => {
    expect(pushDemand(node, demand(condition), pushing).map(shown)).toEqual(expected);
  });

  it("expressions that double with every step: the condition is given up, at once", () => {
    let node: Relation = a;
    let asked = demand(eq("x", "p"));
    for (let step = 0; step < 40; step++) {
      node = { kind: "derive", input: a, columns: [["x", call("concat", col("x"), col("x"))]] };
      [asked = asked] = pushDemand(node, asked, pushing);
    }
    expect(asked.condition).toBeUndefined();
    expect(asked.because).toEqual([expect.stringContaining("grows too large")]);
  });
});

const value = fc.constantFrom<Value>("p", "q", null);
const table = (names: readonly string[]): fc.Arbitrary<Table> =>
  fc
    .array(
      fc
        .tuple(...names.map(() => value))
        .map((cells): Row => new Map(names.map((name, at) => [name, cells[at] ?? null]))),
      { maxLength: 6 },
    )
    .map((rows) => ({ names, rows }));
const tables = fc.tuple(table(["id", "x", "y"]), table(["id", "y", "w"]));

const HOWS: readonly JoinHow[] = ["inner", "left", "right", "full", "semi", "anti"];
const nodes: fc.Arbitrary<Relation> = fc.oneof(
  fc.constantFrom<Relation>(
    { kind: "filter", input: a, condition: call("isNotNull", col("y")) },
    {
      kind: "select",
      input: a,
      columns: [
        ["x", call("upper", col("y"))],
        ["n", col("id")],
      ],
    },
    { kind: "derive", input: a, columns: [["x", call("orElse", col("x"), col("y"))]] },
    { kind: "rename", input: a, names: [["x", "n"]] },
    { kind: "keep", input: a, columns: ["y", "x"] },
    { kind: "drop", input: a, columns: ["y"] },
    { kind: "dropNulls", input: a, columns: ["x"] },
    { kind: "sort", input: a, by: [{ expression: col("x") }] },
    { kind: "limit", input: a, count: 2 },
    { kind: "distinct", input: { kind: "keep", input: a, columns: ["x", "y"] } },
    { kind: "aggregate", input: a, by: ["x", "y"], columns: [["n", call("min", col("id"))]] },
    { kind: "aggregate", input: a, by: [], columns: [["n", call("min", col("id"))]] },
    { kind: "deduplicate", input: a, key: ["x"], keep: "first", by: [{ expression: col("y") }] },
    {
      kind: "union",
      inputs: [
        { kind: "keep", input: a, columns: ["y", "id"] },
        { kind: "keep", input: b, columns: ["id", "y"] },
      ],
    },
  ),
  fc.constantFrom(...HOWS).map((how) => join(how)),
  fc.constantFrom(...HOWS).map((how) => join(how, { using: ["id", "y"] })),
);
const conditions = (names: readonly string[]): fc.Arbitrary<Expression> => {
  const name = fc.constantFrom(...names);
  const simple = fc.oneof(
    fc.tuple(name, fc.constantFrom("p", "q", "P")).map(([one, letter]) => eq(one, letter)),
    name.map((one) => call("isNull", col(one))),
    name.map((one) => call("not", eq(one, "p"))),
    fc.tuple(name, name).map(([one, other]) => call("eq", col(one), col(other))),
    name.map((one) => call("eq", call("orElse", col(one), text("p")), text("p"))),
  );
  return fc.oneof(
    simple,
    fc.tuple(simple, simple).map((two) => call("and", ...two)),
    fc.tuple(simple, simple).map((two) => call("or", ...two)),
  );
};
const cases = nodes.chain((node) => fc.tuple(fc.constant(node), conditions(namesOf(node)), tables));

/** The rows of an interpreted relation, each as text. */
function textsOf(relation: Relation, rows: ReadonlyMap<string, Table>): readonly string[] {
  const found = interpret(relation, (source) => rows.get("dataset" in source ? source.dataset : "") ?? empty);
  return found.rows.map((row) => JSON.stringify(found.names.map((name) => row.get(name))));
}
const empty: Table = { names: [], rows: [] };
const where = (input: Relation, condition: Expression): Relation => ({ kind: "filter", input, condition });

/** What is in the first list more often than in the second. */
function lost(before: readonly string[], after: readonly string[]): readonly string[] {
  const left = [...after];
  return before.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** A copy of the node that reads its inputs as they are: the dataset `0` is its first input, `1` its second. */
function overInputs(node: Relation): Relation {
  const scans = [scan("0"), scan("1")];
  if (node.kind === "join") return { ...node, left: scan("0"), right: scan("1") };
  if (node.kind === "union") return { ...node, inputs: node.inputs.map((_, index) => scans[index] ?? scan("0")) };
  return { ...node, input: scan("0") } as Relation;
}

/** What each single row of each input gives: the output rows that are gone without it. */
function eachRow(
  node: Relation,
  condition: Expression,
  [ofA, ofB]: readonly [Table, Table],
  look: (found: { one: Demand; matters: boolean; gone: readonly string[]; wanted: readonly string[] }) => void,
): void {
  const sources = new Map([
    ["a", ofA],
    ["b", ofB],
  ]);
  const inputs = inputsOf(node).map((input) =>
    interpret(input, (source) => sources.get("dataset" in source ? source.dataset : "") ?? empty),
  );
  const direct = overInputs(node);
  const all = new Map(inputs.map((input, index) => [String(index), input]));
  const before = textsOf(direct, all);
  const wanted = textsOf(where(direct, condition), all);
  for (const [index, one] of pushDemand(node, demand(condition), pushing).entries()) {
    const input = inputs[index] ?? empty;
    for (const row of input.rows) {
      const rest = { ...input, rows: input.rows.filter((other) => other !== row) };
      const gone = lost(before, textsOf(direct, new Map([...all, [String(index), rest]])));
      const matters =
        one.condition === undefined ||
        textsOf(where(scan("0"), one.condition), new Map([["0", { ...input, rows: [row] }]])).length > 0;
      look({ one, matters, gone, wanted });
    }
  }
}

describe("for any operation, condition and rows", () => {
  it("a row that gives one that was asked for is never left out", () => {
    fc.assert(
      fc.property(cases, ([node, condition, rows]) => {
        eachRow(node, condition, rows, ({ matters, gone, wanted }) => {
          if (!matters) expect(gone.filter((text) => wanted.includes(text))).toEqual([]);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("where it is exact, a row that matters gives only such as were asked for", () => {
    fc.assert(
      fc.property(cases, ([node, condition, rows]) => {
        eachRow(node, condition, rows, ({ one, matters, gone, wanted }) => {
          if (one.exact && matters) expect(gone.filter((text) => !wanted.includes(text))).toEqual([]);
        });
      }),
      { numRuns: 1000 },
    );
  });
});
