import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { postgresForTests } from "@sluice/conformance";
import { expirableSnapshots, expireSnapshots, localFiles, openCatalog, removeOrphans, type Table } from "@sluice/lake";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sluice } from "../cli/sluice.ts";
import { type LakeProject, lakeProject } from "../interop/lake-project.ts";
import { ALL, selectRows, sorted } from "../interop/shared-rows.ts";
import { assertKnownVersions, sparkEnvironment } from "./spark-environment.ts";
import { bothSee, openSpark, type Seen, type Spark } from "./spark-lake.ts";

// A Spark needs 4 GB and half a minute to start, so there is one, and only where it is asked for: npm run test:spark.
const environment =
  process.env.SLUICE_TEST_SPARK === "1" ? await sparkEnvironment() : { absent: "it is not asked for" };

describe.skipIf("absent" in environment)("Spark", { timeout: 600_000 }, () => {
  let spark: Spark;

  beforeAll(async () => {
    if ("absent" in environment) return;
    spark = openSpark(environment.python, environment.jars);
    assertKnownVersions(await spark.versions());
  }, 300_000);
  afterAll(() => spark?.[Symbol.asyncDispose](), 60_000);

  function newLake(catalogUrl?: string): LakeProject {
    const lake = lakeProject(catalogUrl);
    onTestFinished(() => lake[Symbol.dispose]());
    return lake;
  }

  /** Both see the same rows; gives how many. */
  async function agreed(lake: LakeProject, seen: Seen): Promise<number> {
    const both = await bothSee(spark, lake, seen);
    // Some of what differs says more than all that does not.
    const [ours, theirs] = [new Set(both.ours), new Set(both.spark)];
    const differs = {
      ours: both.ours.filter((row) => !theirs.has(row)).slice(0, 5),
      spark: both.spark.filter((row) => !ours.has(row)).slice(0, 5),
    };
    expect({ ...seen, ...differs }).toEqual({ ...seen, ours: [], spark: [] });
    expect(both.ours.join("\n")).toBe(both.spark.join("\n"));
    return both.ours.length;
  }

  const snapshotsOf = async (lake: LakeProject, table: string): Promise<readonly string[]> =>
    (await spark.sql(lake, `select snapshot_id from ${table}.snapshots order by committed_at`)).map(([id]) =>
      String(id),
    );

  async function withTable<T>(lake: LakeProject, name: string, use: (table: Table) => Promise<T>): Promise<T> {
    await using catalog = await openCatalog({ folder: lake.place.folder });
    const table = await catalog.loadTable({ namespace: ["n"], name });
    if (table === undefined) throw new Error(`no table ${name}`);
    return await use(table);
  }

  describe("reads what sluice writes", () => {
    it("of every type, from the command and from a pipeline", async () => {
      const lake = newLake();
      const select = selectRows("0, 1000");
      expect(sluice(lake.root, ["query", select, "--out", "rows.parquet"]).error).toContain("1,000 rows");
      expect(sluice(lake.root, ["copy", "rows.parquet", "lake.n.copied"])).toMatchObject({ status: 0 });
      await lake.load("n.loaded", select, { mode: "replace" });
      for (const table of ["n.copied", "n.loaded"]) {
        expect(await agreed(lake, { table, columns: ALL })).toBe(1000);
        expect(
          await agreed(lake, { table, columns: ALL, where: "id = 3 or word = '' or price < -480" }),
        ).toBeGreaterThan(1);
      }
      const sums = ["count(*)", "sum(id)", "sum(price)", "sum(big)", "count(word)", "max(day)"];
      expect(await spark.sql(lake, `select ${sums.join(", ")} from n.copied`)).toEqual(
        await lake.rows("n.copied", sums),
      );
    });

    it("with a time of day in no way: Spark has no such type", async () => {
      const lake = newLake();
      await lake.load("n.t", "select 1 as id, time '12:00:00' as clock", { mode: "append" });
      await expect(spark.sql(lake, "select id from n.t")).rejects.toThrow(/time/i);
    });

    it("parted in every way: the right partitions, and the right rows for every filter", async () => {
      const lake = newLake();
      const columns = ["id", "small", "price", "flag", "word", "day", "seen", "zoned", "uid", "raw"];
      const all = selectRows("0, 200", columns);
      await lake.load("n.plain", all, { mode: "append" });
      const partitions = Object.keys(PARTED);
      await lake.loadParted("n", all, partitions);
      for (const [index, partition] of partitions.entries()) {
        const table = `n.t${index}`;
        const { field, value, filters } = PARTED[partition] as Parted;
        // Spark computes each partition anew, by its own transforms.
        const wrong = `select count(*) from ${table} where not (_partition.${field} <=> ${value})`;
        expect([partition, await spark.sql(lake, wrong)]).toEqual([partition, [["0"]]]);
        for (const where of filters) {
          expect(await agreed(lake, { table, columns, where }), `${partition}: ${where}`).toBeGreaterThan(0);
          const { ours } = await bothSee(spark, lake, { table, columns, where });
          expect(ours).toEqual((await bothSee(spark, lake, { table: "n.plain", columns, where })).spark);
        }
      }
    });

    it.each([[undefined], [["bucket(3, id)", "word"]]])(
      "by every load mode, and at every snapshot, parted by %j",
      async (partitions) => {
        const lake = newLake();
        const columns = ["id", "price", "word", "day", "point", "tags"];
        const table = "n.t";
        const parted = partitions === undefined ? {} : { parted: partitions };
        const steps: readonly (readonly [range: string, changes: Record<string, string>, into: object])[] = [
          ["0, 100", {}, { mode: "append", ...parted }],
          ["100, 120", {}, { mode: "append" }],
          ["90, 130", { price: "7::decimal(12, 2)" }, { mode: "merge", key: ["id"] }],
          ["80, 95", { gone: "i % 2 = 0" }, { mode: "merge", key: ["id"], deleteFlag: "gone" }],
          ["120, 140", { word: "'new'" }, { mode: "insert-only", key: ["id"] }],
          ["10, 20", { id: "(i * 2)::bigint" }, { mode: "delete+insert", key: ["id"] }],
          ["600, 603", { word: "'new'" }, { mode: "overwrite", partitions: ["word"] }],
          ["0, 60", {}, { mode: "merge", key: ["id"], missing: "delete" }],
          ["500, 520", {}, { mode: "replace" }],
        ];
        const counts: number[] = [];
        for (const [range, changes, into] of steps) {
          await lake.load(table, selectRows(range, columns, changes), into as { mode: "append" });
          counts.push(await agreed(lake, { table, columns }));
        }
        expect(counts).toEqual([100, 120, 130, 122, 132, 132, 125, 60, 20]);
        const snapshots = await snapshotsOf(lake, table);
        const then: number[] = [];
        for (const snapshot of snapshots) then.push(await agreed(lake, { table, columns, snapshot }));
        expect(then).toEqual(counts);
      },
    );

    it("after columns were added, widened, renamed, moved and dropped, and before", async () => {
      const lake = newLake();
      const table = "n.t";
      await lake.load(
        table,
        "select i::int as id, (i / 2.0)::float as ratio, (i * 1.5)::decimal(9, 2) as price from range(20) r(i)",
        { mode: "append" },
      );
      await lake.load(
        table,
        "select (i * 10000000000)::bigint as id, i / 4.0::double as ratio, (i * 1.25)::decimal(12, 2) as price, 'x' || i as word from range(20, 40) r(i)",
        { mode: "append", evolve: "widen" },
      );
      const before = ["id", "ratio", "price", "word"];
      expect(await agreed(lake, { table, columns: before })).toBe(40);
      await withTable(lake, "t", (one) =>
        one.commit(async () => ({
          schema: [
            { change: "rename", column: "word", to: "title" },
            { change: "drop", column: "price" },
            { change: "add", field: { name: "price", type: { kind: "double" } }, first: true },
          ],
        })),
      );
      await lake.load(table, "select 1::double as price, 'y' as title, 7::bigint as id, 0.5::double as ratio", {
        mode: "merge",
        key: ["id"],
      });
      const after = ["id", "ratio", "price", "title"];
      expect(await agreed(lake, { table, columns: after })).toBe(40);
      expect(await agreed(lake, { table, columns: after, where: "title = 'y' or id > 300000000000" })).toBe(10);
      expect(await spark.sql(lake, `select count(price), count(title) from ${table}`)).toEqual([["1", "21"]]);
      const [first = "", second = "", third = ""] = await snapshotsOf(lake, table);
      expect(await agreed(lake, { table, columns: ["id", "ratio", "price"], snapshot: first })).toBe(20);
      expect(await agreed(lake, { table, columns: before, snapshot: second })).toBe(40);
      expect(await agreed(lake, { table, columns: after, snapshot: third })).toBe(40);
    });
  });

  describe("writes, and sluice reads and writes on", () => {
    const columns = ["id", "price", "word", "day", "seen", "raw", "tags", "point"];

    it.each([
      ["copy-on-write", "file"],
      ["merge-on-read", "file"],
      ["merge-on-read", "partition"],
    ])("INSERT, DELETE, UPDATE and MERGE, by %s, deletes for each %s", async (mode, granularity) => {
      const lake = newLake();
      const table = "n.t";
      const agree = () => agreed(lake, { table, columns });
      await lake.load(table, selectRows("0, 100", columns), {
        mode: "append",
        parted: ["bucket(2, id)", "month(day)"],
      });
      const modes = ["delete", "update", "merge"].map((what) => `'write.${what}.mode' = '${mode}'`).join(", ");
      await spark.sql(
        lake,
        `alter table ${table} set tblproperties (${modes}, 'write.delete.granularity' = '${granularity}')`,
      );
      await spark.sql(
        lake,
        `insert into ${table} select id + 100, price, concat(word, 'é'), day, seen, raw, tags, point from ${table}`,
      );
      expect(await agree()).toBe(200);
      await spark.sql(lake, `delete from ${table} where id % 10 = 3`);
      expect(await agree()).toBe(180);
      await lake.load(table, selectRows("200, 220", columns), { mode: "append" });
      await spark.sql(lake, `update ${table} set word = 'up', price = null where id % 10 = 4`);
      expect(await agree()).toBe(200);
      await spark.sql(
        lake,
        `merge into ${table} t using (select * from values (1L, 'm'), (2L, 'd'), (999L, 'i') as v(id, what)) s on t.id = s.id
         when matched and s.what = 'd' then delete when matched then update set word = 'merged'
         when not matched then insert (id, word) values (s.id, s.what)`,
      );
      expect(await agree()).toBe(200);
      // What was deleted and updated there is merged, replaced and deleted here, and there again.
      await lake.load(table, selectRows("2, 16", columns, { word: "'ours'" }), { mode: "merge", key: ["id"] });
      expect(await agree()).toBe(203);
      await spark.sql(lake, `delete from ${table} where word = 'ours' and id > 10`);
      expect(await agree()).toBe(198);
      await lake.load(table, selectRows("100, 110", columns, { word: "'again'" }), {
        mode: "delete+insert",
        key: ["id"],
      });
      expect(await agree()).toBe(199);
      await lake.load(table, selectRows("11, 12", columns), { mode: "insert-only", key: ["id"] });
      expect(await agree()).toBe(200);
      for (const where of [
        "id = 11",
        "word = 'up'",
        "day is null",
        "day < date '1970-01-01'",
        "seen >= timestamp '1970-01-01 00:00:00'",
      ]) {
        expect(await agreed(lake, { table, columns, where })).toBeGreaterThan(0);
      }
      const snapshots = await snapshotsOf(lake, table);
      expect(snapshots).toHaveLength(10);
      for (const snapshot of snapshots) await agreed(lake, { table, columns, snapshot });
    });

    it("ADD, RENAME and DROP COLUMN, and other partitions", async () => {
      const lake = newLake();
      const table = "n.t";
      await lake.load(table, selectRows("0, 40", ["id", "small", "word"]), {
        mode: "append",
        parted: ["bucket(2, id)"],
      });
      await spark.sql(
        lake,
        `alter table ${table} add column note string`,
        `alter table ${table} rename column word to title`,
        `alter table ${table} alter column small type bigint`,
        `alter table ${table} add partition field truncate(2, title)`,
        `alter table ${table} drop partition field bucket(2, id)`,
        `alter table ${table} set tblproperties ('write.delete.mode' = 'merge-on-read')`,
        `insert into ${table} select id + 40, small, title, 'spark' from ${table}`,
      );
      const after = ["id", "small", "title", "note"];
      const rename = (range: string) =>
        `select id, small::bigint as small, word as title, 'ours' as note from (${selectRows(range, ["id", "small", "word"])})`;
      expect(await agreed(lake, { table, columns: after })).toBe(80);
      await lake.load(table, rename("80, 90"), { mode: "append" });
      expect(await agreed(lake, { table, columns: after })).toBe(90);
      await spark.sql(lake, `delete from ${table} where id % 5 = 1`);
      expect(await agreed(lake, { table, columns: after })).toBe(72);
      await lake.load(table, rename("0, 3"), { mode: "merge", key: ["id"] });
      expect(await agreed(lake, { table, columns: after })).toBe(73);
      await spark.sql(lake, `alter table ${table} drop column small`);
      expect(await agreed(lake, { table, columns: ["id", "title", "note"] })).toBe(73);
      for (const where of ["title is null", "title = ''", "note = 'ours'", "id = 41"]) {
        expect([where, (await bothSee(spark, lake, { table, columns: ["id", "title"], where })).spark]).toEqual([
          where,
          (await bothSee(spark, lake, { table, columns: ["id", "title"], where })).ours,
        ]);
      }
      const [first = ""] = await snapshotsOf(lake, table);
      expect(await agreed(lake, { table, columns: ["id", "small", "word"], snapshot: first })).toBe(40);
    });

    it("renames, adds, widens and drops what is nested in structs, lists and maps", async () => {
      const lake = newLake();
      const table = "n.t";
      const columns = ["id", "point", "deep"];
      await lake.load(table, selectRows("0, 30", columns), { mode: "append" });
      await spark.sql(
        lake,
        `insert into ${table} select id + 30, point, deep from ${table}`,
        `alter table ${table} rename column point.\`y z\` to label`,
        `alter table ${table} alter column point.x type bigint`,
        `alter table ${table} add column point.\`y z\` int`,
        `alter table ${table} rename column deep.element.l.element.m to much`,
        `alter table ${table} drop column deep.element.n`,
        `alter table ${table} set tblproperties ('write.delete.mode' = 'merge-on-read')`,
        `insert into ${table} select id + 60, named_struct('x', 5000000000, 'label', 'new', 'y z', 9), deep from ${table} where id < 5`,
        `delete from ${table} where point.label = 's7' or id = 62`,
      );
      expect(await agreed(lake, { table, columns })).toBe(62);
      expect(await agreed(lake, { table, columns, where: "point.label is not null" })).toBe(26);
      await lake.load(table, "select 3::bigint as id, {x: 1::bigint, label: 'ours', 'y z': 2} as point", {
        mode: "merge",
        key: ["id"],
      });
      expect(await agreed(lake, { table, columns })).toBe(62);
      for (const snapshot of await snapshotsOf(lake, table)) await agreed(lake, { table, columns, snapshot });
    });

    it.each(["zstd", "snappy", "gzip", "uncompressed"])("CREATE TABLE AS, in %s", async (codec) => {
      const lake = newLake();
      await lake.load("n.t", selectRows("0, 100"), { mode: "append" });
      const made = ALL.filter((name) => name !== "uid");
      await spark.sql(
        lake,
        `create table n.theirs using iceberg partitioned by (bucket(2, id), days(zoned), truncate(3, word))
         tblproperties ('write.parquet.compression-codec' = '${codec}', 'write.avro.compression-codec' = '${codec}')
         as select ${made.join(", ")} from n.t`,
      );
      const agree = (where?: string) =>
        agreed(lake, { table: "n.theirs", columns: made, ...(where === undefined ? {} : { where }) });
      expect(await agree()).toBe(100);
      expect(await agree("zoned < timestamp '1970-01-01 00:00:00+00'")).toBeGreaterThan(0);
      expect(await agree("word = ''")).toBeGreaterThan(0);
      await lake.load("n.theirs", selectRows("100, 120", made), { mode: "append" });
      await lake.load("n.theirs", selectRows("90, 110", made, { word: "'merged'" }), { mode: "merge", key: ["id"] });
      expect(await agree()).toBe(120);
      expect(await agree("word = 'merged'")).toBe(20);
      await expect(lake.load("n.theirs", selectRows("0, 10", ["id", "word"]), { mode: "replace" })).rejects.toThrow(
        "was not made by sluice",
      );
      expect(await agree()).toBe(120);
    });

    it.each([
      ["'write.format.default' = 'avro'", "avro file"],
      ["'write.format.default' = 'orc'", "orc file"],
      ["'format-version' = '3'", "version 3"],
    ])("with %s, which is refused by name", async (property, says) => {
      const lake = newLake();
      await spark.sql(
        lake,
        "create namespace if not exists n",
        `create table n.t using iceberg tblproperties (${property}) as select 1 as id`,
      );
      await expect(lake.rows("n.t", ["id"])).rejects.toThrow(says);
    });

    it("rewrites files, deletes and manifests, and expires, and so do we", async () => {
      const lake = newLake();
      const table = "n.t";
      const agree = () => agreed(lake, { table, columns });
      await lake.load(table, selectRows("0, 100", columns), { mode: "append", parted: ["bucket(2, id)"] });
      await lake.load(table, selectRows("100, 200", columns), { mode: "append" });
      await spark.sql(
        lake,
        `alter table ${table} set tblproperties ('write.delete.mode' = 'merge-on-read')`,
        `delete from ${table} where id % 10 = 3`,
        `delete from ${table} where id % 10 = 4`,
      );
      const call = (procedure: string, more = "") =>
        spark.sql(lake, `call system.${procedure}(table => '${table}'${more})`);
      await call("rewrite_position_delete_files", ", options => map('rewrite-all', 'true')");
      expect(await agree()).toBe(160);
      await call("rewrite_manifests");
      expect(await agree()).toBe(160);
      await lake.load(table, selectRows("195, 205", columns), { mode: "merge", key: ["id"] });
      expect(await agree()).toBe(165);
      await call("rewrite_data_files", ", options => map('rewrite-all', 'true', 'delete-file-threshold', '1')");
      expect(await agree()).toBe(165);
      await call("expire_snapshots", ", older_than => timestamp '2100-01-01 00:00:00', retain_last => 1");
      expect(await snapshotsOf(lake, table)).toHaveLength(1);
      expect(await agree()).toBe(165);
      await spark.sql(lake, `delete from ${table} where id % 10 = 5`);
      await lake.load(table, selectRows("300, 310", columns), { mode: "append" });
      await lake.load(table, selectRows("300, 305", columns), { mode: "delete+insert", key: ["id"] });
      const before = await agree();
      expect(sluice(lake.root, ["table", "compact", table])).toMatchObject({ status: 0, error: "" });
      expect(await agree()).toBe(before);
      const positions = `select count(*) from ${table}.delete_files`;
      expect(await spark.sql(lake, positions)).toEqual([["0"]]);
      await spark.sql(lake, `delete from ${table} where id % 10 = 6`);
      expect(await spark.sql(lake, positions)).not.toEqual([["0"]]);
      const after = await agree();
      expect(after).toBeLessThan(before);
      // Old enough for both to remove what nothing names.
      for (const folder of ["data", "metadata"]) {
        writeFileSync(join(lake.place.folder, "n/t", folder, "stray.parquet"), "");
        const at = join(lake.place.folder, "n/t", folder);
        for (const name of readdirSync(at, { recursive: true })) utimesSync(join(at, String(name)), 1, 1);
      }
      const strays = await call("remove_orphan_files", ", dry_run => true");
      expect(strays.map(([path]) => path?.split("/").at(-1))).toEqual(["stray.parquet", "stray.parquet"]);
      await withTable(lake, "t", async (one) => {
        const retention = { maxAgeMs: 0, minSnapshots: 1 };
        expect(expirableSnapshots(one.metadata, Date.now(), retention).length).toBeGreaterThan(0);
        const { failedFiles, table: after } = await expireSnapshots(one, localFiles, Date.now(), retention);
        expect(failedFiles).toBe(0);
        await removeOrphans(after, localFiles, Date.now() - 1000);
      });
      expect(existsSync(join(lake.place.folder, "n/t/data/stray.parquet"))).toBe(false);
      expect(await agree()).toBe(after);
      await spark.sql(lake, `insert into ${table} select * from ${table} where id < 50`);
      expect(await agree()).toBeGreaterThan(after);
    });

    it("rolls back, and what it replaces is not there for us either", async () => {
      const lake = newLake();
      const table = "n.t";
      await lake.load(table, selectRows("0, 10", columns), { mode: "append" });
      const [first = ""] = await snapshotsOf(lake, table);
      await lake.load(table, selectRows("10, 20", columns), { mode: "append" });
      await spark.sql(lake, `call system.rollback_to_snapshot('${table}', ${first})`);
      expect(await agreed(lake, { table, columns })).toBe(10);
      await spark.sql(lake, `insert overwrite ${table} select * from ${table} where id < 4`);
      expect(await agreed(lake, { table, columns })).toBe(4);
      await spark.sql(lake, `truncate table ${table}`);
      expect(await agreed(lake, { table, columns })).toBe(0);
      await lake.load(table, selectRows("0, 5", columns), { mode: "append" });
      expect(await agreed(lake, { table, columns })).toBe(5);
    });
  });

  it("shares a catalog in PostgreSQL", async () => {
    const url = await postgresForTests();
    if (url === undefined) return;
    const lake = newLake(url);
    const columns = ["id", "word", "day"];
    await lake.load("n.t", selectRows("0, 20", columns), { mode: "append", parted: ["month(day)"] });
    await spark.sql(lake, "delete from n.t where id < 3", "insert into n.t select id + 20, word, day from n.t");
    await lake.load("n.t", selectRows("0, 30", columns), { mode: "merge", key: ["id"] });
    expect(await agreed(lake, { table: "n.t", columns })).toBe(40);
    await spark.sql(lake, "create table n.theirs using iceberg as select * from n.t");
    await lake.load("n.theirs", selectRows("50, 60", columns), { mode: "append" });
    expect(await agreed(lake, { table: "n.theirs", columns })).toBe(50);
    expect(sorted(await spark.sql(lake, "show tables in n"))).toHaveLength(2);
  });
});

interface Parted {
  readonly field: string;
  readonly value: string;
  readonly filters: readonly string[];
}

const PARTED: Readonly<Record<string, Parted>> = {
  small: { field: "small", value: "small", filters: ["small = -3", "small < 0", "small is null"] },
  flag: { field: "flag", value: "flag", filters: ["flag", "flag is null"] },
  price: { field: "price", value: "price", filters: ["price = -495.00", "price < -490", "price > -300"] },
  word: { field: "word", value: "word", filters: ["word = ''", "word is null", "word > 'wö/=%20 😀2'"] },
  day: { field: "day", value: "day", filters: ["day = date '1969-12-31'", "day is null"] },
  seen: { field: "seen", value: "seen", filters: ["seen < timestamp '1970-01-01 00:00:00'"] },
  zoned: { field: "zoned", value: "zoned", filters: ["zoned < timestamp '1970-01-01 00:00:00+00'"] },
  "year(day)": { field: "day_year", value: "system.years(day)", filters: ["day < date '1970-01-01'"] },
  "year(seen)": {
    field: "seen_year",
    value: "system.years(seen)",
    filters: ["seen < timestamp '1970-01-01 00:00:00'"],
  },
  "month(day)": { field: "day_month", value: "system.months(day)", filters: ["day = date '1969-12-31'"] },
  "month(zoned)": {
    field: "zoned_month",
    value: "system.months(zoned)",
    filters: ["zoned < timestamp '1970-01-01 00:00:00+00'", "zoned is null"],
  },
  "day(seen)": { field: "seen_day", value: "system.days(seen)", filters: ["seen < timestamp '1970-01-01 00:00:00'"] },
  "day(zoned)": {
    field: "zoned_day",
    value: "system.days(zoned)",
    filters: ["zoned >= timestamp '1970-01-02 00:00:00+00'"],
  },
  "day(day)": { field: "day_day", value: "system.days(day)", filters: ["day > date '1970-01-20'"] },
  "hour(seen)": {
    field: "seen_hour",
    value: "system.hours(seen)",
    filters: ["seen < timestamp '1970-01-01 00:00:00'", "seen >= timestamp '1970-01-03 01:00:00'"],
  },
  "hour(zoned)": { field: "zoned_hour", value: "system.hours(zoned)", filters: ["zoned is null"] },
  "bucket(5, id)": { field: "id_bucket", value: "system.bucket(5, id)", filters: ["id = 7", "id in (1, 199)"] },
  "bucket(5, small)": { field: "small_bucket", value: "system.bucket(5, small)", filters: ["small = -3"] },
  "bucket(5, price)": { field: "price_bucket", value: "system.bucket(5, price)", filters: ["price = -495.00"] },
  "bucket(5, word)": { field: "word_bucket", value: "system.bucket(5, word)", filters: ["word = ''", "word is null"] },
  "bucket(5, day)": { field: "day_bucket", value: "system.bucket(5, day)", filters: ["day = date '1970-01-05'"] },
  "bucket(5, seen)": { field: "seen_bucket", value: "system.bucket(5, seen)", filters: ["id = 7"] },
  "bucket(5, zoned)": { field: "zoned_bucket", value: "system.bucket(5, zoned)", filters: ["id = 7"] },
  "bucket(5, raw)": { field: "raw_bucket", value: "system.bucket(5, raw)", filters: ["raw is null"] },
  "bucket(5, uid)": { field: "uid_bucket", value: "_partition.uid_bucket", filters: ["id = 7"] },
  "truncate(10, id)": { field: "id_trunc", value: "system.truncate(10, id)", filters: ["id = 19", "id < 10"] },
  "truncate(2, small)": {
    field: "small_trunc",
    value: "system.truncate(2, small)",
    filters: ["small = -3", "small < 0"],
  },
  "truncate(50, price)": {
    field: "price_trunc",
    value: "system.truncate(50, price)",
    filters: ["price = -495.00", "price < -490"],
  },
  "truncate(10, word)": {
    field: "word_trunc",
    value: "system.truncate(10, word)",
    filters: ["word = ''", "word like 'wö/=%20 😀2%'"],
  },
};
