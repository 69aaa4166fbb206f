import type { JoinHow, NamedExpression, Relation, SortKey } from "@sluice/core";
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { sourceShape } from "./address-shape.ts";
import { columnType, count, expression, flag, literal, text, word } from "./scalar-shapes.ts";
import {
  choose,
  entries,
  list,
  map,
  named,
  object,
  oneOrMore,
  optional,
  required,
  type Shape,
  variant,
} from "./shape.ts";
import { sqlShape } from "./sql-shape.ts";
import type { YamlReader } from "./yaml-reader.ts";

/** So many operations may follow each other: more are no query that a person wrote, and engines recurse over them. */
const MOST_OPERATIONS = 1000;

const names = (what: string): Shape<readonly string[]> => oneOrMore(what, text("a column"));
const columns = (what: string): Shape<readonly NamedExpression[]> => entries(what, expression(false));

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

export const sortKeys: Shape<readonly SortKey[]> = oneOrMore("sort", sortKey);

/** What a step reads: a name, an address, a map of operations in their one order, or a list of operations. */
export const relationShape: Shape<Relation> = named("relation", () =>
  choose(
    (node) => (isSeq(node) ? "list" : isMap(node) && (node.has("from") || node.items.length === 0) ? "map" : "source"),
    {
      source: placed(map(sourceShape, (source): Relation => ({ kind: "scan", source }))),
      map: mapForm,
      list: listForm,
    },
  ),
);

/** Notes where a relation stands, for the messages of later checks. */
function placed(shape: Shape<Relation>): Shape<Relation> {
  return map(shape, (relation, node, reader) => place(relation, node, reader));
}

function place(relation: Relation, node: Node | undefined, reader: YamlReader): Relation {
  if (node !== undefined && !reader.relations.has(relation)) reader.relations.set(relation, node);
  return relation;
}

const joinShape = object("a join", {
  with: required(relationShape, "the right side"),
  how: optional(
    word<JoinHow>("how", ["inner", "left", "right", "full", "semi", "anti", "cross"]),
    "inner where absent",
  ),
  using: optional(names("using"), "columns of the same name on both sides, compared with ="),
  on: optional(expression(true), "a condition over l.column and r.column"),
  suffix: optional(text("suffix"), "put behind names of the right side that the left one has too"),
  select: optional(entries("select", expression(true)), "exactly these columns, of l.column and r.column"),
});

function joined(left: Relation, { with: right, how = "inner", using, on, suffix, select }: ObjectOfJoin): Relation {
  return {
    kind: "join",
    left,
    right,
    how,
    ...(using === undefined ? {} : { using }),
    ...(on === undefined ? {} : { on }),
    ...(suffix === undefined ? {} : { suffix }),
    ...(select === undefined ? {} : { select }),
  };
}

type ObjectOfJoin = typeof joinShape extends Shape<infer T> ? T : never;

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

type Operation = (input: Relation) => Relation;

function operation<T>(shape: Shape<T>, make: (value: T, input: Relation) => Relation): Shape<Operation> {
  return map(
    shape,
    (value): Operation =>
      (input) =>
        make(value, input),
  );
}

const isTrue = map(flag("distinct"), (value, node, reader) =>
  value ? value : reader.problem(node, "distinct is true where it stands", { hint: "leave the key out" }),
);

const filter = optional(
  operation(expression(false), (condition, input) => ({ kind: "filter", input, condition })),
  "keeps the rows for which this is true",
);
const derive = optional(
  operation(columns("derive"), (added, input) => ({ kind: "derive", input, columns: added })),
  "adds or replaces columns, each SQL text",
);
const aggregate = optional(
  operation(
    object("aggregate", {
      by: optional(names("by"), "one row for each value of these columns"),
      columns: optional(columns("columns"), "what is computed for each group, for example count(*)"),
    }),
    ({ by = [], columns: computed = [] }, input) => ({ kind: "aggregate", input, by, columns: computed }),
  ),
  "groups rows and computes columns for each group",
);
const select = optional(
  operation(columns("select"), (selected, input) => ({ kind: "select", input, columns: selected })),
  "exactly these columns, each SQL text",
);
const distinct = optional(
  operation(isTrue, (_, input) => ({ kind: "distinct", input })),
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
const joins: Shape<readonly Operation[]> = oneOrMore(
  "join",
  operation(joinShape, (value, input) => joined(input, value)),
);

/** The order in which the map form means its keys, whatever their order in the text. */
export const MAP_ORDER = ["filter", "derive", "aggregate", "select", "distinct", "sort", "limit"] as const;

const mapShape = object("a relation", {
  from: required(relationShape, "a step or a dataset by name, an address, or another relation"),
  join: optional(joins, "one join or several, one after the other"),
  filter,
  derive,
  aggregate,
  select,
  distinct,
  sort,
  limit,
});

const mapForm: Shape<Relation> = map(mapShape, (value, node, reader) => {
  const { from, join = [] } = value;
  const steps = [...join, ...MAP_ORDER.flatMap((key) => value[key] ?? [])];
  const members = new Map(
    isMap(node) ? node.items.map((pair) => [isScalar(pair.key) ? pair.key.value : "", pair.key]) : [],
  );
  let relation = from;
  for (const step of steps) {
    relation = step(relation);
    place(relation, (members.get(relation.kind) ?? node) as Node, reader);
  }
  return relation;
});

const valuesShape = map(
  object("values", {
    columns: required(entries("columns", columnType), "the columns with their types; ? behind a type allows null"),
    rows: required(list("rows", list("a row", literalWithText())), "each row a list"),
  }),
  ({ columns: typed, rows }): Relation => ({
    kind: "values",
    columns: typed.map(([name, { type, nullable }]) => ({ name, type, nullable })),
    rows: rows.map((row) =>
      row.map(({ value, written }, index) =>
        typeof value === "boolean" && typed[index]?.[1].type !== "bool" ? written : value,
      ),
    ),
  }),
);

/** The word `true` is text in a column of text. */
function literalWithText(): Shape<{ readonly value: string | boolean | null; readonly written: string }> {
  return map(literal, (value, node) => ({ value, written: isScalar(node) ? (node.source ?? String(value)) : "" }));
}

const operations = {
  filter,
  derive,
  select,
  aggregate,
  distinct,
  sort,
  limit,
  join: optional(
    operation(joinShape, (value, input) => joined(input, value)),
    "joins another relation",
  ),
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
} as const;

const base = (shape: Shape<Relation>, doc: string) =>
  optional(
    operation(shape, (relation) => relation),
    doc,
  );

const bases = {
  from: base(relationShape, "a step or a dataset by name, an address, or another relation"),
  values: base(valuesShape, "rows written out"),
  union: base(
    choose((node) => (isMap(node) ? "map" : "list"), {
      list: map(list("union", relationShape), (inputs): Relation => ({ kind: "union", inputs })),
      map: map(
        object("union", {
          of: required(list("of", relationShape), "the relations"),
          distinct: optional(isTrue, "each row once"),
        }),
        ({ of, distinct: once }): Relation => ({
          kind: "union",
          inputs: of,
          ...(once === true ? { distinct: true } : {}),
        }),
      ),
    }),
    "the rows of several relations, columns matched by name",
  ),
  sql: base(sqlShape(relationShape), "raw SQL of an engine"),
} as const;

const itemShape = variant("an operation", { ...bases, ...operations }, {});

const listForm: Shape<Relation> = map(list("a relation", itemShape), (items, node, reader) => {
  const [first, ...rest] = items;
  if (first === undefined) return reader.problem(node, "a relation begins with from, values, union or sql");
  if (items.length > MOST_OPERATIONS) {
    return reader.problem(node, `${items.length} operations follow each other; at most ${MOST_OPERATIONS} can`, {
      hint: "divide the query into several steps",
    });
  }
  if (!(first.kind in bases)) {
    return reader.problem(first.node, `a relation cannot begin with ${first.kind}`, {
      hint: `it begins with ${Object.keys(bases).join(", ")}`,
      offending: first.kind,
    });
  }
  let relation = place((first.value as Operation)(NOTHING), first.node, reader);
  for (const item of rest) {
    if (item.kind in bases) {
      return reader.problem(item.node, `${item.kind} begins a relation and cannot stand inside it`, {
        offending: item.kind,
      });
    }
    relation = place((item.value as Operation)(relation), item.node, reader);
  }
  return relation;
});

/** A base makes its relation from itself; nothing looks at what it is given. */
const NOTHING: Relation = { kind: "union", inputs: [] };
