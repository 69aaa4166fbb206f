import { expect, it } from "vitest";
import type { Expression } from "../ir/expression.ts";
import { printExpression } from "../print/print-expression.ts";
import { typedLiterals } from "./typed-literals.ts";

const columns = ["date", "time", "timestamp", "timestamptz", "uuid", "decimal(10,2)", "string", "enum('a', 'b')"].map(
  (type) => ({ name: `a_${type.replace(/\W.*/, "")}`, type, nullable: true }),
);
const column = (name: string): Expression => ({ kind: "column", name });
const text = (value: string): Expression => ({ kind: "literal", type: "string", value });
const call = (name: string, ...operands: readonly Expression[]): Expression => ({
  kind: "call",
  name,
  arguments: operands,
});
const typed = (expression: Expression): string =>
  printExpression(typedLiterals(expression, { columns, parameters: new Map() }));

it.each([
  ["date", "2024-01-31", "date '2024-01-31'"],
  ["time", "23:59:58", "time '23:59:58'"],
  ["timestamp", "2024-01-31T23:59:58", "timestamp '2024-01-31T23:59:58'"],
  ["timestamptz", "2024-01-31T23:59:58Z", "timestamptz '2024-01-31T23:59:58Z'"],
  ["uuid", "8c6ee9c3-4ec7-4b37-b8a2-4ff8a1a0e6d0", "uuid '8c6ee9c3-4ec7-4b37-b8a2-4ff8a1a0e6d0'"],
  ["decimal", "10.50", "10.50"],
  ["string", "2024-01-31", "'2024-01-31'"],
  ["enum", "a", "'a'"],
])("a text beside a %s is one of those", (type, value, literal) => {
  const name = `a_${type}`;
  expect(typed(call("eq", column(name), text(value)))).toBe(`${name} = ${literal}`);
  expect(typed(call("lt", text(value), column(name)))).toBe(`${literal} < ${name}`);
  expect(typed(call("not", call("in", column(name), text(value))))).toBe(`not (${name} in (${literal}))`);
});

it("what cannot be understood stays as it is", () => {
  const odd = call("eq", column("a_date"), text("soon"));
  expect(typedLiterals(odd, { columns, parameters: new Map() })).toEqual(odd);
  const unknown = call("eq", column("nothing"), text("2024-01-31"));
  expect(typedLiterals(unknown, { columns, parameters: new Map() })).toEqual(unknown);
});
