import { join } from "node:path";
import Database from "libsql";
import { afterAll, describe, expect, test } from "vitest";
import { openServer } from "../postgres/server.ts";
import { type TestProject, testProject } from "./sluice.ts";

const server = await openServer();
afterAll(() => server?.[Symbol.asyncDispose]());

const READ = `name: read
steps:
  ids: { transform: { from: stored, select: { id: id } } }
  out: { load: { from: ids, into: { file: out.ndjson } } }
`;
const scene = (stored: string, connections = ""): TestProject =>
  testProject({
    "sluice.config.ts": `import { defineConfig, lake, postgres, secret, sqlite } from "sluice";
void [lake, postgres, secret, sqlite];
export default defineConfig({ project: "test", datasets: { stored: ${stored} }, connections: { ${connections} } });
`,
    "pipelines/read.yaml": READ,
  });
const refused = (says: string) => ({ status: 1, error: expect.stringContaining(says) });

describe("a table of SQLite that is declared otherwise than it was frozen", () => {
  const sqliteScene = (options = "") =>
    scene(`sqlite("s").table("t"${options})`, 's: { type: "sqlite", path: "s.db" }');
  const exec = (project: TestProject, sql: string): void => {
    const database = new Database(join(project.root, "s.db"));
    database.exec(sql);
    database.close();
  };

  test.each([
    ["integer", "7", "text", "'007'", '"v" was int64 and is string'],
    ["text", "'007'", "integer", "7", '"v" was string and is int64'],
    ["real", "1.5", "integer", "7", '"v" was float64 and is int64'],
    ["date", "'2024-01-02'", "text", "'2024-01-02'", '"v" was date and is string'],
    ["decimal(10,2)", "'1.50'", "decimal(12,4)", "'1.5000'", '"v" was decimal(10,2) and is decimal(12,4)'],
  ])("%s with %s, then %s with %s", (before, one, after, other, says) => {
    using project = sqliteScene();
    exec(project, `create table t (id integer primary key, v ${before}); insert into t values (1, ${one})`);
    expect(project.run(["sync"])).toMatchObject({ status: 0 });
    expect(project.run(["run"])).toMatchObject({ status: 0 });
    exec(
      project,
      `drop table t; create table t (id integer primary key, v ${after}); insert into t values (1, ${other})`,
    );
    const drifted = project.run(["run"]);
    expect(drifted).toMatchObject(
      refused(`error[data: drift]: table "t" of s.db is not what was frozen as "stored": ${says}`),
    );
    expect(drifted.error).toContain('run "sluice sync stored --accept"');
    expect(project.run(["sync", "stored", "--accept"])).toMatchObject({ status: 0 });
    expect(project.run(["run"])).toMatchObject({ status: 0 });
  });

  test("another word for the same, other values, and a type that the author says are none", () => {
    using project = sqliteScene(', { types: { w: "string" } }');
    exec(
      project,
      "create table t (id integer primary key, v varchar(9), w integer, n integer); insert into t values (1, 'a', 1, 1)",
    );
    expect(project.run(["sync"])).toMatchObject({ status: 0 });
    exec(
      project,
      "drop table t; create table t (id bigint, v text, w real, n int); insert into t values (1, 'b', 1.5, 2.5)",
    );
    expect(project.run(["run"])).toMatchObject({
      status: 0,
      out: expect.stringContaining("! 1 record of 1 in stored rejected"),
    });
  });
});

test("a table of the lake that was made anew with another type", () => {
  using project = scene('lake.table("n.t", { drift: "warn" })');
  project.write("one.csv", "id,v\n1,7\n");
  project.write("two.csv", "id,v\n1,x\n");
  expect(project.run(["copy", "one.csv", "lake.n.t"])).toMatchObject({ status: 0 });
  expect(project.run(["sync"])).toMatchObject({ status: 0 });
  expect(project.run(["table", "drop", "n.t", "--purge"])).toMatchObject({ status: 0 });
  expect(project.run(["copy", "two.csv", "lake.n.t"])).toMatchObject({ status: 0 });
  expect(project.run(["run"])).toMatchObject(refused('"v" was int64 and is string'));
});

test.skipIf(server === undefined)("a table of PostgreSQL whose columns were altered", async () => {
  const stored = (options = "") =>
    scene(`postgres("p").table("retyped"${options})`, 'p: { type: "postgres", url: secret("URL") }');
  const URL = { URL: server?.url ?? "" };
  const alter = (change: string) => server?.query(`alter table retyped alter ${change}`);
  const changes: readonly (readonly [to: string, says: string])[] = [
    ["v type text", '"v" was int32 and is string'],
    ["v type bigint", '"v" was int32 and is int64'],
    ["v type smallint", '"v" was int32 and is int16'],
    ["v type numeric", '"v" was int32 and is numeric'],
    ["v type money using v::money", '"v" was int32 and is money'],
  ];
  for (const [to, says] of changes) {
    using project = stored();
    await server?.query("drop table if exists retyped");
    await server?.query("create table retyped as select 1 as id, 7 as v, 1.5::numeric as n, 'a'::varchar(3) as s");
    expect(project.run(["sync"], URL)).toMatchObject({ status: 0 });
    await alter("s type text");
    expect(project.run(["run"], URL)).toMatchObject({ status: 0 });
    await alter(to);
    expect(project.run(["run"], URL)).toMatchObject(refused(says));
    expect(project.run(["query", "select count(*) from stored"], URL)).toMatchObject(refused(says));
  }
  // One that evolves holds what is narrower, and becomes wider.
  using evolving = stored(', { drift: "evolve" }');
  expect(evolving.run(["sync"], URL)).toMatchObject({ status: 0 });
  await alter("v type bigint using 7");
  expect(evolving.run(["sync", "--accept"], URL)).toMatchObject({ status: 0 });
  await alter("v type smallint");
  expect(evolving.run(["run"], URL)).toMatchObject({ status: 0, error: "" });
});
