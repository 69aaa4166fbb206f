import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

const CONFIG = `import { csv, defineConfig } from "sluice";
export default defineConfig({
  project: "test",
  datasets: { orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }) },
  connections: { warehouse: { type: "sqlite", path: "w.db" } },
});
`;
const TARGETS = {
  lake: `lake.table("shop.paid", { partitions: ["bucket(2, order_id)"] })`,
  sqlite: `sqlite("warehouse").table("paid")`,
  parquet: `file("out/paid.parquet")`,
  csv: `file("out/paid.tsv", { nullText: "none" })`,
  ndjson: `file("out/paid.ndjson")`,
} as const;
const producer = (into: string, mode = ""): string => `
import { definePipeline, file, lake, load, sqlite } from "sluice";
import { orders } from "../schemas/index.ts";
export const loadPaid = load({ name: "load_paid", from: orders.filter((o) => o.status.eq("paid")), into: ${into}${mode} });
export default definePipeline({ name: "paid", steps: [loadPaid] });
`;
const CONSUMER = `
import { count, definePipeline, file, load, sum } from "sluice";
import { loadPaid } from "./paid.ts";
const byCustomer = loadPaid.table
  .group(["customer"])
  .aggregate((p) => ({ orders: count(), revenue: sum(p.amount) }))
  .sort((p) => p.customer);
export default definePipeline({
  name: "revenue",
  steps: [load({ name: "publish", from: byCustomer, into: file("out/revenue.csv") })],
});
`;
const project = (into: string, mode?: string) =>
  templateProject({
    "sluice.config.ts": CONFIG,
    "pipelines/paid.ts": producer(into, mode),
    "pipelines/revenue.ts": CONSUMER,
  });

describe.each(Object.entries(TARGETS))("what a load writes to %s", (_, into) => {
  test("is a typed source of another pipeline, which says where it comes from", () => {
    using found = project(into);
    const before = found.run(["check"]);
    expect([before.status, before.error]).toEqual([1, expect.stringContaining("does not exist yet")]);
    expect(before.error).toContain('which "load_paid" of the pipeline "paid" writes');
    expect(before.error).toContain("run it first: sluice run paid");
    expect(found.run(["run", "paid"])).toMatchObject({ status: 0 });
    expect(found.run(["check"])).toMatchObject({ status: 0, error: "" });
    const run = found.run(["run", "revenue"]);
    expect([run.status, run.error]).toEqual([0, ""]);
    const direct = found.run([
      "query",
      "select customer, count(*) as orders, sum(amount) as revenue from orders where status = 'paid' group by customer order by customer",
      "--format",
      "csv",
    ]);
    expect(readFileSync(join(found.root, "out/revenue.csv"), "utf8")).toBe(direct.out);
    expect(direct.out.split("\n").length).toBeGreaterThan(5);
  });
});

const STEPS = (more: string): string => `name: news\nsteps:\n${more}`;
const NEWS = STEPS(`  news:
    transform:
      - from: orders
      - join: { with: { table: sqlite.warehouse.seen }, how: anti, using: order_id }
  load_seen: { load: { from: news, into: sqlite.warehouse.seen, mode: append } }
`);

describe("a pipeline and its own target", () => {
  test("leaves out what its table holds already, and begins where there is no table", () => {
    using found = templateProject({ "sluice.config.ts": CONFIG, "pipelines/news.yaml": NEWS });
    expect(found.run(["check"])).toMatchObject({ status: 0, error: "" });
    expect(found.run(["run", "news"]).out).toMatch(/load_seen\s+40\s+40/);
    found.write(
      "data/orders.csv",
      "order_id,customer,ordered_at,status,amount\n1,Ada,2024-01-01 00:00:00,paid,1.00\n999,Ada,2024-01-01 00:00:00,paid,2.00\n",
    );
    expect(found.run(["sync", "orders", "--accept"])).toMatchObject({ error: "" });
    const again = found.run(["run", "news"]);
    expect([again.error, again.out]).toEqual(["", expect.stringMatching(/load_seen\s+\d+\s+\d+/)]);
    expect(
      found.run(["query", "select count(*) as n from 'sqlite.warehouse.seen' where order_id = 999", "--format", "csv"])
        .out,
    ).toBe("n\n1\n");
    expect(found.run(["run", "news"]).out).toMatch(/load_seen\s+0\s+0/);
    expect(found.run(["plan", "news"]).out).toContain("of the pipeline news; read as it was before this run");
  });

  test("reads it again behind the load where it says so, and is asked where it does not", () => {
    const report = (after: string): string =>
      STEPS(`  load_seen: { load: { from: orders, into: sqlite.warehouse.seen, mode: merge, key: order_id } }
  count: { transform: { from: { table: sqlite.warehouse.seen }, aggregate: { columns: { n: count(*) } } }${after} }
  least: { transform: { from: { table: sqlite.warehouse.seen }, aggregate: { columns: { m: min(order_id) } } }${after} }
  publish: { load: { from: count, into: { file: count.csv } } }
  publish_least: { load: { from: least, into: { file: least.csv } } }
`);
    using found = templateProject({ "sluice.config.ts": CONFIG, "pipelines/news.yaml": report("") });
    const asked = found.run(["check"]);
    expect([asked.status, asked.error]).toEqual([2, expect.stringContaining("neither comes before the other")]);
    expect(asked.error).toContain('after: ["load_seen"]');
    found.write("pipelines/news.yaml", report(", after: load_seen"));
    expect(found.run(["run", "news"])).toMatchObject({ status: 0, error: "" });
    expect(found.run(["query", "select * from 'count.csv'", "--format", "csv"]).out).toBe("n\n40\n");
  });

  test("cannot have columns that are computed from themselves", () => {
    const circle = STEPS(`  both: { transform: [{ union: { of: [orders, { table: sqlite.warehouse.seen }] } }] }
  load_seen: { load: { from: both, into: sqlite.warehouse.seen } }
`);
    using found = templateProject({ "sluice.config.ts": CONFIG, "pipelines/news.yaml": circle });
    expect(found.run(["check"])).toMatchObject({
      status: 2,
      error: expect.stringContaining("sqlite.warehouse.seen from sqlite.warehouse.seen"),
    });
  });
});

test("a trace that ends at a table of another pipeline says who loads it, and the command that goes on from there", () => {
  using found = project(TARGETS.sqlite);
  expect(found.run(["run", "paid"])).toMatchObject({ status: 0 });
  const some = found.run(["query", "select customer from 'sqlite.warehouse.paid' limit 1", "--format", "csv"]);
  const condition = `customer = '${some.out.split("\n")[1]}'`;
  const shown = found.run(["trace", "revenue/publish", "--where", condition]);
  expect([shown.status, shown.error]).toEqual([0, ""]);
  expect(shown.out).toMatch(
    /the rows? comes? from table sqlite\.warehouse\.paid, which load_paid of the pipeline paid/,
  );
  expect(shown.out).toContain(`; to go on: sluice trace paid/load_paid --where "${condition}"\n`);
  const further = found.run(["trace", "paid/load_paid", "--where", condition]);
  expect([further.status, further.out]).toEqual([0, expect.stringContaining("data/orders.csv, record")]);
  expect(further.out).not.toContain("to go on");
  const absent = found.run(["trace", "revenue/publish", "--why-not", `customer = 'it''s "$x"'`, "--json"]);
  expect(JSON.parse(absent.out).sources[0].writer).toEqual({
    pipeline: "paid",
    step: "load_paid",
    next: String.raw`sluice trace paid/load_paid --why-not 'customer = '\''it'\'''\''s "$x"'\'''`,
  });
});

test("a table that is not what its load declares is told by check, with who writes it", () => {
  using found = project(TARGETS.sqlite);
  found.run(["run", "paid"]);
  found.write(
    "pipelines/paid.ts",
    producer(TARGETS.sqlite).replace(
      '.filter((o) => o.status.eq("paid"))',
      ".derive((o) => ({ vat: o.amount, customer: o.order_id }))",
    ),
  );
  const checked = found.run(["check"]);
  expect([checked.status, checked.error]).toEqual([1, expect.stringContaining('"vat" (decimal(10,2)) is gone')]);
  expect(checked.error).toContain('"customer" was int64 and is string');
  expect(checked.error).toContain("sluice run paid");
});

test("a flag of deletions is no column of the table, and only the key is never null", () => {
  using found = project(TARGETS.lake, `, mode: "merge", key: ["order_id"], deleteFlag: "gone"`);
  const text = producer(TARGETS.lake, `, mode: "merge", key: ["order_id"], deleteFlag: "gone"`);
  found.write(
    "pipelines/paid.ts",
    text.replace('.filter((o) => o.status.eq("paid"))', '.derive((o) => ({ gone: o.status.ne("paid") }))'),
  );
  found.write(
    "pipelines/revenue.ts",
    `
import { definePipeline, file, load } from "sluice";
import { loadPaid } from "./paid.ts";
export default definePipeline({ name: "revenue", steps: [load({ name: "publish", from: loadPaid.table, into: file("all.csv") })] });
`,
  );
  const { out, error } = found.run(["plan", "revenue"]);
  expect([error, out]).toEqual(["", expect.stringMatching(/schema\s+order_id int64, .*customer string\?/)]);
  expect(out).not.toContain("gone");
});

test("plan says who writes what is read, and a run before the first load says whom to run", () => {
  using found = project(TARGETS.lake);
  const early = found.run(["run", "revenue"]);
  expect([early.status, early.error]).toEqual([1, expect.stringContaining("does not exist yet")]);
  expect(early.error).toContain("run it first: sluice run paid");
  expect(found.run(["plan", "revenue"]).out).toContain("is written by load_paid of the pipeline paid");
  const { tables } = JSON.parse(found.run(["plan", "revenue", "--json"]).out) as { readonly tables: object };
  expect(tables).toEqual({ paid: { pipeline: "paid", step: "load_paid" } });
});

test("a table that nobody writes is named, with what to do", () => {
  using found = project(TARGETS.lake);
  found.write(
    "pipelines/other.yaml",
    "name: other\nsteps: { a: { load: { from: { table: lake.shop.unpaid }, into: { file: a.csv } } } }\n",
  );
  expect(found.run(["check"]).error).toContain("no load of the project writes lake.shop.unpaid");
});

const EVERY = `
import { definePipeline, file, lake, load, postgres, sql, sqlite, transform } from "sluice";
const every = transform({ name: "every", query: sql\`select true as b, 1::tinyint as i8, 2::smallint as i16, 3::integer as i32, 4::bigint as i64,
  5::utinyint as u8, 6::usmallint as u16, 7::uinteger as u32, 18446744073709551615::ubigint as u64, 1.5::float as f32, 2.5::double as f64,
  12.30::decimal(6,2) as d, '' as s, 'ab'::blob as raw, date '2024-01-31' as day, time '01:02:03.5' as clock,
  timestamp '2024-01-31 01:02:03.25' as moment, timestamptz '2024-01-31 01:02:03+00' as instant, uuid '6b1dd2a8-1111-4222-8333-444455556666' as u,
  [1, 2] as l, {'a': 1, 'b': 'x'} as st, interval '1 day' as took union all select null, null, null, null, null, null, null, null, null, null,
  null, null, null, null, null, null, null, null, null, null, null, null\` });
export const loadEvery = load({ name: "load_every", from: every, into: INTO });
export default definePipeline({ name: "every", steps: [loadEvery] });
`;
const READER = `
import { definePipeline, file, load } from "sluice";
import { loadEvery } from "./every.ts";
export default definePipeline({ name: "reader", steps: [load({ name: "copy", from: loadEvery.table, into: file("copy.parquet") })] });
`;
const EVERYWHERE = {
  lake: `lake.table("a.every")`,
  sqlite: `sqlite("warehouse").table("every")`,
  parquet: `file("every.parquet")`,
  csv: `file("every.csv.gz")`,
  json: `file("every.json")`,
  folder: `file("every", { format: "parquet", partitions: ["i32", "day"] })`,
};

test.each(Object.entries(EVERYWHERE))("%s gives every type back as its load declares it", (place, into) => {
  using found = templateProject({
    "sluice.config.ts": CONFIG,
    "pipelines/every.ts": EVERY.replace("INTO", into),
    "pipelines/reader.ts": READER,
  });
  expect(found.run(["run", "every"])).toMatchObject({ status: 0 });
  expect(found.run(["check"])).toMatchObject({ status: 0, error: "" });
  const { status, error } = found.run(["run", "reader"]);
  expect([status, error]).toEqual([0, ""]);
  const text =
    "select b, i8, i64, u64, f64, d, s, day, clock, moment, instant, u from 'copy.parquet' order by b nulls last";
  const [names, row, ...nulls] = found.run(["query", text, "--format", "csv"]).out.trimEnd().split("\n");
  expect([place, names, row, nulls]).toEqual([
    place,
    "b,i8,i64,u64,f64,d,s,day,clock,moment,instant,u",
    'true,1,4,18446744073709551615,2.5,12.30,"",2024-01-31,01:02:03.5,2024-01-31 01:02:03.25,2024-01-31 01:02:03+00,6b1dd2a8-1111-4222-8333-444455556666',
    [",,,,,,,,,,,"],
  ]);
});
