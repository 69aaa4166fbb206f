import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readInput } from "@sluice/conformance";
import type { Address, OpenContext, Schema, Sink, StageRequest } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/file";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, removeFolders } from "./files.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});

const schema: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "year", type: "int64", nullable: true },
    { name: "name", type: "string", nullable: true },
  ],
};
const requestOf = (changes: Partial<StageRequest> = {}): StageRequest => ({
  project: "project",
  pipeline: "pipeline",
  step: "load",
  slice: "",
  epoch: 1,
  commitId: "c1",
  schema,
  mode: "replace",
  key: [],
  parameters: new Map(),
  signal: new AbortController().signal,
  ...changes,
});

async function open(root: string, address: Partial<Address> = {}, more: Partial<OpenContext> = {}): Promise<Sink> {
  const { context } = await createProject({ engine, readInput });
  if (adapter.openSink === undefined) throw new Error("the adapter has no sink");
  const whole = { type: "file", path: "out/x", format: "parquet", partitions: ["year"], ...address };
  return await adapter.openSink(adapter.parseAddress(whole), undefined, { ...context, root, ...more });
}

type Row = readonly [id: number, year: number | null, name: string];

/** Writes rows where the sink wants them, as the engine does. */
async function write(sink: Sink, rows: readonly Row[], changes: Partial<StageRequest> = {}) {
  const request = requestOf(changes);
  const output = await sink.accepts(request);
  const query = engine.compile(
    {
      kind: "values",
      columns: schema.columns,
      rows: rows.map(([id, year, name]) => [String(id), year === null ? null : String(year), name]),
    },
    { schemaOf: () => schema, parameters: new Map() },
  );
  const result = await engine.execute(query, {
    inputs: new Map(),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: request.signal,
    output,
  });
  const staging = await sink.stage(request);
  await staging.add(result.files);
  return staging;
}

const rootOf = async (): Promise<string> => (await createProject({ engine, readInput })).root;
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe("a target of many files", () => {
  it("is a link to a folder of its own, with a folder for each value", async () => {
    const root = await rootOf();
    const staging = await write(await open(root), [
      [1, 2023, "a"],
      [2, 2024, "b"],
      [3, null, "c"],
    ]);
    expect(existsSync(join(root, "out/x"))).toBe(false);
    expect(await staging.commit()).toEqual({ repeated: false, deleted: 0, inserted: 3 });
    expect(await readlink(join(root, "out/x"))).toBe(join(".x.sluice", "c1-1"));
    expect(await filesIn(join(root, "out/x"))).toEqual([
      "year=2023/part-c1-0.parquet",
      "year=2024/part-c1-0.parquet",
      "year=__HIVE_DEFAULT_PARTITION__/part-c1-0.parquet",
    ]);
  });

  it("keeps the version before for its readers, and no older one", async () => {
    const root = await rootOf();
    for (const commitId of ["c1", "c2", "c3"]) {
      await (await write(await open(root), [[1, 2023, commitId]], { commitId })).commit();
    }
    expect((await readdir(join(root, "out/.x.sluice"))).sort()).toEqual(["c2-1", "c2-1.json", "c3-1", "c3-1.json"]);
    expect(await readlink(join(root, "out/x"))).toBe(join(".x.sluice", "c3-1"));
  });

  it("does nothing where its commit was published before, and says so to who asks", async () => {
    const root = await rootOf();
    const sink = await open(root);
    await (await write(sink, [[1, 2023, "a"]])).commit();
    expect(await sink.committed(requestOf())).toMatchObject({ commitId: "c1", epoch: 1 });
    expect(await (await write(sink, [[1, 2023, "a"]])).commit()).toMatchObject({ repeated: true });
    expect((await readdir(join(root, "out/.x.sluice"))).sort()).toEqual(["c1-1", "c1-1.json"]);
  });

  it("leaves the old version where it fails or dies before its link, and clears that away", async () => {
    const root = await rootOf();
    await (await write(await open(root), [[1, 2023, "old"]])).commit();
    const dying = await open(
      root,
      {},
      {
        checkpoint: () => {
          throw new Error("killed");
        },
      },
    );
    const staging = await write(dying, [[2, 2024, "new"]], { commitId: "c2" });
    await expect(staging.commit()).rejects.toThrow("killed");
    expect(await readlink(join(root, "out/x"))).toBe(join(".x.sluice", "c1-1"));
    expect(await (await open(root)).committed(requestOf({ commitId: "c2" }))).toMatchObject({ commitId: "c1" });
    await (await write(await open(root), [[3, 2024, "again"]], { commitId: "c2" })).commit();
    expect(await readlink(join(root, "out/x"))).toBe(join(".x.sluice", "c2-1"));
    expect(await filesIn(join(root, "out/x"))).toEqual(["year=2024/part-c2-0.parquet"]);
  });

  it("finds its very commit published by a later run where it was stopped past its lease, and leaves that alone", async () => {
    const root = await rootOf();
    const stopped = await write(await open(root), [[1, 2023, "a"]]);
    const later = await write(await open(root), [[1, 2023, "a"]], { epoch: 2 });
    await expect(stopped.commit()).rejects.toMatchObject({ code: "conflict", reason: "epoch" });
    expect(await later.commit()).toMatchObject({ repeated: false, inserted: 1 });
    expect(await stopped.commit()).toMatchObject({ repeated: true, inserted: 1 });
    await stopped[Symbol.asyncDispose]();
    expect(await filesIn(join(root, "out/x"))).toEqual(["year=2023/part-c1-0.parquet"]);
    expect(await readlink(join(root, "out/x"))).toBe(join(".x.sluice", "c1-2"));
  });

  it("publishes no part of its rows where a later run took its folder and the engine made another", async () => {
    const root = await rootOf();
    const stopped = await write(await open(root), [[1, 2023, "a"]]);
    const later = await write(await open(root), [[1, 2023, "a"]], { epoch: 2 });
    const made = join(root, "out/.x.sluice/c1-1.tmp/year=2023");
    await mkdir(made, { recursive: true });
    await writeFile(join(made, "part-c1-0.parquet"), "half");
    await expect(stopped.commit()).rejects.toMatchObject({ code: "conflict", reason: "epoch" });
    expect(await later.commit()).toMatchObject({ inserted: 1 });
    await stopped[Symbol.asyncDispose]();
    expect(await filesIn(join(root, "out"))).toEqual([
      ".x.sluice/c1-2.json",
      ".x.sluice/c1-2/year=2023/part-c1-0.parquet",
    ]);
  });

  it("takes nothing away of a later run that writes", async () => {
    const root = await rootOf();
    const later = await write(await open(root), [[1, 2023, "a"]], { epoch: 2 });
    const woken = await write(await open(root), [[1, 2023, "a"]]);
    expect(await later.commit()).toMatchObject({ repeated: false, inserted: 1 });
    expect(await woken.commit()).toMatchObject({ repeated: true });
    expect(await filesIn(join(root, "out/x"))).toEqual(["year=2023/part-c1-0.parquet"]);
  });

  it("removes versions of another pipeline with higher epochs once they are old", async () => {
    const root = await rootOf();
    const versions = join(root, "out/.x.sluice");
    await (await write(await open(root), [[1, 2023, "a"]], { pipeline: "other", epoch: 9 })).commit();
    for (const commitId of ["c2", "c3"]) {
      await (await write(await open(root), [[1, 2023, commitId]], { commitId })).commit();
    }
    expect(await readdir(versions)).toContain("c1-9");
    const old = new Date(Date.now() - 2 * 86_400_000);
    for (const name of ["c1-9", "c1-9.json"]) await utimes(join(versions, name), old, old);
    await (await write(await open(root), [[1, 2023, "d"]], { commitId: "c4" })).commit();
    expect((await readdir(versions)).sort()).toEqual(["c3-1", "c3-1.json", "c4-1", "c4-1.json"]);
  });

  it("leaves nothing where it is not committed", async () => {
    const root = await rootOf();
    await using sink = await open(root);
    const staging = await write(sink, [[1, 2023, "a"]]);
    await staging[Symbol.asyncDispose]();
    await sink[Symbol.asyncDispose]();
    expect(await readdir(root)).toEqual([]);
  });

  it("refuses to take the place of what it did not write", async () => {
    const root = await rootOf();
    await mkdir(join(root, "out/x"), { recursive: true });
    await expect((await open(root)).accepts(requestOf())).rejects.toThrow(
      "out/x is a folder that sluice did not write",
    );
    await symlink(root, join(root, "out/link"));
    await expect((await open(root, { path: "out/link" })).accepts(requestOf())).rejects.toThrow("is a link that");
    await writeFile(join(root, "out/file"), "");
    await expect((await open(root, { path: "out/file" })).accepts(requestOf())).rejects.toThrow("is a file that");
  });

  it("refuses a run that was overtaken, and partitions that cannot be", async () => {
    const root = await rootOf();
    await (await write(await open(root), [[1, 2023, "a"]], { epoch: 5 })).commit();
    await expect((await open(root)).accepts(requestOf({ commitId: "c2", epoch: 4 }))).rejects.toMatchObject({
      code: "conflict",
    });
    const other = (partitions: readonly string[]) => open(root, { path: "out/y", partitions: [...partitions] });
    await expect((await other(["yaer"])).accepts(requestOf())).rejects.toThrow(
      'partitions names "yaer", which is no column',
    );
    await expect((await other(["id", "year", "name"])).accepts(requestOf())).rejects.toThrow(
      "every column is a partition",
    );
    await expect(open(root, { format: "csv", targetSize: "1MB" })).rejects.toThrow(
      "targetSize together with partitions is for Parquet",
    );
  });

  it("writes lines and text in folders too, without what the folders say", async () => {
    const root = await rootOf();
    await (await write(await open(root, { format: "ndjson" }), [[1, 2023, "a"]])).commit();
    expect(await readFile(join(root, "out/x/year=2023/part-c1-0.ndjson"), "utf8")).toBe('{"id":1,"name":"a"}\n');
    await (await write(await open(root, { path: "out/t", format: "csv" }), [[1, 2023, "a"]])).commit();
    expect(await readFile(join(root, "out/t/year=2023/part-c1-0.csv"), "utf8")).toBe("id,name\n1,a\n");
  });
});

describe("a folder that is added to", () => {
  const rowsOf: readonly Row[] = [
    [1, 2023, "a"],
    [2, 2024, "b"],
    [3, null, "c"],
  ];

  it("keeps its files by links, and gets new ones beside them", async () => {
    const root = await rootOf();
    await (await write(await open(root), rowsOf)).commit();
    const before = await stat(join(root, "out/x/year=2023/part-c1-0.parquet"));
    const more = await write(await open(root), [[4, 2023, "d"]], { commitId: "c2", mode: "append" });
    // Readers see nothing of it yet.
    expect(await filesIn(join(root, "out/x"))).toHaveLength(3);
    expect(await more.commit()).toEqual({ repeated: false, inserted: 1 });
    expect(await filesIn(join(root, "out/x"))).toEqual([
      "year=2023/part-c1-0.parquet",
      "year=2023/part-c2-0.parquet",
      "year=2024/part-c1-0.parquet",
      "year=__HIVE_DEFAULT_PARTITION__/part-c1-0.parquet",
    ]);
    expect((await stat(join(root, "out/x/year=2023/part-c1-0.parquet"))).ino).toBe(before.ino);
    const whole = await write(await open(root), rowsOf, { commitId: "c3" });
    expect(await whole.commit()).toEqual({ repeated: false, inserted: 3, deleted: 4 });
  });

  it("keeps files whose names are taken", async () => {
    const root = await rootOf();
    const name = "0123456789abcdef";
    for (const commitId of [`${name}-1`, `${name}-2`, `${name}-3`]) {
      await (await write(await open(root), [[1, 2023, commitId]], { commitId, mode: "append" })).commit();
    }
    expect(await filesIn(join(root, "out/x"))).toEqual([
      `year=2023/part-${name}-0.parquet`,
      `year=2023/part-${name}-0~2.parquet`,
      `year=2023/part-${name}-0~2~2.parquet`,
    ]);
  });

  it("knows what each slice of each step committed, whatever came after", async () => {
    const root = await rootOf();
    for (const slice of ["monday", "tuesday"]) {
      const changes: Partial<StageRequest> = { slice, commitId: slice, mode: "append" };
      await (await write(await open(root), rowsOf, changes)).commit();
    }
    const sink = await open(root);
    expect(await sink.committed(requestOf({ slice: "monday" }))).toMatchObject({ commitId: "monday" });
    const again: Partial<StageRequest> = { slice: "monday", commitId: "monday", mode: "append", epoch: 2 };
    expect(await (await write(sink, rowsOf, again)).commit()).toMatchObject({ repeated: true, inserted: 3 });
    expect(await filesIn(join(root, "out/x"))).toHaveLength(6);
  });

  it("refuses an empty text as the name of a folder, which would come back as null", async () => {
    const sink = await open(await rootOf(), { partitions: ["name"] });
    await expect(
      write(sink, [
        [1, 2024, "a"],
        [2, 2024, ""],
      ]),
    ).rejects.toMatchObject({
      code: "data",
      message: expect.stringContaining(
        'out/x: "name" has an empty text, which no folder can be named after',
      ) as unknown,
      offending: "name",
    });
  });

  it.each(["parquet", "csv", "ndjson"])(
    "refuses the text that means null as the name of a folder of %s",
    async (format) => {
      const sink = await open(await rootOf(), { partitions: ["name"], format });
      const rows: readonly Row[] = [[1, 2024, "__HIVE_DEFAULT_PARTITION__"]];
      await expect(write(sink, rows)).rejects.toMatchObject({
        code: "data",
        message: '"name" has the text __HIVE_DEFAULT_PARTITION__, whose folder means null: write another word',
      });
    },
  );

  it("adds no delimited text whose columns stand in another order than those that are there", async () => {
    const { root } = await createProject({ engine, readInput });
    const asCsv = { path: "out/t", format: "csv" };
    await (await write(await open(root, asCsv), [[1, 2023, "a"]])).commit();
    const [id, year, name] = schema.columns;
    const turned = { columns: [name, id, year].flatMap((column) => column ?? []) };
    const again = requestOf({ schema: turned, mode: "append", commitId: "c2" });
    await expect((await open(root, asCsv)).accepts(again)).rejects.toThrow(
      "out/t: its files have their columns in the order id, name, the rows name, id",
    );
    const moved = { columns: [year, id, name].flatMap((column) => column ?? []) };
    await (await open(root, asCsv)).accepts({ ...again, schema: moved });
  });

  it("replaces only the partitions that rows arrive for", async () => {
    const root = await rootOf();
    await (await write(await open(root), rowsOf)).commit();
    const some: readonly Row[] = [
      [20, 2024, "x"],
      [21, 2024, "y"],
      [30, null, "z"],
      [40, 2025, "new"],
    ];
    const over = await write(await open(root), some, { commitId: "c2", mode: "overwrite" });
    expect(await over.commit()).toEqual({ repeated: false, inserted: 4, deleted: 2 });
    expect(await filesIn(join(root, "out/x"))).toEqual([
      "year=2023/part-c1-0.parquet",
      "year=2024/part-c2-0.parquet",
      "year=2025/part-c2-0.parquet",
      "year=__HIVE_DEFAULT_PARTITION__/part-c2-0.parquet",
    ]);
  });

  it("is text too, of which nobody knows how many rows went", async () => {
    const root = await rootOf();
    const csv = { path: "out/t", format: "csv" };
    await (await write(await open(root, csv), rowsOf)).commit();
    const over = await write(await open(root, csv), [[9, 2024, "x"]], { commitId: "c2", mode: "overwrite" });
    expect(await over.commit()).toEqual({ repeated: false, inserted: 1 });
    expect(await readFile(join(root, "out/t/year=2024/part-c2-0.csv"), "utf8")).toBe("id,name\n9,x\n");
    expect(await readFile(join(root, "out/t/year=2023/part-c1-0.csv"), "utf8")).toBe("id,name\n1,a\n");
  });

  it("refuses other columns, other partitions, and what it knows nothing of", async () => {
    const root = await rootOf();
    await (await write(await open(root), rowsOf)).commit();
    const append = { mode: "append", commitId: "c2" } as const;
    const other = (columns: Schema["columns"]) => requestOf({ ...append, schema: { columns } });
    const [id, year, name] = schema.columns;
    if (id === undefined || year === undefined || name === undefined) throw new Error("three columns");
    const sink = await open(root);
    await expect(sink.accepts(other([id, year]))).rejects.toMatchObject({ code: "config", offending: "name" });
    await expect(sink.accepts(other([...schema.columns, { ...id, name: "more" }]))).rejects.toMatchObject({
      message: expect.stringContaining('no column "more"'),
    });
    await expect(sink.accepts(other([{ ...id, type: "int32" }, year, name]))).rejects.toThrow(
      '"id" is int32, and int64',
    );
    const flat = await open(root, { partitions: ["name"] });
    await expect(flat.accepts(requestOf(append))).rejects.toThrow("are parted by year, not by name");
    await expect(sink.accepts(requestOf({ ...append, partitions: ["name"], mode: "overwrite" }))).rejects.toThrow(
      "parted by year, and the load by name",
    );
    const project = await createProject({ engine, readInput });
    const unparted = await adapter.openSink?.(
      adapter.parseAddress({ type: "file", format: "parquet", path: "out/w", targetSize: "64MB" }),
      undefined,
      { ...project.context, root },
    );
    await expect(unparted?.accepts(requestOf({ mode: "overwrite" }))).rejects.toThrow("the target has none");
    await rm(join(root, "out/.x.sluice/c1-1.json"));
    await expect(sink.accepts(requestOf(append))).rejects.toMatchObject({
      message: expect.stringContaining("nothing says what the files there hold"),
      hint: expect.stringContaining('mode: "replace"'),
    });
  });

  it("leaves the files as they were where it fails", async () => {
    const root = await rootOf();
    await (await write(await open(root), rowsOf)).commit();
    const checkpoint = (): void => {
      throw new Error("killed");
    };
    for (const mode of ["append", "overwrite"] as const) {
      const staging = await write(await open(root, {}, { checkpoint }), rowsOf, { commitId: "c2", mode });
      await expect(staging.commit()).rejects.toThrow("killed");
      await staging[Symbol.asyncDispose]();
      expect(await readlink(join(root, "out/x"))).toBe(join(".x.sluice", "c1-1"));
      expect((await readdir(join(root, "out/.x.sluice"))).sort()).toEqual(["c1-1", "c1-1.json"]);
    }
  });
});
