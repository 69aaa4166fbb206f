import { type SchemaRequest, schemaOf } from "../infer/schema-of.ts";
import type { Frame, JoinHow, NamedExpression, Relation, SortKey } from "../ir/relation.ts";
import { call, col, scan, schemaText } from "./chicago.fixture.ts";
import type { Row, Table, Value } from "./interpret.fixture.ts";

const SCHEMAS = {
  a: schemaText(["id", "x", "y", "z"]),
  b: schemaText(["id", "y", "w"]),
};

/** Two datasets of nullable text. */
export const fullRequest: SchemaRequest = {
  parameters: new Map(),
  schemaOf: (source) => ("dataset" in source && source.dataset === "b" ? SCHEMAS.b : SCHEMAS.a),
};

const VALUES: readonly Value[] = ["p", "q", null];

/** Rows for both datasets, from any numbers: each is taken modulo what is possible where it stands. */
export function tablesFrom(choices: readonly number[]): ReadonlyMap<string, Table> {
  const choose = chooser(choices, false);
  const table = (names: readonly string[]): Table => {
    const row = (): Row => new Map(names.map((name) => [name, VALUES[choose(3)] ?? null]));
    return { names, rows: Array.from({ length: choose(7) }, row) };
  };
  return new Map([
    ["a", table(["id", "x", "y", "z"])],
    ["b", table(["id", "y", "w"])],
  ]);
}

/**
 * A relation that is right, from any numbers. Where `isTotal`, each order is by all columns, so that the rows are the same
 * wherever they are computed.
 */
export function relationFrom(choices: readonly number[], isTotal: boolean): Relation {
  const choose = chooser(choices, isTotal);
  let relation = build(choose);
  for (let left = 2 + choose(6); left > 0; left--) relation = grow(relation, choose);
  return relation;
}

function chooser(choices: readonly number[], isTotal: boolean): Choose {
  let place = 0;
  const next = (count: number): number => (choices[place++ % Math.max(choices.length, 1)] ?? 0) % count;
  return Object.assign(next, { isTotal });
}

interface Choose {
  (count: number): number;
  /** Whether orders are by all columns, so that no two rows but equal ones have the same place. */
  readonly isTotal: boolean;
}

function build(choose: Choose): Relation {
  return scan(choose(2) === 0 ? "a" : "b");
}

function namesOf(relation: Relation): readonly string[] {
  return schemaOf(relation, fullRequest).columns.map((column) => column.name);
}

function some(names: readonly string[], choose: Choose): readonly string[] {
  const picked = names.filter(() => choose(2) === 0);
  return picked.length > 0 ? picked : names.slice(0, 1);
}

function one(names: readonly string[], choose: Choose): string {
  return names[choose(names.length)] ?? "";
}

function orderOf(names: readonly string[], choose: Choose): readonly SortKey[] {
  const start = choose(names.length);
  const rotated = [...names.slice(start), ...names.slice(0, start)];
  const directions = {
    ...(choose(2) === 0 ? { descending: true as const } : {}),
    ...(choose(3) === 0 ? { nulls: "first" as const } : {}),
  };
  return (choose.isTotal ? rotated : rotated.slice(0, 1)).map((name) => ({ expression: col(name), ...directions }));
}

function grow(input: Relation, choose: Choose): Relation {
  const names = namesOf(input);
  const texts = schemaOf(input, fullRequest)
    .columns.filter((column) => column.type === "string")
    .map((column) => column.name);
  const pairs = (targets: readonly string[]): readonly NamedExpression[] =>
    targets.map((name) => [
      name,
      texts.length > 0 && choose(2) === 0 ? call("upper", col(one(texts, choose))) : col(one(names, choose)),
    ]);
  switch (choose(21)) {
    case 0:
      return {
        kind: "filter",
        input,
        condition: call(choose(2) === 0 ? "isNull" : "isNotNull", col(one(names, choose))),
      };
    case 1:
      return { kind: "select", input, columns: pairs(some(["id", "x", "s", "t"], choose)) };
    case 2:
      return { kind: "derive", input, columns: pairs(some(["id", "y", "u"], choose)) };
    case 3: {
      const from = one(names, choose);
      const to = names.includes("r") ? from : "r";
      return { kind: "rename", input, names: [[from, to]] };
    }
    case 4:
      return { kind: "keep", input, columns: some(names.toReversed(), choose) };
    case 5:
      return names.length < 2 ? input : { kind: "drop", input, columns: [one(names, choose)] };
    case 6:
      return { kind: "dropNulls", input, columns: some(names, choose) };
    case 7:
      return joinWith(input, names, choose);
    case 8:
      return { kind: "union", inputs: [input, input], ...(choose(2) === 0 ? { distinct: true } : {}) };
    case 9:
      return { kind: "distinct", input };
    case 10: {
      const by = choose(3) === 0 ? [] : some(names, choose);
      const columns: NamedExpression[] = [
        ["n", call("count")],
        ["least", call("min", col(one(names, choose)))],
      ];
      return {
        kind: "aggregate",
        input,
        by,
        columns: by.some((name) => name === "n" || name === "least") ? [] : columns,
      };
    }
    case 11:
      return {
        kind: "limit",
        count: 1 + choose(4),
        input: { kind: "sort", input, by: orderOf(names, choose) },
      };
    case 13:
    case 14:
      return combine(input, names, choose);
    case 15: {
      // A sample takes other rows by the plain means.
      if (choose.isTotal) return { kind: "distinct", input };
      const key = choose(2) === 0 ? [] : some(names, choose);
      return {
        kind: "sample",
        input,
        key,
        seed: choose(9),
        ...(choose(2) === 0 ? { count: choose(5) } : { share: 0.5 }),
      };
    }
    case 18: {
      const on = texts.length > 0 ? one(texts, choose) : undefined;
      const by = choose(3) === 0 ? [] : names.filter((name) => name !== on && choose(2) === 0);
      if (on === undefined || by.some((name) => /_(n|least)$/.test(name))) return input;
      const columns: NamedExpression[] = [
        ["n", call("count")],
        ["least", call("min", col(one(names, choose)))],
      ];
      const values = [
        ["p", { kind: "literal", type: "string", value: "p" }],
        ["none", { kind: "literal", type: "null", value: null }],
      ] as const;
      return { kind: "pivot", input, by, on, values, columns };
    }
    case 19: {
      const columns = texts.length > 0 ? some(texts, choose) : [];
      const rest = names.filter((name) => !columns.includes(name));
      if (columns.length === 0 || rest.some((name) => ["what", "value"].includes(name))) return input;
      return {
        kind: "unpivot",
        input,
        columns,
        name: "what",
        value: "value",
        ...(choose(2) === 0 ? { nulls: "keep" } : {}),
      };
    }
    case 16:
      return fill(input, names, texts, choose);
    case 17: {
      const by = some(names, choose);
      if (by.some((name) => ["n", "mark"].includes(name))) return input;
      const sets = [by, by.slice(1), []].filter((_, index) => index === 0 || choose(2) === 0);
      const distinct = sets.filter((set, index) => sets.findIndex((one) => one.length === set.length) === index);
      const grouping = choose(2) === 0 ? {} : { grouping: [[one(by, choose), "mark"] as const] };
      return { kind: "aggregate", input, by, sets: distinct, ...grouping, columns: [["n", call("count")]] };
    }
    case 12:
      return windowOver(input, names, choose);
    default:
      return {
        kind: "deduplicate",
        input,
        key: some(names, choose),
        keep: choose(2) === 0 ? "first" : "last",
        by: orderOf(names, choose),
      };
  }
}

function joinWith(left: Relation, names: readonly string[], choose: Choose): Relation {
  const right = build(choose);
  const types = new Map(schemaOf(left, fullRequest).columns.map((column) => [column.name, column.type]));
  const shared = namesOf(right).filter((name) => types.get(name) === "string");
  if (shared.length === 0 || names.some((name) => name.endsWith("_r"))) return left;
  const how = (["inner", "left", "semi", "anti"] as const satisfies readonly JoinHow[])[choose(4)] ?? "inner";
  const isHalf = how === "semi" || how === "anti";
  return { kind: "join", left, right, how, using: [one(shared, choose)], ...(isHalf ? {} : { suffix: "_r" }) };
}

/** With another relation: of the same columns, or of some others. */
function combine(input: Relation, names: readonly string[], choose: Choose): Relation {
  const other = grow(input, choose);
  const types = new Map(schemaOf(input, fullRequest).columns.map((column) => [column.name, column.type]));
  const others = new Map(schemaOf(other, fullRequest).columns.map((column) => [column.name, column.type]));
  if ([...others].some(([name, type]) => types.has(name) && types.get(name) !== type)) return input;
  const isSame = names.every((name) => others.has(name)) && others.size === names.length;
  const way = choose(4);
  if (way < 2 && isSame) {
    const kind = choose(2) === 0 ? "intersect" : "except";
    return { kind, left: input, right: other, ...(way === 0 ? { all: true } : {}) };
  }
  return { kind: "union", inputs: [input, other], missing: "null", ...(way === 2 ? { distinct: true } : {}) };
}

function fill(input: Relation, names: readonly string[], texts: readonly string[], choose: Choose): Relation {
  const isForward = choose(2) === 0;
  if (choose(3) === 0) {
    const columns = texts.length > 0 ? some(texts, choose) : [];
    const value = { kind: "literal", type: "string", value: "f" } as const;
    return columns.length === 0 ? input : { kind: "fill", input, columns, how: "value", value, partition: [], by: [] };
  }
  return {
    kind: "fill",
    input,
    columns: some(names, choose),
    how: isForward ? "forward" : "backward",
    partition: choose(2) === 0 ? [] : some(names, choose),
    by: orderOf(names, choose),
    ...(choose(2) === 0 ? { limit: 1 + choose(2) } : {}),
  };
}

const FRAMES: readonly (Frame | undefined)[] = [
  undefined,
  { unit: "rows", from: { preceding: "1" }, to: "current" },
  { unit: "rows", from: "unbounded", to: "unbounded" },
  { unit: "rows", from: { following: "1" }, to: { following: "2" } },
  { unit: "groups", from: { preceding: "1" }, to: { following: "1" } },
  { unit: "range", from: "current", to: "unbounded" },
];
const RANKINGS = ["rowNumber", "rank", "denseRank", "percentRank", "cumeDist"];
const NEIGHBOURS = ["lag", "lead", "lagKnown", "leadKnown", "firstValue", "lastValue", "firstKnown", "lastKnown"];

function windowOver(input: Relation, names: readonly string[], choose: Choose): Relation {
  const column = (): ReturnType<typeof col> => col(one(names, choose));
  const isOrdered = choose(4) > 0;
  const frame = isOrdered ? FRAMES[choose(6)] : undefined;
  // Equal rows get one result by these alone.
  const hasTies = frame?.unit !== "rows" && choose(2) === 0;
  const two = { kind: "literal", type: "number", value: "2" } as const;
  const columns: NamedExpression[] = [
    ["least", call("min", column())],
    ["x", call("countOf", column())],
  ];
  if (isOrdered) columns.push(["place", call(RANKINGS[hasTies ? 1 + choose(4) : choose(5)] ?? "rank")]);
  if (isOrdered && !hasTies) {
    columns.push(["y", call(NEIGHBOURS[choose(8)] ?? "lag", column())]);
    columns.push(["bucket", choose(2) === 0 ? call("ntile", two) : call("nthValue", column(), two)]);
  }
  const by = isOrdered ? orderOf(names, choose) : [];
  return {
    kind: "window",
    input,
    partition: choose(2) === 0 ? [] : some(names, choose),
    by: hasTies ? by.slice(0, 1) : by,
    ...(frame === undefined ? {} : { frame }),
    columns: columns
      .filter(() => choose(2) === 0)
      .concat(columns.slice(0, 1))
      .filter(isFirst),
  };
}

function isFirst([name]: NamedExpression, index: number, all: readonly NamedExpression[]): boolean {
  return all.findIndex(([other]) => other === name) === index;
}
