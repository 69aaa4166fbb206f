import { readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readInput } from "@sluice/conformance";
import type { Schema, StageRequest } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/file";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, removeFolders } from "./files.fixture.ts";
import { filesIn, folderSinks, type Row, requestOf, schema } from "./folder-sinks.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const { open, rootOf, write } = folderSinks({ engine, readInput });

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
