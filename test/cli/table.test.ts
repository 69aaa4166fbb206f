import { describe, expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

const PIPELINE = `name: keep
steps:
  paid: { transform: { from: orders, filter: status = 'paid' } }
  load_paid: { load: { from: paid, into: { lake: shop.paid, partitions: ["bucket(2, order_id)"] }, mode: append } }
`;

interface Entry {
  readonly snapshot: string;
  readonly rows: number;
  readonly state: string;
}

describe("sluice table", () => {
  test("lists, shows, compares, goes back, puts together and drops", () => {
    using project = templateProject({ "pipelines/keep.yaml": PIPELINE });
    const asked = <T>(...words: readonly string[]): T => {
      const { out, status } = project.run(["table", ...words, "--json"]);
      expect([words, status]).toEqual([words, 0]);
      return JSON.parse(out) as T;
    };
    expect(asked("list")).toEqual([]);
    project.run(["run", "keep"]);
    project.run(["run", "keep"]);
    const [found] = asked<readonly { readonly name: string; readonly rows: number; readonly files: number }[]>("list");
    expect(found).toMatchObject({ name: "shop.paid", snapshots: 2 });
    const rows = (found?.rows ?? 0) / 2;
    expect(asked("show", "lake.shop.paid")).toMatchObject({ partitions: ["bucket(2, order_id)"], rows: 2 * rows });
    const history = asked<readonly Entry[]>("history", "shop.paid");
    expect(history.map(({ rows: count, state }) => [count, state])).toEqual([
      [2 * rows, "current"],
      [rows, ""],
    ]);
    const first = history[1]?.snapshot ?? "";
    expect(asked("diff", "shop.paid", first)).toMatchObject({ removedFiles: 0, addedRows: rows });
    const compacted = asked<{ readonly removedFiles: number; readonly addedFiles: number }>("compact", "shop.paid");
    expect(compacted).toMatchObject({ removedFiles: found?.files, addedFiles: (found?.files ?? 0) / 2 });
    expect(project.run(["query", `select count(*) as n from 'lake.shop.paid@${first}'`, "--json"]).out).toContain(
      `${rows}`,
    );
    expect(asked("rollback", "shop.paid", first)).toMatchObject({ snapshot: first, rows });
    expect(asked("drop", "shop.paid", "--purge")).toEqual({ table: "shop.paid", purged: true });
    expect(asked("list")).toEqual([]);
  });

  test("a load goes on from where the table ends, also when it is rolled back, and forward again", () => {
    const rows = (from: number, to: number): string =>
      `id,v\n${Array.from({ length: to - from + 1 }, (_, index) => `${from + index},x\n`).join("")}`;
    using project = templateProject({
      "pipelines/new.yaml": `name: new
steps:
  new_rows: { load: { from: [{ from: grows }, { incremental: { cursor: id } }], into: lake.shop.grown, mode: append } }
`,
      "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "test", datasets: { orders: csv("data/orders.csv"), grows: csv("grows.csv") } });
`,
      "grows.csv": rows(1, 3),
    });
    project.run(["sync"]);
    const ids = (): string =>
      project.run(["query", "select string_agg(id, ',' order by id) as ids from 'lake.shop.grown'", "--format", "csv"])
        .out;
    const run = (): void => expect(project.run(["run", "new"])).toMatchObject({ status: 0 });
    const position = (): string => project.run(["state", "show", "new"]).out;
    run();
    const history = (): readonly Entry[] => JSON.parse(project.run(["table", "history", "shop.grown", "--json"]).out);
    const [first] = history();
    project.write("grows.csv", rows(1, 5));
    run();
    const [second] = history();
    expect(position()).toMatch(/\b5\b/);
    project.run(["table", "rollback", "shop.grown", first?.snapshot ?? ""]);
    expect(position()).toMatch(/\b3\b/);
    project.run(["table", "rollback", "shop.grown", second?.snapshot ?? ""]);
    expect(position()).toMatch(/\b5\b/);
    project.run(["table", "rollback", "shop.grown", first?.snapshot ?? ""]);
    run();
    expect(ids()).toContain("1,2,3,4,5");
    run();
    project.run(["table", "rollback", "shop.grown", first?.snapshot ?? ""]);
    expect(project.run(["state", "set", "new", "new_rows", "5"]).status).toBe(0);
    run();
    expect(ids()).toContain("1,2,3,5");
  });

  test("plan says which files are skipped", () => {
    using project = templateProject({
      "pipelines/keep.yaml": PIPELINE,
      "pipelines/ask.yaml": `name: ask
steps:
  some: { transform: { from: stored, filter: order_id = 1003 } }
  out: { load: { from: some, into: { file: out.csv } } }
`,
      "sluice.config.ts": `import { csv, defineConfig, lake } from "sluice";
export default defineConfig({ project: "test", datasets: { orders: csv("data/orders.csv"), stored: lake.table("shop.paid") } });
`,
    });
    project.run(["sync", "orders"]);
    project.run(["run", "keep"]);
    project.run(["sync", "stored"]);
    const { out } = project.run(["plan", "ask"]);
    expect(out).toContain("finds   reads 1 of 2 files");
    expect(project.run(["run", "ask"]).status).toBe(0);
  });

  test("says what is wrong, and what is nearly right", () => {
    using project = templateProject({ "pipelines/keep.yaml": PIPELINE });
    project.run(["run", "keep"]);
    expect(project.run(["table", "shwo", "shop.paid"])).toMatchObject({
      status: 2,
      error: expect.stringContaining('"show"'),
    });
    expect(project.run(["table", "show", "shop.piad"]).error).toContain('did you mean "shop.paid"?');
    expect(project.run(["table", "rollback", "shop.paid", "12345"]).error).toContain("no snapshot 12345");
    expect(project.run(["table", "rollback", "shop.paid"])).toMatchObject({ status: 2 });
  });
});
