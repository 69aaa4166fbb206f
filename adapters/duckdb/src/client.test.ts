import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createClient } from "./client.ts";
import { quotePaths } from "./sql-text.ts";

const root = await mkdtemp(join(tmpdir(), "sluice-client-"));
afterAll(() => rm(root, { recursive: true }));

it("loads nothing from the network, and every session is UTC", async () => {
  await using client = createClient({ scratch: root });
  const setting = async (name: string): Promise<unknown> =>
    (await client.use((session) => session.run(`select current_setting('${name}')`))).rows[0]?.[0];
  expect(await setting("autoinstall_known_extensions")).toBe(false);
  expect(await setting("autoload_known_extensions")).toBe(false);
  expect(await setting("TimeZone")).toBe("UTC");
});

it("keeps its limits", async () => {
  const mebibyte = 1024 * 1024;
  await using client = createClient({
    scratch: root,
    memoryBytes: 100 * mebibyte,
    scratchBytes: 10 * mebibyte,
    threads: 8,
  });
  const { rows } = await client.use((session) =>
    session.run(
      "select current_setting('memory_limit'), current_setting('max_temp_directory_size'), current_setting('threads')",
    ),
  );
  expect(rows[0]?.map(String)).toEqual(["100.0 MiB", "10.0 MiB", "1"]);
});

it("runs one statement at a time", async () => {
  await using client = createClient({ scratch: root });
  await expect(client.use((session) => session.run("select 1; select 2"))).rejects.toThrow(/multiple statements/);
});

it("opens another database after DuckDB lost one", async () => {
  const path = join(root, "bad.csv");
  await writeFile(path, Buffer.from([0x31, 0x2c, 0xff, 0x2c, 0x62, 0x0a]));
  await using client = createClient({ scratch: root });
  const bad = `select t from read_csv(${quotePaths([path])}, auto_detect = false, header = false, new_line = '\\n',
    columns = {'n': 'VARCHAR', 't': 'VARCHAR', 'u': 'VARCHAR'})`;
  await expect(client.use((session) => session.run(bad))).rejects.toMatchObject({ code: "internal" });
  expect((await client.use((session) => session.run("select 7"))).rows).toEqual([[7]]);
});

it("is open before it is used where it was told to be, and what goes wrong is said by the first use", async () => {
  const scratch = await mkdtemp(join(root, "warm-"));
  await using client = createClient({ scratch });
  client.warmUp();
  await expect.poll(() => readdir(scratch)).toHaveLength(1);
  expect((await client.use((session) => session.run("select 1"))).rows).toEqual([[1]]);
  await using lost = createClient({ scratch: join(root, "absent") });
  lost.warmUp();
  await expect(lost.use((session) => session.run("select 1"))).rejects.toMatchObject({ code: "missing" });
});

it("leaves nothing behind where it is disposed of while it opens", async () => {
  const scratch = await mkdtemp(join(root, "opening-"));
  const client = createClient({ scratch });
  client.warmUp();
  await client[Symbol.asyncDispose]();
  expect(await readdir(scratch)).toEqual([]);
});

it("removes its folder when disposed of, and says so when used again", async () => {
  const scratch = await mkdtemp(join(root, "own-"));
  const client = createClient({ scratch });
  await client.use((session) => session.run("select 1"));
  expect(await readdir(scratch)).toHaveLength(1);
  await client[Symbol.asyncDispose]();
  expect(await readdir(scratch)).toEqual([]);
  await expect(client.use((session) => session.run("select 1"))).rejects.toMatchObject({ code: "internal" });
});

it("ends what it is at when it is disposed of, in whatever way it is used then", async () => {
  const client = createClient({ scratch: root, threads: 2 });
  const endless = "select sum(hash(a.range, b.range)) from range(1000000) a, range(1000000) b";
  const rows = "select a.range, 'some text ' || b.range from range(100000) a, range(100000) b";
  let begun: () => void = () => undefined;
  const areRunning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { session } = await client.lend();
  const chunks = session.stream(rows)[Symbol.asyncIterator]();
  expect((await chunks.next()).done).toBe(false);
  const running = client.use((own) => own.run(endless));
  const again = (async () => {
    for (let times = 1; ; times++) {
      await client.use((own) => own.run("select 'x' || range from range(1000)"));
      if (times === 3) begun();
    }
  })();
  const ends = Promise.allSettled([running, again]);
  await areRunning;
  await client[Symbol.asyncDispose]();
  expect(await ends).toMatchObject([
    { status: "rejected", reason: { code: "cancelled" } },
    { status: "rejected", reason: { code: expect.stringMatching(/cancelled|internal/) } },
  ]);
  await expect(chunks.next()).rejects.toMatchObject({ code: "internal" });
});

it("opens nothing that is not used", async () => {
  const scratch = await mkdtemp(join(root, "unused-"));
  const client = createClient({ scratch });
  await client[Symbol.asyncDispose]();
  expect(await readdir(scratch)).toEqual([]);
});

it("gives a sentence for a scratch folder that is not there", async () => {
  await using client = createClient({ scratch: join(root, "nowhere") });
  await expect(client.use((session) => session.run("select 1"))).rejects.toMatchObject({
    code: "missing",
    message: expect.stringContaining("nowhere"),
  });
});
