import { createPlaces, postgresForTests, runLoad, type SinkHarness } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";
import { loadedTables } from "./loaded-tables.fixture.ts";

const places = createPlaces("sluice-postgres-merge-counts-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const SCHEMA = {
  columns: [
    { name: "id", type: "int64", nullable: false },
    { name: "value", type: "int64", nullable: true },
  ],
};

describe.skipIf(database === undefined)("what a merge says that it changed", () => {
  if (database === undefined) return;
  const target = loadedTables(database, "merge_counts");
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target(),
  };
  const COUNTER = `create or replace function count_along() returns trigger language plpgsql as
    $$ begin execute format('update %I set seen = seen + 1 where id = 100', tg_table_name); return null; end $$`;
  const INSERTER = `create or replace function add_along() returns trigger language plpgsql as
    $$ begin if new.id < 100 then execute format('insert into %I (id) values (%s)', tg_table_name, new.id + 1000); end if; return null; end $$`;

  it.each([
    ["a plain table", []],
    [
      "a table whose default adds a row",
      [
        "create sequence TABLE_more start 1000",
        "create function more_of_TABLE() returns bigint language plpgsql as $$ begin insert into TABLE (id, seen) values (nextval('TABLE_more'), 0); return 0; end $$",
        "alter table TABLE alter column seen set default more_of_TABLE()",
      ],
    ],
    [
      "a table whose trigger changes another row",
      [
        COUNTER,
        "create trigger counts after insert or update on TABLE for each row when (pg_trigger_depth() = 0) execute function count_along()",
      ],
    ],
    [
      "a table whose trigger adds rows",
      [INSERTER, "create trigger adds after insert on TABLE for each row execute function add_along()"],
    ],
  ])("counts the rows that arrived, in %s", async (_what, more) => {
    const into = target();
    await database.query(`create table ${into.table} (id bigint primary key, value bigint, seen bigint)`);
    await database.query(`insert into ${into.table} values (1, 10, 1), (2, 20, 2), (3, 30, 3), (100, 1000, 4)`);
    for (const sql of more) await database.query(sql.replaceAll("TABLE", into.table));
    const rows = [
      ["1", "10"],
      ["2", "21"],
      ["4", "40"],
      ["5", "50"],
      ["6", "60"],
    ];
    const { result } = await runLoad(harness, into, { schema: SCHEMA, rows, mode: "merge", key: ["id"] });
    expect(result).toMatchObject({ inserted: 3, updated: 1, deleted: 0, unchanged: 1 });
    expect(await database.query(`select id, value from ${into.table} where id < 100 order by id`)).toEqual(
      [...rows, ["3", "30"]].sort(),
    );
  });

  it("counts them where the server counts nothing", async () => {
    const into = target();
    await database.query(`create table ${into.table} (id bigint primary key, value bigint)`);
    await database.query(`insert into ${into.table} values (1, 10), (2, 20)`);
    const [[name] = []] = await database.query("select current_database()");
    await database.query(`alter database "${name}" set track_counts = off`);
    try {
      const rows = [
        ["1", "10"],
        ["2", "21"],
        ["3", "30"],
      ];
      const { result } = await runLoad(harness, into, { schema: SCHEMA, rows, mode: "merge", key: ["id"] });
      expect(result).toMatchObject({ inserted: 1, updated: 1, deleted: 0, unchanged: 1 });
    } finally {
      await database.query(`alter database "${name}" reset track_counts`);
    }
  });
});
