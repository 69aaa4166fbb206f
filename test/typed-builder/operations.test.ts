import {
  and,
  arrayAgg,
  count,
  countDistinct,
  hashKey,
  listOf,
  max,
  not,
  ntile,
  or,
  param,
  rangeBetween,
  rowNumber,
  rowsBetween,
  source,
  sql,
  stringAgg,
  structOf,
  sum,
  values,
} from "@sluice/core";
import { describe, expect, it } from "vitest";
import { column, crashes, scan, vehicles } from "./tables.ts";

const text = (value: string) => ({ kind: "literal", type: "string", value });
const number = (value: string) => ({ kind: "literal", type: "number", value });
const call = (name: string, ...args: readonly unknown[]) => ({ kind: "call", name, arguments: args });

describe("an operation makes its node", () => {
  const input = scan("crashes");
  it.each<[string, () => { readonly node: unknown }, unknown]>([
    ["dataset", () => crashes, input],
    [
      "source",
      () => source({ type: "file", path: "a.csv" }),
      { kind: "scan", source: { inline: { type: "file", path: "a.csv" } } },
    ],
    [
      "filter, and flattened",
      () =>
        crashes.filter((c) =>
          and(c.rd_no.isDistinctFrom("Y"), and(c.latitude.isNotNull(), c.hour.gt(3)), c.latitude.lt(1.5)),
        ),
      {
        kind: "filter",
        input,
        condition: call(
          "and",
          call("isDistinctFrom", column("rd_no"), text("Y")),
          call("isNotNull", column("latitude")),
          call("gt", column("hour"), number("3")),
          call("lt", column("latitude"), number("1.5")),
        ),
      },
    ],
    [
      "methods and functions of one meaning",
      () => crashes.filter((c) => c.hour.gt(1).and(c.hour.lt(2)).or(not(c.hour.isNull()))),
      crashes.filter((c) => or(and(c.hour.gt(1), c.hour.lt(2)), c.hour.isNull().not())).node,
    ],
    [
      "select",
      () => crashes.select((c) => ({ b: c.id, a: c.hour })),
      {
        kind: "select",
        input,
        columns: [
          ["b", column("id")],
          ["a", column("hour")],
        ],
      },
    ],
    [
      "derive",
      () => crashes.derive((c) => ({ id: c.id.upper() })),
      { kind: "derive", input, columns: [["id", call("upper", column("id"))]] },
    ],
    [
      "rename",
      () => crashes.rename({ latitude: "lat", id: "crash_id" }),
      {
        kind: "rename",
        input,
        names: [
          ["id", "crash_id"],
          ["latitude", "lat"],
        ],
      },
    ],
    ["keep", () => crashes.keep(["latitude", "id"]), { kind: "keep", input, columns: ["latitude", "id"] }],
    ["drop", () => crashes.drop(["id"]), { kind: "drop", input, columns: ["id"] }],
    ["dropNulls", () => crashes.dropNulls(["latitude"]), { kind: "dropNulls", input, columns: ["latitude"] }],
    ["distinct", () => crashes.distinct(), { kind: "distinct", input }],
    ["limit", () => crashes.limit(5, { offset: 0 }), { kind: "limit", input, count: 5 }],
    ["limit with offset", () => crashes.limit(5, { offset: 2 }), { kind: "limit", input, count: 5, offset: 2 }],
    [
      "sort",
      () => crashes.sort((c) => [c.hour.desc({ nulls: "first" }), c.id.asc(), c.latitude]),
      {
        kind: "sort",
        input,
        by: [
          { expression: column("hour"), descending: true, nulls: "first" },
          { expression: column("id") },
          { expression: column("latitude") },
        ],
      },
    ],
    [
      "deduplicate",
      () => crashes.deduplicate({ key: ["id"], keep: "last", by: (c) => c.at }),
      { kind: "deduplicate", input, key: ["id"], keep: "last", by: [{ expression: column("at") }] },
    ],
    [
      "group and aggregate",
      () =>
        crashes.group(["hour"]).aggregate((c) => ({
          n: count(),
          ids: countDistinct(c.id),
          far: max(c.latitude, { where: c.hour.gt(1) }).plus(1),
        })),
      {
        kind: "aggregate",
        input,
        by: ["hour"],
        columns: [
          ["n", call("count")],
          ["ids", { ...call("countOf", column("id")), distinct: true }],
          [
            "far",
            call(
              "plus",
              { ...call("max", column("latitude")), where: call("gt", column("hour"), number("1")) },
              number("1"),
            ),
          ],
        ],
      },
    ],
    [
      "aggregate in an order, of distinct values",
      () =>
        crashes.aggregate((c) => ({
          a: arrayAgg(c.id, { order: [c.at.desc({ nulls: "first" }), c.hour], where: c.hour.gt(1) }),
          s: stringAgg(c.id, ", ", { distinct: true, order: c.id.desc() }),
          n: sum(c.hour, { distinct: true }),
        })),
      {
        kind: "aggregate",
        input,
        by: [],
        columns: [
          [
            "a",
            {
              ...call("arrayAgg", column("id")),
              where: call("gt", column("hour"), number("1")),
              order: [{ expression: column("at"), descending: true, nulls: "first" }, { expression: column("hour") }],
            },
          ],
          [
            "s",
            {
              ...call("stringAgg", column("id"), text(", ")),
              distinct: true,
              order: [{ expression: column("id"), descending: true }],
            },
          ],
          ["n", { ...call("sum", column("hour")), distinct: true }],
        ],
      },
    ],
    [
      "lists, structs and what is in them",
      () =>
        crashes.select((c) => ({
          l: listOf(c.id, c.rd_no).at(-1),
          s: structOf({ hour: c.hour, id: c.id }).field("hour"),
          z: c.at.atZone("Europe/Oslo"),
          k: hashKey(c.id, 1),
        })),
      {
        kind: "select",
        input,
        columns: [
          ["l", call("at", call("listOf", column("id"), column("rd_no")), number("-1"))],
          ["s", call("field", call("structOf", text("hour"), column("hour"), text("id"), column("id")), text("hour"))],
          ["z", call("atZone", text("Europe/Oslo"), column("at"))],
          ["k", call("hashKey", column("id"), number("1"))],
        ],
      },
    ],
    [
      "aggregate over all",
      () => crashes.aggregate((c) => ({ s: sum(c.hour) })),
      { kind: "aggregate", input, by: [], columns: [["s", call("sum", column("hour"))]] },
    ],
    [
      "join using",
      () => crashes.join(vehicles, { using: ["id"] }),
      { kind: "join", left: input, right: scan("vehicles"), how: "inner", using: ["id"] },
    ],
    [
      "join on",
      () =>
        crashes.join(vehicles, {
          how: "left",
          on: (l, r) => l.id.eq(r.id),
          suffix: "_v",
          select: (l, r) => ({ a: l.id, b: r.make }),
        }),
      {
        kind: "join",
        left: input,
        right: scan("vehicles"),
        how: "left",
        on: call("eq", { ...column("id"), side: "left" }, { ...column("id"), side: "right" }),
        suffix: "_v",
        select: [
          ["a", { ...column("id"), side: "left" }],
          ["b", { ...column("make"), side: "right" }],
        ],
      },
    ],
    [
      "window",
      () =>
        crashes.window(
          { partition: ["id"], by: (c) => c.at.desc(), frame: rowsBetween({ preceding: 2 }, "current") },
          (c) => ({
            n: rowNumber(),
            before: c.hour.lag(1, 0),
            mean: sum(c.hour, { where: c.hour.gt(1) }).div(ntile(4)),
          }),
        ),
      {
        kind: "window",
        input,
        partition: ["id"],
        by: [{ expression: column("at"), descending: true }],
        frame: { unit: "rows", from: { preceding: "2" }, to: "current" },
        columns: [
          ["n", call("rowNumber")],
          ["before", call("lag", column("hour"), number("1"), number("0"))],
          [
            "mean",
            call(
              "div",
              { ...call("sum", column("hour")), where: call("gt", column("hour"), number("1")) },
              call("ntile", number("4")),
            ),
          ],
        ],
      },
    ],
    [
      "window over all rows",
      () => crashes.window({}, (c) => ({ far: max(c.latitude) })),
      { kind: "window", input, partition: [], by: [], columns: [["far", call("max", column("latitude"))]] },
    ],
    [
      "window by distance",
      () =>
        crashes.window({ by: (c) => c.at, frame: rangeBetween({ preceding: "P7D" }, "unbounded") }, () => ({
          n: count(),
        })),
      {
        kind: "window",
        input,
        partition: [],
        by: [{ expression: column("at") }],
        frame: { unit: "range", from: { preceding: "P7D" }, to: "unbounded" },
        columns: [["n", call("count")]],
      },
    ],
    ["union", () => crashes.union(crashes).union(crashes), { kind: "union", inputs: [input, input, input] }],
    [
      "union distinct",
      () => crashes.union(crashes, { distinct: true }),
      { kind: "union", inputs: [input, input], distinct: true },
    ],
    [
      "union by name",
      () => crashes.union(vehicles, { missing: "null" }).union(vehicles, { missing: "null" }),
      { kind: "union", inputs: [input, scan("vehicles"), scan("vehicles")], missing: "null" },
    ],
    ["intersect", () => crashes.intersect(crashes), { kind: "intersect", left: input, right: input }],
    ["except", () => crashes.except(crashes, { all: true }), { kind: "except", left: input, right: input, all: true }],
    [
      "rollup",
      () =>
        crashes
          .group(["id", "hour"], { sets: "rollup", grouping: { hour: "all_hours" } })
          .aggregate(() => ({ n: count() })),
      {
        kind: "aggregate",
        input,
        by: ["id", "hour"],
        sets: [["id", "hour"], ["id"], []],
        grouping: [["hour", "all_hours"]],
        columns: [["n", call("count")]],
      },
    ],
    [
      "cube",
      () => crashes.group(["id", "hour"], { sets: "cube" }).aggregate(() => ({ n: count() })),
      {
        kind: "aggregate",
        input,
        by: ["id", "hour"],
        sets: [["id", "hour"], ["hour"], ["id"], []],
        columns: [["n", call("count")]],
      },
    ],
    [
      "fill with a value",
      () => crashes.fill(["hour"], { value: 0 }),
      { kind: "fill", input, columns: ["hour"], how: "value", value: number("0"), partition: [], by: [] },
    ],
    [
      "fill forward",
      () => crashes.fill(["hour"], { how: "forward", partition: ["id"], by: (c) => c.at, limit: 3 }),
      {
        kind: "fill",
        input,
        columns: ["hour"],
        how: "forward",
        partition: ["id"],
        by: [{ expression: column("at") }],
        limit: 3,
      },
    ],
    [
      "pivot",
      () =>
        crashes.pivot({
          by: ["id"],
          on: "rd_no",
          values: ["Y", null],
          columns: (c) => ({ n: count(), far: max(c.latitude) }),
        }),
      {
        kind: "pivot",
        input,
        by: ["id"],
        on: "rd_no",
        values: [
          ["Y", text("Y")],
          ["null", { kind: "literal", type: "null", value: null }],
        ],
        columns: [
          ["n", call("count")],
          ["far", call("max", column("latitude"))],
        ],
      },
    ],
    [
      "pivot under other names",
      () => crashes.pivot({ on: "hour", values: { noon: 12 }, columns: () => ({ n: count() }) }),
      {
        kind: "pivot",
        input,
        by: [],
        on: "hour",
        values: [["noon", number("12")]],
        columns: [["n", call("count")]],
      },
    ],
    [
      "unpivot",
      () => crashes.unpivot(["latitude"], { name: "what", value: "much", nulls: "keep" }),
      { kind: "unpivot", input, columns: ["latitude"], name: "what", value: "much", nulls: "keep" },
    ],
    [
      "split, what is true",
      () => crashes.split((c) => c.hour.gt(3)).yes,
      { kind: "filter", input, condition: call("gt", column("hour"), number("3")) },
    ],
    [
      "split, all others",
      () => crashes.split((c) => c.hour.gt(3)).no,
      {
        kind: "filter",
        input,
        condition: call("isDistinctFrom", call("gt", column("hour"), number("3")), {
          kind: "literal",
          type: "bool",
          value: true,
        }),
      },
    ],
    ["sample", () => crashes.sample({ count: 9, key: ["id"] }), { kind: "sample", input, count: 9, key: ["id"] }],
    [
      "sample of a share",
      () => crashes.sample({ share: 0.1, seed: 7 }),
      { kind: "sample", input, share: 0.1, key: [], seed: 7 },
    ],
    [
      "values",
      () =>
        values({ code: "string", n: "int64?", d: "date" }, [
          { code: "M", n: null, d: "2024-01-31" },
          { code: "", n: 7n, d: "2024-02-01" },
        ]),
      {
        kind: "values",
        columns: [
          { name: "code", type: "string", nullable: false },
          { name: "n", type: "int64", nullable: true },
          { name: "d", type: "date", nullable: false },
        ],
        rows: [
          ["M", null, "2024-01-31"],
          ["", "7", "2024-02-01"],
        ],
      },
    ],
    [
      "sql",
      () => sql`select '\d' as \`a\` from ${crashes} where day = ${param("day", "date")}`.returns({ a: "string?" }),
      {
        kind: "sql",
        engine: "duckdb",
        texts: ["select '\\d' as `a` from ", " where day = $day"],
        inputs: [input],
        declared: [{ name: "a", type: "string", nullable: true }],
      },
    ],
  ])("%s", (_name, build, node) => {
    const relation = build();
    expect(relation.node).toEqual(node);
    expect(JSON.stringify(build().node)).toBe(JSON.stringify(relation.node));
    expect(structuredClone(relation.node)).toEqual(relation.node);
    expect(JSON.parse(JSON.stringify(relation.node))).toEqual(relation.node);
  });
});
