import { isNumberText, type LiteralNode, type PivotNode } from "@sluice/core";
import { isMap, isScalar, isSeq } from "yaml";
import { columns, isTrue, names, operation } from "./operation-shapes.ts";
import { text, word } from "./scalar-shapes.ts";
import { choose, entries, list, map, object, optional, required, type Shape } from "./shape.ts";
import { textOf } from "./yaml-reader.ts";

/** A value that becomes a column: text, a number, true, false or null; what is quoted is text. */
const plainValue: Shape<LiteralNode> = {
  read(node, reader) {
    const scalar = reader.resolve(node);
    if (!isScalar(scalar)) return reader.problem(node, "a value is text, a number, true, false or null");
    const { value } = scalar;
    if (value === null) return { kind: "literal", type: "null", value };
    if (typeof value === "boolean") return { kind: "literal", type: "bool", value };
    const isNumber = typeof value === "number" && /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(textOf(scalar));
    return { kind: "literal", type: isNumber ? "number" : "string", value: textOf(scalar) };
  },
  schema: () => ({ type: ["string", "number", "boolean", "null"] }),
};

const pivotValue = choose<LiteralNode>((node) => (isMap(node) ? "map" : "plain"), {
  plain: plainValue,
  map: map(
    object("a value", { number: required(text("number"), "a number that YAML would read as another one") }),
    ({ number: value }, node, reader) =>
      isNumberText(value)
        ? { kind: "literal", type: "number", value }
        : reader.problem(node, `"${value}" is no number`, { offending: value }),
  ),
});

const pivotValues = choose<PivotNode["values"]>((node) => (isSeq(node) ? "list" : "map"), {
  list: map(list("values", pivotValue), (values) => values.map((value) => [String(value.value), value] as const)),
  map: entries("values", pivotValue),
});

const unnestShape = choose<{
  readonly column: string;
  readonly outer: true | undefined;
  readonly ordinality: string | undefined;
  readonly prefix: string | undefined;
}>((node) => (isMap(node) ? "map" : "column"), {
  column: map(text("a column"), (column) => ({ column, outer: undefined, ordinality: undefined, prefix: undefined })),
  map: object("unnest", {
    column: required(text("column"), "a list or a struct"),
    outer: optional(isTrue("outer"), "a list without items gives one row, in which it is null"),
    ordinality: optional(text("ordinality"), "the name of a column with the item's place, from 1 on"),
    prefix: optional(text("prefix"), "put before the names of the fields"),
  }),
});

/** The operations that turn rows into columns and columns into rows. */
export const reshapes = {
  pivot: optional(
    operation(
      object("pivot", {
        by: optional(names("by"), "one row for each value of these columns"),
        on: required(text("on"), "the column whose values become columns"),
        values: required(pivotValues, "its values, in a list, or each under the name that its columns begin with"),
        columns: required(columns("columns"), "what is computed for each value, for example count(*)"),
      }),
      ({ by = [], on, values, columns: computed }, input) => ({
        kind: "pivot",
        input,
        by,
        on,
        values,
        columns: computed,
      }),
    ),
    "a column for each value of a column",
  ),
  unpivot: optional(
    operation(
      object("unpivot", {
        columns: required(names("columns"), "the columns that become rows"),
        name: required(text("name"), "the name of the column that holds their names"),
        value: required(text("value"), "the name of the column that holds their values"),
        nulls: optional(word<"keep">("nulls", ["keep"]), "keep: also the values that are null"),
      }),
      ({ columns: taken, name, value, nulls }, input) => ({
        kind: "unpivot",
        input,
        columns: taken,
        name,
        value,
        ...(nulls === undefined ? {} : { nulls }),
      }),
    ),
    "a row for each of these columns",
  ),
  unnest: optional(
    operation(unnestShape, ({ column, outer, ordinality, prefix }, input) => ({
      kind: "unnest",
      input,
      column,
      ...(outer === true ? { outer } : {}),
      ...(ordinality === undefined ? {} : { ordinality }),
      ...(prefix === undefined ? {} : { prefix }),
    })),
    "a row for each item of a list, or a column for each field of a struct",
  ),
} as const;
