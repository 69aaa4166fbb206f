import { readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestProject, testProject } from "./sluice.ts";

const libsql = createRequire(new URL("../../adapters/sqlite/package.json", import.meta.url))("libsql");

let project: TestProject;

const CONFIG = `import { csv, defineConfig, sqlite } from "sluice";
export default defineConfig({
  project: "p",
  datasets: {
    orders: csv("data/orders-*", { required: ["id"], types: { amount: "decimal(10,2)", id: "int64" } }),
    customers: csv("data/customers.csv"),
    shops: sqlite("shop").table("shops"),
  },
  connections: { shop: { type: "sqlite", path: "shop.db" }, out: { type: "sqlite", path: "out.db" } },
});
`;
const PIPELINE = `name: sales
parameters: { open: { type: boolean, default: true } }
steps:
  valid:
    transform:
      - from: orders
      - filter: note is distinct from 'test' and amount < 1000
      - dropNulls: [customer]
      - deduplicate: { key: [id], keep: last, by: [day] }
    checks: [{ range: { column: amount, min: 0 }, otherwise: divert }]
  named:
    transform:
      - from: valid
      - join: { with: customers, using: [customer] }
      - join: { with: shops, how: semi, using: [shop] }
      - derive: { name: upper(name), total: amount * 2 }
  by_customer:
    transform: { from: named, aggregate: { by: [customer], columns: { n: count(*) } } }
  top:
    transform:
      - from: named
      - sort: [{ by: id }]
      - limit: 1
  counted:
    transform:
      - sql: { parts: ["select id, count(*) as n from ", { from: orders }, " group by id"] }
  never: { when: $open, transform: { from: named, select: { id: id } } }
  load_named: { load: { from: named, into: sqlite.out.named, mode: replace } }
  load_top: { load: { from: top, into: { file: out/top.csv }, mode: replace } }
  load_by: { load: { from: by_customer, into: { file: out/by.parquet }, mode: replace } }
`;

beforeAll(() => {
  project = testProject({
    "sluice.config.ts": CONFIG,
    "pipelines/sales.yaml": PIPELINE,
    "data/orders-1.csv": `id,customer,amount,day,note
1,a,10.00,2024-01-01,"two
lines"
2,b,x,2024-01-02,bad
3,a,5.00,2024-01-03,test
4,zz,7.50,2024-01-04,no customer
5,,1.00,2024-01-05,null customer
`,
    "data/customers.csv": "customer,name,shop\na,Ann,1\nb,Bob,1\nc,Cid,2\nd,Dee,3\n",
  });
  const second = `id,customer,amount,day,note
6,c,20.00,2024-02-01,first
6,c,25.00,2024-02-02,second
7,d,-3.00,2024-02-03,negative
nope,d,3.00,2024-02-03,not an id
9,d,30.00,2024-02-05,it's 'ok'
`;
  writeFileSync(join(project.root, "data/orders-2.csv.gz"), gzipSync(second));
  const shop = new libsql(join(project.root, "shop.db"));
  shop.exec(
    "create table shops(shop integer primary key, town text); insert into shops values (1, 'X'), (2, 'Y'), (30, 'Z')",
  );
  shop.close();
  expect(project.run(["sync"])).toMatchObject({ status: 0 });
});
afterAll(() => project[Symbol.dispose]());

interface Told {
  readonly step: string;
  readonly answer: {
    readonly kind: string;
    readonly rows: number;
    readonly by: readonly { readonly operation: string }[];
  };
  readonly sources: readonly {
    readonly dataset: string;
    readonly matched: number;
    readonly narrowing: string;
    readonly records: readonly Readonly<Record<string, unknown>>[];
    readonly rejects: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly steps: readonly { readonly step: string; readonly operations: readonly Operation[] }[];
  readonly rows: readonly unknown[];
  readonly [member: string]: unknown;
}
interface Operation {
  readonly operation: string;
  readonly before: readonly number[];
  readonly after: number;
  readonly changes: unknown;
  readonly dropped: readonly {
    readonly rows: number;
    readonly examples: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly [member: string]: unknown;
}

function traced(table: string, condition: string, more: readonly string[] = []): Told {
  const { status, out, error } = project.run(["trace", table, "--where", condition, "--json", ...more]);
  expect([error, status]).toEqual(["", 0]);
  return JSON.parse(out) as Told;
}

const source = (told: Told, dataset: string) => told.sources.find((one) => one.dataset === dataset);
const operations = (told: Told): readonly Operation[] => told.steps.flatMap((step) => step.operations);
const taking = (told: Told): readonly Operation[] => operations(told).filter(({ dropped }) => dropped.length > 0);

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

test("what cannot be followed is said: groups, raw SQL", () => {
  const grouped = traced("by", "customer = 'c' and n > 0");
  expect(grouped).toMatchObject({
    step: "load_by",
    answer: { kind: "found", rows: 1 },
    rows: [{ customer: "c", n: 1 }],
  });
  expect(source(grouped, "orders")).toMatchObject({
    matched: 2,
    narrowing: "partly",
    because: ["n > 0 is about whole groups, not about their rows"],
  });
  const raw = traced("counted", "id = 6");
  expect(raw).toMatchObject({ answer: { kind: "found" }, rows: [{ id: 6, n: 2 }] });
  expect(source(raw, "orders")).toMatchObject({
    matched: 8,
    narrowing: "none",
    because: ["nothing can be followed through raw SQL"],
    records: [],
  });
  expect(traced("counted", "n = 5").answer).toEqual({ kind: "unknown", rows: 0, by: [] });
});

test("as text: the story, and with --why-not the answer first and only what takes rows out", () => {
  expect(project.run(["trace", "sales/named", "--where", "id = 1"]).out).toMatchInlineSnapshot(`
    "sales/load_named  sqlite.out.named  where id = 1

    orders  data/orders-*  1 of 8 records, besides 2 rejected
      where id = 1
      data/orders-1.csv, record 1, line 2
        id        '1'
        customer  'a'
        amount    '10.00'
        day       '2024-01-01'
        note      'two\\nlines'

    shops  sqlite.shop.shops  1 of 3 records
      where shop = 1
      more rows than those that you asked for may be among these: they meet rows that you asked for, and may meet others
      sqlite.shop.shops, row 1 (shop 1)
        shop  1

    customers  data/customers.csv  1 of 4 records
      where customer = 'a'
      data/customers.csv, record 1, line 2
        customer  'a'
        name      'Ann'
        shop      '1'

    valid  (pipelines/sales.yaml:4)
      filter 1 → 1  note is distinct from 'test' and amount < 1000  (pipelines/sales.yaml:7)
      dropNulls 1 → 1  customer  (pipelines/sales.yaml:8)
      deduplicate 1 → 1  id, the last by day  (pipelines/sales.yaml:9)
      check 1 → 1  range(amount)  (pipelines/sales.yaml:10)

    named  (pipelines/sales.yaml:11)
      join 1 + 1 → 1  inner using customer  (pipelines/sales.yaml:14)
      join 1 + 1 → 1  semi using shop  (pipelines/sales.yaml:15)
      derive 1 → 1  name = upper(name), total = amount * 2  (pipelines/sales.yaml:16)
        name = upper(name): 'Ann' → 'ANN'
        total = amount * 2: '10.00' → '20.00'

    load_named gives
      customer  'a'
      id        1
      amount    '10.00'
      day       '2024-01-01'
      note      'two\\nlines'
      name      'ANN'
      shop      1
      total     '20.00'

    load_named gives 1 such row
    sqlite.out.named is not there yet
    the pipeline never ran
    "
  `);
  expect(project.run(["trace", "named", "--why-not", "id = 3"]).out).toMatchInlineSnapshot(`
    "sales/load_named  sqlite.out.named  where id = 3

    load_named gives no such row: taken out by
      filter of valid  (pipelines/sales.yaml:7)  note is distinct from 'test' and amount < 1000

    orders  data/orders-*  1 of 8 records, besides 2 rejected
      where id = 3
      data/orders-1.csv, record 3, line 5
        id        '3'
        customer  'a'
        amount    '5.00'
        day       '2024-01-03'
        note      'test'

    valid  (pipelines/sales.yaml:4)
      filter 1 → 0  note is distinct from 'test' and amount < 1000  (pipelines/sales.yaml:7)
        1 row taken out
          id 3, amount '5.00'
          · note is distinct from 'test' is false: note is 'test'

    sqlite.out.named is not there yet
    the pipeline never ran
    "
  `);
});

test("after a run: what the target holds, and how the run went; a trace itself leaves nothing behind", () => {
  using copy = testProject({
    "sluice.config.ts":
      'import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "p", datasets: { rows: csv("rows.csv") } });\n',
    "rows.csv": "id,amount\n1,1\n2,x\n",
    "pipelines/p.yaml":
      "name: p\nsteps:\n  big: { transform: { from: rows, filter: cast(amount as int64) > 0 } }\n  load_big: { load: { from: big, into: { file: out.csv, header: false }, mode: replace } }\n  load_all: { load: { from: rows, into: { file: all.csv }, mode: replace } }\n",
  });
  expect(copy.run(["sync"]).status).toBe(0);
  const before = copy.run(["trace", "load_big", "--where", "id = 2"]);
  expect(before.out).toContain("out.csv is not there yet\nthe pipeline never ran\n");
  expect(before.out).toContain('a run fails here: "x" cannot be cast to int64');
  expect(copy.has(".sluice/state.db")).toBe(false);
  expect(readdirSync(join(copy.root, ".sluice/scratch"))).toEqual([]);
  expect(copy.run(["run"]).status).toBe(1);
  const failed = copy.run(["trace", "out", "--where", "id = 1"]).out;
  expect(failed).toMatch(/^last run \w+ failed at .*cannot be cast to int64\n {2}big failed\n {2}load_big failed\n$/m);
  copy.write("rows.csv", "id,amount\n1,1\n2,2\n");
  expect(copy.run(["run"]).status).toBe(0);
  const after = copy.run(["trace", "out.csv", "--where", "id > 1", "--json"]);
  expect(JSON.parse(after.out)).toMatchObject({
    targetNow: { rows: 1, isThere: true },
    lastRun: { status: "succeeded", steps: { load_big: "succeeded" } },
  });
});

test("Parquet has rows, names may be anything, and there may be no rows at all", () => {
  using copy = testProject({
    "sluice.config.ts": `import { csv, defineConfig, parquet } from "sluice";
export default defineConfig({ project: "p", datasets: { rows: csv("rows.csv"), none: csv("none.csv", { types: { id: "int64" } }), stored: parquet("stored.parquet") } });
`,
    "rows.csv": 'id,__proto__,"a ""b"" c",order\n1,p,q\'\u001b[31m,x\n2,,"",y\n',
    "none.csv": "id,x\n",
    "pipelines/a.yaml":
      "name: a\nsteps: { store: { load: { from: rows, into: { file: stored.parquet }, mode: replace } } }\n",
    "pipelines/b.yaml":
      'name: b\nsteps:\n  odd: { transform: { from: stored, derive: { "constructor": upper(__proto__) } } }\n  empty: { transform: { from: none, filter: id > 0 } }\n',
  });
  expect(copy.run(["sync", "rows", "none"]).status).toBe(0);
  expect(copy.run(["run", "a"]).error).toBe("");
  expect(copy.run(["sync"]).status).toBe(0);
  const odd = copy.run(["trace", "odd", "--where", 'constructor = \'P\' and "a ""b"" c" like \'q%\'']);
  expect(odd.error).toBe("");
  expect(odd.out).toContain("stored.parquet, row 1\n");
  expect(odd.out).toContain("constructor = upper(__proto__): 'p' → 'P'");
  expect(odd.out).toContain("\\u001b[31m");
  const empty = copy.run(["trace", "b/empty", "--why-not", "id = 1"]);
  expect([empty.status, empty.error]).toEqual([0, ""]);
  expect(empty.out).toContain("0 of 0 records");
});

describe("wrong use is said", () => {
  test.each<[readonly string[], string, string]>([
    [["named"], '"sluice trace" needs a condition', "--where"],
    [["named", "--where", "id = 1", "--why-not", "id = 1"], "--where and --why-not are given both", ""],
    [["named", "--where", " "], "--where is empty", ""],
    [["named", "--where", "customr = 'a'"], 'there is no column "customr" (in --where', 'did you mean "customer"?'],
    [["named", "--where", "id = "], "syntax error", ""],
    [["named", "--where", "id"], "the condition has to be true or false, but it is int64", ""],
    [["named", "--why-not", "count(*) > 1"], 'the aggregate "count" computes over many rows', ""],
    [["named", "--where", "$opn"], 'no parameter "opn"', 'did you mean "open"?'],
    [["nmed", "--where", "id = 1"], 'no step and no table is named "nmed"', 'did you mean "named"?'],
    [["sales/nmed", "--where", "id = 1"], 'no step and no table is named "sales/nmed"', 'did you mean "sales/named"?'],
  ])("%j", (words, message, hint) => {
    const { status, out, error } = project.run(["trace", ...words]);
    expect([status, out]).toEqual([2, ""]);
    expect(error).toContain(message);
    expect(error).toContain(hint);
  });

  test("a source that cannot be read: exit 1; a table of several pipelines: exit 2", () => {
    using copy = testProject({
      "sluice.config.ts": CONFIG,
      "pipelines/one.yaml": "name: one\nsteps: { rows: { transform: { from: customers } } }\n",
      "pipelines/two.yaml": "name: two\nsteps: { rows: { transform: { from: customers } } }\n",
      "data/customers.csv": "customer,name\na,Ann\n",
    });
    expect(copy.run(["sync", "customers"]).status).toBe(0);
    const several = copy.run(["trace", "rows", "--where", "customer = 'a'"]);
    expect([several.status, several.error]).toEqual([2, expect.stringContaining("name one: one/rows, two/rows")]);
    copy.write("data/customers.csv", "customer,nom\na,Ann\n");
    const drifted = copy.run(["trace", "one/rows", "--where", "customer = 'a'"]);
    expect([drifted.status, drifted.error]).toEqual([1, expect.stringContaining("drift")]);
  });
});
