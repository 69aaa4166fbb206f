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
    "round($1{, cast($2 as integer)})",
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
  power: ofNumber("power", ["(self: real, exponent: real) -> float64"], "pow($1, $2)", "Raised to a power.", {
    text: "power(2, 10)",
    result: 1024,
  }),
  ln: ofNumber(
    "ln",
    ["(self: real) -> float64"],
    "case when $1 <= 0 then null else ln($1) end",
    "The natural logarithm; null for 0 and below.",
    { text: "ln(1)", result: 0 },
    "always",
  ),
  exp: ofNumber("exp", ["(self: real) -> float64"], "exp($1)", "e raised to it.", { text: "exp(0)", result: 1 }),
  sign: ofNumber("sign", ["(self: number) -> int64"], "sign($1)", "-1, 0 or 1.", { text: "sign(-2.5)", result: -1 }),
  intdiv: ofNumber(
    "intdiv",
    ["(self: int, other: int) -> int64"],
    "$1 // nullif($2, 0)",
    "The whole part of a quotient, cut towards zero; null where the other is 0.",
    { text: "intdiv(-7, 2)", result: -3 },
    "always",
  ),
};
