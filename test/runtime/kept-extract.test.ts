import { rmSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type {
  CompiledQuery,
  Engine,
  ExecuteRequest,
  FrozenDataset,
  LoadDefinition,
  Relation,
  StepDefinition,
} from "@sluice/core";
import type { RunResult } from "@sluice/runtime";
import { describe, expect, test } from "vitest";
import { csvDataset, type RealProject, realProject } from "./real-project.ts";

const PEOPLE = csvDataset(
  "people",
  [
    { name: "id", type: "int64", nullable: true },
    { name: "name", type: "string", nullable: true },
  ],
  { stage: "persistent" },
);
const people: Relation = { kind: "scan", source: { dataset: "people" } };
const TEXT = "id,name\n1,Ada\ntwo,Tim\n3,Grace\n";

function load(more: Partial<LoadDefinition> = {}): LoadDefinition {
  const into = { type: "sqlite", path: "out.db", table: "names" };
  return { kind: "load", name: "names", from: people, into, mode: "replace", ...more };
}

interface Scene extends RealProject {
  /** Runs these steps; `reads` counts how often the text itself was read. */
  go(
    steps: readonly StepDefinition[],
    more?: Parameters<RealProject["run"]>[2],
    dataset?: FrozenDataset,
  ): Promise<RunResult & { readonly reads: number }>;
}

async function scene(): Promise<Scene> {
  const project = await realProject();
  project.write("data/people.csv", TEXT);
  return Object.assign(project, {
    async go(steps, more = {}, dataset = PEOPLE) {
      let reads = 0;
      const engine: Engine = new Proxy(project.engine, {
        get(target, member) {
          if (member !== "execute") return Reflect.get(target, member) as unknown;
          return (query: CompiledQuery, request: ExecuteRequest) => {
            if (request.inputs.get("people")?.input.format === "csv") reads += 1;
            return target.execute(query, request);
          };
        },
      });
      const result = await project.run(await project.plan(steps, [dataset]), [dataset], { engine, ...more });
      return { ...result, reads };
    },
  } satisfies Partial<Scene>);
}

const names = (project: RealProject): unknown => project.table("out.db", "select id, name from names order by id");
const warnings = (project: RealProject): readonly string[] =>
  project.events.flatMap((event) => (event.event === "warning" ? [event.message] : []));
const copies = (project: RealProject): readonly string[] =>
  project.files(".sluice/stage/persistent").filter((name) => name.endsWith("people.parquet"));

/** A clock on which no time passes while a run works: whoever waits is woken when it ends. */
const untilStopped = (_ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });

describe("a persistent extract", () => {
  test("is read once; later runs use its copy and tell the same rejects", async () => {
    await using project = await scene();
    const first = await project.go([load()]);
    expect([first.status, first.finished.error, first.reads]).toEqual(["succeeded", undefined, 1]);
    const second = await project.go([load({ from: { kind: "keep", input: people, columns: ["name", "id"] } })]);
    expect([second.status, second.reads]).toEqual(["succeeded", 0]);
    expect(second.finished.steps.people).toMatchObject({ status: "succeeded", rowsIn: 2, rowsOut: 2, rejected: 1 });
    expect(names(project)).toEqual([
      [1, "Ada"],
      [3, "Grace"],
    ]);
    const [before, after] = project.events.flatMap((event) => (event.event === "stage.rejects" ? [event] : []));
    expect(after).toMatchObject({ ...before, run: "run-2", at: after?.at, quarantine: after?.quarantine });
    expect(after?.quarantine).toBe(".sluice/stage/run-2/quarantine/people.parquet");
    expect(await project.parquet(after?.quarantine ?? "")).toEqual(await project.parquet(before?.quarantine ?? ""));
    expect(copies(project)).toHaveLength(1);
  });

  test("is read again where the source, its schema or the copy is not what it was", async () => {
    await using project = await scene();
    await project.go([load()]);
    project.write("data/people.csv", "id,name\n9,Alan\n");
    expect((await project.go([load()])).reads).toBe(1);
    expect(names(project)).toEqual([[9, "Alan"]]);
    const wider = { ...PEOPLE, columns: [{ name: "id", type: "string", nullable: true }, ...PEOPLE.columns.slice(1)] };
    expect((await project.go([load()], {}, wider)).reads).toBe(1);
    expect(copies(project)).toHaveLength(3);
    for (const copy of copies(project)) truncateSync(join(project.root, ".sluice/stage/persistent", copy), 10);
    const { status, reads } = await project.go([load()]);
    expect([status, reads]).toEqual(["succeeded", 1]);
    expect(names(project)).toEqual([[9, "Alan"]]);
  });

  test("has at most three copies, the newest", async () => {
    await using project = await scene();
    for (let day = 1; day <= 5; day++) {
      project.write("data/people.csv", `id,name\n${day},Ada\n`);
      utimesSync(join(project.root, "data/people.csv"), day, day);
      expect((await project.go([load()])).status).toBe("succeeded");
    }
    expect(copies(project)).toHaveLength(3);
    const kept = await Promise.all(copies(project).map((name) => project.parquet(`.sluice/stage/persistent/${name}`)));
    expect(kept.map(([row]) => String(row?.[0])).sort()).toEqual(["3", "4", "5"]);
  });
});

describe("retention", () => {
  const landOn = async (project: Scene, day: number, keep: number | string): Promise<void> => {
    project.write("data/people.csv", `id,name\n${day},Ada\n`);
    utimesSync(join(project.root, "data/people.csv"), day, day);
    const clock = { now: () => Date.UTC(2026, 0, day, 12), sleep: untilStopped };
    expect((await project.go([load()], { clock }, { ...PEOPLE, keep })).status).toBe("succeeded");
  };

  test("is a count, or a time after which only the newest copy stays", async () => {
    await using counted = await scene();
    for (let day = 1; day <= 6; day++) await landOn(counted, day, 5);
    expect(copies(counted)).toHaveLength(5);
    await using timed = await scene();
    for (const day of [1, 5, 9, 11]) await landOn(timed, day, "P7D");
    expect(copies(timed)).toHaveLength(3);
    await landOn(timed, 30, "P7D");
    expect(copies(timed)).toHaveLength(1);
  });
});

describe("a run from kept copies", () => {
  test("takes the one that was asked for, without the source", async () => {
    await using project = await scene();
    for (const day of [1, 2, 3]) {
      project.write("data/people.csv", `id,name\n${day},Ada\n`);
      utimesSync(join(project.root, "data/people.csv"), day, day);
      const clock = { now: () => Date.UTC(2026, 0, day, 12), sleep: untilStopped };
      expect((await project.go([load()], { clock })).status).toBe("succeeded");
    }
    rmSync(join(project.root, "data/people.csv"));
    const take = async (fromStage: string): Promise<unknown> => {
      const { status, finished } = await project.go([load()], { fromStage });
      return status === "succeeded" ? names(project) : finished.error;
    };
    expect(await take("2026-01-02")).toEqual([[2, "Ada"]]);
    expect(await take("2026-01-02T11:59")).toEqual([[1, "Ada"]]);
    expect(await take("2026-01-02T12:00")).toEqual([[2, "Ada"]]);
    expect(await take("latest")).toEqual([[3, "Ada"]]);
    const [, id = ""] = /people\/([0-9a-f]+)\//.exec(copies(project)[0] ?? "") ?? [];
    expect(await take(id.slice(0, 8))).toHaveLength(1);
    expect(await take("2025-12-31")).toMatchObject({
      code: "missing",
      reason: "staged",
      hint: expect.stringContaining("2026-01-03T12:00:00.000Z"),
    });
    expect(warnings(project)).toContain(
      'dataset "people" is its copy of 2026-01-02T12:00:00.000Z, as asked; the source is not looked at',
    );
  });

  test("leaves a source that has changed alone, and says what an append adds", async () => {
    await using project = await scene();
    await project.go([load({ mode: "append" })]);
    project.write("data/people.csv", "id,name\n9,Alan\n");
    const { status, reads } = await project.go([load({ mode: "append" })], { fromStage: "latest" });
    expect([status, reads]).toEqual(["succeeded", 0]);
    expect(project.table("out.db", "select count(*) from names")).toEqual([[4]]);
    expect(warnings(project).join("\n")).toContain('"names" appends its rows, be they there already');
  });
});

describe("a persistent extract whose source is gone", () => {
  const gone = (project: RealProject): void => rmSync(join(project.root, "data/people.csv"));
  const loud = /^the source of dataset "people" is gone \(.*\): the copy that was kept at .* is read instead$/;

  test("is its newest copy, loudly, for targets that are replaced", async () => {
    await using project = await scene();
    await project.go([load()]);
    gone(project);
    const grown = load({ from: { kind: "limit", input: people, count: 1 } });
    const { status, finished } = await project.go([grown]);
    expect([status, finished.error]).toEqual(["succeeded", undefined]);
    expect(warnings(project).filter((message) => loud.test(message))).toHaveLength(1);
    expect(project.table("out.db", "select count(*) from names")).toEqual([[1]]);
    const unknown = { ...PEOPLE, maxRejects: 7 };
    const other = await project.go([load()], {}, unknown);
    expect(other.finished.error).toMatchObject({ code: "missing" });
  });

  test("fails before rows are appended once more", async () => {
    await using project = await scene();
    const append = load({ mode: "append" });
    await project.go([append]);
    gone(project);
    const { status, finished } = await project.go([append]);
    expect(status).toBe("failed");
    expect(finished.error).toMatchObject({ code: "missing", hint: expect.stringContaining('but "names" appends') });
    expect(project.table("out.db", "select count(*) from names")).toEqual([[2]]);
  });

  test("is, in a resumed run, the copy of what that run has read, also for an append", async () => {
    await using project = await scene();
    const append = load({ mode: "append" });
    await project.go([append]);
    const checkpoint = (name: string): void => {
      if (name === "stage.started") throw new Error("broken");
    };
    expect((await project.go([append], { checkpoint })).status).toBe("failed");
    gone(project);
    const resumed = await project.go([append], { resume: "run-2" });
    expect([resumed.status, resumed.finished.error]).toEqual(["succeeded", undefined]);
    expect(warnings(project).filter((message) => loud.test(message))).toHaveLength(1);
    expect(project.table("out.db", "select count(*) from names")).toEqual([[4]]);
  });
});
