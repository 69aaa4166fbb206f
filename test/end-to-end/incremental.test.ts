import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonLines, type TestProject, testProject } from "../cli/sluice.ts";
import { lastEvent } from "./events.ts";
import { querySqlite } from "./reading.ts";

const Database = createRequire(import.meta.url)("libsql") as new (
  path: string,
) => { exec(sql: string): void; close(): void };

const CONFIG = `import { defineConfig, sqlite } from "sluice";
export default defineConfig({
  project: "shop",
  datasets: { orders: sqlite("shop").table("orders") },
  connections: { shop: { type: "sqlite", path: "shop.db" }, warehouse: { type: "sqlite", path: "warehouse.db" } },
});\n`;
const PIPELINE = `name: p
steps:
  load_a: { load: { from: [{ from: orders }, { incremental: { cursor: at } }], into: sqlite.warehouse.a, mode: append } }
  load_b: { load: { from: [{ from: orders }, { incremental: { cursor: at } }, { select: { id: id } }], into: sqlite.warehouse.b, mode: append } }\n`;

function change(made: TestProject, sql: string): void {
  const database = new Database(`${made.root}/shop.db`);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** Two rows share each second, so that every read ends within a tie. */
function grow(made: TestProject, from: number, to: number): void {
  const rows = Array.from({ length: to - from }, (_, index) => from + index);
  const values = rows.map(
    (id) =>
      `(${id}, '2024-01-01 00:${String(Math.floor(id / 120)).padStart(2, "0")}:${String(Math.floor(id / 2) % 60).padStart(2, "0")}')`,
  );
  change(made, `insert into orders values ${values.join(", ")}`);
}

function project(): TestProject {
  const made = testProject({ "sluice.config.ts": CONFIG, "pipelines/p.yaml": PIPELINE });
  change(made, "create table orders (id integer not null, at timestamp not null)");
  grow(made, 0, 101);
  expect(made.run(["sync"]).status).toBe(0);
  return made;
}

/** Rows, different rows and their sum, by a reader that knows nothing of sluice. */
const counts = (made: TestProject, table: string): readonly number[] =>
  (querySqlite(`${made.root}/warehouse.db`, `select count(*), count(distinct id), sum(id) from ${table}`)[0] ?? []).map(
    Number,
  );
const whole = (rows: number): readonly number[] => [rows, rows, (rows * (rows - 1)) / 2];

const POINTS = [
  ["run.recorded", 1],
  ["stage.started", 3],
  ["stage.executed", 3],
  ["load.staged", 2],
  ["load.committing", 2],
  ["load.committed", 2],
  ["stage.recorded", 3],
] as const;

describe("two loads of one extract, killed at every named point while the source grows", () => {
  let loaded: TestProject;
  beforeAll(() => {
    loaded = project();
    expect(loaded.run(["run"]).status).toBe(0);
    grow(loaded, 101, 151);
  });
  afterAll(() => loaded[Symbol.dispose]());

  for (const [point, hits] of POINTS) {
    for (let hit = 1; hit <= hits; hit++) {
      // After a commit of one load only, a new run meets what a resumed one does not.
      const isBetween = hit === 1 && point.startsWith("load.commit");
      for (const after of isBetween ? (["resume", "run"] as const) : (["resume"] as const)) {
        it(`${point} ${hit}, then ${after}`, () => {
          using made = loaded.copy();
          const killed = made.run(["run", "--json"], { SLUICE_CRASH_AT: `${point}:${hit}` });
          expect(killed.status).toBe(null);
          grow(made, 151, 200);
          if (after === "resume") {
            const resumed = made.run(["run", "--resume", runIdOf(made, killed.out), "--json"]);
            expect(lastEvent(resumed.out).status).toBe("succeeded");
          }
          const next = made.run(["run", "--json"]);
          expect(lastEvent(next.out).status).toBe("succeeded");
          expect([counts(made, "a"), counts(made, "b")]).toEqual([whole(200), whole(200)]);
        });
      }
    }
  }
});

describe("an incremental load that replaces a file", () => {
  const latest = (): TestProject => {
    const made = project();
    made.write(
      "pipelines/p.yaml",
      "name: p\nsteps: { out: { load: { from: [{ from: orders }, { incremental: { cursor: at } }, { select: { id: id } }], into: { file: out/x.csv }, mode: replace } } }\n",
    );
    expect(made.run(["run"]).status).toBe(0);
    return made;
  };
  const ids = (made: TestProject): readonly number[] =>
    readFileSync(`${made.root}/out/x.csv`, "utf8").trim().split("\n").slice(1).map(Number);
  const between = (from: number, to: number): readonly number[] =>
    Array.from({ length: to - from }, (_, index) => from + index);

  it("goes on from what is there where it was killed before the new file was", () => {
    using made = latest();
    grow(made, 101, 120);
    const killed = made.run(["run", "--json"], { SLUICE_CRASH_AT: "load.committing" });
    expect(killed.status).toBe(null);
    expect(ids(made)).toEqual(between(0, 101));
    grow(made, 120, 130);
    expect(made.run(["run"])).toMatchObject({ status: 0 });
    expect(ids(made)).toEqual(between(101, 130));
  });

  it("begins anew where somebody took the file away", () => {
    using made = latest();
    rmSync(`${made.root}/out/x.csv`);
    grow(made, 101, 110);
    expect(made.run(["run"])).toMatchObject({ status: 0 });
    expect(ids(made)).toEqual(between(0, 110));
  });
});

describe("sluice state", () => {
  it("shows how far each load has come, and says where it goes on", () => {
    using made = project();
    const nothing = { target: "sqlite.warehouse.a", dataset: "orders", by: "cursor", cursor: "at", position: null };
    expect(JSON.parse(made.run(["state", "show", "p", "load_a", "--json"]).out)).toEqual([
      { load: "load_a", ...nothing },
    ]);
    expect(made.run(["run"]).status).toBe(0);
    expect(made.run(["state", "show", "p"]).out).toMatch(
      /load_a +sqlite\.warehouse\.a +orders +at +2024-01-01 00:00:50, 1 row of it seen/,
    );
    const set = made.run(["state", "set", "p", "load_a", "2024-01-01 00:00:50"]);
    expect(set.out).toContain("the next run of load_a begins at 2024-01-01 00:00:50");
    expect(made.run(["run"]).status).toBe(0);
    expect(counts(made, "a")[0]).toBe(102);
    expect(counts(made, "b")[0]).toBe(101);
    expect(made.run(["state", "reset", "p", "load_b"]).status).toBe(0);
    expect(made.run(["run"]).status).toBe(0);
    expect([counts(made, "a")[0], counts(made, "b")[0]]).toEqual([102, 202]);
  });

  it("says that a lag goes off the value that was set", () => {
    using made = project();
    const read = "[{ from: orders }, { incremental: { cursor: at, lag: 5 seconds } }]";
    const load = `{ from: ${read}, into: sqlite.warehouse.a, mode: merge, key: id }`;
    made.write("pipelines/p.yaml", `name: p\nsteps: { load_a: { load: ${load} } }\n`);
    const set = made.run(["state", "set", "p", "load_a", "2024-01-01 00:00:40"]);
    expect(set.out).toContain("the next run of load_a begins at 2024-01-01 00:00:40, less its lag of 5 seconds\n");
    expect(made.run(["state", "show", "p"]).out).toContain("from 2024-01-01 00:00:40 on, less its lag of 5 seconds");
    expect(made.run(["run"]).status).toBe(0);
    expect(counts(made, "a")[0]).toBe(31);
  });

  it("sets what was never committed, refuses what is no value, and says which loads there are", () => {
    using made = project();
    expect(made.run(["state", "set", "p", "load_a", "2024-01-01 00:00:49"]).status).toBe(0);
    expect(made.run(["run"]).status).toBe(0);
    expect(counts(made, "a")[0]).toBe(3);
    const wrong = made.run(["state", "set", "p", "load_a", "yesterday"]);
    expect([wrong.status, wrong.error]).toEqual([2, expect.stringContaining('"yesterday" is not a timestamp')]);
    const unknown = made.run(["state", "reset", "p", "load_c"]);
    expect([unknown.status, unknown.error]).toEqual([2, expect.stringContaining("load_a, load_b")]);
    expect(made.run(["state", "forget", "p"]).status).toBe(2);
    expect(made.run(["state", "set", "p", "load_a"]).status).toBe(2);
  });
});

describe("a target that is gone", () => {
  const drop = (made: TestProject, sql: string): void => {
    const database = new Database(`${made.root}/warehouse.db`);
    database.exec(sql);
    database.close();
  };

  it("is not made anew with the newest rows, until somebody says from where on", () => {
    using made = project();
    expect(made.run(["run"]).status).toBe(0);
    grow(made, 101, 111);
    drop(made, "create table kept as select * from a; drop table a; drop table b");
    const refused = made.run(["run", "p"]);
    expect(refused.status).not.toBe(0);
    expect(refused.error + refused.out).toMatch(/the target of "load_a" is gone/);
    expect(refused.error + refused.out).toContain("sluice state reset p load_a");
    expect(querySqlite(`${made.root}/warehouse.db`, "select name from sqlite_master where name in ('a', 'b')")).toEqual(
      [],
    );
    drop(made, "create table a as select * from kept");
    expect(made.run(["state", "reset", "p", "load_b"]).status).toBe(0);
    expect(made.run(["run", "p"]).status).toBe(0);
    expect(counts(made, "a")).toEqual(whole(111));
    expect(counts(made, "b")).toEqual(whole(111));
    drop(made, "drop table a");
    expect(made.run(["state", "set", "p", "load_a", "2024-01-01 00:00:55"]).status).toBe(0);
    expect(made.run(["run", "p"]).status).toBe(0);
    expect(counts(made, "a")[0]).toBe(1);
  });
});

function runIdOf(made: TestProject, out: string): string {
  const event = jsonLines(out).find((line) => typeof line.run === "string");
  if (event !== undefined) return String(event.run);
  const listed = JSON.parse(made.run(["runs", "--json"]).out) as readonly { readonly id: string }[];
  return String(listed[0]?.id);
}

describe("a parameter beside a position", () => {
  let made: TestProject;
  beforeAll(() => {
    made = testProject({
      "sluice.config.ts": CONFIG,
      "pipelines/since.yaml": `name: since
parameters: { since: { type: string, format: timestamp, default: "2024-01-01 00:00:00" } }
steps:
  load_since: { load: { from: [{ from: orders }, { incremental: { cursor: at, initial: $since } }], into: sqlite.warehouse.since, mode: append } }\n`,
      "pipelines/part.yaml": `name: part
parameters: { least: { type: integer, default: 50 } }
steps:
  fresh: { transform: [{ from: orders }, { incremental: { cursor: at } }] }
  load_part: { load: { from: { from: fresh, filter: id >= $least }, into: sqlite.warehouse.part, mode: append } }
  load_every: { load: { from: fresh, into: sqlite.warehouse.every, mode: append } }\n`,
    });
    change(made, "create table orders (id integer not null, at timestamp not null)");
    grow(made, 0, 101);
    expect(made.run(["sync"]).status).toBe(0);
  });
  afterAll(() => made[Symbol.dispose]());

  it("is warned of where it is given for a beginning that does not count any more", () => {
    const warnings = (words: readonly string[]): readonly unknown[] =>
      jsonLines(made.run(["run", "since", "--json", ...words]).out)
        .filter(({ event }) => event === "warning")
        .map(({ message }) => message);
    expect(warnings(["--param", "since=2024-01-01 00:00:30"])).toEqual([]);
    expect(warnings([])).toEqual([]);
    expect(warnings(["--param", "since=2024-01-01 00:00:10"])).toEqual([
      expect.stringContaining(
        '"load_since" stands at 2024-01-01 00:00:50 in "orders", so it does not begin at 2024-01-01',
      ),
    ]);
  });

  it("is warned of where a filter leaves rows out by it", () => {
    expect(made.run(["check"]).out).toContain(
      '"load_part" takes what is new in "orders" and leaves rows out by $least',
    );
    expect(made.run(["check"]).out).not.toMatch(/"load_(since|every)" takes what is new/);
  });
});
