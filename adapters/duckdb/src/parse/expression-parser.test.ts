import {
  type CallNode,
  catalogue,
  type Expression,
  isSluiceError,
  printExpression,
  type SluiceError,
} from "@sluice/core";
import { afterAll, describe, expect, test } from "vitest";
import { openExpressionParser } from "../index.ts";

const parser = openExpressionParser();
afterAll(() => parser[Symbol.asyncDispose]());

const column = (name: string): Expression => ({ kind: "column", name });
const number = (value: string): Expression => ({ kind: "literal", type: "number", value });
const string = (value: string): Expression => ({ kind: "literal", type: "string", value });
const call = (name: string, ...operands: Expression[]): Expression => ({ kind: "call", name, arguments: operands });
const cast = (value: Expression, type: string): Expression => ({ kind: "cast", value, type });
const aggregated = (name: string, ...operands: Expression[]): CallNode => ({ kind: "call", name, arguments: operands });
const a = column("a");
const b = column("b");
const c = column("c");

async function refusal(text: string, options?: { sides: boolean }): Promise<SluiceError> {
  const thrown = await parser.parse(text, options).then(
    (expression) => new Error(`not refused: ${JSON.stringify(expression)}`),
    (error: unknown) => error,
  );
  if (!isSluiceError(thrown)) throw thrown;
  expect(thrown.code).toBe("config");
  return thrown;
}

describe("what text means", () => {
  test.each<[text: string, expression: Expression]>([
    ["a", a],
    ["AbC", column("AbC")],
    ['"select""x"', column('select"x')],
    ['"current_date"', column("current_date")],
    ["int8", column("int8")],
    ["a + b * c", call("plus", a, call("times", b, c))],
    ["a / b", call("div", a, b)],
    ["a != b", call("ne", a, b)],
    ["a and b and (c and a)", call("and", a, b, c, a)],
    ["a and b or not c", call("or", call("and", a, b), call("not", c))],
    ["not (a = b)", call("not", call("eq", a, b))],
    ["not not (a < b)", call("not", call("not", call("lt", a, b)))],
    ["not ((not (a and b)) = c)", call("not", call("eq", call("not", call("and", a, b)), c))],
    ["a not in (b)", call("notIn", a, b)],
    ["$p not in (a)", call("notIn", { kind: "parameter", name: "p" }, a)],
    ["not ($p = a)", call("not", call("eq", { kind: "parameter", name: "p" }, a))],
    ["not (a in (b, c))", call("not", call("in", a, b, c))],
    ["not (a not in (b))", call("not", call("notIn", a, b))],
    ["not (a is distinct from b)", call("not", call("isDistinctFrom", a, b))],
    ["a not like 'x%'", call("not", call("like", a, string("x%")))],
    ["a not between b and c", call("not", call("between", a, b, c))],
    ["a is not true", call("isDistinctFrom", a, { kind: "literal", type: "bool", value: true })],
    ["not (a is true)", call("not", call("isNotDistinctFrom", a, { kind: "literal", type: "bool", value: true }))],
    ["a is null", call("isNull", a)],
    ["coalesce(a, b, 'c')", call("orElse", a, b, string("c"))],
    ["ifnull(a, b)", call("orElse", a, b)],
    ["extract(hour from a)", call("hour", a)],
    ["LOWER (a)", call("lower", a)],
    ["count(*)", call("count")],
    ["count(a)", call("countOf", a)],
    ["sum(distinct a) filter (where b)", { kind: "call", name: "sum", arguments: [a], distinct: true, where: b }],
    ["now() > a", call("gt", { kind: "constant", name: "now" }, a)],
    ["today()", { kind: "constant", name: "today" }],
    ["$since", { kind: "parameter", name: "since" }],
    ["steps.load_crash.rowsOut > 0", call("gt", { kind: "metric", step: "load_crash", name: "rowsOut" }, number("0"))],
    ["case when a then b end", { kind: "case", branches: [[a, b]] }],
    ["case a when 1 then b else c end", { kind: "case", branches: [[call("eq", a, number("1")), b]], otherwise: c }],
    ["if(a, b, null)", { kind: "case", branches: [[a, b]], otherwise: { kind: "literal", type: "null", value: null } }],
    ["a -- one\n + /* two /* three */ */ b", call("plus", a, b)],
    ["'ü😀' || a /* ü */ || 'x'", call("concat", call("concat", string("ü😀"), a), string("x"))],
    ["'it''s'", string("it's")],
    ["$$it's$$", string("it's")],
    ["e'a\\n'", string("a\n")],
    ["a[1]", call("at", a, number("1"))],
    ["a['k'][-1]", call("at", call("at", a, string("k")), number("-1"))],
    ["a[2:-1]", call("slice", a, number("2"), number("-1"))],
    ["[a, b]", call("listOf", a, b)],
    ["array[a, b]", call("listOf", a, b)],
    ["a.b", call("field", a, string("b"))],
    ["a.int8.C", call("field", call("field", a, string("int8")), string("C"))],
    ["(a).int8", call("field", a, string("int8"))],
    ["lower(a).b", call("field", call("lower", a), string("b"))],
    ["{'x': a, 'int8': b}", call("structOf", string("x"), a, string("int8"), b)],
    ["struct_pack(x := a)", call("structOf", string("x"), a)],
    ["map {'k': a}", call("mapOf", call("listOf", string("k")), call("listOf", a))],
    ["a -> '$.x'", call("jsonAt", a, string("$.x"))],
    ["a ->> '$.x'", call("jsonText", a, string("$.x"))],
    ["a at time zone 'UTC'", call("atZone", string("UTC"), a)],
    ["extract(isoyear from a)", call("isoYear", a)],
    ["trim(both 'x' from a)", call("trim", a, string("x"))],
    ["substring(a from 2 for 3)", call("substring", a, number("2"), number("3"))],
    ["a & b | c", call("bitOr", call("bitAnd", a, b), c)],
    [
      "string_agg(distinct a, ',' order by a desc nulls first) filter (where b)",
      {
        kind: "call",
        name: "stringAgg",
        arguments: [a, string(",")],
        distinct: true,
        where: b,
        order: [{ expression: a, descending: true, nulls: "first" }],
      },
    ],
    ["percentile_cont(0.5) within group (order by a)", call("quantile", a, number("0.5"))],
    ["array_agg(a order by b, c)", { ...aggregated("arrayAgg", a), order: [{ expression: b }, { expression: c }] }],
  ])("%s", async (text, expression) => {
    expect(await parser.parse(text)).toEqual(expression);
  });

  test.each<[text: string, value: string | Expression]>([
    ["1", "1"],
    ["007", "7"],
    ["1.50", "1.50"],
    [".5", "0.5"],
    ["1.", "1"],
    ["1_000_000", "1000000"],
    ["1E+05", "1e5"],
    ["1e-7", "1e-7"],
    ["1e400", "1e400"],
    ["9007199254740993", "9007199254740993"],
    ["170141183460469231731687303715884105727", "170141183460469231731687303715884105727"],
    ["340282366920938463463374607431768211456.5", "340282366920938463463374607431768211456.5"],
    ["0.1234567890123456789012345678901234567890123", "0.1234567890123456789012345678901234567890123"],
    ["- 3", "-3"],
    ["-0", "0"],
    ["-(3)", call("negate", number("3"))],
    ["-(-3)", call("negate", number("-3"))],
    ["a*-3", call("times", a, number("-3"))],
    ["a -3", call("minus", a, number("3"))],
    ["a+-3", call("plus", a, number("-3"))],
  ])("the number %s keeps its digits", async (text, value) => {
    expect(await parser.parse(text)).toEqual(typeof value === "string" ? number(value) : value);
  });

  test.each<[text: string, type: string]>([
    ["int", "int32"],
    ["int8", "int8"],
    ["INT8", "int8"],
    ["tinyint", "int8"],
    ["bigint", "int64"],
    ["int64", "int64"],
    ["uint64", "uint64"],
    ["varchar", "string"],
    ["string", "string"],
    ["double", "float64"],
    ["float64", "float64"],
    ["float32", "float32"],
    ["real", "float32"],
    ["decimal(10, 2)", "decimal(10,2)"],
    ["boolean", "bool"],
    ["blob", "bytes"],
    ["bytes", "bytes"],
    ["timestamptz", "timestamptz"],
    ["timestamp with time zone", "timestamptz"],
    ["json", "json"],
    ["uuid", "uuid"],
    ["int8[]", "list<int8>"],
    ["map(int8, decimal(3,1))", "map<int8,decimal(3,1)>"],
    ['struct("A b" int8, c string[])', 'struct{"A b": int8, c: list<string>}'],
    ["enum('a', 'b''c')", "enum('a', 'b''c')"],
    ["\"list<enum('a')>\"", "list<enum('a')>"],
  ])("the type %s is %s", async (written, type) => {
    expect(await parser.parse(`a::${written}`)).toEqual(cast(a, type));
    expect(await parser.parse(`try_cast(a as ${written})`)).toEqual({ ...cast(a, type), safe: true });
  });

  test.each<[text: string, type: string, value: string]>([
    ["date '2024-01-31'", "date", "2024-01-31"],
    ["time '10:00:00'", "time", "10:00:00"],
    ["timestamp '2024-01-31 10:00:00'", "timestamp", "2024-01-31 10:00:00"],
    ["timestamptz '2024-01-31T10:00:00Z'", "timestamptz", "2024-01-31T10:00:00Z"],
    ["uuid '00000000-0000-0000-0000-000000000001'", "uuid", "00000000-0000-0000-0000-000000000001"],
    ["bytes '00ff'", "bytes", "00ff"],
    ["blob 'a\\xFF'", "bytes", "61ff"],
    ["interval 'P1Y2M3DT4H5M6.5S'", "interval", "P1Y2M3DT4H5M6.5S"],
    ["interval 3 hours", "interval", "PT3H"],
    ["interval '3' day", "interval", "P3D"],
    ["interval '1 year 14 mons 2 weeks 25:00:01.5'", "interval", "P2Y2M14DT25H1.5S"],
    ["interval '-1 day'", "interval", "-P1D"],
  ])("%s is a literal", async (text, type, value) => {
    expect(await parser.parse(text)).toEqual({ kind: "literal", type, value });
  });

  test("a cast of text is not a literal", async () => {
    expect(await parser.parse("'2024-01-31'::date")).toEqual(cast(string("2024-01-31"), "date"));
    expect(await parser.parse("cast('t' as boolean)")).toEqual(cast(string("t"), "bool"));
  });

  test("with sides, columns say whose they are", async () => {
    const expected = call(
      "eq",
      { kind: "column", name: "id", side: "left" },
      { kind: "column", name: "Id", side: "right" },
    );
    expect(await parser.parse("l.id = r.Id", { sides: true })).toEqual(expected);
    expect(printExpression(expected)).toBe('l.id = r."Id"');
    const bare = await refusal("l.id = id", { sides: true });
    expect([bare.offending, bare.at?.column, bare.hint]).toEqual([
      "id",
      8,
      "write l.id for the left side, r.id for the right one",
    ]);
  });

  test("texts asked for at once are answered each for itself", async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `a + ${index}`);
    const parsed = await Promise.all(texts.map((text) => parser.parse(text)));
    expect(parsed.map(printExpression)).toEqual(texts);
  });
});

describe("the catalogue", () => {
  test.each(Object.entries(catalogue).map(([name, entry]) => [name, entry.example.text]))(
    "%s: %s",
    async (name, text) => {
      const expression = await parser.parse(text);
      expect(expression).toMatchObject({ kind: "call", name });
      expect(await parser.parse(printExpression(expression))).toEqual(expression);
    },
  );
});

describe("what is refused, by name and position", () => {
  test.each<[text: string, message: string, offending: string, column: number, hint?: string]>([
    ["", "an expression is missing", "", 1],
    ["  -- nothing", "an expression is missing", "  -- nothing", 1],
    ["1; drop table x", 'an expression has no ";"', ";", 2, "leave it out"],
    ["a;", 'an expression has no ";"', ";", 2, "leave it out"],
    [
      "1 from x",
      'syntax error at or near "from"',
      "from",
      3,
      "this is one expression: what goes around it has keys of its own",
    ],
    ["a as b", 'syntax error at or near "as"', "as", 3, "the name of a column is the key, not an alias"],
    ["a b", 'syntax error at or near "b"', "b", 3],
    ["hour(at)", '"at" is a reserved word', "at", 6, 'if it is a column, quote it: "at"'],
    ["a + At", '"At" is a reserved word', "At", 5, 'if it is a column, quote it: "At"'],
    ["order > limit", '"order" is a reserved word', "order", 1, 'if it is a column, quote it: "order"'],
    ["hour(at) > minute(at)", '"at" is a reserved word', "at", 6, 'if it is a column, quote it: "at"'],
    [
      "order by a",
      'syntax error at or near "order"',
      "order",
      1,
      "this is one expression: what goes around it has keys of its own",
    ],
    ["a) from (select 1", 'this ")" closes nothing', ")", 2],
    ["a) + (b", 'this ")" closes nothing', ")", 2],
    ["a +", "the expression ends too early", "+", 3],
    ["(a", "the expression ends too early", "a", 2],
    ["a, b", "there is no function row", "row", 1, "this is one expression: give each column a key of its own"],
    [
      "distinct a",
      'syntax error at or near "distinct"',
      "distinct",
      1,
      "to drop double rows, use distinct: true on the relation",
    ],
    ["'abc", "a string that begins here has no end", "'abc", 1, "close it with ', and write a ' inside it twice"],
    ["a /* x", "a comment that begins here has no end", "/* x", 3, "close it"],
    ["select 1", "a query inside an expression is not in expressions yet", "select", 1, "use a join"],
    ["a + (select 1)", "a query inside an expression is not in expressions yet", "(", 5, "use a join"],
    [
      "sum(a) over ()",
      "a window function is not in expressions yet",
      "sum",
      1,
      "in the columns of window it stands without over: row_number(), sum(amount)",
    ],
    [
      "last_value(a ignore nulls)",
      "ignore nulls is not in expressions",
      "ignore nulls",
      14,
      "write first_known, last_known, nth_known, lag_known or lead_known",
    ],
    ["x -> x + 1", "-> is not in expressions yet", "->", 3, "of JSON: a -> '$.name'"],
    ["*", "* is not in expressions yet", "*", 1, "name each column; count(*) counts rows"],
    ["a[1:]", "a slice has a first and a last place", "a", 1, "write a[2:3], or a[2:-1] up to the end"],
    [
      "ü + a ~ 'x'",
      "the operator ~ is not in expressions",
      "~",
      7,
      "write regexp_matches(text, pattern): engines do not agree on what ~ matches",
    ],
    [
      "a !~ 'x'",
      "the operator !~ is not in expressions",
      "!~",
      3,
      "write not regexp_matches(text, pattern): engines do not agree on what ~ matches",
    ],
    ["a in b", "in without parentheses is not in expressions", "in", 3, "a choice is written x in (1, 2)"],
    ["a ** 2", "the operator ** is not in expressions", "**", 3, "write power(value, exponent)"],
    ["a // 2", "the operator // is not in expressions", "//", 3, "write intdiv(value, by)"],
    ["current_date", "current_date is not in expressions", "current_date", 1, "write today(), the day of the run"],
    ["1 + lowr(a)", "there is no function lowr", "lowr", 5, 'did you mean "lower"?'],
    ["substr(a, 1)", "there is no function substr", "substr", 1, "write substring(text, from, count)"],
    [
      "starts_with(a)",
      "starts_with does not take 1 argument",
      "starts_with",
      1,
      `for example ${catalogue.startsWith?.example.text}`,
    ],
    [
      "startsWith(a, b)",
      "there is no function startswith",
      "startswith",
      1,
      `write it as in ${catalogue.startsWith?.example.text}`,
    ],
    ["a.lower()", "a.lower(…) is not a function", "a.lower", 1, "write lower(a)"],
    ["lower(x := a)", "lower(…) takes no arguments by name", "x", 12, 'leave "x :=" out'],
    ["steps.x.rows", 'a step has no figure "rows"', "steps.x.rows", 1, "figures are rowsIn, rowsOut, rejected, value"],
    ["a = $1", "$1 has no name", "$1", 5, "parameters are written $name"],
    ["x'0A'", "x'0A' is not a literal here", "x'0A'", 1, "bytes are written bytes '0aff'"],
    ["a::varchar(3)", "the length of varchar(3) would not be checked", "varchar", 4, "use string"],
    ["a::hugeint", "there is no type HUGEINT", "hugeint", 4, "use int64 or decimal(38,0)"],
    ["cast(a as foo)", "there is no type foo", "foo", 11],
    ["date '31.01.2024'", "'31.01.2024' is not a date (write it as 2024-01-31)", "'31.01.2024'", 6],
    [
      "interval '1 day -2 hours'",
      "'1 day -2 hours' is not a duration (write it as P1DT2H or 1 day 2 hours)",
      "'1 day -2 hours'",
      10,
    ],
    [
      "sum(a order by b)",
      "sum(…) takes no order: its result does not depend on it",
      "sum",
      1,
      "min_by and max_by give the first and the last by an order; string_agg and array_agg take one",
    ],
    ["a in (select 1)", "a query inside an expression is not in expressions yet", "in", 3, "use a join"],
    [
      `${"not ".repeat(1200)}a`,
      "the expression is nested more than 1000 deep",
      "not ".repeat(10),
      1,
      "derive parts of it as columns of their own",
    ],
  ])("%s", async (text, message, offending, at, hint) => {
    const error = await refusal(text);
    expect(error.message).toContain(message);
    expect({ offending: error.offending?.slice(0, 40), at: error.at?.column, hint: error.hint }).toEqual({
      offending,
      at,
      hint,
    });
  });
});
