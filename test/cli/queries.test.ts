import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type TestProject, templateProject, testProject } from "./sluice.ts";

const PACKAGE = fileURLToPath(new URL("../../packages/sluice", import.meta.url));

function withPackage(project: TestProject): TestProject {
  project.write("package.json", '{ "type": "module" }');
  mkdirSync(join(project.root, "node_modules"), { recursive: true });
  symlinkSync(PACKAGE, join(project.root, "node_modules/sluice"));
  return project;
}

/** What a script prints as JSON, line by line; big integers as their text. */
function printed(project: TestProject, script: string, words: readonly string[] = []): readonly unknown[] {
  project.write(
    "script.mjs",
    `import { csv, dataset, param, sql, transform, values } from "sluice";
const print = (value) => console.log(JSON.stringify(value ?? null, (_key, one) => typeof one === "bigint" ? one + "n" : one instanceof Map ? [...one] : one));
const failing = (work) => Promise.resolve(work).then(() => "none", (error) => [error.code, error.message, error.hint]);
${script}`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [...words, "script.mjs"], {
    cwd: project.root,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe("relations computed on their own", () => {
  test("rows, head, count of datasets, steps, files, SQL and constants, with parameters", () => {
    using project = withPackage(templateProject());
    const found = printed(
      project,
      `const orders = dataset("orders", import.meta.url);
const paid = transform({ name: "paid", query: orders.filter((o) => o.status.eq(param("status", "string"))) });
const large = transform({ name: "large", query: paid.filter((o) => o.amount.gt(param("least", "decimal(10,2)"))) });
print(await orders.keep(["order_id", "amount"]).head(2));
print(await large.count({ parameters: { status: "paid", least: "190" } }));
print(await csv("data/orders.csv").keep(["order_id"]).head(1));
print(await sql\`select count(*) as n, max(amount) as most from \${orders} where status = \${param("s", "string")} and order_id > $from\`.rows({ parameters: { s: "open", from: 1010 } }));
print(await values({ a: "int64?", b: "bool" }, [{ a: null, b: true }]).rows());
let seen = 0;
for await (const row of orders.rows()) { seen += row.order_id; if (row.order_id === 1003) break; }
print(seen);
print(Object.getPrototypeOf((await orders.head(1))[0]));
`,
    );
    expect(found).toEqual([
      [
        { order_id: 1001, amount: "18.82" },
        { order_id: 1002, amount: "122.82" },
      ],
      4,
      [{ order_id: 1001 }],
      [{ n: 7, most: "186.26" }],
      [{ a: null, b: true }],
      3006,
      null,
    ]);
    expect(readdirSync(join(project.root, ".sluice/scratch"))).toEqual([]);
  });

  test("values keep what they are: decimals, big integers, times, bytes, nested ones", () => {
    using project = withPackage(testProject());
    const [row, beyond] = printed(
      project,
      `const all = sql\`select 12.50::decimal(10,2) as price, 9007199254740993 as big, 0.1::double as ratio, true as yes, null::integer as nothing,
  timestamp '2024-01-02 03:04:05.678' as at, date '2024-01-02' as day, [1, null, 9007199254740993] as list,
  {a: 1.50::decimal(5,2), b: 'n1', c: [{d: false}]} as nested, map{'k': 1} as map, 'xé"' as text, unhex('00ff41') as bytes\`;
print((await all.rows({ bigint: true })).map((row) => ({ ...row, bytes: [...row.bytes] }))[0]);
print(await failing(all.rows()));
`,
    );
    expect(row).toEqual({
      price: "12.50",
      big: "9007199254740993n",
      ratio: 0.1,
      yes: true,
      nothing: null,
      at: "2024-01-02 03:04:05.678",
      day: "2024-01-02",
      list: ["1n", null, "9007199254740993n"],
      nested: { a: "1.50", b: "n1", c: [{ d: false }] },
      map: [["k", "1n"]],
      text: 'xé"',
      bytes: [0, 255, 65],
    });
    expect(beyond).toEqual([
      "data",
      'the integer 9007199254740993 in "big" is beyond what a number holds exactly',
      "ask for bigints: rows({ bigint: true })",
    ]);
  });

  test("describe and toFile", () => {
    using project = withPackage(templateProject());
    const [summary, written, back] = printed(
      project,
      `const orders = dataset("orders", import.meta.url);
print((await orders.describe()).filter(({ column }) => ["order_id", "status", "amount"].includes(column)));
print([await orders.toFile("out/orders.parquet"), await orders.limit(2).toFile("out/orders.tsv", { header: false })]);
print(await csv("out/orders.tsv", { dialect: { header: false } }).count());
`,
    );
    expect(summary).toMatchObject([
      { column: "order_id", type: "int64", rows: 40, nulls: 0, distinct: 40, exact: true, min: "1001", max: "1040" },
      { column: "status", type: "string", distinct: 3, min: "open", max: "refunded", mean: null, median: null },
      { column: "amount", type: "decimal(10,2)", min: "4.34", median: "94.04", max: "197.76" },
    ]);
    expect(written).toEqual([{ rows: 40 }, { rows: 2 }]);
    expect(back).toBe(2);
  });

  test("what is wrong is said: parameters, options, projects, dirty records", () => {
    using project = withPackage(templateProject());
    const found = printed(
      project,
      `const orders = dataset("orders", import.meta.url);
print(await failing(orders.rows({ parms: 1 })));
print(await failing(orders.count({ parameters: { x: 1 } })));
print(await failing(orders.rows({ parameters: null })));
print(await failing(orders.count({ parameters: [1] })));
print(await failing(orders.rows({ signal: AbortSignal.abort() })));
print(await failing(sql\`select $x as x\`.rows()));
print(await failing(orders.filter((o) => o.stats.eq("x")).count()));
print(await failing(orders.toFile("out/x.csv", { delimeter: ";" })));
print(await failing(dataset("nope", import.meta.url).count()));
print(await failing(dataset("orders", "file:///nowhere/schemas/index.ts").count()));
`,
    );
    expect(found).toEqual([
      ["config", 'rows has no option "parms"', "its options are bigint, parameters, project, signal"],
      ["config", 'the query has no parameter "x"', "there are no parameters of the query"],
      [
        "config",
        "parameters are an object of values by name, not null",
        'write them as parameters: { since: "2024-01-01" }, or leave them out',
      ],
      [
        "config",
        "parameters are an object of values by name, not a list",
        'write them as parameters: { since: "2024-01-01" }, or leave them out',
      ],
      ["cancelled", "the query was cancelled before it began", null],
      ["config", 'the parameter "x" of the query has no value', "give it: { parameters: { x: … } }"],
      ["config", 'there is no column "stats"', 'did you mean "status"?'],
      ["config", 'out/x.csv: a file has no option "delimeter"', 'did you mean "delimiter"?'],
      ["config", 'no dataset is named "nope"', "datasets are orders"],
      [
        "config",
        "no sluice.config.ts is in /nowhere/schemas or above it",
        'make a project with "sluice init my-project", or name one with --project',
      ],
    ]);
  });

  test("in a REPL, and in a test of node:test", () => {
    using project = withPackage(templateProject());
    const repl = spawnSync(process.execPath, ["-i"], {
      cwd: project.root,
      encoding: "utf8",
      input: 'const { dataset } = await import("sluice"); await dataset("orders").keep(["order_id"]).head(2)\n',
    });
    expect(repl.stdout).toContain("{ order_id: 1001 }");
    project.write(
      "orders.test.mjs",
      `import assert from "node:assert";
import test from "node:test";
import { dataset } from "sluice";
test("orders", async () => assert.equal(await dataset("orders").count(), 40));
`,
    );
    const tested = spawnSync(process.execPath, ["--test", "--test-reporter=tap", "orders.test.mjs"], {
      cwd: project.root,
      encoding: "utf8",
    });
    expect(tested.stdout).toContain("# pass 1");
  });

  test("importing sluice opens nothing: neither the engine nor an adapter is loaded", () => {
    using project = withPackage(testProject());
    project.write(
      "light.mjs",
      `import "sluice";
import { createRequire } from "node:module";
const loaded = process.moduleLoadList.concat(Object.keys(createRequire(import.meta.url).cache));
console.log(loaded.filter((name) => /duckdb|libsql|esbuild/.test(name)).length);
`,
    );
    const { stdout } = spawnSync(process.execPath, ["light.mjs"], { cwd: project.root, encoding: "utf8" });
    expect(stdout.trim()).toBe("0");
  });
});
