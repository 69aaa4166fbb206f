import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testProject } from "./sluice.ts";
import { CONFIG, project, source, traced, useTraceProject } from "./trace-project.ts";

useTraceProject();

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
