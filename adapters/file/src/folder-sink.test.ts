import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { removeFolders } from "./files.fixture.ts";
import { filesIn, folderSinks, requestOf } from "./folder-sinks.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const { open, rootOf, write } = folderSinks({ engine, readInput });

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
