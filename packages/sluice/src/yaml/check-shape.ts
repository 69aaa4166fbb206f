import type { CheckDefinition, Column } from "@sluice/core";
import { isScalar } from "yaml";
import { sortKeys } from "./operation-shapes.ts";
import { columnType, count, expression, literal, number, text, word } from "./scalar-shapes.ts";
import { entries, list, map, object, oneOrMore, optional, required, type Shape, variant } from "./shape.ts";
import { textOf } from "./yaml-reader.ts";

const names = (what: string): Shape<readonly string[]> => oneOrMore(what, text("a column"));
const value = map(literal, (read, node, reader) =>
  read === null
    ? reader.problem(node, "null is not a value here", { hint: "nulls pass every check but notNull" })
    : read,
);
const bound = map(literal, (read, node, reader) =>
  typeof read === "string" && isScalar(node)
    ? textOf(node)
    : reader.problem(node, "a bound is a value: a number, a date, text"),
);

/** The member that says which check it is, what it holds, and the definition's members that come of it. */
const kinds = {
  notNull: optional(
    map(names("notNull"), (columns) => ({ columns })),
    "these columns are never null",
  ),
  unique: optional(
    map(names("unique"), (columns) => ({ columns })),
    "no two rows have equal values in these columns",
  ),
  accepted: optional(
    object("accepted", {
      column: required(text("column"), "the column"),
      values: required(list("values", value), "the values that it may have"),
    }),
    "a column has one of some values",
  ),
  range: optional(
    object("range", {
      column: required(text("column"), "the column"),
      min: optional(bound, "the least value"),
      max: optional(bound, "the greatest value"),
    }),
    "a column lies within bounds",
  ),
  pattern: optional(
    object("pattern", {
      column: required(text("column"), "the column"),
      pattern: required(text("pattern"), "a regular expression"),
    }),
    "a column fits a regular expression",
  ),
  rowCount: optional(
    object("rowCount", {
      min: optional(count("min"), "at least so many rows"),
      max: optional(count("max"), "at most so many rows"),
    }),
    "how many rows there are",
  ),
  expression: optional(
    map(expression(false), (condition) => ({ condition })),
    "SQL text that is true or null for every row",
  ),
  schema: optional(
    map(entries("schema", columnType), (typed) => ({
      columns: typed.map(([name, { type, nullable }]): Column => ({ name, type, nullable })),
    })),
    "exactly these columns with their types; ? behind a type allows null",
  ),
} as const;

const checkShape: Shape<CheckDefinition> = map(
  variant("a check", kinds, {
    name: optional(text("name"), "unique in its step"),
    otherwise: optional(
      word("otherwise", ["fail", "warn", "divert"]),
      "what happens if it does not hold; fail where absent",
    ),
    mostly: optional(number("mostly"), "the share of rows that must pass; 1 where absent"),
    by: optional(sortKeys, "for unique with divert: the order that decides which row stays"),
  }),
  ({ kind, value: own, common }, node, reader) => {
    if (common.by !== undefined && kind !== "unique") {
      return reader.problem(node, `the check ${kind} has no key "by"`, { offending: "by", hint: "only unique has it" });
    }
    const members = Object.entries({ kind, ...(own as object), ...common }).filter(
      ([, member]) => member !== undefined,
    );
    return Object.fromEntries(members) as unknown as CheckDefinition;
  },
);

export const checksShape: Shape<readonly CheckDefinition[]> = list("checks", checkShape);
