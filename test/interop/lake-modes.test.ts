import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LakeProject, lakeProject, type TextRows } from "./lake-project.ts";
import { openPyIceberg, type PyIceberg } from "./pyiceberg.ts";
import { pythonEnvironment } from "./python-environment.ts";
import { ALL, oursOf, selectRows, sorted } from "./shared-rows.ts";

const environment = await pythonEnvironment();

const AFTER = (row: { readonly id: { gte(value: number): unknown } }): unknown => row.id.gte(120);

interface Seen {
  readonly table: string;
  readonly columns: readonly string[];
  /** A condition, for both and for us where we write it otherwise. */
  readonly where?: string;
  readonly snapshot?: string;
}

describe.skipIf("absent" in environment)("pipelines into the lake, and PyIceberg", () => {
  let lake: LakeProject;
  let other: PyIceberg;

  beforeAll(async () => {
    if ("absent" in environment) return;
    lake = lakeProject();
    await lake.load("n.all", selectRows("0, 300"), { mode: "replace" });
    other = openPyIceberg(environment.python, `sqlite:///${lake.place.folder}/catalog.db`, lake.place.folder);
  });
  afterAll(async () => {
    await other?.[Symbol.asyncDispose]();
    lake?.[Symbol.dispose]();
  });

  /** Both see the same rows; gives how many. */
  async function agreed(seen: Seen): Promise<number> {
    const { table, columns, where, snapshot } = seen;
    const version = snapshot === undefined ? table : `${table}@${snapshot}`;
    const ours = sorted(await lake.rows(version, oursOf(columns), where === undefined ? "" : `where ${where}`));
    const asked = { table, columns, ...(where === undefined ? {} : { filter: where }) };
    const theirs = sorted(await other.ask<TextRows>("texts", snapshot === undefined ? asked : { ...asked, snapshot }));
    const [here, there] = [new Set(ours), new Set(theirs)];
    const differs = {
      ours: ours.filter((row) => !there.has(row)).slice(0, 5),
      theirs: theirs.filter((row) => !here.has(row)).slice(0, 5),
    };
    expect({ ...seen, ...differs }).toEqual({ ...seen, ours: [], theirs: [] });
    expect(ours).toEqual(theirs);
    return ours.length;
  }

  const snapshotsOf = async (table: string): Promise<readonly string[]> =>
    (await other.ask<{ readonly snapshots: readonly { readonly id: string }[] }>("describe", { table })).snapshots.map(
      ({ id }) => id,
    );

  it("agree on values of every type, nested ones too", async () => {
    expect(await agreed({ table: "n.all", columns: ALL })).toBe(300);
    for (const where of ["id = 3", "word = ''", "price < -480", "small IS NULL", "flag = true", "single > 30.0"]) {
      expect(await agreed({ table: "n.all", columns: ALL, where })).toBeGreaterThan(0);
    }
  });

  it.each([
    ["mode", undefined],
    ["parted", ["bucket(3, id)", "truncate(2, word)"]],
  ])("agree after a load of every mode, and on every snapshot (%s)", async (name, parted) => {
    const table = `n.${name}`;
    const columns = ["id", "price", "word", "day", "point", "tags"];
    const into = parted === undefined ? {} : { parted };
    const steps: readonly (readonly [range: string, changes: Record<string, string>, into: object])[] = [
      ["0, 100", {}, { mode: "append", ...into }],
      ["90, 130", { price: "7::decimal(12, 2)" }, { mode: "merge", key: ["id"] }],
      ["80, 95", { gone: "i % 2 = 0" }, { mode: "merge", key: ["id"], deleteFlag: "gone" }],
      ["120, 140", { word: "'new'" }, { mode: "insert-only", key: ["id"] }],
      ["10, 20", { id: "(i * 2)::bigint" }, { mode: "delete+insert", key: ["id"] }],
      ["600, 603", { word: "'new'" }, { mode: "overwrite", partitions: ["word"] }],
      ["130, 134", {}, { mode: "overwrite", where: AFTER }],
      ["0, 60", {}, { mode: "merge", key: ["id"], missing: "delete" }],
      ["500, 520", { more: "i::int" }, { mode: "append" }],
      ["500, 505", { more: "i::int" }, { mode: "replace" }],
    ];
    const counts: number[] = [];
    for (const [range, changes, how] of steps) {
      await lake.load(table, selectRows(range, columns, changes), how as { mode: "append" });
      counts.push(await agreed({ table, columns }));
    }
    expect(counts).toEqual([100, 130, 122, 132, 132, 125, 116, 60, 80, 5]);
    const then: number[] = [];
    for (const snapshot of await snapshotsOf(table)) then.push(await agreed({ table, columns, snapshot }));
    expect(then).toEqual(counts);
  });

  it("append to each other's tables, whose files call nested fields otherwise", async () => {
    const columns = ALL.filter((name) => name !== "uid");
    await lake.load("n.ours", selectRows("0, 20", columns), {
      mode: "append",
      parted: ["bucket(2, id)", "month(zoned)"],
    });
    await other.ask("copy_rows", { table: "n.ours", into: "n.ours", filter: "id < 10" });
    expect(await agreed({ table: "n.ours", columns })).toBe(30);
    await other.ask("copy_rows", { table: "n.ours", into: "n.theirs", filter: "id >= 10" });
    expect(await agreed({ table: "n.theirs", columns })).toBe(10);
    await lake.load("n.theirs", selectRows("15, 25", columns, { word: "'ours'" }), { mode: "merge", key: ["id"] });
    await lake.load("n.theirs", selectRows("30, 32", columns), { mode: "append" });
    expect(await agreed({ table: "n.theirs", columns })).toBe(17);
    await other.ask("evolve", { table: "n.theirs", changes: [["rename", "point.y z", "zed"]] });
    expect(await agreed({ table: "n.theirs", columns })).toBe(17);
    await lake.load("n.theirs", "select 11::bigint as id, {x: 1, zed: 'new'} as point", { mode: "merge", key: ["id"] });
    expect(await agreed({ table: "n.theirs", columns: ["id", "point"] })).toBe(17);
    expect((await lake.rows("n.theirs", ["point.zed"], "where id in (11, 13) order by id")).flat()).toEqual([
      "new",
      "s13",
    ]);
  });

  it("agree on files without numbers, by the names that the table keeps for them", async () => {
    const columns = ["id", "word", "day", "point", "tags"];
    const table = "n.bare";
    await lake.load(table, selectRows("0, 10", columns), { mode: "append" });
    const mapping = await other.ask<string>("add_bare", { table, file: "bare.parquet", filter: "id < 5" });
    expect(mapping).toContain('"names"');
    expect(await agreed({ table, columns })).toBe(15);
    await other.ask("evolve", {
      table,
      changes: [
        ["rename", "word", "said"],
        ["rename", "point.y z", "zed"],
        ["drop", "day"],
        ["add", "fresh", "string"],
      ],
    });
    const renamed = ["id", "said", "fresh", "point", "tags"];
    expect(await agreed({ table, columns: renamed })).toBe(15);
    const first = (await lake.rows(table, ["said", "point.zed"], "where id = 3")).flat();
    expect(first).toHaveLength(4);
    expect(new Set(first.slice(0, 2))).toEqual(new Set(first.slice(2)));
    expect(first).not.toContain(null);
    const fresher = "select 100::bigint as id, 'x' as said, 'new' as fresh, 'm' as more";
    await lake.load(table, fresher, { mode: "append", evolve: "add" });
    const names = "schema.name-mapping.default";
    const extended = await other.ask<string>("property", { table, name: names });
    expect(extended).toContain('"names":["word","said"]');
    expect(extended).toContain('"names":["more"]');
    // Without the new column in the mapping PyIceberg would not take it up.
    await other.ask("add_bare", { table, file: "more.parquet", filter: "id = 100" });
    expect(await agreed({ table, columns: [...renamed, "more"] })).toBe(17);
    expect((await lake.rows(table, ["more"], "where id = 100")).flat()).toEqual(["m", "m"]);
    await lake.load(table, "select 100::bigint as id", { mode: "delete+insert", key: ["id"] });
    const damaged = { [names]: '[{"names":["id"]' };
    await other.ask("set_properties", { table, properties: damaged });
    await expect(lake.rows(table, ["id"])).rejects.toThrow(/schema\.name-mapping\.default/);
    await other.ask("set_properties", { table, properties: { [names]: extended } });
    // Both rows of the key are written anew without it, and the others of their files with all that they hold.
    await lake.load(table, "select 3::bigint as id", { mode: "delete+insert", key: ["id"] });
    expect(await agreed({ table, columns: renamed })).toBe(15);
    expect((await lake.rows(table, ["said"], "where id = 1")).flat()).not.toContain(null);
    // No file is left that needs the names.
    await other.ask("set_properties", { table, properties: damaged });
    expect((await lake.rows(table, ["id"])).length).toBe(15);
  });
});
