import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testProject } from "./sluice.ts";
import { operations, source, type Told, taking, traced, useTraceProject } from "./trace-project.ts";

useTraceProject();

test("a row from its records to its table: files, lines behind a line end in quotes, what changed, both sides of joins", () => {
  const told = traced("named", "id = 1");
  expect(told).toMatchObject({
    pipeline: "sales",
    step: "load_named",
    target: "sqlite.out.named",
    condition: "id = 1",
  });
  expect(told.answer).toEqual({ kind: "found", rows: 1, by: [] });
  expect(told.sources.map(({ dataset, matched, narrowing }) => [dataset, matched, narrowing])).toEqual([
    ["orders", 1, "exact"],
    ["shops", 1, "partly"],
    ["customers", 1, "partly"],
  ]);
  expect(source(told, "orders")?.records).toEqual([
    {
      file: "data/orders-1.csv",
      record: 1,
      line: 2,
      values: { id: "1", customer: "a", amount: "10.00", day: "2024-01-01", note: "two\nlines" },
    },
  ]);
  expect(source(told, "customers")?.records).toMatchObject([{ file: "data/customers.csv", record: 1, line: 2 }]);
  expect(source(told, "shops")?.records).toEqual([
    { file: "sqlite.shop.shops", record: 1, key: { shop: 1 }, values: { shop: 1 } },
  ]);
  expect(operations(told).map(({ operation, before, after }) => [operation, ...before, after])).toEqual([
    ["filter", 1, 1],
    ["dropNulls", 1, 1],
    ["deduplicate", 1, 1],
    ["check", 1, 1],
    ["join", 1, 1, 1],
    ["join", 1, 1, 1],
    ["derive", 1, 1],
  ]);
  expect(operations(told).at(-1)?.changes).toEqual([
    [
      { column: "name", text: "upper(name)", from: { name: "Ann" }, to: "ANN" },
      { column: "total", text: "amount * 2", from: { amount: "10.00" }, to: "20.00" },
    ],
  ]);
  expect(told.steps[0]).toMatchObject({ step: "valid", at: { file: "pipelines/sales.yaml", line: 4 } });
  expect(told.rows).toEqual([
    {
      customer: "a",
      id: 1,
      amount: "10.00",
      day: "2024-01-01",
      note: "two\nlines",
      name: "ANN",
      shop: 1,
      total: "20.00",
    },
  ]);
  expect(told.targetNow).toMatchObject({ rows: null, isThere: false });
  expect(told.lastRun).toBeUndefined();
});

test("records stand where they stand, whatever the form: fixed width, CRLF, a mark, another order, no header, rejects before", () => {
  using copy = testProject({
    "sluice.config.ts": `import { csv, defineConfig, fixed } from "sluice";
export default defineConfig({ project: "q", datasets: {
  pay: fixed("data/pay.txt", { columns: { id: [1, 3], kind: [5, 8] }, types: { id: "int64" } }),
  mix: csv("data/mix-*.csv", { reordered: "accept", types: { id: "int64" }, maxRejects: 1 }),
  bare: csv("data/bare.txt", { dialect: { header: false, delimiter: "|" }, columns: ["id", "x"], types: { id: "int64" } }),
} });
`,
    "data/pay.txt": "001 cash\n002 card\nxx\n00x card\n005 card\n",
    "data/mix-1.csv": 'id,x\r\n1,"a\nb"\n2,c\r\nz,d\n4,e\n',
    "data/mix-2.csv": "\uFEFFx,id\nf,5\ng,q\nh,7\n",
    "data/bare.txt": "z|0\n1|a\n2|b",
    "pipelines/q.yaml": `name: q
steps:
  p: { transform: { from: pay, filter: kind = 'card' } }
  m:
    transform: { from: mix, derive: { y: upper(x) } }
    checks:
      - { expression: "y <> 'E'", otherwise: divert, mostly: 0.9 }
      - { expression: "y <> 'F'", otherwise: divert, mostly: 0.1 }
      - { unique: y, otherwise: divert }
  b: { transform: { from: bare } }
`,
  });
  expect(copy.run(["sync"]).status).toBe(0);
  const told = (table: string, condition: string): Told =>
    JSON.parse(copy.run(["trace", table, "--where", condition, "--json"]).out) as Told;
  const places = ({ sources: [only] }: Told): unknown =>
    only?.records.map(({ file, record, line, values }) => [file, record, line, values]);
  expect(places(told("p", "id = 5"))).toEqual([["data/pay.txt", 5, 5, { id: "005", kind: "card" }]]);
  expect(places(told("b", "id = 2"))).toEqual([["data/bare.txt", 3, 3, { id: "2", x: "b" }]]);
  const mixed = told("m", "id in (1, 4, 5, 7)");
  expect(places(mixed)).toEqual([
    ["data/mix-1.csv", 1, 2, { id: "1", x: "a\nb" }],
    ["data/mix-1.csv", 4, 6, { id: "4", x: "e" }],
    ["data/mix-2.csv", 1, 2, { id: "5", x: "f" }],
    ["data/mix-2.csv", 3, 4, { id: "7", x: "h" }],
  ]);
  expect(mixed.sources[0]).toMatchObject({ warnings: [expect.stringContaining("a run fails here: 2 of 7 records")] });
  // Of the checks with `mostly` the one below its share takes rows out, the other one does not.
  expect(taking(mixed)).toMatchObject([
    {
      operation: "check",
      before: [4],
      after: 3,
      dropped: [
        { rows: 1, examples: [{ conditions: [{ text: "y <> 'E'", value: false, takes: true, values: { y: "E" } }] }] },
      ],
    },
  ]);
  expect(mixed.answer).toMatchObject({ kind: "found", rows: 3 });
});

test("records of JSON, folders of keys, comments; windows, fills, samples, sets; a task is not run", () => {
  using copy = testProject({
    "sluice.config.ts": `import { csv, defineConfig, json, ndjson } from "sluice";
export default defineConfig({ project: "r", datasets: {
  events: ndjson("data/events.ndjson", { types: { id: "int64" } }),
  doc: json("data/doc.json", { types: { id: "int64" } }),
  h: csv("data/h/*/*.csv", { dialect: { comment: "#", skip: 1 }, types: { id: "int64" } }),
} });
`,
    "data/events.ndjson": '{"id":1,"tags":["a","b"]}\n\n{"id":"no","tags":[]}\n{"id":3,"tags":["c"]}\n',
    "data/doc.json": '[\n {"id": 7,\n  "name": "x"},\n {"id": 8,\n "name": "y"}\n]\n',
    "data/h/year=2023/a.csv": "about\n# c\nid,v\n1,a\n# note\n2,b\n",
    "data/h/year=2024/b.csv": "about\nid,v\nx,a\n4,\n",
    "tasks/t.ts": "export async function* score() { yield { id: 1 }; }\n",
    "pipelines/r.yaml": `name: r
steps:
  e: { transform: [{ from: events }, { unnest: tags }] }
  d: { transform: { from: doc, filter: name <> 'y' } }
  w:
    transform:
      - from: h
      - fill: { columns: v, value: "'?'" }
      - window: { partition: year, by: id, columns: { n: row_number() } }
  one: { transform: { from: h, filter: id = 1 } }
  rest: { transform: [{ from: h }, { except: one }] }
  work: { task: { run: "tasks/t.ts#score", inputs: { d: d }, output: { id: int64 } } }
  after: { transform: { from: work } }
`,
  });
  expect(copy.run(["sync"]).status).toBe(0);
  const told = (table: string, condition: string): Told =>
    JSON.parse(copy.run(["trace", table, "--where", condition, "--json"]).out) as Told;
  const records = (one: Told): unknown => one.sources[0]?.records;
  expect(records(told("e", "id = 3"))).toEqual([
    { file: "data/events.ndjson", record: 3, line: 4, values: { id: 3, tags: '["c"]' } },
  ]);
  const dropped = told("d", "id = 8");
  expect(records(dropped)).toEqual([{ file: "data/doc.json", record: 2, line: 4, values: { id: 8, name: "y" } }]);
  expect(dropped.answer).toMatchObject({ kind: "dropped", by: [{ operation: "filter" }] });
  const ranked = told("w", "id = 2 and n > 1");
  expect(ranked.sources[0]).toMatchObject({
    narrowing: "partly",
    because: ["n > 1 is about what a window computes over several rows"],
    records: [{ file: "data/h/year=2023/a.csv", record: 2, line: 6, values: { id: "2", v: "b", year: "2023" } }],
  });
  expect(told("w", "v = '?'")).toMatchObject({ answer: { kind: "found", rows: 1 }, sources: [{ narrowing: "none" }] });
  expect(taking(told("rest", "id = 1"))).toMatchObject([
    { operation: "except", before: [1, 1], after: 0, dropped: [{ rows: 1 }] },
  ]);
  const work = copy.run(["trace", "after", "--where", "id = 1"]);
  expect(work.status).toBe(2);
  expect(work.error).toContain('"after" reads it: "work" is a task, through which no row can be followed');
});

test("an empty list gives no row, a struct gives one, and an unpivot leaves nulls out", () => {
  using copy = testProject({
    "sluice.config.ts": `import { defineConfig, ndjson } from "sluice";
export default defineConfig({ project: "p", datasets: { n: ndjson("n.ndjson") } });
`,
    "n.ndjson":
      '{"id":1,"tags":["a"],"v":1,"s":{"x":1}}\n{"id":2,"tags":[],"v":null,"s":{"x":2}}\n{"id":3,"tags":null,"v":3,"s":null}\n',
    "pipelines/r.yaml": `name: r
steps:
  list: { transform: [{ from: n }, { unnest: tags }] }
  outer: { transform: [{ from: n }, { unnest: { column: tags, outer: true } }] }
  struct: { transform: [{ from: n }, { unnest: s }, { filter: id < 3 }] }
  long: { transform: [{ from: n }, { unpivot: { columns: v, name: k, value: w } }] }
`,
  });
  expect(copy.run(["sync"]).status).toBe(0);
  const told = (table: string, condition: string): Told =>
    JSON.parse(copy.run(["trace", table, "--where", condition, "--json"]).out) as Told;
  const dropping = (operation: string) => ({ answer: { kind: "dropped", rows: 0, by: [{ operation }] } });
  expect(told("list", "id = 2")).toMatchObject(dropping("unnest"));
  expect(told("list", "id = 3")).toMatchObject(dropping("unnest"));
  expect(told("list", "id = 1")).toMatchObject({ answer: { kind: "found", rows: 1, by: [] } });
  expect(told("outer", "id = 2")).toMatchObject({ answer: { kind: "found", rows: 1, by: [] } });
  expect(told("struct", "id = 2")).toMatchObject({ answer: { kind: "found", rows: 1, by: [] } });
  expect(told("struct", "id = 3")).toMatchObject(dropping("filter"));
  expect(told("long", "id = 2")).toMatchObject(dropping("unpivot"));
});

describe("what keeps a row out is said truly", () => {
  let copy: ReturnType<typeof testProject>;
  beforeAll(() => {
    copy = testProject({
      "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "p", datasets: {
  l: csv("l.csv", { types: { k: "int64" } }), r: csv("r.csv", { types: { k: "int64" } }),
  n: csv("n.csv", { types: { id: "int64", u: "int64", v: "int64" } }),
} });
`,
      "l.csv": "k,a\n1,x\n2,y\n",
      "r.csv": "k,b\n1,p\n3,q\n",
      "n.csv": "id,u,v\n1,1,2\n2,3,\n",
      "pipelines/p.yaml": `name: p
steps:
  only: { transform: [{ from: r }, { keep: [k] }, { filter: k < 3 }] }
  rest: { transform: [{ from: l }, { keep: [k] }, { except: only }] }
  anti: { transform: [{ from: l }, { join: { with: only, how: anti, using: [k] } }] }
  back: { transform: [{ from: r }, { keep: [k] }, { except: rest }] }
  full:
    transform:
      - from: l
      - join: { with: r, how: full, on: l.k = r.k, select: { k: "coalesce(l.k, r.k)", a: l.a, b: r.b } }
  long: { transform: [{ from: n }, { unpivot: { columns: [u, v], name: of, value: w } }] }
  load_rest: { when: steps.only.rowsOut > 5, load: { from: rest, into: { file: out/written.csv }, mode: replace } }
`,
    });
    expect(copy.run(["sync"])).toMatchObject({ status: 0 });
  });
  afterAll(() => copy[Symbol.dispose]());
  const told = (table: string, condition: string): Told =>
    JSON.parse(copy.run(["trace", table, "--where", condition, "--json"]).out) as Told;
  const by = (kind: string, ...operations: readonly string[]) => ({
    kind,
    by: operations.map((operation) => ({ operation })),
  });

  test("a filter of a subtracted side takes nothing out of the result; a row on that side does", () => {
    expect(told("p/rest", "k = 1").answer).toMatchObject(by("dropped", "except"));
    expect(told("anti", "k = 3").answer).toMatchObject(by("absent"));
    const { answer, steps, sources } = told("p/rest", "k = 3");
    expect(answer).toMatchObject(by("absent"));
    expect(sources).toMatchObject([{ dataset: "r", subtracted: true }, { dataset: "l" }]);
    expect(sources[1]).not.toHaveProperty("subtracted");
    expect(steps).toMatchObject([{ operations: [{}, { operation: "filter", subtracted: true }] }, {}]);
    expect(copy.run(["trace", "p/rest", "--why-not", "k = 3"]).out).not.toContain("filter");
    // What is subtracted from a subtracted side gives rows again, and so does a source of both.
    const back = told("back", "k = 1");
    expect(back.answer).toMatchObject({ kind: "found" });
    expect(back.sources.map((one) => "subtracted" in one)).toEqual([true, false]);
  });

  test("a step that a run may skip by its own figures", () => {
    const conditional = [{ step: "load_rest", text: 'steps."only".rowsOut > 5', at: { line: 12 } }];
    expect(told("load_rest", "k = 2").answer).toMatchObject({ kind: "found", rows: 1, conditional });
    expect(told("p/rest", "k = 2").answer).not.toHaveProperty("conditional");
    const { out } = copy.run(["trace", "load_rest", "--where", "k = 2"]);
    expect(out).toContain(`load_rest gives 1 such row
if the run does not skip it
  load_rest is skipped by a run unless steps."only".rowsOut > 5  (pipelines/p.yaml:12)
out/written.csv is not there yet
`);
  });

  test("nulls that unpivot leaves out, one by one", () => {
    for (const condition of ["id = 2 and of = 'v'", "id = 2 and of = 'v' and w = 4"]) {
      const { answer, steps } = told("long", condition);
      expect(answer).toMatchObject(by("dropped", "unpivot"));
      const conditions = [{ text: "v is not null", value: false, takes: true, values: { v: null } }];
      expect(steps[0]?.operations[0]?.dropped).toMatchObject([
        { rows: 1, examples: [{ values: { id: 2, of: "v" }, conditions }] },
      ]);
    }
    expect(told("long", "id = 1 and of = 'v' and w = 9").answer).toMatchObject(by("unknown"));
  });

  test("a key that is on neither side of a full join, or on one of them alone", () => {
    expect(told("full", "k = 99").answer).toMatchObject(by("absent"));
    expect(told("full", "k = 3").answer).toMatchObject({ kind: "found", rows: 1 });
    const alone = told("full", "k = 2 and b = 'p'");
    expect(alone.answer).toMatchObject(by("dropped", "join"));
    expect(operations(alone)[0]?.dropped).toMatchObject([
      { rows: 1, input: 0, why: "no row of the right side meets this one of the left side" },
    ]);
    const other = operations(told("full", "k = 1 and b = 'zz'"))[0];
    expect(other?.dropped).toMatchObject([
      { rows: 1, input: 0, why: expect.stringContaining("no row of the right side that meets it has ") },
    ]);
  });
});

describe("what takes a row out", () => {
  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    [
      "a filter, each part of its condition with its value",
      "id = 3",
      {
        operation: "filter",
        conditions: [
          { text: "note is distinct from 'test'", value: false, takes: true, values: { note: "test" } },
          { text: "amount < 1000", value: true, takes: false, values: { amount: "5.00" } },
        ],
      },
    ],
    [
      "dropNulls",
      "id = 5",
      {
        operation: "dropNulls",
        conditions: [{ text: "customer is not null", value: false, takes: true, values: { customer: null } }],
      },
    ],
    [
      "a check that diverts",
      "id = 7",
      {
        operation: "check",
        conditions: [{ text: "amount < 0", value: true, takes: true, values: { amount: "-3.00" } }],
      },
    ],
    ["a join without a match", "id = 4", { operation: "join", values: { id: 4, customer: "zz" } }],
    ["a semi join without a match", "id = 9", { operation: "join", values: { id: 9, shop: 3 } }],
  ])("%s", (_, condition, { operation, ...example }) => {
    const told = traced("named", condition);
    expect(told.answer).toMatchObject({ kind: "dropped", rows: 0, by: [{ operation }] });
    expect(taking(told)).toMatchObject([{ operation, after: 0, dropped: [{ rows: 1, examples: [example] }] }]);
  });

  test("deduplication, with the row that was kept; a limit; both rows of one key have their record in a gzip file", () => {
    const told = traced("top", "id = 6");
    expect(told).toMatchObject({ step: "load_top", answer: { kind: "dropped" } });
    expect(source(told, "orders")?.records).toMatchObject([
      { file: "data/orders-2.csv.gz", record: 1, line: 2 },
      { file: "data/orders-2.csv.gz", record: 2, line: 3 },
    ]);
    expect(taking(told)).toMatchObject([
      {
        operation: "deduplicate",
        before: [2],
        after: 1,
        dropped: [
          { rows: 1, examples: [{ values: { id: 6, day: "2024-02-01" }, kept: { id: 6, day: "2024-02-02" } }] },
        ],
      },
      { operation: "limit", before: [1], after: 0, dropped: [{ rows: 1 }] },
    ]);
  });

  test("no record at all: rejects that hold the value are shown", () => {
    const told = traced("named", "id = 2 or note = 'not an id'");
    expect(told.answer).toEqual({ kind: "absent", rows: 0, by: [] });
    expect(source(told, "orders")).toMatchObject({
      accepted: 8,
      rejected: 2,
      matched: 0,
      rejects: [
        {
          file: "data/orders-1.csv",
          record: 2,
          line: 4,
          column: "amount",
          rule: "is not a decimal(10,2)",
          raw: "2,b,x,2024-01-02,bad",
        },
        { file: "data/orders-2.csv.gz", record: 4, line: 5, column: "id", raw: "nope,d,3.00,2024-02-03,not an id" },
      ],
    });
  });

  test("a step whose `when` is false", () => {
    expect(traced("never", "id = 1").answer.kind).toBe("found");
    const told = traced("never", "id = 1", ["--param", "open=false"]);
    expect(told.answer).toMatchObject({ kind: "dropped", by: [{ operation: "when", text: "$open" }] });
  });
});

test("whoever names a step means it, whatever the target of another one is called", () => {
  using other = testProject({
    "sluice.config.ts":
      'import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "p", datasets: { x: csv("x.csv") } });\n',
    "pipelines/p.yaml": `name: p
steps:
  small: { transform: [{ from: x }, { filter: id < 2 }] }
  all: { transform: [{ from: x }] }
  load_all: { load: { from: all, into: { file: out/small.csv }, mode: replace } }
`,
    "x.csv": "id\n1\n2\n",
  });
  expect(other.run(["sync"])).toMatchObject({ status: 0 });
  const { out, error } = other.run(["trace", "small", "--where", "id = 1", "--json"]);
  expect(error).toBe("");
  expect((JSON.parse(out) as Told).step).toBe("small");
});
