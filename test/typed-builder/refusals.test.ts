import {
  and,
  caseWhen,
  col,
  count,
  expr,
  literal,
  max,
  not,
  or,
  rule,
  sql,
  sum,
  transform,
  unique,
  values,
} from "@sluice/core";
import { describe, expect, it } from "vitest";
import { type Crashes, crashes, vehicles } from "./tables.ts";

type Row = Crashes;
// What TypeScript refuses too is written as JavaScript would have it.
// biome-ignore lint/suspicious/noExplicitAny: mistakes that types would find
const js = crashes as any;
const flag = crashes.derive((c) => ({ flag: c.hour.gt(3) }));
const bounds: { readonly hour?: number } = {};
const options: { readonly max?: number } = {};
let kept: Row | undefined;
crashes.filter((c) => {
  kept = c;
  return c.hour.isNull();
});

describe("refused with a sentence", () => {
  it.each<[string, () => unknown, string, string]>([
    [
      "spread",
      () => crashes.select((c) => ({ ...c })),
      "the columns of a row cannot be spread, listed or taken as a rest (in select)",
      "derive",
    ],
    [
      "rest",
      () => crashes.select(({ id, ...rest }) => ({ id, a: rest.hour })),
      "the columns of a row cannot be spread, listed or taken as a rest (in select)",
      "keep",
    ],
    [
      "the row itself",
      () => js.select((c: Row) => c),
      "the callback of select returned the row itself",
      "return an object",
    ],
    [
      "the row as a column",
      () => js.select((c: Row) => ({ c })),
      'the column "c" of select is the row itself, not an expression',
      "column",
    ],
    [
      "JSON of the row",
      () => crashes.select((c) => ({ a: literal(JSON.stringify(c)) })),
      "the columns of a row cannot be spread, listed or taken as a rest (in select)",
      "",
    ],
    [
      "JSON of a column",
      () => crashes.select((c) => ({ a: literal(JSON.stringify(c.id)) })),
      'the column "id" describes a value and has none, so it cannot become JSON',
      "",
    ],
    [
      "a template",
      () => crashes.select((c) => ({ a: literal(`${c.id}`) })),
      'the column "id" describes a value and has none: it cannot be compared, added or put into text',
      ".concat",
    ],
    [
      "the row in a template",
      () => crashes.select((c) => ({ a: literal(`${c}`) })),
      "the columns of a row cannot be put into text or compared (in select)",
      "",
    ],
    [
      "in",
      () => js.filter((c: object) => "id" in c),
      "the columns of a row cannot be searched with in (in filter)",
      "",
    ],
    [
      "assignment",
      () =>
        js.filter((c: Record<string, unknown>) => {
          c.id = 1;
          return true;
        }),
      "the columns of a row cannot be assigned to (in filter)",
      "",
    ],
    [
      ">",
      () => js.filter((c: { latitude: number }) => c.latitude > 3),
      'the column "latitude" describes a value and has none: it cannot be compared, added or put into text',
      ".gt(3)",
    ],
    [
      "===",
      () => js.filter((c: { latitude: unknown }) => c.latitude === 3),
      "the callback of filter is false, not an expression",
      ".eq(3)",
    ],
    [
      "!",
      () => js.filter((c: Row) => !c.latitude.isNull()),
      "the callback of filter is false, not an expression",
      "not(…)",
    ],
    [
      "async",
      () => js.filter(async (c: Row) => c.latitude.isNull()),
      "the callback of filter is async; it describes the query and has nothing to wait for",
      "async",
    ],
    [
      "no return",
      () =>
        js.select((c: Row) => {
          c.latitude.isNull();
        }),
      "the callback of select returned undefined, not an object with columns",
      "parentheses",
    ],
    ["no callback", () => js.filter(true), "filter takes a callback, not boolean", "filter((c) => …)"],
    [
      "distinct rows of a count",
      () => js.aggregate(() => ({ n: (count as (options: object) => object)({ distinct: true }) })),
      "count counts rows, of which none is like another",
      "countDistinct",
    ],
    ["NaN", () => crashes.filter((c) => c.latitude.gt(Number.NaN)), "NaN is not a value (argument 2 of gt)", ""],
    [
      "Infinity",
      () => crashes.filter((c) => c.latitude.gt(Number.POSITIVE_INFINITY)),
      "Infinity is not a value (argument 2 of gt)",
      "",
    ],
    [
      "an inexact number",
      () => crashes.filter((c) => c.hour.gt(2 ** 53)),
      "9007199254740992 is beyond what a number holds exactly (argument 2 of gt)",
      "9007199254740992n",
    ],
    [
      "an invalid Date",
      () => js.filter((c: { at: { gt(date: Date): never } }) => c.at.gt(new Date(Number.NaN))),
      "the Date is invalid (argument 2 of gt)",
      "",
    ],
    [
      "null",
      () => js.filter((c: { id: { eq(value: null): never } }) => c.id.eq(null)),
      "argument 2 of eq is null, which is neither an expression nor a constant",
      "isNull()",
    ],
    [
      "undefined",
      () => js.filter((c: { id: { eq(): never } }) => c.id.eq()),
      "the call of eq has 1 arguments, counting its own column",
      "eq(self: any, other: self)",
    ],
    [
      "an object",
      () => js.filter((c: { id: { eq(value: object): never } }) => c.id.eq({})),
      "argument 2 of eq is an object, which is neither an expression nor a constant",
      "",
    ],
    [
      "a bare constant",
      () => js.select(() => ({ a: 1 })),
      'the column "a" of select is 1, not an expression',
      "wrap constants in literal(…)",
    ],
    [
      "a kept row",
      () => crashes.filter(() => (kept as Row).hour.isNull()),
      'the column "hour" belongs to the callback of another operation',
      "",
    ],
    [
      "a kept row as a result",
      () => crashes.select(() => ({ a: (kept as Row).hour })),
      'the column "hour" belongs to the callback of another operation',
      "",
    ],
    [
      "&&",
      () => js.filter((c: Row) => c.hour.gt(1) && c.hour.lt(3)),
      "the call of gt was made in the callback of filter and is not part of its result",
      "and(…)",
    ],
    [
      "&& of a column",
      () => flag.filter((c) => c.flag && c.hour.lt(3)),
      'the column "flag" was looked at in the callback of filter and is not part of its result',
      "and(…)",
    ],
    [
      "&& in select",
      () => crashes.select((c) => ({ a: c.hour.gt(1) && c.id })),
      "the call of gt was made in the callback of select and is not part of its result",
      "and(…)",
    ],
    [
      "?:",
      () => crashes.select((c) => ({ a: c.hour.gt(1) ? c.id : c.rd_no })),
      "the call of gt was made in the callback of select and is not part of its result",
      "caseWhen(…)",
    ],
    [
      "?: of a column",
      () => flag.select((c) => ({ a: c.flag ? c.id : c.rd_no })),
      'the column "flag" was looked at in the callback of select and is not part of its result',
      "caseWhen(…)",
    ],
    [
      "if",
      () =>
        crashes.filter((c) => {
          if (c.hour.gt(1)) return c.id.isNull();
          return c.id.isNotNull();
        }),
      "the call of gt was made in the callback of filter and is not part of its result",
      "caseWhen(…)",
    ],
    [
      "! of a column in and",
      () => flag.filter((c) => and(c.flag, !c.flag as never)),
      "and takes conditions, not false, which JavaScript has computed",
      "use not()",
    ],
    [
      "! in or of a method",
      () => flag.filter((c) => c.flag.or(!c.flag as never)),
      "or takes conditions, not false, which JavaScript has computed",
      "use not()",
    ],
    [
      "! in not",
      () => flag.filter((c) => not(!c.flag as never)),
      "not takes conditions, not false, which JavaScript has computed",
      "use not()",
    ],
    [
      "if of a column",
      () =>
        flag.filter((c) => {
          if (c.flag) return c.id.eq("a");
          return c.id.eq("b");
        }),
      'the column "flag" was looked at in the callback of filter and is not part of its result',
      "caseWhen(…)",
    ],
    [
      "&& of a column in a helper",
      () => {
        const both = (c: { readonly flag: unknown; readonly hour: Row["hour"] }) => c.flag && c.hour.lt(3);
        return js.derive((c: Row) => ({ flag: c.hour.gt(3) })).filter((c: never) => both(c));
      },
      'the column "flag" was looked at in the callback of filter and is not part of its result',
      "and(…)",
    ],
    [
      "a name taken apart and not used",
      () => crashes.filter(({ hour, id: _id }) => hour.isNull()),
      'the column "id" was looked at in the callback of filter and is not part of its result',
      "not needed goes",
    ],
    [
      "||",
      () => crashes.filter((c) => c.hour.gt(1) || c.hour.lt(3)),
      "|| in the callback of filter takes its left side always, since an expression is an object and never false or null",
      "or(a, b)",
    ],
    [
      "?? in select",
      () => crashes.select((c) => ({ a: c.rd_no ?? c.id })),
      "?? in the callback of select takes its left side always, since an expression is an object and never false or null",
      "a.orElse(b)",
    ],
    [
      "|| of a destructured column",
      () => crashes.filter(({ hour, id }) => hour.isNull() || id.isNull()),
      "|| in the callback of filter takes its left side always, since an expression is an object and never false or null",
      "or(a, b)",
    ],
    [
      "|| of texts",
      () => crashes.filter(() => expr("hour > 1") || expr("hour < 3")),
      "|| in the callback of filter takes its left side always, since an expression is an object and never false or null",
      "or(a, b)",
    ],
    [
      "|| of a column by name",
      () => crashes.filter((c) => col("id", "string?").eq("a") || c.hour.gt(1)),
      "|| in the callback of filter takes its left side always, since an expression is an object and never false or null",
      "or(a, b)",
    ],
    [
      "|| in on",
      () => crashes.join(vehicles, { on: (l, r) => l.id.eq(r.id) || l.rd_no.eq(r.id), suffix: "_v" }),
      "|| in the callback of on takes its left side always, since an expression is an object and never false or null",
      "or(a, b)",
    ],
    [
      "|| in rules",
      () => transform({ name: "t", query: crashes, rules: (c) => ({ some: c.hour.gt(1) || c.hour.lt(3) }) }),
      "|| in the callback of rules takes its left side always, since an expression is an object and never false or null",
      "or(a, b)",
    ],
    [
      "a whole-number name",
      () => crashes.select((c) => ({ b: c.id, 2: c.hour })),
      'the column name "2" of select would be moved to the front by JavaScript',
      "rename",
    ],
    [
      "__proto__ in braces",
      () => js.select((c: Row) => ({ __proto__: c.id, a: c.hour })),
      "the callback of select returned an object with a prototype of its own",
      '["__proto__"]',
    ],
    ["no columns", () => crashes.select(() => ({})), "the callback of select returned no columns", ""],
    [
      "no object",
      () => js.select((c: Row) => c.id),
      'the callback of select returned the column "id", not an object with columns',
      "parentheses",
    ],
    [
      "an order outside sort",
      () => js.select((c: Row) => ({ a: c.id.desc() })),
      'the column "a" of select has a direction: asc() and desc() belong into sort',
      "",
    ],
    [
      "an open case",
      () => js.select((c: Row) => ({ a: caseWhen(c.hour.gt(1), "a") })),
      'the column "a" of select is a caseWhen without an end',
      ".otherwise(value)",
    ],
    [
      "an aggregate in filter",
      () => crashes.filter((c) => max(c.hour).gt(1)),
      "the callback of filter holds the aggregate max, which takes many rows",
      "aggregate",
    ],
    [
      "a bare column in aggregate",
      () => crashes.group(["id"]).aggregate((c) => ({ n: count(), a: c.hour.plus(1) })),
      'the column "hour" has many values in a group (in "a" of aggregate)',
      "max(c.hour)",
    ],
    [
      "an aggregate in an aggregate",
      () => crashes.aggregate((c) => ({ a: sum(max(c.hour)) })),
      'the aggregate max stands inside another one (in "a" of aggregate)',
      "twice",
    ],
    [
      "a text as columns",
      () => js.drop("id"),
      'drop takes an array of column names, not the text "id"',
      'drop(["id"])',
    ],
    [
      "an option that is not there",
      () => js.join(vehicles, { usin: ["id"] }),
      'join has no option "usin"',
      'did you mean "using"?',
    ],
    ["no such how", () => js.join(vehicles, { how: "outer" }), 'join does not know how: the text "outer"', ""],
    ["no relation", () => js.union("vehicles"), 'union takes a relation, not the text "vehicles"', ""],
    ["half a row", () => js.limit(1.5), "limit takes a whole number of rows, not 1.5", ""],
    [
      "no such type",
      () => js.select((c: { id: { cast(type: string): never } }) => ({ a: c.id.cast("int46") })),
      'cast takes a type, not the text "int46"',
      '"int64"',
    ],
    [
      "a mark for null inside of a type",
      () => col("x", "list<int64?>" as never),
      'col takes a type, not the text "list<int64?>"',
      'write "list<int64>": what is nested may always be null',
    ],
    [
      "a constant in sql",
      () => sql`select ${5 as never}`,
      "sql takes relations and parameters between its texts, not 5",
      "parameter",
    ],
    [
      "a value of another type",
      () => values({ a: "int8" }, [{ a: 300 }]),
      '300 does not fit int8 ("a" in row 1 of values)',
      "",
    ],
    [
      "a null that must not be",
      () => values({ a: "int8" }, [{ a: null as never }]),
      '"a" in row 1 of values is null, but its type is int8',
      '"int8?"',
    ],
    ["a missing value", () => values({ a: "int8?" }, [{} as never]), '"a" in row 1 of values is missing', "null"],
    [
      "a value that was not declared",
      () => values({ code: "string" }, [{ code: "", cod: 1 } as never]),
      'row 1 of values has a column "cod" that was not declared',
      '"code"',
    ],
    ["no condition", () => and(), "and was given no condition", ""],
    [
      "an unused order of unique",
      () => unique("id", { by: (c) => c.at.desc() && c.id.desc() }),
      'the order by the column "at" was made in the callback of unique and is not part of its result',
      "",
    ],
    [
      "an unused rule",
      () => transform({ name: "t", query: crashes, rules: (c) => ({ a: rule(c.hour.gt(1)) && rule(c.hour.lt(1)) }) }),
      "a rule was made in the callback of rules and is not part of its result",
      "",
    ],
  ])("%s", (_name, build, message, hint) => {
    expect(build).toThrow(expect.objectContaining({ code: "config", message }));
    if (hint !== "") expect(build).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });

  it("a tree that doubles is refused before it fills the memory", () => {
    let doubled = col("a");
    expect(() => {
      for (let round = 0; round < 60; round++) doubled = doubled.plus(doubled);
    }).toThrow("an expression of more than 100000 parts was made");
  });
});

it("what is nested too deep is refused before it overflows", () => {
  let deep = col("a");
  expect(() => {
    for (let round = 0; round < 5000; round++) deep = deep.plus(1);
  }).toThrow("an expression is nested more than 1000 levels deep");
  let relation = crashes.distinct();
  expect(() => {
    for (let round = 0; round < 5000; round++) relation = relation.distinct();
  }).toThrow("more than 1000 operations stand on each other");
  let wide = col("a").gt(0);
  for (let round = 0; round < 3000; round++) wide = wide.or(col("a").gt(round));
  expect(crashes.filter(() => wide).node).toMatchObject({ condition: { name: "or" } });
});

describe("allowed", () => {
  it("operators on what is no column", () => {
    const strict = true;
    expect(crashes.filter((c) => c.hour.gt(options.max ?? 3)).node).toMatchObject({
      condition: { arguments: [{}, { value: "3" }] },
    });
    expect(crashes.filter(({ hour }) => hour.gt(bounds.hour ?? 3)).node).toMatchObject({ kind: "filter" });
    expect(crashes.select((c) => ({ a: strict ? c.id : c.rd_no })).node).toMatchObject({
      columns: [["a", { name: "id" }]],
    });
    expect(crashes.filter((c) => c.id.matches("a||b")).node).toMatchObject({
      condition: { arguments: [{}, { value: "a||b" }] },
    });
    expect(crashes.filter((c) => c.id.eq("a") /* || ?? */).node).toMatchObject({ condition: { name: "eq" } });
  });

  it("destructuring, helpers, and an expression used twice", () => {
    const isKnown = (c: Row) => and(c.latitude.isNotNull(), c.hour.isNotNull());
    expect(crashes.filter(({ hour, id }) => or(hour.isNull(), id.isNull())).node).toMatchObject({
      condition: { name: "or" },
    });
    expect(crashes.filter((c) => and(isKnown(c), c.id.ne(""))).node).toMatchObject({
      condition: { arguments: [{}, {}, {}] },
    });
    const relation = crashes.select((c) => {
      const next = c.hour.plus(1);
      return { a: next, b: next.times(2) };
    });
    expect(JSON.parse(JSON.stringify(relation.node))).toEqual(relation.node);
  });

  it("a callback that failed leaves nothing behind", () => {
    expect(() => js.filter((c: Row) => c.hour.gt(1) && c.hour.lt(3))).toThrow();
    expect(crashes.filter((c) => c.hour.gt(1)).node).toMatchObject({ kind: "filter" });
    expect(col("a").gt(1).node).toMatchObject({ name: "gt" });
  });
});
