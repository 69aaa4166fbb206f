import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Relation } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import { call, chicago, col, number, scan, text } from "../plan/chicago.fixture.ts";
import { formatType, parseType } from "../schema/types.ts";
import { canonicalDefinition, canonicalExpression, canonicalRelation, sameDefinition } from "./canonical.ts";
import type { CheckDefinition, PipelineDefinition, StepDefinition } from "./definition.ts";

const a = col("a");
const b = col("b");
const c = col("c");

describe("canonical expressions", () => {
  it.each([
    [call("and", call("and", a, b), c), call("and", a, b, c)],
    [call("and", a, call("and", b, call("and", c, a))), call("and", a, b, c, a)],
    [call("or", call("and", a, b), call("or", b, c)), call("or", call("and", a, b), b, c)],
    [call("and", a), a],
    [number("+007"), number("7")],
    [number("-0"), number("0")],
    [number("1.50"), number("1.50")],
    [number("1E+05"), number("1e5")],
    [number(".5"), number(".5")],
    [text("007"), text("007")],
    [
      { kind: "case", branches: [[a, b]], otherwise: { kind: "literal", type: "null", value: null } } as const,
      { kind: "case", branches: [[a, b]] } as const,
    ],
  ])("%j", (written, canonical) => {
    expect(canonicalExpression(written)).toEqual(canonical);
  });
});

describe("canonical definitions", () => {
  const step = (more: Partial<StepDefinition>): PipelineDefinition => ({
    name: "p",
    steps: [{ kind: "transform", name: "t", query: scan("d"), ...more } as StepDefinition],
  });

  it.each<[string, PipelineDefinition, PipelineDefinition]>([
    ["after", step({ after: ["z", "y", "z"] }), step({ after: ["y", "z"] })],
    ["nothing after", step({ after: [] }), step({})],
    ["one attempt", step({ retry: { attempts: 1 } }), step({})],
    [
      "waits",
      step({ retry: { attempts: 2, initialMs: 1000, maxMs: 60_000, jitter: 0.2 } }),
      step({ retry: { attempts: 2 } }),
    ],
    ["no checks", step({ checks: [] }), step({})],
    [
      "checks",
      step({ checks: [{ kind: "notNull", columns: ["a"], otherwise: "fail", mostly: 1, name: "notNull(a)" }] }),
      step({ checks: [{ kind: "notNull", columns: ["a"] }] }),
    ],
    [
      "names",
      step({
        query: {
          kind: "rename",
          input: scan("d"),
          names: [
            ["b", "x"],
            ["a", "y"],
          ],
        },
      }),
      step({
        query: {
          kind: "rename",
          input: scan("d"),
          names: [
            ["a", "y"],
            ["b", "x"],
          ],
        },
      }),
    ],
    [
      "order",
      step({ query: { kind: "sort", input: scan("d"), by: [{ expression: a, nulls: "last" } as never] } }),
      step({ query: { kind: "sort", input: scan("d"), by: [{ expression: a }] } }),
    ],
    [
      "offset",
      step({ query: { kind: "limit", input: scan("d"), count: 1, offset: 0 } }),
      step({ query: { kind: "limit", input: scan("d"), count: 1 } }),
    ],
    [
      "zone",
      { ...step({}), schedule: { cron: " 0  3 * * * ", zone: "UTC" } },
      { ...step({}), schedule: { cron: "0 3 * * *" } },
    ],
    ["parameters", { ...step({}), parameters: [] }, step({})],
    ["absent members", { ...step({}), description: undefined as never }, step({})],
  ])("%s", (_, written, canonical) => {
    expect(canonicalDefinition(written)).toEqual(canonical);
    expect(sameDefinition(written, canonical)).toBe(true);
  });

  it("keeps the order of columns and checks, which means something", () => {
    const checks: CheckDefinition[] = [
      { kind: "rowCount", min: 1 },
      { kind: "notNull", columns: ["b", "a"] },
    ];
    expect(canonicalDefinition(step({ checks })).steps[0]?.checks).toEqual(checks);
  });

  it("is frozen, and leaves its argument alone", () => {
    const before = canonicalJson(chicago);
    expect(Object.isFrozen(canonicalDefinition(chicago).steps[0])).toBe(true);
    expect(Object.isFrozen(chicago)).toBe(false);
    expect(canonicalJson(chicago)).toBe(before);
  });
});

const expressions = fc.letrec<{ any: ReturnType<typeof call> | typeof a }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(a, b, c),
    fc.stringMatching(/^[+-]?\d{1,4}(\.\d{1,3})?(e[+-]?\d{1,2})?$/).map(number),
    fc
      .tuple(fc.constantFrom("and", "or", "plus"), fc.array(tie("any"), { minLength: 1, maxLength: 3 }))
      .map(([name, args]) => call(name, ...args)),
    tie("any").map((value) => ({ kind: "cast", value, type: "string" }) as const),
    fc
      .tuple(tie("any"), tie("any"))
      .map(([condition, result]) => ({ kind: "case", branches: [[condition, result]], otherwise: result }) as const),
  ),
})).any;

const loose = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("int64", " string ", "decimal(10, 2)", "decimal( 38,0 )", "enum('paid','open')", "enum( 'it''s' )"),
    tie("any").map((item) => `list< ${item} >`),
    fc.tuple(tie("any"), tie("any")).map(([key, value]) => `map<${key}, ${value}>`),
    fc.tuple(tie("any"), tie("any")).map(([one, other]) => `struct{a:${one},"b c" : ${other}}`),
  ),
})).any;

describe("the types of a definition", () => {
  const typed = (type: string): PipelineDefinition => {
    const columns = [{ name: "a", type, nullable: true }];
    const sql: Relation = { kind: "sql", engine: "duckdb", texts: ["select 1"], inputs: [], declared: columns };
    const union: Relation = { kind: "union", inputs: [{ kind: "values", columns, rows: [] }, sql] };
    const query: Relation = {
      kind: "select",
      input: union,
      columns: [["x", { kind: "cast", value: call("orElse", { kind: "cast", value: a, type }), type, safe: true }]],
    };
    return {
      name: "p",
      parameters: [{ name: "q", type }],
      steps: [{ kind: "transform", name: "t", query, checks: [{ kind: "schema", columns }] }],
    };
  };

  it("have one text wherever they stand", () => {
    fc.assert(
      fc.property(loose, (type) => {
        const one = formatType(parseType(type));
        expect(canonicalDefinition(typed(type))).toEqual(canonicalDefinition(typed(one)));
        expect(canonicalJson(canonicalDefinition(typed(type)))).not.toContain("int64 ");
        expect(canonicalDefinition(typed(one)).parameters?.[0]?.type).toBe(one);
      }),
    );
  });

  it("stay as they are where they name no type, so that it can be said where", () => {
    expect(canonicalDefinition(typed("decimal(99, 2)")).parameters?.[0]?.type).toBe("decimal(99, 2)");
  });
});

describe("the canonical form", () => {
  it("of a canonical expression or relation is itself", () => {
    fc.assert(
      fc.property(expressions, expressions, (one, other) => {
        const once = canonicalExpression(one);
        expect(canonicalExpression(once)).toEqual(once);
        const relation = canonicalRelation({
          kind: "sort",
          by: [{ expression: other }],
          input: { kind: "filter", input: scan("d"), condition: one },
        });
        expect(canonicalRelation(relation)).toEqual(relation);
      }),
    );
  });

  it("of a pipeline does not depend on the order of steps, and survives JSON", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...chicago.steps], { minLength: chicago.steps.length }), (steps) => {
        const canonical = canonicalDefinition({ ...chicago, steps });
        expect(canonicalJson(canonical)).toBe(canonicalJson(canonicalDefinition(chicago)));
        expect(canonicalDefinition(JSON.parse(JSON.stringify(canonical)) as PipelineDefinition)).toEqual(canonical);
      }),
    );
  });
});
