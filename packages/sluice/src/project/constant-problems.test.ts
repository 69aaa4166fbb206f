import type { CheckDefinition, Expression, PipelineDefinition, Relation } from "@sluice/core";
import { createDuckDbEngine, openExpressionParser } from "@sluice/duckdb";
import { afterAll, describe, expect, test } from "vitest";
import { constantProblems } from "./constant-problems.ts";

const engine = createDuckDbEngine({ threads: 1 });
const parser = openExpressionParser();
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await parser[Symbol.asyncDispose]();
});
const { signal } = new AbortController();

const definition = (query: Relation, checks: readonly CheckDefinition[] = []): PipelineDefinition => ({
  name: "sales",
  steps: [{ kind: "transform", name: "paid", query, checks }],
});
const orders: Relation = { kind: "scan", source: { dataset: "orders" } };
const filtered = (condition: Expression): Relation => ({ kind: "filter", input: orders, condition });

describe("what is wrong whatever the rows are", () => {
  test.each([
    ["regexp_matches(customer, '(')", `the regular expression "(" is not valid: missing )`, "'('"],
    ["regexp_replace(customer, '[a-', 'x') = 'x'", `the regular expression "[a-" is not valid: missing ]`, "[a-"],
    ["regexp_extract(customer, '(a', 1) = 'x'", `the regular expression "(a" is not valid: missing )`, "(a"],
    ["strftime(placed, '%Q') = 'x'", `the layout "%Q" is not valid: %Q is no letter of a layout`, "%Q"],
    ["parse_timestamp(customer, '%Q') is null", `the layout "%Q" is not valid: %Q is no letter of a layout`, "%Q"],
    ["parse_date(customer, 'yyyy-mm-dd') is null", `the layout "yyyy-mm-dd" has no letter with a %`, "yyyy-mm-dd"],
    ["amount > cast('abc' as int64)", `"abc" cannot be cast to int64, whatever the rows are`, "abc"],
    ["amount > cast(300 as int8)", `"300" cannot be cast to int8, whatever the rows are`, "300"],
    ["day = cast('2024-02-30' as date)", `"2024-02-30" cannot be cast to date`, "2024-02-30"],
  ])("%s", async (text, message, offending) => {
    const problems = await constantProblems(definition(filtered(await parser.parse(text))), engine, signal);
    expect(problems).toMatchObject([
      { code: "config", offending, hint: expect.stringMatching(/./), at: { path: "steps.paid.query.filter" } },
    ]);
    expect(problems[0]?.message).toContain(message);
  });

  test("a pattern and a condition of a check", async () => {
    const checks: readonly CheckDefinition[] = [
      { kind: "notNull", columns: ["customer"] },
      { kind: "pattern", column: "customer", pattern: "(" },
      { kind: "expression", condition: await parser.parse("amount < cast('x' as decimal(4,2))") },
    ];
    const problems = await constantProblems(definition(orders, checks), engine, signal);
    expect(problems.map((problem) => [problem.at?.path, problem.message])).toEqual([
      ["steps.paid.checks[1]", 'the regular expression "(" is not valid: missing )'],
      ["steps.paid.checks[2]", '"x" cannot be cast to decimal(4,2), whatever the rows are'],
    ]);
  });

  test("all of them at once, each once", async () => {
    const text =
      "regexp_matches(a, '(') or regexp_matches(b, '(') or regexp_matches(b, 'b') or a = cast('abc' as int8)";
    const problems = await constantProblems(definition(filtered(await parser.parse(text))), engine, signal);
    expect(problems.map((problem) => problem.message)).toEqual([
      'the regular expression "(" is not valid: missing )',
      '"abc" cannot be cast to int8, whatever the rows are',
    ]);
  });

  test("other ways to write a layout are said in ours", async () => {
    const condition = await parser.parse("parse_timestamp(a, 'YYYY-MM-DD HH:mm:ss') is null");
    const [problem] = await constantProblems(definition(filtered(condition)), engine, signal);
    expect(problem?.hint).toBe('write it with strftime letters: "%Y-%m-%d %H:%M:%S"');
  });
});

test("what is sound is left alone", async () => {
  const text = [
    "regexp_matches(customer, '^[a-z]+$')",
    "try_cast('abc' as int64) is null",
    "cast('12' as int64) = amount",
    "strftime(placed, '%d.%m.%Y %%') = customer",
    "customer like '('",
    "regexp_matches(customer, pattern)",
  ].join(" and ");
  expect(await constantProblems(definition(filtered(await parser.parse(text))), engine, signal)).toEqual([]);
});

test("without a constant no engine is asked", async () => {
  const unused = createDuckDbEngine({ scratch: "/nowhere" });
  const condition = await parser.parse("amount > 3 and customer like 'a%'");
  expect(await constantProblems(definition(filtered(condition)), unused, signal)).toEqual([]);
});
