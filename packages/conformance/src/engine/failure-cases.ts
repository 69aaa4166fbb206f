import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, Relation, ScannableInput } from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import {
  column,
  compile,
  type EngineHarness,
  executed,
  type Given,
  landed,
  rowsOf,
  scan,
  textInput,
  withEngine,
  withLimits,
} from "./bench.ts";

const COLUMNS = [column("id", "int64"), column("name", "string"), column("cost", "float64")];
const sorted: Relation = {
  kind: "sort",
  input: scan("input"),
  by: [{ expression: { kind: "column", name: "name" } }, { expression: { kind: "column", name: "id" } }],
};

async function large({ folder }: Given, rows: number, width = 1): Promise<ScannableInput> {
  // Slices of a long random text: not to be compressed, and made quickly.
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 0x7fffffff;
    return state;
  };
  const pool = Array.from({ length: 20_000 }, () => random().toString(36)).join("");
  const lines = Array.from({ length: rows }, (_, index) => {
    const from = random() % (pool.length - width);
    return `${index},${pool.slice(from, from + width)},${index}.5`;
  });
  return textInput(folder, { texts: [`id,name,cost\n${lines.join("\n")}\n`], columns: COLUMNS });
}

const leftovers = async (folder: string): Promise<readonly string[]> => readdir(join(folder, "out"));

/** What goes wrong from outside, and what is left behind. */
export function failureCases(harness: EngineHarness, declare: DeclareCase): void {
  declare("engine.cancel", "stops within a second, and leaves no file", () =>
    withEngine(harness, async (given) => {
      const input = await large(given, 400_000);
      const pairs: Relation = {
        kind: "aggregate",
        input: {
          kind: "join",
          left: { kind: "keep", input: scan("input"), columns: ["id"] },
          right: {
            kind: "rename",
            input: { kind: "keep", input: scan("input"), columns: ["cost"] },
            names: [["cost", "other"]],
          },
          how: "cross",
        },
        by: [],
        columns: [["most", { kind: "call", name: "max", arguments: [{ kind: "column", name: "other" }] }]],
      };
      const controller = new AbortController();
      let seen = 0;
      const { query, request } = compile(given.engine, pairs, { input });
      const running = executedWith(given.engine, query, {
        ...request,
        signal: controller.signal,
        onProgress: () => {
          seen += 1;
          // The query runs: from here a second is allowed.
          if (seen === 2) {
            aborted = performance.now();
            controller.abort();
          }
        },
        output: { format: "parquet", path: join(given.folder, "x.parquet"), ordered: false },
      });
      let aborted = 0;
      await expect(running).rejects.toMatchObject({ code: "cancelled" });
      expect(performance.now() - aborted).toBeLessThan(1000);
      expect((await readdir(given.folder)).filter((file) => file.endsWith(".parquet"))).toEqual([]);
      // And goes on with other work.
      expect(await rowsOf(given.engine, { kind: "values", columns: [column("a", "int64")], rows: [["1"]] })).toEqual([
        [1],
      ]);
    }),
  );

  declare("engine.cancelled", "does not begin with a signal that was given before", () =>
    withEngine(harness, async (given) => {
      const input = await large(given, 10);
      const done = AbortSignal.abort();
      await expect(executed(given, sorted, { input }, {}, done)).rejects.toMatchObject({ code: "cancelled" });
      await expect(given.engine.validate(input, done)).rejects.toMatchObject({ code: "cancelled" });
      const paths = { accepted: join(given.folder, "a.parquet"), rejected: join(given.folder, "r.parquet") };
      const splitting = given.engine.split({ name: "input", input, columns: ["id"], ...paths, signal: done });
      await expect(splitting).rejects.toMatchObject({ code: "cancelled" });
    }),
  );

  declare("engine.memory", "spills a sort that is larger than its memory, and says so where it may not", async () => {
    const memoryBytes = 64 * 1024 * 1024;
    await withLimits(harness, { memoryBytes }, async (given) => {
      const input = await large(given, 400_000, 200);
      expect((await executed(given, sorted, { input })).rowsOut).toBe(400_000);
      await withLimits(harness, { memoryBytes, scratchBytes: 1024 * 1024 }, async (limited) => {
        await expect(executed(limited, sorted, { input })).rejects.toMatchObject({
          code: "denied",
          reason: "scratch-full",
        });
        expect(await leftovers(limited.folder)).toEqual([]);
      });
    });
  });

  declare("engine.failed", "leaves no file behind a failure in the middle, nor a broken engine", () =>
    withEngine(harness, async (given) => {
      const lines = Array.from({ length: 300_000 }, (_, index) => `${index},${index === 299_000 ? "x" : "1"},1`);
      const input = await textInput(given.folder, { texts: [`id,name,cost\n${lines.join("\n")}\n`], columns: COLUMNS });
      const casting: Relation = {
        kind: "select",
        input: scan("input"),
        columns: [["n", { kind: "cast", value: { kind: "column", name: "name" }, type: "int64" }]],
      };
      await expect(executed(given, casting, { input })).rejects.toMatchObject({ code: "data", reason: undefined });
      expect(await leftovers(given.folder)).toEqual([]);
      expect((await executed(given, sorted, { input })).rowsOut).toBe(300_000);
    }),
  );

  declare("engine.missing-file", "says which file is gone", () =>
    withEngine(harness, async (given) => {
      const input = await large(given, 10);
      const gone = {
        ...input,
        groups: input.groups.map((group) => ({
          ...group,
          files: group.files.map((file) => ({ ...file, path: `${file.path}.gone` })),
        })),
      };
      await expect(executed(given, sorted, { input: gone })).rejects.toMatchObject({
        code: "missing",
        message: expect.stringContaining("data/1.csv"),
      });
      const parquet = landed(join(given.folder, "gone.parquet"), { columns: COLUMNS });
      await expect(executed(given, sorted, { input: parquet })).rejects.toMatchObject({ code: "missing" });
    }),
  );

  declare("engine.full-device", "says that the disk is full", () =>
    withEngine(harness, async (given) => {
      const input = await large(given, 1000);
      const writing = executed(given, sorted, { input }, { path: "/dev/full", format: "csv" });
      await expect(writing).rejects.toMatchObject({ code: "denied", reason: "disk-full" });
    }),
  );

  declare("engine.progress", "reports between 0 and 1", () =>
    withEngine(harness, async (given) => {
      const input = await large(given, 300_000, 100);
      const { query, request } = compile(given.engine, sorted, { input });
      const shares: number[] = [];
      await executedWith(given.engine, query, {
        ...request,
        onProgress: (share) => shares.push(share),
        output: { format: "parquet", path: join(given.folder, "p.parquet"), ordered: true },
      });
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      expect(shares.length).toBeGreaterThan(0);
    }),
  );

  declare("engine.two", "two engines of one process do not meet", async () => {
    await using first = await harness.open();
    await using second = await harness.open();
    const one: Relation = { kind: "values", columns: [column("a", "int64")], rows: [["1"]] };
    const [a, b] = await Promise.all([rowsOf(first, one), rowsOf(second, one)]);
    expect([a, b]).toEqual([[[1]], [[1]]]);
    await first[Symbol.asyncDispose]();
    expect(await rowsOf(second, one)).toEqual([[1]]);
  });

  declare("engine.parallel", "runs several queries at once", () =>
    withEngine(harness, async (given) => {
      const input = await large(given, 20_000);
      const paths = Array.from({ length: 6 }, (_, index) => join(given.folder, `${index}.parquet`));
      const results = await Promise.all(paths.map((path) => executed(given, sorted, { input }, { path })));
      expect(results.map(({ rowsOut, rowsIn }) => [rowsOut, rowsIn.get("input")])).toEqual(
        paths.map(() => [20_000, 20_000]),
      );
    }),
  );

  declare("engine.sql", "takes raw SQL that is one SELECT, its inputs put in as names", () =>
    withEngine(harness, async (given) => {
      const input = await large(given, 10);
      const raw = (...texts: readonly string[]): Relation => ({
        kind: "sql",
        engine: given.engine.name,
        texts,
        inputs: texts.slice(1).map(() => scan("input")),
      });
      const relation = raw("select sum(id) as total, max(name) as name from ", " where id > 3 -- a comment");
      const { query } = compile(given.engine, relation, { input });
      const schema = { columns: COLUMNS };
      const described = await given.engine.describe(query, new Map([["input", schema]]));
      expect(described.columns.map(({ name, type }) => [name, type])).toEqual([
        ["total", "decimal(38,0)"],
        ["name", "string"],
      ]);
      const { path, rowsOut } = await executed(given, relation, { input });
      expect(rowsOut).toBe(1);
      expect((await given.engine.schemaOfFile(path)).columns[0]?.type).toBe("decimal(38,0)");
      const typed: Relation = { ...raw("select * from ", " order by id desc"), columns: COLUMNS } as Relation;
      expect((await rowsOf(given.engine, { kind: "limit", input: typed, count: 1 }, { input }))[0]?.[0]).toBe(9);
      const bad = [
        "select 1; select 2",
        "drop table x",
        "select 1) to '/tmp/x.csv' (format csv); --",
        "selec 1",
        "copy (select 1) to 'x'",
      ];
      for (const text of bad) {
        await expect(executed(given, raw(text))).rejects.toMatchObject({ code: "config" });
      }
    }),
  );
}

async function executedWith(engine: Engine, ...given: Parameters<Engine["execute"]>): Promise<unknown> {
  return engine.execute(...given);
}
