import { rmSync } from "node:fs";
import { join } from "node:path";
import type { FrozenDataset, IncrementalNode, LoadDefinition, Relation, StepDefinition } from "@sluice/core";
import type { RunRequest } from "@sluice/runtime";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { csvDataset, type RealProject, realProject } from "./real-project.ts";

const ORDERS: FrozenDataset = {
  version: 1,
  name: "orders",
  source: { type: "sqlite", path: "shop.db", table: "orders" },
  columns: [
    { name: "id", type: "int64", nullable: false },
    { name: "what", type: "string", nullable: true },
    { name: "at", type: "timestamp", nullable: true, format: "%Y-%m-%d %H:%M:%S.%f" },
  ],
  validate: "all",
  drift: "fail",
  reordered: "fail",
  stage: "volatile",
  warnings: [],
};
const scan: Relation = { kind: "scan", source: { dataset: "orders" } };
const incremental = (way: Omit<IncrementalNode, "kind" | "input">): Relation => ({
  kind: "incremental",
  input: scan,
  ...way,
});
const byTime = incremental({ cursor: "at" });
const load = (name: string, from: Relation = byTime, more: Partial<LoadDefinition> = {}): LoadDefinition => ({
  kind: "load",
  name,
  from,
  into: { type: "sqlite", path: "warehouse.db", table: name },
  mode: "append",
  ...more,
});

let project: RealProject;
beforeEach(async () => {
  await project?.[Symbol.asyncDispose]();
  project = await realProject();
  project.change("shop.db", "create table orders (id integer, what text, at timestamp)");
});
afterAll(() => project?.[Symbol.asyncDispose]());

const insert = (...rows: readonly string[]): void =>
  project.change("shop.db", `insert into orders values ${rows.map((row) => `(${row})`).join(", ")}`);
const ids = (table: string): readonly unknown[] =>
  project.table("warehouse.db", `select id from ${table} order by id, rowid`).map(([id]) => id);

async function run(steps: readonly StepDefinition[], more: Partial<RunRequest> = {}, datasets = [ORDERS]) {
  const result = await project.run(await project.plan(steps, datasets), datasets, more);
  return result;
}
async function succeed(steps: readonly StepDefinition[], datasets = [ORDERS]): Promise<void> {
  const { status, finished } = await run(steps, {}, datasets);
  expect(finished.error).toBeUndefined();
  expect(status).toBe("succeeded");
}

describe("by a cursor", () => {
  test("each run takes what is new, and ties at the greatest value are neither lost nor doubled", async () => {
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-02 00:00:00'");
    await succeed([load("first")]);
    expect(ids("first")).toEqual([1, 2]);
    await succeed([load("first")]);
    expect(ids("first")).toEqual([1, 2]);
    insert("3, 'c', '2024-01-02 00:00:00'", "4, 'd', '2024-01-02 00:00:00.5'", "5, 'late', '2023-01-01 00:00:00'");
    await succeed([load("first")]);
    expect(ids("first")).toEqual([1, 2, 3, 4]);
    insert("6, 'e', '2024-01-02 00:00:00.5'");
    await succeed([load("first")]);
    await succeed([load("first")]);
    expect(ids("first")).toEqual([1, 2, 3, 4, 6]);
  });

  test("a load that appends says so where a column has another type since, by which it tells what it has", async () => {
    const kept: Relation = { kind: "keep", input: byTime, columns: ["what", "at"] };
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-01 00:00:00'");
    await succeed([load("first", kept)]);
    const [id, ...others] = ORDERS.columns;
    const retyped: FrozenDataset = {
      ...ORDERS,
      columns: [{ name: id?.name ?? "", type: "float64", nullable: false }, ...others],
    };
    const { status, finished } = await run([load("first", kept)], {}, [retyped]);
    expect(status).toBe("failed");
    expect(JSON.stringify(finished)).toContain(
      'columns of \\"orders\\" are gone, or have another type, by which \\"first\\" tells',
    );
    expect(project.table("warehouse.db", "select what from first order by what")).toEqual([["a"], ["b"]]);
  });

  test("equal rows at the greatest value are counted", async () => {
    insert("1, 'a', '2024-01-01 00:00:00'", "1, 'a', '2024-01-01 00:00:00'");
    await succeed([load("first")]);
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-01 00:00:00'");
    await succeed([load("first")]);
    await succeed([load("first")]);
    expect(ids("first")).toEqual([1, 1, 1, 2]);
  });

  test("goes from the initial value on and up to the end", async () => {
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-02 00:00:00'", "3, 'c', '2024-01-03 00:00:00'");
    const bound = (value: string) => ({ kind: "literal", type: "string", value }) as const;
    await succeed([
      load("first", incremental({ cursor: "at", initial: bound("2024-01-02"), end: bound("2024-01-03") })),
    ]);
    expect(ids("first")).toEqual([2]);
    await succeed([load("first", incremental({ cursor: "at", initial: bound("2024-01-02") }))]);
    expect(ids("first")).toEqual([2, 3]);
  });

  test("takes rows within the lag again, and merges them", async () => {
    const lagged = load("first", incremental({ cursor: "at", lag: "P2D" }), { mode: "merge", key: ["id"] });
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-05 00:00:00'");
    await succeed([lagged]);
    insert("3, 'late', '2024-01-03 00:00:00'", "4, 'too late', '2024-01-02 23:59:59'");
    project.change("shop.db", "update orders set what = 'changed'");
    await succeed([lagged]);
    expect(project.table("warehouse.db", "select id, what from first order by id")).toEqual([
      [1, "a"],
      [2, "changed"],
      [3, "changed"],
    ]);
  });

  test("nulls fail, come each time, or are left out", async () => {
    insert("1, 'a', null", "2, 'b', '2024-01-05 00:00:00'");
    const { finished } = await run([load("first")]);
    expect(finished.error?.message).toContain('1 rows of "orders" have no at');
    await succeed([load("second", incremental({ cursor: "at", nulls: "exclude" }))]);
    expect(ids("second")).toEqual([2]);
    const merging = load("third", incremental({ cursor: "at", nulls: "include" }), { mode: "merge", key: ["id"] });
    await succeed([merging]);
    insert("3, 'c', null");
    await succeed([merging]);
    expect(ids("third")).toEqual([1, 2, 3]);
  });

  test("an empty source and an empty slice succeed and commit nothing", async () => {
    await succeed([load("first")]);
    insert("1, 'a', '2024-01-01 00:00:00'");
    await succeed([load("first")]);
    const commits = (): unknown => project.table("warehouse.db", "select commit_id, position from _sluice_commits");
    const before = commits();
    await succeed([load("first")]);
    expect(commits()).toEqual(before);
  });

  test("goes by numbers and by text", async () => {
    insert("9, 'i', null", "10, 'j', null");
    await succeed([load("first", incremental({ cursor: "id" })), load("second", incremental({ cursor: "id" }))]);
    insert("11, 'k', null", "8, 'h', null");
    await succeed([load("first", incremental({ cursor: "id" }))]);
    expect(ids("first")).toEqual([9, 10, 11]);
    await succeed([load("third", incremental({ cursor: "what" }))]);
    insert("12, 'kk', null");
    await succeed([load("third", incremental({ cursor: "what" }))]);
    expect(ids("third")).toEqual([8, 9, 10, 11, 12]);
  });

  test("only what is new is asked of the database", async () => {
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-02 00:00:00'");
    await succeed([load("first")]);
    insert("3, 'c', '2024-01-03 00:00:00'");
    project.events.length = 0;
    await succeed([load("first")]);
    const extract = project.events.find((event) => event.event === "stage.finished" && event.stage === "orders");
    expect(extract).toMatchObject({ rowsIn: 2, rowsOut: 2 });
  });
});

describe("several loads", () => {
  const failing = (name: string): LoadDefinition => load(name, byTime, { checks: [{ kind: "rowCount", max: 1 }] });

  test("each keeps its own position: one that failed takes later what another has", async () => {
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-02 00:00:00'");
    expect((await run([load("first"), failing("second")])).status).toBe("failed");
    expect(ids("first")).toEqual([1, 2]);
    insert("3, 'c', '2024-01-02 00:00:00'");
    await succeed([load("first"), load("second")]);
    expect([ids("first"), ids("second")]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  test("behind one step that is landed, those that are behind catch up first", async () => {
    const step: StepDefinition = {
      kind: "transform",
      name: "counted",
      query: {
        kind: "aggregate",
        input: byTime,
        by: [],
        columns: [["id", { kind: "call", name: "count", arguments: [] }]],
      },
    };
    const counted: Relation = { kind: "scan", source: { step: "counted" } };
    const slow = (name: string) => load(name, counted);
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-02 00:00:00'");
    const broken = load("second", counted, { checks: [{ kind: "rowCount", min: 5 }] });
    expect((await run([step, slow("first"), broken])).status).toBe("failed");
    insert("3, 'c', '2024-01-02 00:00:00'", "4, 'd', '2024-01-03 00:00:00'");
    await succeed([step, slow("first"), slow("second")]);
    expect([ids("first"), ids("second")]).toEqual([[2], [2]]);
    await succeed([step, slow("first"), slow("second")]);
    expect([ids("first"), ids("second")]).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  test("a run that ended between two loads is resumed, though its source has grown", async () => {
    const steps = [load("first"), load("second")];
    const plan = await project.plan(steps, [ORDERS]);
    insert("1, 'a', '2024-01-01 00:00:00'", "2, 'b', '2024-01-02 00:00:00'");
    let commits = 0;
    const checkpoint = (name: string): void => {
      if (name === "load.staged" && ++commits === 2) throw new Error("broken");
    };
    const broken = await project.run(plan, [ORDERS], { parallel: 1, checkpoint });
    expect(broken.status).toBe("failed");
    insert("3, 'c', '2024-01-02 00:00:00'", "4, 'd', '2024-01-03 00:00:00'");
    rmSync(join(project.root, ".sluice/stage", broken.run), { recursive: true, force: true });
    const resumed = await project.run(plan, [ORDERS], { resume: broken.run });
    expect(resumed.finished.error).toBeUndefined();
    await succeed(steps);
    expect([ids("first"), ids("second")]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
  });

  test("one that reads all stands beside one that reads what is new", async () => {
    const whole = load("whole", scan, { mode: "replace" });
    insert("1, 'a', '2024-01-01 00:00:00'");
    await succeed([load("first"), whole]);
    insert("2, 'b', '2024-01-02 00:00:00'");
    await succeed([load("first"), whole]);
    expect([ids("first"), ids("whole")]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(project.table("warehouse.db", "select count(*) from pragma_table_info('whole')")).toEqual([[3]]);
  });
});

describe("by files", () => {
  const DAYS: FrozenDataset = {
    ...csvDataset("orders", [
      { name: "id", type: "int64", nullable: true },
      { name: "what", type: "string", nullable: true },
    ]),
    source: { type: "file", format: "csv", path: "data/*.csv" },
  };
  const newFiles = load("first", incremental({ files: "new" }));
  const changedFiles = load("second", incremental({ files: "changed" }), { mode: "merge", key: ["id"] });

  test("takes files that are new, and with changed those that grew", async () => {
    project.write("data/1.csv", "id,what\n1,a\n");
    await succeed([newFiles], [DAYS]);
    await succeed([changedFiles], [DAYS]);
    project.write("data/1.csv", "id,what\n1,A\n2,b\n");
    project.write("data/0.csv", "id,what\n3,late\n");
    await succeed([newFiles], [DAYS]);
    await succeed([newFiles], [DAYS]);
    await succeed([changedFiles], [DAYS]);
    expect(ids("first")).toEqual([1, 3]);
    expect(project.table("warehouse.db", "select id, what from second order by id")).toEqual([
      [1, "A"],
      [2, "b"],
      [3, "late"],
    ]);
  });

  test("of two loads, the one that is behind catches up first", async () => {
    const other = load("other", incremental({ files: "new" }));
    const broken = load("other", incremental({ files: "new" }), { checks: [{ kind: "rowCount", min: 5 }] });
    project.write("data/1.csv", "id,what\n1,a\n");
    expect((await run([newFiles, broken], {}, [DAYS])).status).toBe("failed");
    project.write("data/2.csv", "id,what\n2,b\n");
    await succeed([newFiles, other], [DAYS]);
    await succeed([newFiles, other], [DAYS]);
    expect([ids("first"), ids("other")]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
});

describe("by a key", () => {
  const merging = (name: string, from: Relation, more: Partial<LoadDefinition> = {}) =>
    load(name, from, { mode: "merge", key: ["id"], ...more });
  const byKey = incremental({ key: ["id"] });
  const withGone = incremental({ key: ["id"], deleted: "gone" });
  const stored = (name: string) => project.table("warehouse.db", `select id, what, gone from ${name} order by id`);

  test("takes rows that are new or other than they were, and tells which are gone", async () => {
    insert("1, 'a', null", "2, 'b', null", "3, 'c', '2024-01-01 00:00:00'");
    await succeed([merging("first", byKey)]);
    await succeed([merging("second", withGone)]);
    project.change("shop.db", "update orders set what = 'B' where id = 2; delete from orders where id = 3");
    insert("4, 'd', null");
    project.events.length = 0;
    await succeed([merging("first", byKey)]);
    await succeed([merging("second", withGone)]);
    expect(project.events).toContainEqual(
      expect.objectContaining({
        stage: "first",
        commit: expect.objectContaining({ inserted: 1, updated: 1, unchanged: 0 }),
      }),
    );
    expect(ids("first")).toEqual([1, 2, 3, 4]);
    expect(stored("second")).toEqual([
      [1, "a", 0],
      [2, "B", 0],
      [3, null, 1],
      [4, "d", 0],
    ]);
    project.events.length = 0;
    await succeed([merging("second", withGone)]);
    expect(project.events.filter((event) => "commit" in event)).toEqual([]);
  });

  test("a column that is used anew sends all rows once more", async () => {
    const narrow: Relation = { kind: "keep", input: byKey, columns: ["id", "what"] };
    insert("1, 'a', '2024-01-01 00:00:00'");
    await succeed([merging("first", narrow)]);
    await succeed([merging("first", byKey)]);
    expect(project.table("warehouse.db", "select * from first")).toEqual([[1, "a", "2024-01-01 00:00:00"]]);
  });

  test("a lost snapshot is said, and all rows are merged again", async () => {
    insert("1, 'a', null");
    await succeed([merging("first", byKey)]);
    rmSync(join(project.root, ".sluice/incremental"), { recursive: true, force: true });
    insert("2, 'b', null");
    await succeed([merging("first", byKey)]);
    expect(ids("first")).toEqual([1, 2]);
    expect(project.events).toContainEqual(
      expect.objectContaining({ event: "warning", message: expect.stringContaining("no longer kept") }),
    );
  });

  test("keys that come twice, or are null, fail", async () => {
    insert("1, 'a', null", "1, 'b', null");
    expect((await run([merging("first", byKey)])).finished.error?.message).toContain(
      '2 rows of "orders" have the key id = 1',
    );
  });
});

describe("a plan is refused", () => {
  const problem = async (steps: readonly StepDefinition[]): Promise<string> => {
    try {
      await project.plan(steps, [ORDERS]);
      return "";
    } catch (error) {
      return String(error);
    }
  };
  test.each([
    ["a lag before an append", load("a", incremental({ cursor: "at", lag: "P1D" })), "with a lag, rows arrive again"],
    [
      "a load that deletes what did not arrive",
      load("a", byTime, { mode: "merge", key: ["id"], missing: "delete" }),
      "would delete all rows that are not among it",
    ],
    ["a column that is not there", load("a", incremental({ cursor: "no" })), 'there is no column "no"'],
    ["a lag of text", load("a", incremental({ cursor: "what", lag: "5" })), "a lag of 5 cannot be taken"],
    ["files of a table", load("a", incremental({ files: "new" })), "does not consist of files"],
    ["two ways at once", load("a", incremental({ cursor: "at", files: "new" })), "one of cursor, files and key"],
    [
      "rows that were computed",
      load("a", { kind: "incremental", cursor: "id", input: { kind: "distinct", input: scan } }),
      "stands right behind a dataset",
    ],
  ])("%s", async (_name, step, message) => {
    expect(await problem([step])).toContain(message);
  });
  test("two ways for one dataset", async () => {
    expect(await problem([load("a"), load("b", incremental({ cursor: "id" }))])).toContain("in two ways");
  });
});
