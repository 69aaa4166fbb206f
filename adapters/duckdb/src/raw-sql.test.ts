import type { Engine, Relation, Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";

const engine: Engine = createDuckDbEngine({ threads: 1 });
afterAll(() => engine[Symbol.asyncDispose]());

const orders: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "tags", type: "list<string>", nullable: true },
  ],
};

/** The columns that raw SQL gives; `<orders>` stands for its input. */
async function describeText(text: string): Promise<readonly string[]> {
  const texts = text.split("<orders>");
  const relation: Relation = {
    kind: "sql",
    engine: "duckdb",
    texts,
    inputs: texts.slice(1).map(() => ({ kind: "scan", source: { stage: "orders" } })),
  };
  const query = engine.compile(relation, { schemaOf: () => orders, parameters: new Map() });
  const { columns } = await engine.describe(query, new Map([["orders", orders]]));
  return columns.map(({ name }) => name);
}

describe("raw SQL reads its inputs only", () => {
  it.each([
    ["select * from read_csv('data/x.csv')", "read_csv"],
    ["select * from READ_PARQUET('x.parquet')", "read_parquet"],
    ["with x as (select * from read_text('/etc/passwd')) select * from x", "read_text"],
    ["select id, (select count(*) from glob('*')) as n from <orders>", "glob"],
    ["select * from <orders> where exists (from sniff_csv('x.csv'))", "sniff_csv"],
    ["select id from <orders> union all select 1 from parquet_metadata('x.parquet')", "parquet_metadata"],
    ["select * from duckdb_settings()", "duckdb_settings"],
    ["select * from query('select 1')", "query"],
    ["select * from sqlite_scan('x.db', 't')", "sqlite_scan"],
    ["select * from 'data/x.csv'", "data/x.csv"],
    ['select * from "x.parquet"', "x.parquet"],
    ["select * from data.csv", "data.csv"],
    ["select * from (describe 'x.csv')", "x.csv"],
    ["select * from <orders> join 's3://bucket/x.csv' using (id)", "s3://bucket/x.csv"],
  ])("%s is refused", async (text, offending) => {
    await expect(describeText(text)).rejects.toMatchObject({
      code: "config",
      offending,
      message: expect.stringContaining("none of its inputs"),
      hint: expect.stringContaining("declare it as a dataset"),
    });
  });

  it.each([
    ["select * from orders", "orders", `write \${orders} for the step or the dataset "orders"`],
    ["select * from information_schema.tables", "information_schema.tables", "raw SQL reads its inputs only"],
    ["select * from sqlite_master", "sqlite_master", expect.stringContaining(`\${sqlite_master}`)],
  ])("%s is refused as a table", async (text, offending, hint) => {
    // The input has another name here.
    const bare: Relation = { kind: "sql", engine: "duckdb", texts: [text], inputs: [] };
    const query = engine.compile(bare, { schemaOf: () => orders, parameters: new Map() });
    await expect(engine.describe(query, new Map())).rejects.toMatchObject({
      code: "config",
      offending,
      hint,
      message: `raw SQL reads the table "${offending}", which is none of its inputs`,
    });
  });

  it("lists no tables", async () => {
    await expect(describeText("select * from (show tables)")).rejects.toMatchObject({ code: "config" });
  });

  it.each([
    ["select id from <orders>", ["id"]],
    ["select n from range(3) as r(n)", ["n"]],
    ["select id, tag from <orders>, unnest(tags) as u(tag)", ["id", "tag"]],
    ["select o.id, g from <orders> as o, generate_series(1, 3) as s(g)", ["id", "g"]],
    ["with Recent as (select id from <orders>), twice as (from recent) select * from TWICE", ["id"]],
    [
      "with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select n from r where n in (select id from <orders>)",
      ["n"],
    ],
    ["select * from (values (1, 2)) as v(a, b)", ["a", "b"]],
    ["select key from json_each('{}')", ["key"]],
  ])("%s is taken", async (text, names) => {
    expect(await describeText(text)).toEqual(names);
  });
});

it("raw SQL that does not parse names the word", async () => {
  await expect(describeText("selec id from <orders>")).rejects.toMatchObject({ code: "config", offending: "selec" });
});

it("a column that is not there is named with the closest", async () => {
  await expect(describeText("select idd from <orders>")).rejects.toMatchObject({
    code: "config",
    offending: "idd",
    hint: 'did you mean "id"?',
  });
});

describe("raw SQL has parameters", () => {
  const compile = (text: string) =>
    engine.compile(
      { kind: "sql", engine: "duckdb", texts: [text], inputs: [] },
      { schemaOf: () => orders, parameters: new Map([["day", "date?"]]) },
    );

  it("each with its type, wherever it stands but in text and comments", async () => {
    const query = compile("select typeof($day) as a, '$day' as b, $day is null as c -- $day ?");
    expect(query.parameters).toEqual(["day"]);
    const batches = engine.rows(query, {
      inputs: new Map(),
      parameters: new Map([["day", { type: "date", value: "2024-01-02" }]]),
      constants: { now: "", today: "" },
      signal: new AbortController().signal,
    });
    for await (const [row] of batches) expect(row).toEqual(["DATE", "$day", false]);
  });

  it.each([
    ["select $dya", 'raw SQL uses the parameter "dya", which is not declared', 'did you mean "day"?'],
    ["select ?", "raw SQL has the parameter ?, which has no name", "parameters are written $name"],
    ["select $1", "raw SQL has the parameter $1, which has no name", "parameters are written $name"],
  ])("%s is refused", (text, message, hint) => {
    expect(() => compile(text)).toThrowError(expect.objectContaining({ code: "config", message, hint }));
  });
});
