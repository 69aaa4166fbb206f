import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";

/** What chooses between values. */
export const conditionals: Readonly<Record<string, FunctionEntry>> = {
  orElse: {
    kind: "scalar",
    signatures: ["(self: any, ...others: self) -> common"],
    nulls: "last",
    doc: "The value, or the first of the others that is not null.",
    render: { duckdb: "coalesce($*)" },
    text: { function: "coalesce" },
    example: { text: "coalesce(null, 'a')", result: "a" },
  },
  nullIf: {
    kind: "scalar",
    signatures: ["(self: any, other: self) -> same"],
    nulls: "always",
    doc: "Null where it equals the other, else the value.",
    render: { duckdb: "nullif($1, $2)" },
    text: { function: "nullif" },
    example: { text: "nullif('', '')", result: null },
  },
  greatest: {
    kind: "scalar",
    signatures: [`(self: ordered, ...others: self) -> common`],
    nulls: "last",
    doc: "The greatest of the values, nulls left aside.",
    render: { duckdb: "greatest($*)" },
    text: { function: "greatest" },
    example: { text: "greatest(1, 3, 2)", result: 3 },
  },
  least: {
    kind: "scalar",
    signatures: [`(self: ordered, ...others: self) -> common`],
    nulls: "last",
    doc: "The least of the values, nulls left aside.",
    render: { duckdb: "least($*)" },
    text: { function: "least" },
    example: { text: "least(2, 1, 3)", result: 1 },
  },
  keepIf: scalar(
    "keep_if",
    "(self: any, condition: bool) -> same",
    "case when $2 then $1 end",
    "The value where the condition is true, else null.",
    ["keep_if(3, 3 > 2)", 3],
    { nulls: "always" },
  ),
  clamp: scalar(
    "clamp",
    "(self: ordered, low: self, high: self) -> common",
    "case when $1 is null or $2 is null or $3 is null then null when $1 < $2 then $2 when $1 > $3 then $3 else $1 end",
    "The value, or the bound that it lies beyond.",
    ["clamp(12, 0, 10)", 10],
  ),
};
