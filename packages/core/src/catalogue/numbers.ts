import type { FunctionEntry } from "./entry.ts";

function ofNumber(
  name: string,
  signatures: readonly string[],
  render: string,
  doc: string,
  example: FunctionEntry["example"],
  nulls: FunctionEntry["nulls"] = "propagate",
): FunctionEntry {
  return { kind: "scalar", signatures, nulls, doc, render: { duckdb: render }, text: { function: name }, example };
}

// DuckDB takes the floor of an integer as a double; less an exact zero it is a decimal, and a double keeps its sign of zero.
const EXACT = "$1 - cast(0 as decimal(1, 0))";

/** Numbers: what is outside the domain of a function is null, what does not fit its result is an error. */
export const numbers: Readonly<Record<string, FunctionEntry>> = {
  abs: ofNumber("abs", ["(self: number) -> promote"], "abs($1)", "The number without its sign.", {
    text: "abs(-3)",
    result: 3,
  }),
  round: ofNumber(
    "round",
    [
      "(self: int) -> int64",
      "(self: decimal, digits?: digits) -> rounded",
      "(self: float, digits?: digits) -> float64",
    ],
    "round($1{, cast(greatest(least($2, 308), -308) as integer)})",
    "Rounded to `digits` places (0 where absent), halves away from zero.",
    { text: "round(2.345, 1)", result: 2.3 },
  ),
  floor: ofNumber(
    "floor",
    ["(self: int) -> int64", "(self: decimal) -> rounded", "(self: float) -> float64"],
    `floor(${EXACT})`,
    "The greatest whole number that is not above it.",
    { text: "floor(-1.5)", result: -2 },
  ),
  ceil: ofNumber(
    "ceil",
    ["(self: int) -> int64", "(self: decimal) -> rounded", "(self: float) -> float64"],
    `ceil(${EXACT})`,
    "The least whole number that is not below it.",
    { text: "ceil(-1.5)", result: -1 },
  ),
  sqrt: ofNumber(
    "sqrt",
    ["(self: real) -> float64"],
    "case when $1 < 0 then null else sqrt($1) end",
    "The square root; null for a negative number.",
    { text: "sqrt(9)", result: 3 },
    "always",
  ),
  power: ofNumber(
    "power",
    ["(self: real, exponent: real) -> float64"],
    "pow($1, $2)",
    "Raised to a power: a root of a negative number is not a number (NaN), what no float holds is infinite.",
    {
      text: "power(2, 10)",
      result: 1024,
    },
  ),
  ln: ofNumber(
    "ln",
    ["(self: real) -> float64"],
    "case when $1 <= 0 then null else ln($1) end",
    "The natural logarithm; null for 0 and below.",
    { text: "ln(1)", result: 0 },
    "always",
  ),
  exp: ofNumber("exp", ["(self: real) -> float64"], "exp($1)", "e raised to it; what no float holds is infinite.", {
    text: "exp(0)",
    result: 1,
  }),
  sign: ofNumber("sign", ["(self: number) -> int64"], "sign($1)", "-1, 0 or 1.", { text: "sign(-2.5)", result: -1 }),
  intdiv: ofNumber(
    "intdiv",
    ["(self: int, other: int) -> int64"],
    "$1 // nullif($2, 0)",
    "The whole part of a quotient, cut towards zero; null where the other is 0.",
    { text: "intdiv(-7, 2)", result: -3 },
    "always",
  ),
  trunc: ofNumber(
    "trunc",
    [
      "(self: int) -> int64",
      "(self: decimal, digits?: digits) -> rounded",
      "(self: float, digits?: digits) -> float64",
    ],
    "trunc($1{, cast(greatest(least($2, 308), -308) as integer)})",
    "Cut to `digits` places (0 where absent), towards zero.",
    { text: "trunc(-2.7)", result: -2 },
  ),
  log10: ofNumber(
    "log10",
    ["(self: real) -> float64"],
    "case when $1 <= 0 then null else log10($1) end",
    "The logarithm to base 10; null for 0 and below.",
    { text: "log10(1000)", result: 3 },
    "always",
  ),
  log2: ofNumber(
    "log2",
    ["(self: real) -> float64"],
    "case when $1 <= 0 then null else log2($1) end",
    "The logarithm to base 2; null for 0 and below.",
    { text: "log2(8)", result: 3 },
    "always",
  ),
  gcd: ofNumber(
    "gcd",
    ["(self: int, other: int) -> int64"],
    "gcd(cast($1 as bigint), cast($2 as bigint))",
    "The greatest number that divides both; 0 of two zeros.",
    { text: "gcd(12, 18)", result: 6 },
  ),
  lcm: ofNumber(
    "lcm",
    ["(self: int, other: int) -> int64"],
    "lcm(cast($1 as bigint), cast($2 as bigint))",
    "The least number that both divide; 0 where one is 0.",
    { text: "lcm(4, 6)", result: 12 },
  ),
  isNaN: ofNumber("isnan", ["(self: float) -> bool"], "isnan($1)", "Whether it is the float that is not a number.", {
    text: "isnan(1.5)",
    result: false,
  }),
  isFinite: ofNumber(
    "isfinite",
    ["(self: float) -> bool"],
    "isfinite($1)",
    "Whether it is a number and not infinite.",
    { text: "isfinite(1.5)", result: true },
  ),
  widthBucket: ofNumber(
    "width_bucket",
    ["(self: real, low: real, high: real, count: int) -> int64"],
    `case when $1 is null or $2 is null or $3 is null or $4 is null or $3 <= $2 or $4 < 1 or not isfinite($2) or not isfinite($3) or isnan($1) then null
      when $1 < $2 then 0 when $1 >= $3 then $4 + 1
      else least(cast(floor(($1 - $2) / ($3 - $2) * $4) as bigint), $4 - 1) + 1 end`,
    "Which of `count` equally wide parts from `low` to `high` it lies in: 1 is the first, 0 is below, one more than `count` is above. Null for bounds that leave nothing between them, and for a count below 1.",
    { text: "width_bucket(5, 0, 10, 5)", result: 3 },
    "always",
  ),
};
