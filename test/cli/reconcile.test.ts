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

  test.each([
    [["a.csv"], 2, "needs 2 words"],
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
