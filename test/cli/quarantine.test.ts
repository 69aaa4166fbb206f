import { join } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { jsonLines, type TestProject, testProject } from "./sluice.ts";

const CONFIG = `import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "test",
  datasets: { orders: csv("data/orders.csv", { types: { id: "int64", amount: "decimal(10,2)" } }) },
  connections: { w: { type: "sqlite", path: "w.db" } },
});
`;
const HEAD = "id,amount,note\n";
const GOOD = `${HEAD}1,1.00,a\n2,2.00,b\n`;
const BAD = `${HEAD}1,1.00,a\nx,2.00,"b ""c"""\n3,1.234,"two\nlines"\n500,5.00,d\n`;

function shop({ mode = "append", range = 100, more = "", key = "" } = {}): string {
  return `name: shop
steps:
  good:
    transform: { from: orders, filter: id > 0${more} }
    checks: [{ range: { column: id, max: ${range} }, otherwise: divert }]
  load_orders: { load: { from: good, into: sqlite.w.orders, mode: ${mode}${key} } }
`;
}

/** A project that has run once: one row loaded, two records rejected, one row diverted. */
function scene(pipeline = shop()): TestProject & { rows(): readonly string[] } {
  const project = testProject({ "sluice.config.ts": CONFIG, "pipelines/shop.yaml": pipeline, "data/orders.csv": GOOD });
  expect(project.run(["sync"])).toMatchObject({ status: 0 });
  project.write("data/orders.csv", BAD);
  expect(project.run(["run", "shop"])).toMatchObject({ status: 0 });
  const rows = (): readonly string[] =>
    project.run(["copy", "sqlite:w.db#orders", "ndjson:-"]).out.trim().split("\n").toSorted();
  return Object.assign(project, { rows });
}

interface Listed {
  readonly run: string;
  readonly name: string;
  readonly kind: string;
  readonly rows: number;
  readonly pending: number;
}
const listed = (project: TestProject): readonly Listed[] =>
  JSON.parse(project.run(["quarantine", "list", "shop", "--json"]).out) as readonly Listed[];
const pending = (project: TestProject): readonly (readonly [string, number])[] =>
  listed(project)
    .flatMap(({ name, pending }) => (pending > 0 ? [[name, pending] as const] : []))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

test("list and show tell what runs took out, and a corrected file is replayed exactly once", () => {
  using project = scene();
  expect(project.run(["quarantine", "list"]).out).toMatch(
    /shop +\w+ +orders +reject +2 +2 +has more than 2 decimal places \(1\), is not an int64 \(1\)/,
  );
  expect(pending(project)).toEqual([
    ["good", 1],
    ["orders", 2],
  ]);
  const shown = jsonLines(project.run(["quarantine", "show", "shop", "--format", "ndjson"]).out);
  expect(shown.map(({ of, rule, raw }) => [of, rule, raw])).toEqual([
    ["orders", "is not an int64", 'x,2.00,"b ""c"""'],
    ["orders", "has more than 2 decimal places", '3,1.234,"two\nlines"'],
    ["good", "range(id)", '{"id":500,"amount":5.0,"note":"d"}'],
  ]);
  expect(
    jsonLines(project.run(["quarantine", "show", "shop", "--format", "ndjson", "--rule", "int64"]).out),
  ).toHaveLength(1);
  const raw = project.run(["quarantine", "show", "shop", "--format", "raw"]).out;
  expect(raw).toBe(`${HEAD}x,2.00,"b ""c"""\n3,1.234,"two\nlines"\n`);

  project.write("fixed.csv", raw.replace("x,", "7,").replace("1.234", "oops"));
  const replay = project.run(["quarantine", "replay", "shop", "--dataset", "orders", "--from", "fixed.csv"]);
  expect(replay.out).toMatch(/\n1 row of orders replayed; 1 rejected again\n$/);
  expect(project.rows()).toEqual(['{"id":1,"amount":1.00,"note":"a"}', '{"id":7,"amount":2.00,"note":"b \\"c\\""}']);
  // What was rejected again is there under the replay, and nothing else of the dataset.
  expect(pending(project)).toEqual([
    ["good", 1],
    ["orders", 1],
  ]);
  // The source still holds the records: a run finds them again, and they are known.
  expect(project.run(["run", "shop"]).status).toBe(0);
  expect(pending(project)).toEqual([
    ["good", 1],
    ["orders", 1],
  ]);
  const again = project.run(["quarantine", "replay", "shop", "--dataset", "orders"]);
  expect(again.out).toContain("0 rows of orders replayed; 1 rejected again");
  expect(project.rows()).toHaveLength(3);
});

test("diverted rows go through the checks of now, and stay where they fail again", () => {
  using project = scene();
  expect(project.run(["quarantine", "replay", "shop", "--step", "good"]).out).toContain("1 row of good replayed");
  expect(pending(project)).toEqual([
    ["good", 1],
    ["orders", 2],
  ]);
  project.write("pipelines/shop.yaml", shop({ range: 1000 }));
  expect(project.run(["quarantine", "replay", "shop", "--step", "good"]).status).toBe(0);
  expect(project.rows()).toContain('{"id":500,"amount":5.00,"note":"d"}');
  expect(pending(project)).toEqual([["orders", 2]]);
});

test.each(["load.staged", "load.committing", "load.committed"])(
  "a replay killed at %s is finished by the next, exactly once",
  (point) => {
    using project = scene();
    project.write("fixed.csv", `${HEAD}7,7.00,x\n8,8.00,y\n`);
    const words = ["quarantine", "replay", "shop", "--dataset", "orders", "--from", "fixed.csv"];
    expect(project.run(words, { SLUICE_CRASH_AT: point }).status).toBe(null);
    // A run in between makes it one that cannot be resumed.
    if (point === "load.committed") expect(project.run(["run", "shop"]).status).toBe(0);
    expect(project.run(words)).toMatchObject({ status: 0 });
    expect(project.rows().filter((row) => /"id":[78]/.test(row))).toHaveLength(2);
    expect(project.run(words).out).toBe('nothing of "shop" is left to replay\n');
  },
);

test("a replay keeps the position of an incremental load", () => {
  const pipeline = `name: shop
steps:
  load_orders: { load: { from: [{ from: orders }, { incremental: { cursor: id } }], into: sqlite.w.orders, mode: append } }
`;
  using project = scene(pipeline);
  const state = project.run(["state", "show", "shop"]).out;
  project.write("fixed.csv", `${HEAD}7,7.00,x\n`);
  expect(project.run(["quarantine", "replay", "shop", "--from", "fixed.csv"]).status).toBe(0);
  expect(project.run(["state", "show", "shop"]).out).toBe(state);
  expect(project.rows()).toHaveLength(3);
});

test.each([
  [
    shop({ mode: "replace" }),
    '"load_orders" loads with replace, and only append and merge can take some rows by themselves',
  ],
  [
    shop({ mode: "merge", key: ", key: [id], missing: delete" }).replace(/ +checks.*\n/, ""),
    '"load_orders" deletes what does not arrive',
  ],
  [shop({ more: ", distinct: true" }), '"good" makes of them what depends on all rows (distinct)'],
])("what cannot be replayed is refused", (pipeline, why) => {
  using project = scene();
  project.write("pipelines/shop.yaml", pipeline);
  const { status, error } = project.run(["quarantine", "replay", "shop", "--dataset", "orders"]);
  expect([status, error]).toEqual([2, expect.stringContaining(`the rejects of "orders" cannot be replayed: ${why}`)]);
  expect(project.has(".sluice/replayed")).toBe(false);
});

test("rows of a run that failed are left to the next run", () => {
  using project = scene();
  const first = listed(project)[0];
  project.write("data/orders.csv", `${HEAD}y,1.00,z\n`);
  project.write("pipelines/shop.yaml", shop().replace("range:", "rowCount: { min: 1 } }, { range:"));
  expect(project.run(["run", "shop"]).status).toBe(3);
  expect(pending(project)).toEqual([
    ["good", 1],
    ["orders", 2],
  ]);
  expect(project.run(["quarantine", "replay", "shop", "nothing"]).error).toContain(
    'run "nothing" of "shop" has nothing to replay',
  );
  project.write("pipelines/shop.yaml", shop());
  expect(project.run(["run", "shop"]).status).toBe(0);
  // The source was read whole: what is missing is what this run took out.
  expect(pending(project)).toEqual([["orders", 1]]);
  expect(project.run(["quarantine", "replay", "shop", first?.run ?? ""]).error).toContain(
    "a later run has read the same source",
  );
});

test("rejects of a table are replayed: as they are once the schema is right, and from a corrected file", () => {
  const config = (options: string): string => `import { defineConfig, sqlite } from "sluice";

export default defineConfig({
  project: "test",
  datasets: { people: sqlite("s").table("people"${options}) },
  connections: { s: { type: "sqlite", path: "s.db" }, w: { type: "sqlite", path: "w.db" } },
});
`;
  using project = testProject({
    "sluice.config.ts": config(', { types: { born: "date" }, formats: { born: "%Y-%m-%d" } }'),
    "pipelines/grown.yaml": `name: grown
steps:
  go: { load: { from: [{ from: people }, { filter: id > 0 }], into: sqlite.w.grown, mode: append } }
`,
  });
  const source = new Database(join(project.root, "s.db"));
  source.exec(`create table people (born text, id integer, "na,me" text)`);
  source.exec(`insert into people values ('1999-12-31', 1, 'a'), ('31/12/1999', 2, '"b"
c'), ('01/02/2000', 3, ''), ('soon', 4, null)`);
  source.close();
  expect(project.run(["sync"])).toMatchObject({ status: 0 });
  expect(project.run(["run"])).toMatchObject({ status: 0 });
  project.write("sluice.config.ts", config(', { types: { born: "date" }, formats: { born: "%d/%m/%Y" } }'));
  expect(project.run(["sync"])).toMatchObject({ status: 0 });
  const replayed = project.run(["quarantine", "replay", "grown"]);
  expect([replayed.status, replayed.out]).toEqual([
    0,
    expect.stringContaining("2 rows of people replayed; 1 rejected again"),
  ]);
  const raw = project.run(["quarantine", "show", "grown", "--format", "raw"]).out;
  expect(raw).toBe('born,id,"na,me"\n"soon",4,\n');
  project.write("fixed.csv", raw.replace("soon", "02/03/2001"));
  expect(project.run(["quarantine", "replay", "grown", "--from", "fixed.csv"])).toMatchObject({ status: 0 });
  expect(jsonLines(project.run(["copy", "sqlite:w.db#grown", "ndjson:-"]).out)).toEqual([
    { born: "1999-12-31", id: 1, "na,me": "a" },
    { born: "1999-12-31", id: 2, "na,me": '"b"\nc' },
    { born: "2000-02-01", id: 3, "na,me": "" },
    { born: "2001-03-02", id: 4, "na,me": null },
  ]);
});
