import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBConnection } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { jsonLines, type TestProject, testProject } from "./sluice.ts";

const config = (orders: string): string => `import { csv, defineConfig, ndjson, parquet, sqlite } from "sluice";

export default defineConfig({
  project: "test",
  datasets: { orders: ${orders} },
  connections: { w: { type: "sqlite", path: "w.db" }, s: { type: "sqlite", path: "s.db" } },
});
`;
const PIPELINE = `name: sales
steps:
  paid: { transform: { from: orders, filter: id > 0 }, checks: [{ notNull: id }] }
  load_paid: { load: { from: paid, into: sqlite.w.paid, mode: merge, key: id, evolve: widen } }
`;
const UNUSED = "; csv; ndjson; parquet; sqlite";

function scene(orders: string, files: Readonly<Record<string, string>>, pipeline = PIPELINE): TestProject {
  const text = config(orders).replace(
    'from "sluice";',
    `from "sluice";\nvoid [${UNUSED.slice(2).split("; ").join(", ")}];`,
  );
  return testProject({ "sluice.config.ts": text, "pipelines/sales.yaml": pipeline, ...files });
}

const rows = (project: TestProject): unknown => jsonLines(project.run(["copy", "sqlite:w.db#paid", "ndjson:-"]).out);
const frozen = (project: TestProject): readonly string[] =>
  (
    JSON.parse(readFileSync(join(project.root, "schemas/orders.json"), "utf8")) as {
      columns: { name: string; type: string }[];
    }
  ).columns.map(({ name, type }) => `${name} ${type}`);

async function parquetFile({ root }: TestProject, name: string, sql: string): Promise<void> {
  const connection = await DuckDBConnection.create();
  await connection.run(`copy (${sql}) to '${root}/data/${name}.parquet' (format parquet)`);
  connection.closeSync();
}

test("a text: what is new and wider is taken up, and what is gone is null; said, frozen, loaded", () => {
  using project = scene('csv("data/orders.csv", { drift: "evolve" })', {
    "data/orders.csv": "id,amount,note\n1,10,a\n2,20,b\n",
    "pipelines/sales.yaml": PIPELINE.replace("mode: merge, key: id, evolve: widen", "mode: replace"),
  });
  project.run(["sync"]);
  expect(project.run(["run"]).status).toBe(0);
  project.write("data/orders.csv", "id,zip,amount\n2,x,2.5\n3,y,3\n");
  const fixed = project.run(["run", "--frozen"]);
  expect([fixed.status, fixed.error]).toEqual([1, expect.stringContaining("with --frozen, and on a build server")]);
  expect(fixed.error).toContain('"amount" was int64? and is float64?');
  expect(frozen(project)).toEqual(["id int64", "amount int64", "note string"]);

  const events = jsonLines(project.run(["run", "--json"]).out);
  const drifts = events.flatMap((event) => (event.event === "warning" && event.drift !== undefined ? [event] : []));
  expect(drifts.map(({ message }) => message)).toEqual([
    'dataset "orders": "zip" (string) is new, and taken up; it reaches paid.zip, load_paid.zip (sqlite.w.paid)',
    'dataset "orders": "note" (string) is gone, and null; it reaches paid.note, load_paid.note (sqlite.w.paid)',
    'dataset "orders": "amount" was int64? and is float64?; it reaches paid.amount, load_paid.amount (sqlite.w.paid)',
  ]);
  expect(drifts[0]?.drift).toMatchObject({ dataset: "orders", changes: [{ kind: "added", does: "taken" }] });
  expect(frozen(project)).toEqual(["id int64", "zip string", "amount float64", "note string"]);
  expect(readFileSync(join(project.root, "schemas/index.ts"), "utf8")).toContain("readonly zip: Text<null>;");
  expect(rows(project)).toEqual([
    { id: 2, amount: 2.5, note: null, zip: "x" },
    { id: 3, amount: 3, note: null, zip: "y" },
  ]);
  // Nothing is left to be taken up; what is gone is said as long as it is.
  const again = project.run(["run"]);
  expect([again.status, again.out.match(/taken up/g), again.out.match(/is gone/g)?.length]).toEqual([0, null, 1]);
});

test("files of a glob that differ are one dataset: each lacks what the others have", () => {
  using project = scene('csv("data/*.csv", { drift: "evolve" })', {
    "data/1.csv": "id,amount\n1,10\n",
  });
  project.run(["sync"]);
  project.write("data/2.csv", "id,zip,amount\n2,x,20\nbad,y,30\n");
  const { status, out, error } = project.run(["run"]);
  expect([status, error]).toEqual([0, ""]);
  expect(out).toContain("1 record of 3 in orders rejected");
  expect(rows(project)).toEqual([
    { id: 1, amount: 10, zip: null },
    { id: 2, amount: 20, zip: "x" },
  ]);
});

test("by column: one evolves and the others do not, or the other way round", () => {
  using project = scene('csv("data/orders.csv", { driftOf: { zip: "evolve" } })', {
    "data/orders.csv": "id,amount\n1,10\n",
  });
  project.run(["sync"]);
  project.write("data/orders.csv", "id,amount,zip\n1,10,x\n");
  expect(project.run(["run"]).status).toBe(0);
  expect(frozen(project)).toEqual(["id int64", "amount int64", "zip string"]);
  project.write("data/orders.csv", "id,amount,zip,more\n1,10,x,y\n");
  expect(project.run(["run"]).error).toContain('"more" (string) is new');
  project.write("sluice.config.ts", config('csv("data/orders.csv", { drift: "evolve", driftOf: { amount: "fail" } })'));
  project.write("data/orders.csv", "id,zip\n1,x\n");
  const { status, error } = project.run(["run"]);
  expect([status, error]).toEqual([
    1,
    expect.stringContaining('"amount" (int64) is gone; "amount" reaches paid.amount, load_paid.amount (sqlite.w.paid)'),
  ]);
});

test("a pipeline that does not fit what is there now takes nothing up", () => {
  using project = scene(
    'csv("data/orders.csv", { drift: "evolve" })',
    { "data/orders.csv": "id,amount,note\n1,10,a\n" },
    PIPELINE.replace("filter: id > 0", "select: { id: id, bar: 'repeat(note, amount)' }"),
  );
  project.run(["sync"]);
  expect(project.run(["run"])).toMatchObject({ status: 0, error: "" });
  project.write("data/orders.csv", "id,amount,note\n1,10.5,a\n");
  const { status, error } = project.run(["run"]);
  expect(status).toBe(2);
  expect(error).toContain(
    'with its source as it is now, dataset "orders" does not fit: "amount" was int64? and is float64?',
  );
  expect(frozen(project)).toEqual(["id int64", "amount int64", "note string"]);
  expect(rows(project)).toEqual([{ id: 1, bar: "aaaaaaaaaa" }]);
});

test("sync takes up the same, keeps what is gone, and leaves the rest to --accept", () => {
  using project = scene('csv("data/orders.csv", { drift: "evolve", driftOf: { id: "fail" } })', {
    "data/orders.csv": "id,amount,note\n1,10,a\n",
  });
  project.run(["sync"]);
  project.write("data/orders.csv", "id,amount,zip\n1,10,x\n");
  const { status, out } = project.run(["sync"]);
  expect([status, out]).toEqual([0, expect.stringContaining("is gone")]);
  expect(frozen(project)).toEqual(["id int64", "amount int64", "zip string", "note string"]);
  project.write("data/orders.csv", "amount,zip\n10,x\n");
  expect(project.run(["sync"]).status).toBe(1);
  expect(project.run(["sync", "--accept"]).status).toBe(0);
  expect(frozen(project)).toEqual(["amount int64", "zip string"]);
});

test("JSON: keys and nested fields", () => {
  using project = scene(
    'ndjson("data/orders.ndjson", { drift: "evolve" })',
    { "data/orders.ndjson": '{"id":1,"who":{"name":"a"}}\n' },
    PIPELINE.replace("filter: id > 0", "select: { id: id, who: to_json(who) }").replace(
      "{ from: orders",
      "{ from: orders",
    ),
  );
  project.run(["sync"]);
  project.write("data/orders.ndjson", '{"id":1,"who":{"name":"a","age":4}}\n{"id":2.5,"who":{"name":"b"},"zip":"x"}\n');
  const { out, error } = project.run(["run"]);
  expect([error, out]).toEqual(["", expect.stringContaining('"zip" (string) is new, and taken up')]);
  expect(frozen(project)).toEqual(["id float64", "who struct{name: string, age: int64}", "zip string"]);
});

test("Parquet: files of a folder with columns more, less and narrower", async () => {
  using project = scene(
    'parquet("data/*.parquet", { drift: "evolve" })',
    {},
    PIPELINE.replace("{ from: orders, filter: id > 0 }", "[{ from: orders }, { drop: [box] }]"),
  );
  project.write("data/.keep", "");
  await parquetFile(project, "a", "select 1::int as id, 10::int as amount, {'a': 1} as box");
  expect(project.run(["sync"]).status).toBe(0);
  await parquetFile(project, "b", "select 2::bigint as id, 'x' as zip, {'a': 2, 'b': 3} as box");
  const { status, error } = project.run(["run"]);
  expect([status, error]).toEqual([0, ""]);
  expect(frozen(project)).toEqual(["id int64", "zip string", "amount int32", "box struct{a: int32, b: int32}"]);
  expect(rows(project)).toEqual([
    { id: 1, amount: 10, zip: null },
    { id: 2, amount: null, zip: "x" },
  ]);
  project.write("pipelines/sales.yaml", PIPELINE.replace("filter: id > 0", "select: { id: id, zip: to_json(box) }"));
  expect(project.run(["run"])).toMatchObject({ status: 0, error: "" });
  expect(rows(project)).toMatchObject([{ zip: '{"a":1,"b":null}' }, { zip: '{"a":2,"b":3}' }]);
  await parquetFile(project, "b", "select 'y' as id, 'x' as zip");
  const retyped = project.run(["run"]);
  expect([retyped.status, retyped.error]).toEqual([1, expect.stringContaining('"id" is string')]);
});

test("SQLite: columns of a table", () => {
  using project = scene('sqlite("s").table("orders", { drift: "evolve" })', {
    "one.csv": "id,amount,note\n1,10,a\n",
    "two.csv": "id,zip,amount\n1,x,2.5\n",
  });
  project.run(["copy", "one.csv", "sqlite:s.db#orders"]);
  project.run(["sync"]);
  project.run(["copy", "two.csv", "sqlite:s.db#orders", "--mode", "replace"]);
  const { status, error, out } = project.run(["run"]);
  expect([status, error]).toEqual([0, ""]);
  expect(out).toContain('"note" (string) is gone, and null');
  expect(rows(project)).toEqual([{ id: 1, amount: 2.5, note: null, zip: "x" }]);
});
