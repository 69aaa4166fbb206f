import { statSync } from "node:fs";
import { join } from "node:path";
import type { CheckDefinition, Expression, FrozenDataset, Relation, StepDefinition } from "@sluice/core";
import { describe, expect, test } from "vitest";
import {
  adults,
  BAD,
  column,
  GOOD,
  load,
  PEOPLE,
  parquet,
  people,
  peopleProject,
  planAndRun,
  stepOf,
  transform,
} from "./people-project.ts";
import { realProject } from "./real-project.ts";

describe("CSV into SQLite and Parquet", () => {
  test("fused: one stage, no landing", async () => {
    await using project = await peopleProject(GOOD);
    const { status, finished } = await planAndRun(project, [load("grown", adults)]);
    expect(finished.error).toBeUndefined();
    expect(status).toBe("succeeded");
    expect(project.table("out.db", "select * from grown order by id")).toEqual([
      [1, "Ada", 36],
      [3, "Grace", 85],
    ]);
    expect(finished.steps.grown).toMatchObject({ rowsIn: 3, rowsOut: 2, rejected: 0 });
    expect(project.files(".sluice/stage")).toEqual([]);
  });

  test("two readers: the dataset is landed once, both targets get it", async () => {
    await using project = await peopleProject(GOOD);
    const { finished } = await planAndRun(project, [
      load("grown", adults),
      load("everybody", people, { into: parquet("out/all.parquet") }),
    ]);
    expect(finished.error).toBeUndefined();
    expect(project.table("out.db", "select count(*) from grown")).toEqual([[2]]);
    expect(await project.parquet("out/all.parquet")).toHaveLength(3);
    expect(project.files(".sluice/stage")).toEqual(["run-1/people.parquet"]);
    expect(finished.steps.people).toMatchObject({ status: "succeeded", rowsIn: 3, rowsOut: 3 });
  });

  test("replaced at each run, never doubled", async () => {
    await using project = await peopleProject(GOOD);
    const plan = await project.plan([load("grown", adults)], [PEOPLE]);
    for (let run = 0; run < 3; run++) {
      expect((await project.run(plan, [PEOPLE])).status).toBe("succeeded");
    }
    expect(project.table("out.db", "select count(*) from grown")).toEqual([[2]]);
    expect(project.events.filter((event) => event.event === "run.started").map(({ epoch }) => epoch)).toEqual([
      1, 2, 3,
    ]);
  });
});

describe("rejects", () => {
  test("the same rows are accepted fused, landed and persistent, and counted", async () => {
    const shapes: readonly (readonly [string, readonly StepDefinition[], FrozenDataset])[] = [
      ["fused", [load("names", { kind: "keep", input: people, columns: ["name"] })], PEOPLE],
      ["landed", [load("names", people), load("others", adults)], PEOPLE],
      ["persistent", [load("names", people)], { ...PEOPLE, stage: "persistent" }],
    ];
    for (const [shape, steps, dataset] of shapes) {
      await using project = await peopleProject(BAD);
      const { finished } = await planAndRun(project, steps, [dataset]);
      expect([shape, finished.error]).toEqual([shape, undefined]);
      expect([shape, project.table("out.db", "select name from names order by 1")]).toEqual([
        shape,
        [["Ada"], ["Grace"]],
      ]);
      const [said] = project.events.filter((event) => event.event === "stage.rejects");
      expect(said).toMatchObject({ dataset: "people", accepted: 2, rejected: 2 });
      const quarantined = await project.parquet(said?.quarantine ?? "");
      expect(quarantined.map((row) => row.slice(1))).toEqual([
        expect.arrayContaining(["age", "2,Tim,seven"]),
        expect.arrayContaining(["age", "4,Eve,1.7"]),
      ]);
      const rejected = Object.values(finished.steps).reduce((total, step) => total + step.rejected, 0);
      expect([shape, rejected]).toEqual([shape, 2]);
    }
  });

  test("more than maxRejects fail the run and leave nothing half-written", async () => {
    await using project = await peopleProject(BAD);
    const strict = { ...PEOPLE, maxRejects: "49.9%" };
    const result = await planAndRun(
      project,
      [load("names", people), load("more", people, { into: parquet("x.parquet") })],
      [strict],
    );
    expect(result).toMatchObject({ status: "failed", checksFailed: false });
    expect(result.finished.error).toMatchObject({ code: "data", reason: "max-rejects" });
    expect(project.exists("out.db")).toBe(false);
    expect(project.exists("x.parquet")).toBe(false);
    expect(project.files(".sluice/stage")).toEqual(["run-1/quarantine/people.json", "run-1/quarantine/people.parquet"]);
  });

  test("behind a limit count too", async () => {
    await using project = await peopleProject(BAD);
    const { finished } = await planAndRun(
      project,
      [load("first", { kind: "limit", input: people, count: 1 })],
      [{ ...PEOPLE, maxRejects: 1 }],
    );
    expect(finished.error).toMatchObject({ reason: "max-rejects" });
  });

  test("an error of the query itself is its own", async () => {
    await using project = await peopleProject(GOOD);
    const cast: Expression = { kind: "cast", value: column("name"), type: "int64" };
    const query: Relation = { kind: "select", input: people, columns: [["n", cast]] };
    const { finished } = await planAndRun(project, [load("cast", query)]);
    expect(finished.error).toMatchObject({ code: "data" });
    expect(finished.error?.reason).toBeUndefined();
    expect(finished.error?.message).toContain("cannot be cast to");
    expect(project.events.filter((event) => event.event === "stage.rejects")).toEqual([]);
    expect(project.exists("out.db")).toBe(false);
  });
});

describe("checks", () => {
  test("all pass: said, published", async () => {
    await using project = await peopleProject(GOOD);
    const checks: readonly CheckDefinition[] = [
      { kind: "notNull", columns: ["id"] },
      { kind: "unique", columns: ["id"] },
      { kind: "rowCount", min: 1 },
    ];
    const result = await planAndRun(project, [transform("clean", people, checks), load("names", stepOf("clean"))]);
    expect(result.finished.error).toBeUndefined();
    const said = project.events.flatMap((event) => (event.event === "stage.check" ? [event.check] : []));
    expect(said.map((check) => check.status)).toEqual(["passed", "passed", "passed"]);
    const [clean] = await project.store.stagesOf("run-1");
    expect(clean?.checks).toHaveLength(3);
  });

  test("one fails: nothing is published, checksFailed, a sample of the rows to blame", async () => {
    await using project = await peopleProject(GOOD);
    const checks: readonly CheckDefinition[] = [{ kind: "range", column: "age", min: "18" }];
    const result = await planAndRun(project, [transform("clean", people, checks), load("names", stepOf("clean"))]);
    expect(result).toMatchObject({ status: "failed", checksFailed: true });
    expect(result.finished.error).toMatchObject({ code: "data", reason: "checks" });
    expect(result.finished.steps.names?.status).toBe("skipped");
    const [check] = project.events.flatMap((event) => (event.event === "stage.check" ? [event.check] : []));
    expect(check).toMatchObject({ status: "failed", rows: 3, failing: 1 });
    expect(check?.sample).toEqual({ columns: ["id", "name", "age"], rows: [["2", "Tim", "7"]] });
    expect(project.exists("out.db")).toBe(false);
    expect(project.files(".sluice/stage")).toEqual([]);
    const [record] = await project.store.stagesOf("run-1");
    expect(record).toMatchObject({ status: "failed", output: { kind: "none" }, checks: [{ status: "failed" }] });
  });

  test("divert takes rows out of the output and keeps them", async () => {
    for (const shape of ["transform", "load"]) {
      await using project = await peopleProject(`${GOOD}3,Twin,20\n,Nobody,20\n`);
      const checks: readonly CheckDefinition[] = [
        { kind: "range", column: "age", min: "18", otherwise: "divert" },
        { kind: "notNull", columns: ["id"], otherwise: "divert" },
        {
          kind: "unique",
          columns: ["id"],
          by: [{ expression: column("name") }],
          otherwise: "divert",
        },
        { kind: "rowCount", max: 2 },
      ];
      const steps =
        shape === "transform"
          ? [transform("clean", people, checks), load("names", stepOf("clean"))]
          : [load("names", people, { checks })];
      const { status, finished } = await planAndRun(project, steps);
      expect([shape, finished.error]).toEqual([shape, undefined]);
      expect(status).toBe("succeeded");
      expect(project.table("out.db", "select id, name from names order by id")).toEqual([
        [1, "Ada"],
        [3, "Grace"],
      ]);
      const name = shape === "transform" ? "clean" : "names";
      const diverted = await project.parquet(`.sluice/stage/run-1/quarantine/${name}.parquet`);
      expect(diverted.map((row) => row[1]).sort()).toEqual(["Nobody", "Tim", "Twin"]);
      expect(finished.steps[name]?.rowsOut).toBe(2);
    }
  });

  test("diverted rows are kept also where another check fails", async () => {
    await using project = await peopleProject(GOOD);
    const checks: readonly CheckDefinition[] = [
      { kind: "range", column: "age", min: "18", otherwise: "divert" },
      { kind: "rowCount", min: 99 },
    ];
    const { checksFailed } = await planAndRun(project, [load("names", people, { checks })]);
    expect(checksFailed).toBe(true);
    expect(project.exists("out.db")).toBe(false);
    const diverted = await project.parquet(".sluice/stage/run-1/quarantine/names.parquet");
    expect(diverted.map((row) => row[1])).toEqual(["Tim"]);
  });

  test("divert takes no row twice and loses none, also where rows tie in every order", async () => {
    await using project = await realProject();
    // Maps have no order; with so many rows several threads decide which of a pair comes first.
    const pairs: Relation = {
      kind: "sql",
      engine: "duckdb",
      texts: ["select k % 100000 as id, map {'k': k} as m from range(200000) t(k)"],
      inputs: [],
    };
    const checks: readonly CheckDefinition[] = [{ kind: "unique", columns: ["id"], otherwise: "divert" }];
    const { finished } = await planAndRun(
      project,
      [transform("clean", pairs, checks), load("kept", stepOf("clean"), { into: parquet("kept.parquet") })],
      [],
    );
    expect(finished.error).toBeUndefined();
    const kept = await project.parquet("kept.parquet");
    const diverted = await project.parquet(".sluice/stage/run-1/quarantine/clean.parquet");
    expect([kept.length, diverted.length, finished.steps.clean?.rowsOut]).toEqual([100_000, 100_000, 100_000]);
    expect(new Set([...kept, ...diverted].map(([, map]) => String(map))).size).toBe(200_000);
  });

  test("on a load they see the target as it would be after the commit", async () => {
    await using project = await peopleProject(GOOD);
    const appended = load("people_table", people, { mode: "append", checks: [{ kind: "rowCount", max: 5 }] });
    const plan = await project.plan([appended], [PEOPLE]);
    expect((await project.run(plan, [PEOPLE])).finished.error).toBeUndefined();
    const second = await project.run(plan, [PEOPLE]);
    expect(second).toMatchObject({ status: "failed", checksFailed: true });
    expect(project.table("out.db", "select count(*) from people_table")).toEqual([[3]]);
  });
});

test("two runs at once: the second waits for the first", async () => {
  await using project = await peopleProject(GOOD);
  const plan = await project.plan([load("names", people, { mode: "append" })], [PEOPLE]);
  const results = await Promise.all([project.run(plan, [PEOPLE]), project.run(plan, [PEOPLE])]);
  expect(results.map((result) => result.status)).toEqual(["succeeded", "succeeded"]);
  expect(project.events.filter((event) => event.event === "run.waiting")).toHaveLength(1);
  expect(project.table("out.db", "select count(*) from names")).toEqual([[6]]);
});

test("killed at each named point and resumed, both targets hold the same rows", async () => {
  const steps = [
    transform("clean", adults, [{ kind: "unique", columns: ["id"] }]),
    load("names", stepOf("clean"), { mode: "append" }),
    load("file", stepOf("clean"), { into: parquet("out/file.parquet") }),
  ];
  await using counted = await peopleProject(BAD);
  const plan = await counted.plan(steps, [PEOPLE]);
  const points: string[] = [];
  await counted.run(plan, [PEOPLE], { parallel: 1, checkpoint: (name) => void points.push(name) });
  expect(new Set(points)).toEqual(
    new Set([
      "run.recorded",
      "stage.started",
      "stage.executed",
      "stage.recorded",
      "load.staged",
      "load.committing",
      "load.committed",
    ]),
  );
  for (const [index, point] of points.entries()) {
    await using project = await peopleProject(BAD);
    let passed = 0;
    let isDead = false;
    const { store } = project;
    const mortal = new Proxy(store, {
      get(target, member) {
        if (isDead) throw new Error("dead");
        return Reflect.get(target, member) as unknown;
      },
    });
    await project.run(plan, [PEOPLE], {
      parallel: 1,
      store: mortal,
      checkpoint() {
        isDead ||= passed++ === index;
        if (isDead) throw new Error(`killed at ${point}`);
      },
    });
    const { status, finished } = await project.run(plan, [PEOPLE], { resume: "run-1", parallel: 1 });
    expect([index, point, status, finished.error]).toEqual([index, point, "succeeded", undefined]);
    expect(project.table("out.db", "select id, name from names order by id")).toEqual([
      [1, "Ada"],
      [3, "Grace"],
    ]);
    expect(await project.parquet("out/file.parquet")).toHaveLength(2);
    expect(project.files("out")).toEqual(expect.arrayContaining(["file.parquet"]));
  }
});

test("a sorted step keeps its order through landing and loading", async () => {
  await using project = await peopleProject(GOOD);
  const sorted: Relation = { kind: "sort", input: people, by: [{ expression: column("age"), descending: true }] };
  const steps = [transform("sorted", sorted, [{ kind: "rowCount", min: 1 }]), load("names", stepOf("sorted"))];
  const { finished } = await planAndRun(project, steps);
  expect(finished.error).toBeUndefined();
  expect(project.table("out.db", "select name from names order by rowid")).toEqual([["Grace"], ["Ada"], ["Tim"]]);
});

test("a landed Parquet file is passed on to a Parquet target without being copied", async () => {
  await using project = await peopleProject(GOOD);
  const checked = transform("clean", people, [{ kind: "rowCount", min: 1 }]);
  const { finished } = await planAndRun(project, [
    checked,
    load("file", stepOf("clean"), { into: parquet("out/file.parquet") }),
  ]);
  expect(finished.error).toBeUndefined();
  expect(finished.steps.file).toMatchObject({ rowsIn: 3, rowsOut: 3 });
  const inode = (path: string): number => statSync(join(project.root, path)).ino;
  expect(inode("out/file.parquet")).toBe(inode(".sluice/stage/run-1/clean.parquet"));
});

test("a SQLite table is read, with its values as they are", async () => {
  await using project = await peopleProject(GOOD);
  await planAndRun(project, [load("stored", people)]);
  const stored: FrozenDataset = {
    ...PEOPLE,
    name: "stored_people",
    source: { type: "sqlite", path: "out.db", table: "stored" },
  };
  const { dialect: _dialect, ...dataset } = stored;
  const from: Relation = { kind: "scan", source: { dataset: "stored_people" } };
  const steps = [load("copy", from, { into: parquet("copy.parquet") })];
  const { finished } = await planAndRun(project, steps, [dataset]);
  expect(finished.error).toBeUndefined();
  expect(finished.steps.copy).toMatchObject({ rowsIn: 3, rowsOut: 3, rejected: 0 });
  expect((await project.parquet("copy.parquet")).map((row) => row.map(String))).toEqual([
    ["1", "Ada", "36"],
    ["2", "Tim", "7"],
    ["3", "Grace", "85"],
  ]);
});

test("`when` is evaluated by the engine over counts of earlier steps", async () => {
  await using project = await peopleProject(GOOD);
  const rows: Expression = { kind: "metric", step: "clean", name: "rowsOut" };
  const moreThan = (count: string): Expression => ({
    kind: "call",
    name: "gt",
    arguments: [rows, { kind: "literal", type: "number", value: count }],
  });
  const { status, finished } = await planAndRun(project, [
    transform("clean", adults),
    load("some", stepOf("clean"), { when: moreThan("1") }),
    load("many", stepOf("clean"), { when: moreThan("2") }),
  ]);
  expect([status, finished.error]).toEqual(["succeeded", undefined]);
  expect(finished.steps.some?.status).toBe("succeeded");
  expect(finished.steps.many).toMatchObject({ status: "skipped", rowsOut: null });
});

test("cancelled at any named point, a run leaves no part of an output", async () => {
  for (const point of ["run.recorded", "stage.started", "stage.executed", "load.staged", "load.committing"]) {
    await using project = await peopleProject(GOOD);
    const steps = [load("names", adults), load("file", adults, { into: parquet("out/file.parquet") })];
    const plan = await project.plan(steps, [PEOPLE]);
    const cancel = new AbortController();
    const { status } = await project.run(plan, [PEOPLE], {
      parallel: 1,
      signal: cancel.signal,
      checkpoint: (name) => {
        if (name === point) cancel.abort();
      },
    });
    expect([point, status]).toEqual([point, "cancelled"]);
    // A commit that had begun may have ended; whatever is there is whole.
    if (project.exists("out.db")) expect(project.table("out.db", "select count(*) from names")).toEqual([[2]]);
    if (project.exists("out/file.parquet")) expect(await project.parquet("out/file.parquet")).toHaveLength(2);
    const others = project.files("out").filter((name) => !["file.parquet", ".file.parquet.sluice.json"].includes(name));
    expect([point, others]).toEqual([point, []]);
    const resumed = await project.run(plan, [PEOPLE], { resume: "run-1" });
    expect([point, resumed.status, resumed.finished.error]).toEqual([point, "succeeded", undefined]);
    expect(project.table("out.db", "select count(*) from names")).toEqual([[2]]);
  }
});

test("a source that changed before a resume is a conflict, unless it may be read again", async () => {
  await using project = await peopleProject(GOOD);
  const plan = await project.plan([load("names", people)], [PEOPLE]);
  const fail = (name: string): void => {
    if (name === "stage.executed") throw new Error("broken");
  };
  expect((await project.run(plan, [PEOPLE], { checkpoint: fail })).status).toBe("failed");
  project.write("data/people.csv", "id,name,age\n9,Alan,41\n");
  const refused = await project.run(plan, [PEOPLE], { resume: "run-1" });
  expect(refused.finished.error).toMatchObject({ code: "conflict", reason: "source-changed" });
  const { status } = await project.run(plan, [PEOPLE], { resume: "run-1", reread: "allow" });
  expect(status).toBe("succeeded");
  expect(project.table("out.db", "select name from names")).toEqual([["Alan"]]);
});
