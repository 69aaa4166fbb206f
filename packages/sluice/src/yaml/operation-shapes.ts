import {
  canonicalLag,
  type Expression,
  groupingSetsOf,
  type NamedExpression,
  type Relation,
  type SortKey,
} from "@sluice/core";
import { isMap, isSeq, type Node } from "yaml";
import { frameShape } from "./frame-shape.ts";
import { constant, count, expression, flag, number, text, wholeNumber, word } from "./scalar-shapes.ts";
import { choose, entries, list, map, object, oneOrMore, optional, required, type Shape } from "./shape.ts";

/** A column, or a list of them. */
export const names = (what: string): Shape<readonly string[]> => oneOrMore(what, text("a column"));
/** Columns, each SQL text. */
export const columns = (what: string): Shape<readonly NamedExpression[]> =>
  entries(what, expression(false), (found) => hintForColumns(what, found));

/** A list says no names; one of columns may have meant them. */
function hintForColumns(what: string, found: Node | undefined): string {
  const items = isSeq(found) ? found.items.map(String) : [];
  if (items.length === 0 || !items.every((item) => /^[A-Za-z_]\w*$/.test(item))) {
    return "its keys are names: { twice: a * 2 }";
  }
  const written = items.join(", ");
  return `its keys are names: { ${written} }${what === "select" ? `; or write keep: [${written}]` : ""}`;
}

/** A key of an order: SQL text, or a map where it is descending or puts nulls first. */
const sortKey: Shape<SortKey> = choose((node) => (isMap(node) ? "map" : "text"), {
  text: map(expression(false), (value): SortKey => ({ expression: value })),
  map: map(
    object("a sort key", {
      by: required(expression(false), "SQL text of what is sorted by"),
      descending: optional(flag("descending"), "the greatest first"),
      nulls: optional(word("nulls", ["first", "last"]), "where nulls go; last where absent"),
    }),
    ({ by, descending, nulls }): SortKey => ({
      expression: by,
      ...(descending === true ? { descending: true } : {}),
      ...(nulls === "first" ? { nulls } : {}),
    }),
  ),
});

/** What rows are sorted by. */
export const sortKeys: Shape<readonly SortKey[]> = oneOrMore("sort", sortKey);

/** Text in the type of the cursor, or a parameter; a text that begins with `$` has it twice. */
const bound = (what: string): Shape<Expression> =>
  map(text(what), (value): Expression => {
    const parameter = /^\$([A-Za-z_]\w*)$/.exec(value)?.[1];
    if (parameter !== undefined) return { kind: "parameter", name: parameter };
    return { kind: "literal", type: "string", value: value.startsWith("$$") ? value.slice(1) : value };
  });

const limitShape: Shape<{ readonly count: number; readonly offset: number | undefined }> = choose(
  (node) => (isMap(node) ? "map" : "count"),
  {
    count: map(count("limit"), (value) => ({ count: value, offset: undefined })),
    map: object("limit", {
      count: required(count("count"), "at most so many rows"),
      offset: optional(count("offset"), "after so many"),
    }),
  },
);

/** What an operation makes of the relation before it. */
export type Operation = (input: Relation) => Relation;

/** The shape of an operation, from the shape of what stands behind its key. */
export function operation<T>(shape: Shape<T>, make: (value: T, input: Relation) => Relation): Shape<Operation> {
  return map(
    shape,
    (value): Operation =>
      (input) =>
        make(value, input),
  );
}

/** Nothing but `true`. */
export function isTrue(what: string): Shape<true> {
  return map(flag(what), (value, node, reader) =>
    value ? value : reader.problem(node, `${what} is true where it stands`, { hint: "leave the key out" }),
  );
}
const filter = optional(
  operation(expression(false), (condition, input) => ({ kind: "filter", input, condition })),
  "keeps the rows for which this is true",
);
const derive = optional(
  operation(columns("derive"), (added, input) => ({ kind: "derive", input, columns: added })),
  "adds or replaces columns, each SQL text",
);
const groupingSets = choose<"rollup" | "cube" | readonly (readonly string[])[]>(
  (node) => (isSeq(node) ? "list" : "word"),
  { word: word<"rollup" | "cube">("sets", ["rollup", "cube"]), list: list("sets", names("a set")) },
);
const aggregate = optional(
  operation(
    object("aggregate", {
      by: optional(names("by"), "one row for each value of these columns"),
      sets: optional(groupingSets, "groups once by each of these sets of keys: rollup, cube, or a list of lists"),
      grouping: optional(
        entries("grouping", text("a name")),
        "key: the name of a column that is true where the key is null because it is in none of the row's set",
      ),
      columns: optional(columns("columns"), "what is computed for each group, for example count(*)"),
    }),
    ({ by = [], sets, grouping, columns: computed = [] }, input) => ({
      kind: "aggregate",
      input,
      by,
      ...(sets === undefined ? {} : { sets: groupingSetsOf(sets, by) }),
      ...(grouping === undefined ? {} : { grouping }),
      columns: computed,
    }),
  ),
  "groups rows and computes columns for each group",
);
const select = optional(
  operation(columns("select"), (selected, input) => ({ kind: "select", input, columns: selected })),
  "exactly these columns, each SQL text",
);
const distinct = optional(
  operation(isTrue("distinct"), (_, input) => ({ kind: "distinct", input })),
  "each different row once",
);
const sort = optional(
  operation(sortKeys, (by, input) => ({ kind: "sort", input, by })),
  "the order of the rows",
);
const limit = optional(
  operation(limitShape, ({ count: most, offset }, input) => ({
    kind: "limit",
    input,
    count: most,
    ...(offset === undefined ? {} : { offset }),
  })),
  "at most so many rows",
);
/** The operations on one relation. */
export const operations = {
  filter,
  derive,
  select,
  aggregate,
  distinct,
  sort,
  limit,
  rename: optional(
    operation(entries("rename", text("a name")), (renamed, input) => ({ kind: "rename", input, names: renamed })),
    "old: new",
  ),
  keep: optional(
    operation(names("keep"), (kept, input) => ({ kind: "keep", input, columns: kept })),
    "only these columns, in this order",
  ),
  drop: optional(
    operation(names("drop"), (dropped, input) => ({ kind: "drop", input, columns: dropped })),
    "all but these columns",
  ),
  dropNulls: optional(
    operation(names("dropNulls"), (known, input) => ({ kind: "dropNulls", input, columns: known })),
    "drops rows in which one of these columns is null",
  ),
  deduplicate: optional(
    operation(
      object("deduplicate", {
        key: required(names("key"), "one row for each value of these columns"),
        keep: optional(word<"first" | "last">("keep", ["first", "last"]), "first where absent"),
        by: optional(sortKeys, "the order that decides which is first"),
      }),
      ({ key, keep = "first", by = [] }, input) => ({ kind: "deduplicate", input, key, keep, by }),
    ),
    "one row for each key",
  ),
  fill: optional(
    operation(
      object("fill", {
        columns: required(names("columns"), "the columns whose nulls are filled"),
        value: optional(constant, "a constant"),
        how: optional(word<"forward" | "backward">("how", ["forward", "backward"]), "from the row before, or behind"),
        partition: optional(names("partition"), "rows with the same values in these columns belong together"),
        by: optional(sortKeys, "the order of the rows"),
        limit: optional(count("limit"), "at most so many rows away"),
      }),
      ({ columns: filled, value, how, partition = [], by = [], limit }, input) => ({
        kind: "fill",
        input,
        columns: filled,
        how: how ?? "value",
        ...(value === undefined ? {} : { value }),
        partition,
        by,
        ...(limit === undefined ? {} : { limit }),
      }),
    ),
    "puts values in place of nulls",
  ),
  sample: optional(
    operation(
      object("sample", {
        count: optional(count("count"), "so many rows"),
        share: optional(number("share"), "each row, or each key, with this probability"),
        key: optional(
          names("key"),
          "rows with the same values in these columns are taken together; all columns where absent",
        ),
        seed: optional(wholeNumber("seed"), "another number gives other rows; 0 where absent"),
      }),
      ({ count: rows, share, key = [], seed }, input) => ({
        kind: "sample",
        input,
        ...(rows === undefined ? {} : { count: rows }),
        ...(share === undefined ? {} : { share }),
        key,
        ...(seed === undefined ? {} : { seed }),
      }),
    ),
    "some of the rows, the same in every run",
  ),
  incremental: optional(
    operation(
      object("incremental", {
        cursor: optional(text("cursor"), "a column whose values grow"),
        initial: optional(bound("initial"), "rows from it on, before anything was committed: a value, or $parameter"),
        end: optional(bound("end"), "rows below it: a value, or $parameter"),
        lag: optional(text("lag"), "so much below the greatest value seen is read again: 2 days, or a number"),
        nulls: optional(
          word<"fail" | "include" | "exclude">("nulls", ["fail", "include", "exclude"]),
          "what a null in the cursor does; fail where absent",
        ),
        files: optional(
          word<"new" | "changed">("files", ["new", "changed"]),
          "files that are new, or also those that changed",
        ),
        key: optional(names("key"), "the columns that tell rows apart: rows that are new or other than they were"),
        deleted: optional(text("deleted"), "the name of a column that is true for keys that are gone"),
      }),
      ({ cursor, initial, end, lag, nulls, files, key, deleted }, input) => ({
        kind: "incremental",
        input,
        ...(cursor === undefined ? {} : { cursor }),
        ...(initial === undefined ? {} : { initial }),
        ...(end === undefined ? {} : { end }),
        ...(lag === undefined ? {} : { lag: canonicalLag(lag) ?? lag }),
        ...(nulls === undefined || nulls === "fail" ? {} : { nulls }),
        ...(files === undefined ? {} : { files }),
        ...(key === undefined ? {} : { key }),
        ...(deleted === undefined ? {} : { deleted }),
      }),
    ),
    "what is new in a dataset since the last commit of the load that reads it",
  ),
  window: optional(
    operation(
      object("window", {
        partition: optional(names("partition"), "rows with the same values in these columns belong together"),
        by: optional(sortKeys, "their order"),
        frame: optional(frameShape, "which rows around each row are seen"),
        columns: required(columns("columns"), "what is computed for each row, for example row_number()"),
      }),
      ({ partition = [], by = [], frame, columns: computed }, input) => ({
        kind: "window",
        input,
        partition,
        by,
        ...(frame === undefined ? {} : { frame }),
        columns: computed,
      }),
    ),
    "adds columns computed over the rows around each row",
  ),
} as const;
