import { appendFileSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

const PIPELINE = `name: keep
steps:
  paid: { transform: { from: orders, filter: status = 'paid' } }
  load_paid: { load: { from: paid, into: { lake: shop.paid, partitions: ["bucket(2, order_id)"] }, mode: append } }
`;

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

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

  test("a dropped table keeps its files from the next one of its name; one that cannot be read hides no other", () => {
    using project = templateProject({ "a.csv": "id\n1\n", "b.csv": "id\n2\n" });
    const copy = (file: string, table: string): void =>
      expect(project.run(["copy", file, `lake.${table}`, "--mode", "append"])).toMatchObject({ status: 0 });
    const data = (): readonly string[] =>
      filesBelow(join(project.root, "lake")).filter((path) => /parquet$/.test(path));
    copy("a.csv", "shop.kept");
    const kept = data();
    expect(project.run(["table", "drop", "shop.kept"]).status).toBe(0);
    copy("b.csv", "shop.kept");
    expect(project.run(["query", "select id from 'lake.shop.kept'", "--format", "csv"]).out).toBe("id\n2\n");
    expect(project.run(["table", "drop", "shop.kept", "--purge"]).status).toBe(0);
    expect(data()).toEqual(kept);

    copy("a.csv", "shop.good");
    copy("b.csv", "shop.odd");
    for (const path of filesBelow(join(project.root, "lake/shop/odd/metadata"))) {
      if (!path.endsWith(".json")) continue;
      writeFileSync(path, readFileSync(path, "utf8").replace('"format-version":2', '"format-version":7'));
    }
    const listed = project.run(["table", "list"]);
    expect(listed.status).toBe(0);
    expect(listed.out).toMatch(/shop\.good +1 /);
    expect(listed.out).toMatch(/shop\.odd cannot be read: .*format version 7/);
    const purged = project.run(["table", "drop", "shop.odd", "--purge"]);
    expect(purged.status).not.toBe(0);
    expect(purged.error).toContain("drop it without --purge");
    const dropped = project.run(["table", "drop", "shop.odd"]);
    expect(dropped).toMatchObject({ status: 0, out: expect.stringContaining("its files stay where they are") });
    expect(project.run(["table", "list"]).out).not.toContain("shop.odd");
    expect(project.run(["table", "drop", "shop.odd"]).error).toContain('the lake has no table "shop.odd"');

    const [file = ""] = filesBelow(join(project.root, "lake/shop/good/data"));
    appendFileSync(file, "x");
    expect(project.run(["query", "select id from 'lake.shop.good'"]).error).toMatch(
      /has \d+ bytes, and not \d+ as the table says/,
    );
    rmSync(file);
    expect(project.run(["copy", "lake.shop.good", "-"]).error).toContain("cannot be read");
  });

  test("deletes rows by a condition, and files that nothing names", () => {
    using project = templateProject({ "pipelines/keep.yaml": PIPELINE });
    project.run(["run", "keep"]);
    const count = (): string =>
      project.run(["query", "select count(*) as n from 'lake.shop.paid' where customer = 'Ada'", "--format", "csv"])
        .out;
    expect(count()).toBe("n\n2\n");
    const wrong = project.run(["table", "delete", "shop.paid", "--where", "custmer = 'Ada'"]);
    expect([wrong.status, wrong.error]).toEqual([2, expect.stringContaining("(in --where \"custmer = 'Ada'\")")]);
    expect(project.run(["table", "delete", "shop.paid"]).error).toContain("delete needs to know which rows");
    const deleted = project.run(["table", "delete", "shop.paid", "--where", "customer = 'Ada'", "--json"]);
    expect([deleted.error, JSON.parse(deleted.out)]).toMatchObject(["", { table: "shop.paid", rows: 2 }]);
    expect(count()).toBe("n\n0\n");
    const again = project.run(["table", "delete", "shop.paid", "--where", "customer = 'Ada'"]);
    expect(again.out).toBe("shop.paid: 0 rows deleted\n");
  });

  test("removes files that no snapshot names, once they are old", () => {
    using project = templateProject({ "pipelines/keep.yaml": PIPELINE });
    project.run(["run", "keep"]);
    const orphan = project.write("lake/shop/paid/data/left-behind.parquet", "x");
    const clean = (...words: readonly string[]): unknown => {
      const { out, status } = project.run(["table", "clean", "shop.paid", ...words, "--json"]);
      expect(status).toBe(0);
      return JSON.parse(out);
    };
    expect(clean()).toMatchObject({ files: [] });
    const old = new Date("2020-01-01T00:00:00Z");
    utimesSync(orphan, old, old);
    expect(clean("--dry-run")).toMatchObject({ files: [orphan], bytes: 1, removed: false });
    expect(clean("--older-than", "12h")).toMatchObject({ files: [orphan], removed: true });
    expect(project.has("lake/shop/paid/data/left-behind.parquet")).toBe(false);
    expect(project.run(["table", "clean", "shop.paid", "--older-than", "soon"]).error).toContain('"soon" is no time');
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

  test("shows a version that is named, and does nothing to a table where one is named", () => {
    using project = templateProject({
      "a.csv": "id\n1\n",
      "b.csv": "id,word\n2,two\n3,three\n",
    });
    const copy = (file: string): void =>
      expect(project.run(["copy", file, "lake.shop.kept", "--mode", "append"])).toMatchObject({ status: 0 });
    copy("a.csv");
    copy("b.csv");
    const history = (): readonly Entry[] => JSON.parse(project.run(["table", "history", "shop.kept", "--json"]).out);
    const before = history();
    const first = before[1]?.snapshot ?? "";
    const shown = (name: string): unknown => {
      const { out, error, status } = project.run(["table", "show", name, "--json"]);
      expect([error, status]).toEqual(["", 0]);
      return JSON.parse(out);
    };
    expect(shown("shop.kept")).toMatchObject({ rows: 3, columns: [{ name: "id" }, { name: "word" }] });
    const old = { name: `shop.kept@${first}`, snapshot: first, rows: 1, columns: [{ name: "id" }] };
    expect(shown(`lake.shop.kept@${first}`)).toMatchObject(old);
    expect(project.run(["table", "show", `shop.kept@${first}`]).out).toMatch(
      new RegExp(`^shop.kept@${first}\\n[^]*rows +1 in 1 file`),
    );
    expect(project.run(["table", "show", "shop.kept@1"]).error).toContain("no snapshot 1");
    for (const words of [
      ["drop"],
      ["expire"],
      ["compact"],
      ["clean"],
      ["history"],
      ["delete", "--where", "id = 2"],
      ["rollback", first],
      ["diff", first],
    ]) {
      const [action = "", ...more] = words;
      const { status, error } = project.run(["table", action, `shop.kept@${first}`, ...more]);
      expect([action, status, error]).toEqual([action, 2, expect.stringContaining("names one version of the table")]);
      expect(error).toContain("leave out");
    }
    expect(history()).toEqual(before);
  });

  test("puts files together to a size that files can have", () => {
    using project = templateProject({ "a.csv": "id\n1\n" });
    project.run(["copy", "a.csv", "lake.shop.kept", "--mode", "append"]);
    const compact = (size: string) => project.run(["table", "compact", "shop.kept", "--target-size", size]);
    for (const size of ["0MB", "0.0001KB", "1B", "99KB", "2TB", "99999999999999999999GB", "-1MB", "x"]) {
      expect([size, compact(size)]).toMatchObject([size, { status: 2, error: expect.stringContaining(`"${size}"`) }]);
    }
    expect(compact("100KB")).toMatchObject({ status: 0, error: "" });
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
