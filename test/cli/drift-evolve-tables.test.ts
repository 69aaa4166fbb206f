import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openServer } from "../postgres/server.ts";
import { jsonLines, type TestProject, testProject } from "./sluice.ts";

const server = await openServer();
afterAll(() => server?.[Symbol.asyncDispose]());

const READ = `name: read
steps:
  all: { transform: { from: stored, filter: id > 0 } }
  out: { load: { from: all, into: { file: out.ndjson } } }
`;

const typesIn = (project: TestProject): readonly string[] =>
  (
    JSON.parse(readFileSync(join(project.root, "schemas/stored.json"), "utf8")) as {
      columns: { name: string; type: string }[];
    }
  ).columns.map(({ name, type }) => `${name} ${type}`);
const rows = (project: TestProject): unknown => jsonLines(readFileSync(join(project.root, "out.ndjson"), "utf8"));

test("a table of the lake: columns come and go", () => {
  using project = testProject({
    "sluice.config.ts": `import { defineConfig, lake } from "sluice";
export default defineConfig({ project: "test", datasets: { stored: lake.table("shop.paid", { drift: "evolve" }) } });
`,
    "pipelines/read.yaml": READ,
    "one.csv": "id,amount,note\n1,10,a\n",
    "two.csv": "id,zip,amount\n1,x,10\n",
  });
  expect(project.run(["copy", "one.csv", "lake.shop.paid"])).toMatchObject({ status: 0 });
  expect(project.run(["sync"])).toMatchObject({ status: 0 });
  expect(project.run(["copy", "two.csv", "lake.shop.paid", "--mode", "replace"])).toMatchObject({ status: 0 });
  const { status, error, out } = project.run(["run", "read"]);
  expect([status, error]).toEqual([0, ""]);
  expect(out).toContain(
    '"zip" (string) is new, perhaps "note" by another name, and taken up; it reaches all.zip, out.zip (out.ndjson)',
  );
  expect(out).toContain('"note" (string) is gone, perhaps now called "zip", and null');
  expect(rows(project)).toEqual([{ id: 1, amount: 10, note: null, zip: "x" }]);
});

test.skipIf(server === undefined)(
  "PostgreSQL: columns come, go, and become wider; one that must not be null fails",
  async () => {
    using project = testProject({
      "sluice.config.ts": `import { defineConfig, postgres, secret } from "sluice";
export default defineConfig({
  project: "test",
  datasets: { stored: postgres("p").table("drifting.orders", { drift: "evolve" }) },
  connections: { p: { type: "postgres", url: secret("URL") } },
});
`,
      "pipelines/read.yaml": READ,
    });
    const run = (...words: readonly string[]) => project.run(words, { URL: server?.url ?? "" });
    await server?.query("drop schema if exists drifting cascade");
    await server?.query("create schema drifting");
    await server?.query("create table drifting.orders (id int not null, amount numeric(6,2), note text)");
    await server?.query("insert into drifting.orders values (1, 10.5, 'a')");
    expect(run("sync")).toMatchObject({ status: 0 });
    await server?.query(
      "alter table drifting.orders drop note, add zip text, alter id type bigint, alter amount type numeric(12,2)",
    );
    const { status, error } = run("run");
    expect([status, error]).toEqual([0, ""]);
    expect(typesIn(project)).toEqual(["id int64", "amount decimal(12,2)", "zip string", "note string"]);
    expect(rows(project)).toEqual([{ id: 1, amount: 10.5, note: null, zip: null }]);
    await server?.query("alter table drifting.orders drop id");
    const gone = run("run");
    expect([gone.status, gone.error]).toEqual([
      1,
      expect.stringContaining('"id" (int64) is gone; "id" reaches all.id'),
    ]);
    await server?.query("drop schema drifting cascade");
  },
);
