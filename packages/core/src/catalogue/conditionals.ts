import type { FunctionEntry } from "./entry.ts";

const ORDERED = "text|number|bool|date|time|timestamp|timestamptz|interval|uuid|bytes";

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
    signatures: [`(self: ${ORDERED}, ...others: self) -> common`],
    nulls: "last",
    doc: "The greatest of the values, nulls left aside.",
    render: { duckdb: "greatest($*)" },
    text: { function: "greatest" },
    example: { text: "greatest(1, 3, 2)", result: 3 },
  },
  least: {
    kind: "scalar",
    signatures: [`(self: ${ORDERED}, ...others: self) -> common`],
    nulls: "last",
    doc: "The least of the values, nulls left aside.",
    render: { duckdb: "least($*)" },
    text: { function: "least" },
    example: { text: "least(2, 1, 3)", result: 1 },
  },
};
