import { describe, expect, test } from "vitest";
import { testProject } from "./sluice.ts";

const A = "id,name,amount,day\n1,Ada,1.50,2024-01-01\n2,Grace,,2024-01-02\n3,Linus,3.00,2024-01-03\n";

describe("reconcile", () => {
  test("says that a table holds what the file does, in another order and other types", () => {
    using project = testProject({ "a.csv": A });
    expect(project.run(["copy", "a.csv", "sqlite:w.db#t"]).status).toBe(0);
    const sql =
      "select id, name, cast(amount as decimal(10,3)) as amount, cast(day as timestamp) as day from 'a.csv' order by id desc";
    expect(project.run(["query", sql, "--out", "b.parquet"]).status).toBe(0);
    for (const other of ["sqlite:w.db#t", "b.parquet"]) {
      const { status, out, error } = project.run(["reconcile", "a.csv", other, "--key", "id"]);
      expect([status, error, out.trimEnd().split("\n").at(-1)]).toEqual([0, "", "equal"]);
    }
  });

  test("names what differs, is missing and is too much", () => {
    using project = testProject({
      "a.csv": A,
      "b.csv": "id,name,amount,day,more\n1,Ada,1.5,2024-01-01,x\n3,Linus,4.00,2024-01-03,y\n9,Eve,,2024-01-09,z\n",
    });
    const { status, out } = project.run(["reconcile", "a.csv", "b.csv", "--key", "id", "--json"]);
    expect(status).toBe(1);
    const found = JSON.parse(out);
    expect(found).toMatchObject({ a: "a.csv", b: "b.csv", equal: false, rows: [3, 3], onlyIn: { a: [], b: ["more"] } });
    expect(found.keys).toEqual({
      missing: { rows: 1, first: [["2"]] },
      extra: { rows: 1, first: [["9"]] },
      differing: { rows: 1, first: [["3"]] },
    });
    const amount = found.columns.find((column: { name: string }) => column.name === "amount");
    expect(amount).toMatchObject({ nulls: [1, 1], summary: ["4.5", "5.5"], equal: false });
    const text = project.run(["reconcile", "a.csv", "b.csv", "--key", "id"]).out;
    expect(text).toMatch(/^only in b: more$/m);
    expect(text).toMatch(/^differing: 1 row, first 3$/m);
    expect(text).toMatch(/^they differ$/m);
    const some = project.run(["reconcile", "a.csv", "b.csv", "--columns", "day", "--json"]);
    expect(JSON.parse(some.out)).toMatchObject({ onlyIn: { a: [], b: [] }, columns: [{ name: "day", equal: false }] });
  });

  test("tells values that changed places between rows, with and without a key", () => {
    using project = testProject({
      "a.csv": "id,name\n1,Ada\n2,Grace\n3,\n",
      "b.csv": "id,name\n1,Grace\n2,Ada\n3,\n",
      "c.csv": "id,name\n3,\n2,Grace\n1,Ada\n",
    });
    const { status, out } = project.run(["reconcile", "a.csv", "b.csv"]);
    expect(status).toBe(1);
    expect(out).toContain(
      "each column has the same values, but other ones stand together in rows: name a --key to see which",
    );
    expect(JSON.parse(project.run(["reconcile", "a.csv", "b.csv", "--json"]).out)).toMatchObject({
      equal: false,
      rowsEqual: false,
    });
    expect(project.run(["reconcile", "a.csv", "c.csv"])).toMatchObject({ status: 0 });
  });

  test("compares texts with what they say, and rows whatever their order", () => {
    using project = testProject({
      "a.ndjson": '{"n":"007.50","u":"x"}\n{"n":"2","u":"y"}\n{"n":"z","u":"y"}\n',
      "b.ndjson": '{"n":"2","u":"y"}\n{"n":"z","u":"y"}\n{"n":"007.50","u":"x"}\n',
      "c.csv": "n,u\n2,y\n7.5,x\n",
      "d.ndjson": '{"n":"+07.50","u":"x"}\n{"n":"2.0","u":"y"}\n',
    });
    expect(project.run(["reconcile", "a.ndjson", "b.ndjson"]).status).toBe(0);
    expect(project.run(["reconcile", "c.csv", "d.ndjson", "--key", "n"]).out).toMatch(/^equal$/m);
    const twice = project.run(["reconcile", "a.ndjson", "b.ndjson", "--key", "u"]);
    expect([twice.status, twice.error]).toEqual([
      1,
      expect.stringContaining("does not tell the rows of the first source apart: y"),
    ]);
  });

  test("compares nested values however they are written, and tells what differs at any depth", () => {
    const deep = (value: string, depth: number): string => `${'{"b":['.repeat(depth)}${value}${"]}".repeat(depth)}`;
    const project = (b: readonly string[]) =>
      testProject({
        "a.ndjson": [
          '{"id":1,"v":{"x":1.50,"y":[1,null,{"n":null,"m":"2024-01-01"}],"z":{}}}',
          '{"id":2,"v":["a",1,true,[]]}',
          '{"id":3,"v":"text"}',
          `{"id":4,"v":${deep("1", 30)}}`,
          '{"id":5,"v":{"A":1,"a":2,"a b":"\\u001f\\u0001"}}',
          "",
        ].join("\n"),
        "b.ndjson": [...b, ""].join("\n"),
      });
    const same = [
      '{"id":1,"v":{ "z":{}, "y":["1", null, {"m":"2024-01-01T00:00:00Z"}], "x":"1.5", "none":null}}',
      '{"id":2,"v":["a",1.0,"true",[]]}',
      '{"id":3,"v":"text"}',
      `{"id":4,"v":${deep("1", 30)}}`,
      '{"id":5,"v":{"a b":"\\u001f\\u0001","a":2,"A":1}}',
    ];
    using equal = project(same);
    const { status, out } = equal.run(["reconcile", "a.ndjson", "b.ndjson", "--key", "id"]);
    expect({ status, out }).toMatchObject({ status: 0, out: expect.stringMatching(/\nequal\n$/) });
    const other = [
      '{"id":1,"v":{"x":1.50,"y":[1,{"n":null,"m":"2024-01-01"},null],"z":{}}}',
      '{"id":2,"v":["a",1,true,{}]}',
      '{"id":3,"v":["text"]}',
      `{"id":4,"v":${deep("2", 30)}}`,
      '{"id":5,"v":{"A":1,"a":2,"a b":"\\u001f"}}',
    ];
    using different = project(other);
    const found = JSON.parse(different.run(["reconcile", "a.ndjson", "b.ndjson", "--key", "id", "--json"]).out);
    expect(found.keys.differing).toEqual({ rows: 5, first: [["1"], ["2"], ["3"], ["4"], ["5"]] });
  });

  test("compares 100,000 nested values with their text not much slower than two texts", { timeout: 120_000 }, () => {
    using project = testProject({});
    const nested = "{'list': [i, null, 3], 'deep': {'amount': cast(i * 0.01 as decimal(10,2)), 'name': 'n' || i}}";
    const rows = (value: string): string => `select i as id, ${value} as v from range(100000) r(i)`;
    expect(project.run(["query", rows(nested), "--out", "a.parquet"]).status).toBe(0);
    expect(project.run(["query", rows(`cast(to_json(${nested}) as varchar)`), "--out", "b.parquet"]).status).toBe(0);
    const elapsed = (other: string): number => {
      const before = performance.now();
      const { status, error } = project.run(["reconcile", other, "b.parquet", "--key", "id"]);
      expect([status, error]).toEqual([0, ""]);
      return performance.now() - before;
    };
    // Measured beside texts on the same machine at the same time; a walk of each value by itself takes more than twenty times as long.
    const texts = elapsed("b.parquet");
    expect(elapsed("a.parquet")).toBeLessThan(10 * texts);
  });

  test("compares what one side holds in 32 bits at that precision, in columns and inside of nested values", () => {
    using project = testProject({});
    const rows = (type: string, value: string): string =>
      `select 1 as id, cast(${value} as ${type}) as x, [cast(${value} as ${type}), null] as list, {'n': cast(16777217 as bigint), 'x': cast(${value} as ${type})} as pair`;
    const land = (name: string, type: string, value: string): void => {
      expect(project.run(["query", rows(type, value), "--out", name])).toMatchObject({ status: 0 });
    };
    land("narrow.parquet", "float", "0.1");
    land("wide.parquet", "double", "0.1");
    land("exact.parquet", "decimal(10,2)", "0.1");
    land("other.parquet", "double", "0.1000001");
    land("huge.parquet", "double", "1e300");
    for (const other of ["wide", "exact"]) {
      const { out, status } = project.run(["reconcile", "narrow.parquet", `${other}.parquet`, "--key", "id"]);
      expect([status, out]).toEqual([0, expect.stringMatching(/\nequal\n$/)]);
    }
    for (const other of ["other", "huge"]) {
      const { out } = project.run(["reconcile", "narrow.parquet", `${other}.parquet`, "--json"]);
      const unequal = JSON.parse(out).columns.filter(({ equal }: { equal: boolean }) => !equal);
      expect(unequal.map(({ name }: { name: string }) => name)).toEqual(["x", "list", "pair"]);
    }
  });

  test.each([
    [["a.csv"], 2, "needs <a> and <b>"],
    [["a.csv", "-"], 2, "standard input cannot be compared"],
    [["a.csv", "a.csv", "--key", "ids"], 2, 'no column "ids"'],
    [["a.csv", "a.csv", "--columns", "id,"], 2, "--columns names no column"],
    [["a.csv", "nope.csv"], 1, "does not exist"],
  ])("%j is refused", (words, status, message) => {
    using project = testProject({ "a.csv": A });
    const found = project.run(["reconcile", ...words]);
    expect([found.status, found.error]).toEqual([status, expect.stringContaining(message)]);
  });
});
