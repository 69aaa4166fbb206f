import { join } from "node:path";
import {
  createPlaces,
  type LoadedTable,
  type ReferenceLoad,
  readInput,
  referenceLoad,
  writeRows,
} from "@sluice/conformance";
import {
  type Address,
  type Column,
  type CommitResult,
  type FrozenDataset,
  type ScannableInput,
  SluiceError,
} from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/lake";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-lake-merges-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const TABLE: readonly Column[] = [
  { name: "id", type: "int64", nullable: true },
  { name: "word", type: "string", nullable: true },
  { name: "seen", type: "int64", nullable: true },
];
const FLAG: Column = { name: "gone", type: "bool", nullable: true };
const FILES = 4;
const KEYS_PER_FILE = 12;
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

type Settings = Pick<ReferenceLoad, "deleteFlag" | "newerBy" | "missing">;
const SETTINGS: readonly Settings[] = [
  {},
  { deleteFlag: "gone" },
  { newerBy: "seen" },
  { missing: "delete" },
  { deleteFlag: "gone", newerBy: "seen" },
];

/** Numbers below a limit, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed * 2_654_435_761;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

let commits = 0;

async function load(
  address: Address,
  given: ReferenceLoad,
  assertUnchanged?: () => Promise<void>,
): Promise<CommitResult> {
  const context = await places.newContext(engine);
  const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
  if (sink === undefined) throw new Error("no sink");
  const commitId = `c${++commits}`;
  const { rows, ...settings } = given;
  const request = {
    ...{ project: "p", pipeline: "p", step: commitId, slice: "", epoch: 1, commitId, key: ["id"] },
    ...{ parameters: new Map(), signal: context.signal },
    ...settings,
  };
  const files = await writeRows(engine, given.schema, rows, await sink.accepts(request));
  await using staging = await sink.stage(request);
  await staging.add(files, assertUnchanged);
  return await staging.commit();
}

async function scan(address: Address): Promise<ScannableInput> {
  const context = await places.newContext(engine);
  const source = await adapter.openSource?.(adapter.parseAddress(address), undefined, context);
  if (source?.scan === undefined) throw new Error("no source");
  const dataset: FrozenDataset = {
    ...{ version: 1, name: "t", source: address, validate: "used", drift: "fail", reordered: "fail" },
    ...{ stage: "volatile", warnings: [], columns: TABLE },
  };
  const columns = TABLE.map(({ name }) => name);
  return source.scan({ dataset, columns, parameters: new Map(), signal: context.signal, warn: () => undefined });
}

const texts = (rows: readonly (readonly unknown[])[]): readonly string[] => rows.map((row) => row.join(" ")).toSorted();

const read = async (input: ScannableInput): Promise<readonly string[]> =>
  texts(
    await readInput(
      engine,
      input,
      TABLE.map(({ name }) => name),
    ),
  );

/** The rows of each file. */
async function rowsByFile(address: Address): Promise<ReadonlyMap<string, readonly string[]>> {
  const input = await scan(address);
  const found = new Map<string, readonly string[]>();
  for (const group of input.groups) {
    for (const file of group.files) {
      found.set(file.path, await read({ ...input, groups: [{ ...group, files: [file] }] }));
    }
  }
  return found;
}

describe("merges drawn by lot into a table of several files", () => {
  it.each(SEEDS)(
    "give the rows and the counts that their rules say, and leave files without a change (%i)",
    async (seed) => {
      const below = numbers(seed);
      const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
      const address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "n.t" } as const;
      let table: LoadedTable | undefined;
      for (let file = 0; file < FILES; file += 1) {
        const ids = Array.from({ length: KEYS_PER_FILE }, (_, index) => index * FILES + file);
        const rows = ids.map((id) => [String(id), pick(["a", "b", null]), pick(["1", "2", null])]);
        const append: ReferenceLoad = { schema: { columns: TABLE }, rows, mode: "append", key: [] };
        table = referenceLoad(table, append).table;
        await load(address, append);
      }
      for (let merge = 0; merge < 3; merge += 1) {
        const settings = pick(SETTINGS);
        const isWhole = below(3) > 0;
        const columns = [
          ...TABLE.filter(({ name }) => isWhole || name !== "word"),
          ...(settings.deleteFlag === undefined ? [] : [FLAG]),
        ];
        // Of one file or of all, mostly as they are, and some that are new.
        const present = new Map(table?.rows.map((row) => [String(row[0]), row]));
        const step = pick([1, FILES]);
        const change = pick([0, 3, 10]);
        const flagged = pick([0, 3, 10]);
        const ids = Array.from({ length: below(12) + 1 }, (_, index) =>
          String(index * step + (step === 1 ? below(2) * 40 : 1)),
        );
        const rows = ids.map((id) => {
          const old = present.get(id);
          const isOther = old === undefined || below(10) < change;
          const values = new Map<string, string | boolean | null>([
            ["id", id],
            ["word", isOther ? pick(["a", "b", "c", null]) : (old[1] ?? null)],
            ["seen", isOther ? pick(["1", "2", "3", null]) : (old[2] ?? null)],
            ["gone", below(10) < flagged ? true : pick([false, null])],
          ]);
          return columns.map(({ name }) => values.get(name) ?? null);
        });
        const unique = [...new Map(rows.map((row) => [row[0], row])).values()];
        const request: ReferenceLoad = { schema: { columns }, rows: unique, mode: "merge", key: ["id"], ...settings };
        const expected = referenceLoad(table, request);
        const before = await rowsByFile(address);
        const { repeated: _, ...counts } = await load(address, request);
        expect(counts).toEqual(expected.counts);
        const after = await rowsByFile(address);
        expect(texts([...after.values()].flat().map((row) => [row]))).toEqual(texts(expected.table.rows));
        const stored = new Set(texts(expected.table.rows));
        for (const [path, held] of before)
          expect([path, after.has(path)]).toEqual([path, held.every((row) => stored.has(row))]);
        table = expected.table;
      }
    },
  );
});

describe("a merge of rows that are taken out, beside equal ones of the same file", () => {
  it("leaves the equal ones there", async () => {
    const address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "n.t" } as const;
    const rows = [
      ["1", "a", "1"],
      ["2", "b", "2"],
      ["3", "c", "3"],
    ];
    await load(address, { schema: { columns: TABLE }, rows, mode: "append", key: [] });
    const arriving = rows.slice(0, 2).map((row) => [...row, row[0] === "1"]);
    const schema = { columns: [...TABLE, FLAG] };
    const result = await load(address, { schema, rows: arriving, mode: "merge", key: ["id"], deleteFlag: "gone" });
    expect(result).toMatchObject({ inserted: 0, updated: 0, deleted: 1, unchanged: 1 });
    expect(await read(await scan(address))).toEqual(["2 b 2", "3 c 3"]);
  });
});

describe("a merge of files that others may write to", () => {
  it("publishes nothing of a file that changed while it was read", async () => {
    const address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "n.t" } as const;
    const rows = [["1", "a", "1"]];
    const schema = { columns: TABLE };
    await load(address, { schema, rows, mode: "append", key: [] });
    const torn = new SluiceError("conflict", "the source changed", { reason: "source-changed" });
    const merge: ReferenceLoad = { schema, rows: [["1", "b", "1"]], mode: "merge", key: ["id"] };
    await expect(load(address, merge, () => Promise.reject(torn))).rejects.toBe(torn);
    // Two rows with one key: of a file that changed, that is said and not what was seen.
    const twice: ReferenceLoad = {
      ...merge,
      rows: [
        ["1", "b", "1"],
        ["1", "c", "1"],
      ],
    };
    await expect(load(address, twice, () => Promise.reject(torn))).rejects.toBe(torn);
    expect(await read(await scan(address))).toEqual(["1 a 1"]);
  });
});
