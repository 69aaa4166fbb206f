import { describe, expect, it } from "vitest";
import { findShortCircuit } from "./source-text.ts";

describe("an operator that JavaScript settles is found", () => {
  it.each([
    ["of a column", '(o) => o.a.eq("x") || o.b.gt(1)'],
    ["of a text", '() => expr("a = 1") || expr("b = 2")'],
    ["of a text, by its module", '() => sluice.expr("a = 1") || 1'],
    ["of a text, as a bundler writes it", '() => (0, __import_0__.expr)("a = 1") || 1'],
    ["of a text beside or", '(o) => expr("a = 1") || or(o.a, o.b)'],
    ["of a column by name", '(o) => col("status", "string?").eq("open") || o.amount.gt(100)'],
    ["of a parameter", '(o) => o.a.gt(param("a", "int64") ?? 3)'],
    ["of a variable", "(o) => { const p = o.a.eq(1); return p || o.b.eq(2); }"],
    ["of a variable that is set later", "(o) => { let p; p = o.a.eq(1); return p || o.b.eq(2); }"],
    ["of a variable that holds a text", '() => { const p = expr("a"); return p || 1; }'],
    ["of arguments", "function () { return arguments[0].a.eq(1) || arguments[0].b.eq(2); }"],
    ["between regular expressions with a quote", "(o) => o.a.matches(/it's/.source) || o.b.matches(/it's/.source)"],
    ["behind a regular expression with a slash", "(o) => [/[/']/, o.a.eq(1) || o.b.eq(2)]"],
    ["behind a quotient", "(o) => o.a.gt(6 / 2) || o.b.gt(4 / 2)"],
  ])("%s: %s", (_, source) => {
    expect(findShortCircuit(source)).toBeDefined();
  });
});

describe("an operator on what is no expression is left alone", () => {
  it.each([
    ["(o) => o.a.gt(options.max ?? 3)"],
    ["(o) => o.a.gt(limit || 3)"],
    ["(o) => o.a.matches(/a||b'/.source)"],
    ["(o) => { const max = limits.get(name) ?? 3; return o.a.lt(max || 3); }"],
    ["(o) => { let max = 3; max = other; return o.a.lt(max || 3); }"],
    ["(o) => o.a.lt(request.param(1) || 3)"],
    ["(o) => o.a.lt(brand(1) || 3)"],
    ["(o) => (max === 3 || max >= 4 ? o.a : o.b)"],
  ])("%s", (source) => {
    expect(findShortCircuit(source)).toBeUndefined();
  });
});
