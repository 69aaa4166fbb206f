import type { ParameterDefinition } from "@sluice/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { bindParameters } from "./parameters.ts";
import { parametersOf } from "./zod-parameters.ts";

const declared: readonly ParameterDefinition[] = [
  { name: "day", type: "date", default: "2024-01-01" },
  { name: "top", type: "int64" },
  { name: "kind", type: "string", values: ["crash", "vehicle"], default: "crash" },
  { name: "dry", type: "bool", default: false },
  { name: "since", type: "timestamptz", default: null },
  { name: "share", type: "float64", default: "0.5" },
];
const bind = (given: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(bindParameters({ pipeline: "p", declared, given }));

test("types text by the declaration and fills in defaults", () => {
  expect(bind({ top: "5", dry: "true", day: "2024-02-29" })).toEqual({
    day: { type: "date", value: "2024-02-29" },
    top: { type: "int64", value: "5" },
    kind: { type: "string", value: "crash" },
    dry: { type: "bool", value: true },
    since: { type: "timestamptz", value: null },
    share: { type: "float64", value: "0.5" },
  });
});

test("takes JavaScript values: numbers, bigints, booleans, instants", () => {
  expect(bind({ top: 2n ** 60n, dry: true, since: new Date("2024-01-01T00:00:00Z") })).toMatchObject({
    top: { value: "1152921504606846976" },
    dry: { value: true },
    since: { value: "2024-01-01T00:00:00.000Z" },
  });
});

test.each([
  [{ topp: "5" }, '"p" has no parameter "topp"'],
  [{}, 'the parameter "top" of "p" has no value and no default'],
  [{ top: "5.5" }, 'the parameter "top" of "p" is "5.5", which is not'],
  [{ top: 1e300 }, 'the parameter "top" of "p" is 1e+300, which does not fit int64'],
  [{ top: "5", share: "1e400" }, 'the parameter "share" of "p" is "1e400", which is larger than float64 holds'],
  [{ top: "5", share: "NaN" }, 'the parameter "share" of "p" is "NaN", which is not a finite number'],
  [{ top: "5", share: Number.POSITIVE_INFINITY }, 'the parameter "share" of "p" is Infinity, which is not a finite'],
  [{ top: "5", day: "2024-02-30" }, 'the parameter "day" of "p" is "2024-02-30", which is not a date'],
  [{ top: "5", day: new Date() }, 'the parameter "day" of "p" is a Date, which is not of type date'],
  [{ top: "5", kind: "crahs" }, 'the parameter "kind" of "p" is "crahs", which is none of crash, vehicle'],
  [{ top: "5", dry: "yes" }, 'the parameter "dry" of "p" is "yes", which is not'],
  [{ top: null }, 'the parameter "top" of "p" is null, which is not of type int64'],
  [{ top: "5", day: null }, 'the parameter "day" of "p" is null, which is not of type date'],
  [{ top: "5", kind: null }, 'the parameter "kind" of "p" is null, which is not of type string'],
])("refuses %j", (given, message) => {
  expect(() => bind(given)).toThrow(message);
});

test("null is a value only where the default is null", () => {
  expect(bind({ top: "5", since: null })).toMatchObject({ since: { type: "timestamptz", value: null } });
  const nullable = parametersOf(z.object({ note: z.string().nullable().default("x") }));
  const refused = (): unknown => bindParameters({ pipeline: "p", declared: nullable, given: { note: null } });
  expect(refused).toThrow('the parameter "note" of "p" is null, which is not of type string');
});

test("a Zod object declares parameters", () => {
  const schema = z.object({
    day: z.iso.date().default("2024-01-01").describe("The day to load"),
    at: z.iso.datetime(),
    top: z.number().int(),
    share: z.number().default(0.5),
    dry: z.boolean().default(false),
    kind: z.enum(["crash", "vehicle"]),
    note: z.string().nullable().default(null),
  });
  expect(parametersOf(schema)).toEqual([
    { name: "day", type: "date", default: "2024-01-01", description: "The day to load" },
    { name: "at", type: "timestamptz" },
    { name: "top", type: "int64" },
    { name: "share", type: "float64", default: "0.5" },
    { name: "dry", type: "bool", default: false },
    { name: "kind", type: "string", values: ["crash", "vehicle"] },
    { name: "note", type: "string", default: null },
  ]);
});

test.each([
  ["a range", z.number().min(1), 'has the rule "minimum"'],
  ["a length", z.string().min(1), 'has the rule "minLength"'],
  ["a pattern", z.string().regex(/x/), 'has the rule "pattern"'],
  ["a rule of its own", z.string().refine(() => false), "has a rule or a change of its own"],
  ["a change of letters", z.string().trim().toLowerCase().default("Ada"), "has a rule or a change of its own"],
  ["a change behind a default", z.iso.date().trim().nullable().default(null), "has a rule or a change of its own"],
  ["an overwrite", z.number().overwrite((x) => x + 1), "has a rule or a change of its own"],
  ["a normal form", z.string().normalize(), "has a rule or a change of its own"],
  ["a catch", z.string().catch("zz"), "has a rule or a change of its own"],
  ["a default of the moment", z.string().default(() => String(Date.now())), "has a default that is another one"],
  ["a default of the day", z.string().default(() => new Date().toISOString().slice(0, 10)), "has a default that is"],
  ["a default by chance", z.number().default(() => Math.random()), "has a default that is another one"],
  ["a change", z.string().transform(Number), "has a rule or a change of its own"],
  ["a Date", z.date(), "is a Date"],
  ["an object", z.object({}), "is not text, a number"],
  ["absent without a default", z.string().optional(), "may be absent but has no default"],
  ["a format", z.email(), 'has the format "email"'],
])("refuses %s", (_what, field, message) => {
  expect(() => parametersOf(z.object({ x: field }))).toThrow(message);
});

test("refuses a rule over all parameters; a function that gives a constant is a constant", () => {
  const schema = z.object({ a: z.string() });
  expect(() => parametersOf(schema.refine(() => true))).toThrow("the parameters as a whole have a rule of their own");
  expect(parametersOf(z.object({ a: z.string().default(() => "x") }))).toMatchObject([{ default: "x" }]);
});
