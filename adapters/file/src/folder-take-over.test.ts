import { mkdir, readlink, rm, writeFile } from "node:fs/promises";
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

describe("a run that was stopped past its lease and goes on", () => {
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

  it("publishes what the engine wrote again after it had removed a first try", async () => {
    const root = await rootOf();
    await using sink = await open(root);
    await sink.accepts(requestOf());
    await rm(join(root, "out/.x.sluice/c1-1.tmp"), { recursive: true });
    const staging = await write(
      {
        ...sink,
        accepts: async () => ({
          format: "parquet",
          path: join(root, "out/.x.sluice/c1-1.tmp"),
          ordered: false,
          folder: { partitions: ["year"], name: "part-c1", ending: "parquet" },
        }),
      },
      [[1, 2023, "a"]],
    );
    expect(await staging.commit()).toMatchObject({ inserted: 1 });
    expect(await filesIn(join(root, "out/x"))).toEqual(["year=2023/part-c1-0.parquet"]);
  });
});
