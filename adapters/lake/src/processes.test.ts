import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createPlaces } from "@sluice/conformance";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { openCatalog } from "./catalog/open-catalog.ts";
import type { Table } from "./format/table.ts";
import { localFiles } from "./table/lake-files.ts";
import { append, dataFile, ID, livePaths, newTable } from "./table/table.fixture.ts";
import { removeOrphans } from "./upkeep/remove-orphans.ts";

const places = createPlaces("sluice-lake-processes-");
afterAll(places.remove);

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A program over the sources of this package, as a file that Node runs. */
async function programOf(contents: string): Promise<string> {
  const outfile = join(await places.newFolder(), "program.mjs");
  await build({
    stdin: { contents, loader: "ts", resolveDir: source(".") },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "silent",
    external: ["pg"],
    alias: { "@sluice/core": source("../../../packages/core/src/index.ts") },
    plugins: [
      {
        name: "driver",
        setup: (builder) => {
          // The native driver is loaded from where it is installed.
          const path = pathToFileURL(createRequire(import.meta.url).resolve("libsql")).href;
          builder.onResolve({ filter: /^libsql$/ }, () => ({ path, external: true }));
        },
      },
    ],
  });
  return outfile;
}

/** Runs it to its end, and gives the signal or code that it ended with. */
function run(program: string, ...args: string[]): Promise<string | number | null> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
}

const OPEN = `
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { openCatalogRows } from "./catalog/catalog-rows.ts";
import { createCatalog, openCatalog } from "./catalog/open-catalog.ts";
import { openSqliteDatabase } from "./catalog/sqlite-database.ts";
import { pathOf } from "./format/location.ts";
import { localFiles } from "./table/lake-files.ts";
import { append, dataFile, ID } from "./table/table.fixture.ts";
const die = () => process.kill(process.pid, "SIGKILL");
`;

/** Replaces one file by another, and is killed before its nth step; a file is half written then. */
const REPLACE = `${OPEN}
const [folder, from, to, nth, torn] = process.argv.slice(2);
let step = 0;
const guarded = (target) => new Proxy(target, { get: (of, name) => {
  const member = of[name];
  if (typeof member !== "function") return member;
  return (...args) => {
    step += 1;
    if (step === Number(nth)) {
      if (torn === "torn" && name === "create") writeFileSync(pathOf(args[0]), args[1].subarray(0, args[1].length / 2));
      die();
    }
    return member.apply(of, args);
  };
} });
const rows = guarded(await openCatalogRows(await openSqliteDatabase(join(folder, "catalog.db"))));
const catalog = createCatalog({ rows, files: guarded(localFiles), folder, now: Date.now });
const table = await catalog.loadTable(ID);
await table.commit(async () => ({ snapshot: { operation: "overwrite", remove: [from], add: [dataFile(to)] } }));
await catalog[Symbol.asyncDispose]();
`;

const APPEND = `${OPEN}
const [folder, name, count] = process.argv.slice(2);
const catalog = await openCatalog({ folder });
const table = await catalog.loadTable(ID);
for (let index = 0; index < Number(count); index += 1) {
  await table.commit(append(dataFile("file:///" + name + index)), { retries: 1000 });
}
await catalog[Symbol.asyncDispose]();
`;

describe("a process that is killed between any two steps of a commit", async () => {
  const program = await programOf(REPLACE);

  it.each(["whole", "torn"])("leaves the table as it was or as it will be (files %s)", async (torn) => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    await (await newTable(catalog)).commit(append(dataFile("file:///0"), dataFile("file:///other")));
    let version = 0;
    const ends: string[] = [];
    for (let nth = 1; ; nth += 1) {
      const next = `file:///${version + 1}`;
      const end = await run(program, folder, `file:///${version}`, next, String(nth), torn);
      const table = (await catalog.loadTable(ID)) as Table;
      const live = await livePaths(table);
      const isDone = live.includes(next);
      expect(live).toEqual([isDone ? next : `file:///${version}`, "file:///other"]);
      if (isDone) version += 1;
      ends.push(`${String(end)} ${isDone}`);
      if (end === 0) break;
      expect(end).toBe("SIGKILL");
    }
    // It was killed at many steps, before the commit and after it.
    expect(ends.length).toBeGreaterThan(8);
    expect(new Set(ends)).toEqual(new Set(["SIGKILL false", "SIGKILL true", "0 true"]));
    const table = (await catalog.loadTable(ID)) as Table;
    const files = readdirSync(join(folder, "shop/orders/metadata")).length;
    const { paths } = await removeOrphans(table, localFiles, Date.now() + 4 * 86_400_000);
    expect(paths.length).toBeGreaterThan(3);
    expect(readdirSync(join(folder, "shop/orders/metadata"))).toHaveLength(files - paths.length);
    expect(await livePaths((await catalog.loadTable(ID)) as Table)).toEqual([`file:///${version}`, "file:///other"]);
  });
});

describe("several processes", async () => {
  const program = await programOf(APPEND);

  it("append to one table at once, and lose nothing", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    await newTable(catalog);
    const ends = await Promise.all(["a", "b", "c", "d"].map((name) => run(program, folder, name, "10")));
    expect(ends).toEqual([0, 0, 0, 0]);
    const table = (await catalog.loadTable(ID)) as Table;
    expect(await livePaths(table)).toHaveLength(40);
    expect(table.metadata.snapshots).toHaveLength(40);
    expect(table.currentSnapshot()?.summary["total-records"]).toBe("400");
    // Nothing is left of the attempts that lost: versions, and a list and a manifest of each snapshot.
    expect(readdirSync(join(folder, "shop/orders/metadata"))).toHaveLength(41 + 40 * 2);
  });
});
