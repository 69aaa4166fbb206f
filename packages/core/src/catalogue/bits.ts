import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";

/** The bits of whole numbers, which are taken as int64: a negative number has its sign in the highest bit. */
export const bits: Readonly<Record<string, FunctionEntry>> = {
  bitAnd: scalar("&", "(self: int, other: int) -> int64", joined("&"), "The bits that both have.", ["5 & 3", 1], {
    text: { infix: "&", level: 5 },
  }),
  bitOr: scalar("|", "(self: int, other: int) -> int64", joined("|"), "The bits that one of them has.", ["5 | 3", 7], {
    text: { infix: "|", level: 5 },
  }),
  bitXor: scalar(
    "xor",
    "(self: int, other: int) -> int64",
    "xor(cast($1 as bigint), cast($2 as bigint))",
    "The bits that one of them has and the other has not.",
    ["xor(5, 3)", 6],
  ),
  bitNot: scalar("bit_not", "(self: int) -> int64", "~cast($1 as bigint)", "Every bit turned.", ["bit_not(5)", -6]),
  bitCount: scalar("bit_count", "(self: int) -> int64", "bit_count(cast($1 as bigint))", "How many bits are set.", [
    "bit_count(7)",
    3,
  ]),
  shiftLeft: scalar(
    "shift_left",
    "(self: int, count: int) -> int64",
    "case when $2 between 0 and 62 then cast($1 as bigint) * cast(pow(2, $2) as bigint) end",
    "The bits moved to the left: times 2 as often as said. More than fits is an error, and null where the count is not from 0 to 62.",
    ["shift_left(3, 2)", 12],
    { nulls: "always", portable: "bounded" },
  ),
  shiftRight: scalar(
    "shift_right",
    "(self: int, count: int) -> int64",
    "case when $2 between 0 and 63 then cast($1 as bigint) >> cast($2 as bigint) end",
    "The bits moved to the right, the sign kept; null where the count is not from 0 to 63.",
    ["shift_right(13, 2)", 3],
    { nulls: "always" },
  ),
};

function joined(symbol: string): string {
  return `cast($1 as bigint) ${symbol} cast($2 as bigint)`;
}
