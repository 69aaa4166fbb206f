import { execFileSync } from "node:child_process";
import { linkSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readInput } from "@sluice/conformance";
import type { Address, OpenContext, Sink, StageRequest } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, removeFolders } from "./files.fixture.ts";
import { loadRequest, openSink } from "./sinks.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});

const schema = { columns: [{ name: "id", type: "int64", nullable: true }] };
const requestOf = (changes: Partial<StageRequest> = {}): StageRequest => loadRequest({ schema, ...changes });

const open = (root: string, address: Partial<Address> = {}, more: Partial<OpenContext> = {}): Promise<Sink> =>
  openSink(surroundings, { path: "out/x.csv", ...address }, { root, ...more });

/** Writes `text` where the sink wants it and goes on to the commit; what is not committed is left as a crash leaves it. */
async function write(sink: Sink, text: string, changes: Partial<StageRequest> = {}) {
  const request = requestOf(changes);
  const { path } = await sink.accepts(request);
  await writeFile(path, text);
  const staging = await sink.stage(request);
  await staging.add([{ path, format: "csv", rows: text.length, bytes: text.length }]);
  return staging;
}

const rootOf = async (): Promise<string> => (await createProject(surroundings)).root;

describe("a target file", () => {
  it("is written aside, then renamed, with a sidecar that names it", async () => {
    const root = await rootOf();
    const sink = await open(root);
    const staging = await write(sink, "id\n1\n");
    expect(await readdir(join(root, "out"))).toEqual([".x.csv.c1-1.tmp"]);
    expect(await staging.commit()).toEqual({ repeated: false, deleted: 0, inserted: 5 });
    await staging[Symbol.asyncDispose]();
    await sink[Symbol.asyncDispose]();
    expect(await readdir(join(root, "out"))).toEqual([".x.csv.sluice.json", "x.csv"]);
    const { ino, size } = await stat(join(root, "out/x.csv"), { bigint: true });
    expect(JSON.parse(await readFile(join(root, "out/.x.csv.sluice.json"), "utf8"))).toEqual({
      project: "project",
      pipeline: "pipeline",
      step: "load",
      slice: "",
      epoch: 1,
      commitId: "c1",
      rows: 5,
      result: { inserted: 5, deleted: 0 },
      bytes: 5,
      inode: String(ino),
      size: String(size),
    });
  });

  it("left without a commit leaves nothing, not even a folder", async () => {
    const root = await rootOf();
    const sink = await open(root, { path: "a/b/x.csv" });
    const staging = await write(sink, "id\n");
    await staging[Symbol.asyncDispose]();
    await sink[Symbol.asyncDispose]();
    expect(await readdir(root)).toEqual([]);
    const early = await open(root, { path: "a/b/x.csv" });
    await early.accepts(requestOf());
    await early[Symbol.asyncDispose]();
    expect(await readdir(root)).toEqual([]);
  });

  it("is committed once, whatever the crash: with the sidecar written and the file not renamed, it was not", async () => {
    const root = await rootOf();
    const first = await open(root);
    await (await write(first, "id\n1\n", { commitId: "old" })).commit();
    // The process dies between the two renames. A living one would clear up, so what lay there is put back afterwards.
    const [sidecar, aside] = [join(root, "out/.x.csv.sluice.json"), join(root, "out/.x.csv.c1-1.tmp")];
    let text = "";
    const die = (name: string): never => {
      expect(name).toBe("load.committing");
      text = readFileSync(sidecar, "utf8");
      linkSync(aside, join(root, "kept"));
      throw new Error("killed");
    };
    const dead = await open(root, {}, { checkpoint: die });
    const staging = await write(dead, "id\n2\n");
    await expect(staging.commit()).rejects.toThrow("killed");
    expect(JSON.parse(text)).toMatchObject({ commitId: "c1" });
    expect(JSON.parse(readFileSync(sidecar, "utf8"))).toMatchObject({ commitId: "old" });
    writeFileSync(sidecar, text);
    await staging[Symbol.asyncDispose]();
    renameSync(join(root, "kept"), aside);
    const resumed = await open(root);
    // What is there is the old file still, and its commit the last one.
    expect(await resumed.committed(requestOf())).toMatchObject({ commitId: "old" });
    expect(await readFile(join(root, "out/x.csv"), "utf8")).toBe("id\n1\n");
    expect(await (await write(resumed, "id\n2\n")).commit()).toMatchObject({ repeated: false });
    expect(await readFile(join(root, "out/x.csv"), "utf8")).toBe("id\n2\n");
    expect(await resumed.committed(requestOf())).toMatchObject({ commitId: "c1" });
    expect(await (await write(resumed, "id\n2\n")).commit()).toMatchObject({ repeated: true });
    await resumed[Symbol.asyncDispose]();
    expect(await readdir(join(root, "out"))).toEqual([".x.csv.sluice.json", "x.csv"]);
  });

  it("is left alone by a run that was stopped past its lease, at the very same commit and at another", async () => {
    const root = await rootOf();
    const stopped = await write(await open(root), "id\n1\n", { commitId: "a" });
    const same = await write(await open(root), "id\n2\n", { commitId: "b" });
    await (await write(await open(root), "id\n3\n", { commitId: "b", epoch: 2 })).commit();
    await expect(stopped.commit()).rejects.toMatchObject({ code: "conflict", reason: "epoch" });
    expect(await same.commit()).toMatchObject({ repeated: true });
    for (const late of [stopped, same]) await late[Symbol.asyncDispose]();
    expect(await readFile(join(root, "out/x.csv"), "utf8")).toBe("id\n3\n");
    expect(await (await open(root)).committed(requestOf())).toMatchObject({ commitId: "b", epoch: 2 });
    expect(await readdir(join(root, "out"))).toEqual([".x.csv.sluice.json", "x.csv"]);
  });

  it("is found again by whoever comes next, also where the path holds a parameter", async () => {
    const root = await rootOf();
    const day = (text: string): Partial<StageRequest> => ({ parameters: new Map([["day", text]]) });
    const first = await open(root, { path: "out/{day}.csv" });
    await (await write(first, "id\n1\n", day("monday"))).commit();
    const next = await open(root, { path: "out/{day}.csv" });
    expect(await next.committed(requestOf(day("monday")))).toMatchObject({ commitId: "c1" });
    expect(await next.committed(requestOf(day("tuesday")))).toBeUndefined();
  });

  it("that somebody else wrote is no commit of ours", async () => {
    const root = await rootOf();
    const sink = await open(root);
    await (await write(sink, "id\n1\n")).commit();
    expect(await sink.committed(requestOf())).toBeDefined();
    await writeFile(join(root, "out/other"), "id\n9\n");
    execFileSync("mv", [join(root, "out/other"), join(root, "out/x.csv")]);
    expect(await sink.committed(requestOf())).toBeUndefined();
    expect(await (await write(sink, "id\n1\n")).commit()).toMatchObject({ repeated: false });
  });

  it("refuses a run that lost its lease, before and after its rows were written", async () => {
    const root = await rootOf();
    const zombie = await open(root);
    const late = await write(zombie, "id\n1\n", { epoch: 4 });
    const sink = await open(root);
    await (await write(sink, "id\n5\n", { epoch: 5, commitId: "c5" })).commit();
    await expect(late.commit()).rejects.toMatchObject({ code: "conflict", reason: "epoch" });
    await expect(zombie.accepts(requestOf({ epoch: 4 }))).rejects.toMatchObject({ code: "conflict" });
    expect(await readFile(join(root, "out/x.csv"), "utf8")).toBe("id\n5\n");
    // Another pipeline has epochs of its own.
    expect(await (await write(sink, "id\n6\n", { pipeline: "other", commitId: "c6" })).commit()).toBeDefined();
  });

  it("clears what dead writes left beside it, and nothing else", async () => {
    const root = await rootOf();
    await mkdir(join(root, "out"));
    const others = [".y.csv.dead.tmp", ".x.csv.a.b.tmp", "x.csv.dead.tmp", ".x.csv.tmp", ".x.csv.backup"];
    for (const name of [".x.csv.dead.tmp", ".x.csv.sluice.json.dead.tmp", ...others])
      await writeFile(join(root, "out", name), "");
    const sink = await open(root);
    await sink.accepts(requestOf());
    expect((await readdir(join(root, "out"))).sort()).toEqual([...others].sort());
  });

  it("may be a file that an earlier stage landed, which stays", async () => {
    const root = await rootOf();
    await writeFile(join(root, "landed.csv"), "id\n7\n");
    const sink = await open(root);
    const request = requestOf();
    await sink.accepts(request);
    const staging = await sink.stage(request);
    await staging.add([{ path: join(root, "landed.csv"), format: "csv", rows: 1, bytes: 5 }]);
    await staging.commit();
    expect(await readFile(join(root, "out/x.csv"), "utf8")).toBe("id\n7\n");
    expect(await readFile(join(root, "landed.csv"), "utf8")).toBe("id\n7\n");
  });

  it("is written through a link, and with its parameters", async () => {
    const root = await rootOf();
    await mkdir(join(root, "real"));
    await writeFile(join(root, "real/y.csv"), "old");
    await symlink("real/y.csv", join(root, "x.csv"));
    const linked = await open(root, { path: "x.csv" });
    await (await write(linked, "id\n1\n")).commit();
    expect(await readFile(join(root, "real/y.csv"), "utf8")).toBe("id\n1\n");
    const day = await open(root, { path: "out/{day}.csv" });
    await (await write(day, "id\n", { parameters: new Map([["day", "2024-01-01"]]) })).commit();
    expect(await readFile(join(root, "out/2024-01-01.csv"), "utf8")).toBe("id\n");
    const outside = day.accepts(requestOf({ parameters: new Map([["day", "../../x"]]) }));
    await expect(outside).rejects.toMatchObject({ code: "config" });
    await expect(day.accepts(requestOf())).rejects.toMatchObject({ code: "config", offending: "{day}" });
  });
});

describe("what a target cannot be", () => {
  it.each<[string, Partial<StageRequest>, object]>([
    [
      "appended to",
      { mode: "append" },
      { code: "unsupported", offending: "append", hint: expect.stringContaining("replace") },
    ],
    ["merged into", { mode: "merge", key: ["id"] }, { code: "unsupported", offending: "merge" }],
  ])("%s", async (_, changes, error) => {
    const sink = await open(await rootOf());
    await expect(sink.accepts(requestOf(changes))).rejects.toMatchObject(error);
  });

  it("a folder, a device, something below a file, a link to nowhere", async () => {
    const root = await rootOf();
    await mkdir(join(root, "folder.csv"));
    await writeFile(join(root, "file"), "");
    await symlink("nowhere", join(root, "dangling.csv"));
    const attempt = async (path: string): Promise<unknown> =>
      (await open(root, { path, format: "csv" })).accepts(requestOf());
    await expect(attempt("folder.csv")).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("is a folder"),
      hint: 'name a file to write in it: "folder.csv/rows.csv"',
    });
    await expect(attempt("/dev/full")).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("a device"),
    });
    await expect(attempt("file/x.csv")).rejects.toMatchObject({ code: "missing" });
    await expect(attempt("dangling.csv")).rejects.toMatchObject({ code: "config" });
    expect((await stat("/dev/full")).isCharacterDevice()).toBe(true);
    expect((await readdir(root)).sort()).toEqual(["dangling.csv", "file", "folder.csv"]);
  });

  it.each<[Partial<Address>, string]>([
    [{ quote: "'" }, "is for reading"],
    [{ path: "-", format: "csv" }, "standard output is no target of a pipeline"],
    [{ path: "out/x.zip!y.csv" }, "members of archives are read, not written"],
    [{ encoding: "utf-16le" }, "is for reading"],
    [{ compression: "zstd" }, "is compressed with gzip"],
    [{ delimeter: ";" }, 'has no option "delimeter"'],
    [{ path: "out/x.parquet", delimiter: ";" }, 'has no "delimiter"'],
    [{ path: "out/x" }, "cannot be told from its name"],
    [{ delimiter: "" }, '"delimiter" is ""'],
    [{ delimiter: ";;;" }, 'not ";;;"'],
    [{ delimiter: "é" }, 'not "é"'],
    [{ delimiter: '"', quote: "none" }, "that is not a quote"],
    [{ delimiter: '"' }, "which holds the quote"],
    [{ delimiter: "\\n" }, "not a backslash and a letter"],
    [{ header: "yes" }, '"header" is "yes"'],
  ])("described as %j", async (address, says) => {
    await expect(open(await rootOf(), address)).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining(says),
    });
  });
});

it("asks for what the address and the name say", async () => {
  const root = await rootOf();
  const spec = async (address: Partial<Address>) => (await open(root, address)).accepts(requestOf());
  expect(await spec({})).toMatchObject({
    format: "csv",
    compression: "none",
    csv: { delimiter: ",", header: true, quote: "minimal" },
  });
  expect(await spec({ path: "x.tsv.gz" })).toMatchObject({ compression: "gzip", csv: { delimiter: "\t" } });
  expect(await spec({ delimiter: ";", header: false, quote: "all" })).toMatchObject({
    csv: { delimiter: ";", header: false, quote: "all" },
  });
  expect(await spec({ path: "x.parquet", compression: "zstd" })).toMatchObject({
    format: "parquet",
    compression: "zstd",
  });
});

it("writes what the engine makes, gzip too", async () => {
  const root = await rootOf();
  const sink = await open(root, { path: "x.csv.gz" });
  const request = requestOf();
  const output = await sink.accepts(request);
  const query = engine.compile(
    { kind: "values", columns: schema.columns, rows: [["1"], ["2"]] },
    { schemaOf: () => schema, parameters: new Map() },
  );
  const constants = { now: "2024-02-29T12:00:00.000Z", today: "2024-02-29" };
  const { files } = await engine.execute(query, {
    inputs: new Map(),
    parameters: new Map(),
    constants,
    signal: request.signal,
    output,
  });
  const staging = await sink.stage(request);
  await staging.add(files);
  const scanned = await staging.scan(["id"]);
  expect(scanned).toMatchObject({ format: "parquet", columns: [{ name: "id", type: "int64" }] });
  await staging.commit();
  expect(gunzipSync(await readFile(join(root, "x.csv.gz"))).toString()).toBe("id\n1\n2\n");
});

describe.skipIf(!canMount())("a full disk (needs the right to mount a small one)", () => {
  it("is said, and nothing stays", async () => {
    const root = await rootOf();
    const disk = join(root, "disk");
    await mkdir(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]);
    try {
      await writeFile(join(root, "landed.csv"), Buffer.alloc(200_000, "x\n"));
      const sink = await open(root, { path: "disk/x.csv" });
      const request = requestOf();
      await sink.accepts(request);
      const staging = await sink.stage(request);
      await expect(
        staging.add([{ path: join(root, "landed.csv"), format: "csv", rows: 1, bytes: 200_000 }]),
      ).rejects.toMatchObject({
        code: "denied",
        reason: "disk-full",
        message: expect.stringContaining("no space left on the device"),
      });
      await staging[Symbol.asyncDispose]();
      await sink[Symbol.asyncDispose]();
      expect(await readdir(disk)).toEqual([]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});

function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    execFileSync("sh", ["-c", 'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"'], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}
