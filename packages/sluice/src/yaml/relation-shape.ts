import type { JoinHow, Relation } from "@sluice/core";
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { sourceShape } from "./address-shape.ts";
import { isTrue, names, type Operation, operation, operations as ownOperations } from "./operation-shapes.ts";
import { reshapes } from "./reshape-shapes.ts";
import { columnType, expression, literal, text, word } from "./scalar-shapes.ts";
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

const joins: Shape<readonly Operation[]> = oneOrMore(
  "join",
  operation(joinShape, (value, input) => joined(input, value)),
);

/** The order in which the map form means its keys, whatever their order in the text. */
export const MAP_ORDER = ["filter", "derive", "aggregate", "select", "distinct", "sort", "limit"] as const;

/** The map form has the usual keys only. */
function hintForList(key: string): string | undefined {
  if (!Object.hasOwn(operations, key)) return undefined;
  return `"${key}" goes into the list form, which is read from top to bottom: [{ from: … }, { ${key}: … }]`;
}

const mapMembers = {
  from: required(relationShape, "a step or a dataset by name, an address, or another relation"),
  join: optional(joins, "one join or several, one after the other"),
  filter: ownOperations.filter,
  derive: ownOperations.derive,
  aggregate: ownOperations.aggregate,
  select: ownOperations.select,
  distinct: ownOperations.distinct,
  sort: ownOperations.sort,
  limit: ownOperations.limit,
};
const mapShape = object("a relation", mapMembers, hintForList);

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

/** The other side: a relation, or a map that holds it. */
function otherShape(what: string): Shape<{ readonly with: Relation; readonly all: true | undefined }> {
  return choose((node) => (isMap(node) && node.has("with") ? "map" : "relation"), {
    relation: map(relationShape, (relation) => ({ with: relation, all: undefined })),
    map: object(what, {
      with: required(relationShape, "the other relation"),
      all: optional(isTrue("all"), "counts equal rows: each as often as it is there"),
    }),
  });
}

const operations = {
  ...ownOperations,
  ...reshapes,
  intersect: optional(
    operation(otherShape("intersect"), ({ with: right, all }, left) => ({
      kind: "intersect",
      left,
      right,
      ...(all === true ? { all } : {}),
    })),
    "the rows that the other relation has too",
  ),
  except: optional(
    operation(otherShape("except"), ({ with: right, all }, left) => ({
      kind: "except",
      left,
      right,
      ...(all === true ? { all } : {}),
    })),
    "the rows that the other relation has not",
  ),
  join: optional(
    operation(joinShape, (value, input) => joined(input, value)),
    "joins another relation",
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
          distinct: optional(isTrue("distinct"), "each row once"),
          missing: optional(
            word<"null">("missing", ["null"]),
            "null: a column that an input lacks is null in its rows",
          ),
        }),
        ({ of, distinct: once, missing }): Relation => ({
          kind: "union",
          inputs: of,
          ...(once === true ? { distinct: true } : {}),
          ...(missing === undefined ? {} : { missing }),
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
        hint: `put it first: it takes its relations itself, as in ${item.kind === "union" ? "union: [a, b]" : `${item.kind}: …`}`,
        offending: item.kind,
      });
    }
    relation = place((item.value as Operation)(relation), item.node, reader);
  }
  return relation;
});

/** A base makes its relation from itself; nothing looks at what it is given. */
const NOTHING: Relation = { kind: "union", inputs: [] };
