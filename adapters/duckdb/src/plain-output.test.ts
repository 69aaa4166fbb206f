import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createPlaces, type TextRow, writeRows } from "@sluice/conformance";
import {
  type OutputSpec,
  type PlainFile,
  plainFooterBytes,
  readPlainFooter,
  readPlainGroup,
  type Schema,
} from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";

const engine = createDuckDbEngine({ threads: 2 });
const places = createPlaces("sluice-duckdb-plain-");
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await places.remove();
});
const SCHEMA: Schema = {
  columns: [
    { name: "n", type: "int64", nullable: true },
    { name: "v", type: "string", nullable: true },
    { name: "f", type: "float64", nullable: true },
  ],
};

describe("a plain output", () => {
  const written = async (rows: readonly TextRow[]) => {
    const path = join((await places.newContext(engine)).scratch, "rows");
    const parquet = { plain: true, rowGroupRows: 2048, groupsPerFile: 1 };
    const files = await writeRows(engine, SCHEMA, rows, { format: "parquet", path, ordered: false, parquet });
    const found: { readonly plain: PlainFile; readonly bytes: Buffer }[] = [];
    for (const name of await readdir(path)) {
      const bytes = await readFile(join(path, name));
      const at = bytes.length - 8 - (plainFooterBytes(bytes.subarray(-8)) ?? 0);
      const plain = readPlainFooter(bytes.subarray(at, -8), at);
      if (plain === undefined) throw new Error(`${name} is not plain`);
      found.push({ plain, bytes });
    }
    return { files, found, path };
  };

  it("is files whose values lie one behind the other", async () => {
    // Of few texts, and all the same: a dictionary would be shorter.
    const { files, found, path } = await written(
      Array.from({ length: 6000 }, (_, n) => [String(n), n % 2 === 0 ? null : "text", "0.5"]),
    );
    const bytes = found.reduce((total, file) => total + file.bytes.length, 0);
    expect(files).toEqual([{ path, format: "parquet", rows: 6000, bytes }]);
    const numbers = found.flatMap(({ plain, bytes: file }) =>
      plain.groups.flatMap((group) => {
        const [ns, texts] = readPlainGroup(group, file.subarray(group.at, group.at + group.bytes));
        const [page] = ns?.pages ?? [];
        expect(texts?.nulls).toBe(texts?.present.filter((is) => is === 0).length);
        expect(texts?.pages.reduce((sum, { values }) => sum + values.length, 0)).toBe(
          8 * (group.rows - (texts?.nulls ?? 0)),
        );
        return Array.from({ length: page?.count ?? 0 }, (_, index) =>
          Number(Buffer.from(page?.values ?? []).readBigInt64LE(index * 8)),
        );
      }),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 6000 }, (_, n) => n));
  });

  it("may hold no rows", async () => {
    const { files, found } = await written([]);
    expect(files).toMatchObject([{ rows: 0 }]);
    expect(found.every(({ plain }) => plain.rows === 0)).toBe(true);
  });

  it("is what may be written instead where memory does not suffice for it", async () => {
    await using small = createDuckDbEngine({ threads: 1, memoryBytes: 100 * 1024 ** 2 });
    const folder = (await places.newContext(small)).scratch;
    const text = "select i::bigint as n, repeat('x', 100_000) as v, 0.5::double as f from range(4000) t (i)";
    const query = small.compile(
      { kind: "sql", engine: "duckdb", texts: [text], inputs: [] },
      { schemaOf: () => SCHEMA, parameters: new Map() },
    );
    const path = join(folder, "rows");
    const parquet = { plain: true, rowGroupRows: 4096, groupsPerFile: 1 };
    const instead: OutputSpec = { format: "csv", path: `${path}.csv`, ordered: false };
    const output: OutputSpec = { format: "parquet", path, ordered: false, parquet, instead };
    const request = {
      inputs: new Map(),
      parameters: new Map(),
      constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
      signal: new AbortController().signal,
    };
    const { files } = await small.execute(query, { ...request, output });
    const { size } = await stat(instead.path);
    expect(files).toEqual([{ path: instead.path, format: "csv", rows: 4000, bytes: size }]);
    expect(await readdir(path).catch(() => [])).toEqual([]);
    const { instead: _, ...only } = output;
    const failing = small.execute(query, { ...request, output: only });
    await expect(failing).rejects.toMatchObject({ code: "denied", reason: "memory" });
  }, 60_000);
});
