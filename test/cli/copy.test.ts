import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { COMMAND, type TestProject, templateProject, testProject } from "./sluice.ts";

const TEXT = 'id;code;price;note\n1;007;1.50;""\n2;010;2.00;\n3;x1;-0;"a,b"\n';

function copied(project: TestProject, ...words: readonly string[]) {
  return project.run(["copy", ...words]);
}

describe("sluice copy", () => {
  test("from text to text keeps every text, empty and missing ones too", () => {
    using project = testProject({ "x.txt": TEXT });
    expect(copied(project, "x.txt", "deep/y.csv")).toEqual({
      status: 0,
      out: "3 rows copied to deep/y.csv\n",
      error: "",
    });
    const kept = 'id,code,price,note\n1,007,1.50,""\n2,010,2.00,\n3,x1,-0,"a,b"\n';
    expect(readFileSync(`${project.root}/deep/y.csv`, "utf8")).toBe(kept);
    expect(copied(project, "x.txt", "-").out).toBe(kept);
    expect(copied(project, "csv:x.txt", "z.tsv").status).toBe(0);
    expect(copied(project, "z.tsv", "csv:-").out).toBe(kept);
    // No mark of a pipeline stays beside what none of them wrote.
    expect(readdirSync(`${project.root}/deep`)).toEqual(["y.csv"]);
    expect(readdirSync(project.root).sort()).toEqual(["deep", "x.txt", "z.tsv"]);
  });

  test.each([
    ["in the middle", ["a", null, "", "x y", null, "1"]],
    ["without a null", ["a", "", "x"]],
    ["with empty texts alone", ["", ""]],
    ["with nulls at both ends", [null, null, "", "a", null]],
  ])("from one column of text to text and back keeps nothing and empty text apart: %s", (_, values) => {
    const lines = values.map((s) => `${JSON.stringify({ s })}\n`).join("");
    using project = testProject({ "a.ndjson": lines });
    const kept = `s\n${values.map((s) => `${s === "" ? '""' : (s ?? "")}\n`).join("")}`;
    expect(copied(project, "a.ndjson", "a.csv").error).toBe("");
    expect(readFileSync(`${project.root}/a.csv`, "utf8")).toBe(kept);
    expect(copied(project, "a.csv", "ndjson:-").out).toBe(lines);
    expect(copied(project, "a.csv", "b.csv").status).toBe(0);
    expect(copied(project, "b.csv", "-").out).toBe(kept);
    expect(copied(project, "b.csv", "b.parquet").status).toBe(0);
    expect(copied(project, "b.parquet", "ndjson:-").out).toBe(lines);
    expect(copied(project, "b.csv", "sqlite:w.db#t").status).toBe(0);
    expect(copied(project, "sqlite:w.db#t", "ndjson:-").out).toBe(lines);
    const counted = "select count(*) as rows, count(s) as texts, count(*) filter (s = '') as empty from";
    const counts = [values, values.filter((s) => s !== null), values.filter((s) => s === "")].map(
      ({ length }) => length,
    );
    const answer = `rows,texts,empty\n${counts.join(",")}\n`;
    expect(project.run(["query", `${counted} 'b.csv'`]).out).toBe(answer);
    const fed = spawnSync(process.execPath, [COMMAND, "query", `${counted} stdin`], { cwd: project.root, input: kept });
    expect(fed.stdout.toString()).toBe(answer);
  });

  test("tables with like names are each its own: columns are added to the first after the second was made", () => {
    using project = testProject({ "a.csv": "id\n1\n", "b.csv": "id,more\n2,x\n" });
    for (const table of ["x y", "x-y", "s.one", "s.two"]) {
      expect(copied(project, "a.csv", `sqlite:w.db#${table}`)).toMatchObject({ status: 0, error: "" });
    }
    for (const table of ["x y", "s.one"]) {
      expect(copied(project, "b.csv", `sqlite:w.db#${table}`, "--mode", "append")).toMatchObject({ error: "" });
      expect(copied(project, `sqlite:w.db#${table}`, "-").out).toBe("id,more\n1,\n2,x\n");
    }
  });

  test("into a folder of files that is parted: overwrite replaces the partitions that rows arrive for", () => {
    using project = testProject({ "a.csv": "day,n\n1,1\n2,2\n", "b.csv": "day,n\n2,20\n3,30\n" });
    const into = ["out/rain", "--mode", "overwrite", "--partitions", "day"];
    expect(copied(project, "a.csv", ...into)).toMatchObject({ status: 0, error: "" });
    expect(copied(project, "b.csv", ...into).out).toBe(
      "2 rows copied to out/rain (2 inserted, 0 updated, 1 deleted, 0 unchanged)\n",
    );
    expect(readdirSync(`${project.root}/out/rain`).sort()).toEqual(["day=1", "day=2", "day=3"]);
    const sum = "select sum(n) as n from 'out/rain/*/*.parquet'";
    expect(project.run(["query", sum]).out).toBe("n\n51\n");
    expect(copied(project, "b.csv", "-", "--partitions", "day").error).toContain("for folders of files");
  });

  test("into typed places the whole file decides; merge tells what it did", () => {
    using project = testProject({ "x.txt": TEXT, "more.csv": "id,code,price,note\n3,x1,9.5,new\n4,z,1,\n" });
    expect(copied(project, "x.txt", "x.parquet").status).toBe(0);
    expect(project.run(["query", "select typeof(id) as a, typeof(code) as b from 'x.parquet' limit 1"]).out).toBe(
      "a,b\nBIGINT,VARCHAR\n",
    );
    expect(copied(project, "x.parquet", "sqlite:w.db#t").status).toBe(0);
    expect(copied(project, "more.csv", "sqlite:w.db#t", "--key", "id").out).toBe(
      "2 rows copied to sqlite:w.db#t (1 inserted, 1 updated, 0 unchanged)\n",
    );
    expect(copied(project, "more.csv", "sqlite:w.db#other", "--mode", "append", "--json").out).toContain('"rows":2');
    expect(copied(project, "x.txt", "sqlite:w.db#other").status).toBe(0);
    expect(copied(project, "sqlite:w.db#t", "ndjson:-").out.split("\n").slice(2, 4)).toEqual([
      '{"id":3,"code":"x1","price":9.5,"note":"new"}',
      '{"id":4,"code":"z","price":1.0,"note":null}',
    ]);
  });

  test.each(["sqlite:w.db#t", "lake.shop.t"])(
    "a column without a value takes the type that it has in %s, whatever the mode",
    (target) => {
      const day = "id,day,n,kept\n1,2024-01-02,1.5,a\n";
      using project = testProject({
        "sluice.config.ts":
          'import { defineConfig } from "sluice";\nexport default defineConfig({ project: "empty" });\n',
        "x.csv": day,
        "none.csv": "id,day,n,kept\n",
        "nulls.csv": "id,day,n,kept\n2,,,\n",
      });
      expect(copied(project, "x.csv", target, "--mode", "merge", "--key", "id")).toMatchObject({
        status: 0,
        error: "",
      });
      for (const mode of [["append"], ["merge", "--key", "id"], ["overwrite", "--partitions", "day"]]) {
        expect(copied(project, "none.csv", target, "--mode", ...mode)).toMatchObject({ status: 0, error: "" });
      }
      expect(copied(project, "nulls.csv", target, "--mode", "append")).toMatchObject({ status: 0, error: "" });
      expect(copied(project, target, "-").out.split("\n").sort().join("\n")).toBe(
        `\n1,2024-01-02,1.5,a\n2,,,\nid,day,n,kept`,
      );
      expect(copied(project, "none.csv", target, "--mode", "replace")).toMatchObject({ status: 0, error: "" });
      expect(copied(project, "x.csv", target, "--mode", "append", "--evolve", "fail")).toMatchObject({ status: 0 });
      expect(copied(project, target, "-").out).toBe(day);
    },
  );

  test("numbers of more digits than a float has keep all of them", () => {
    const numbers = "n,wide\n1,12345678901234567890.125\n2,-0.5\n3,7\n";
    using project = testProject({ "x.csv": numbers });
    expect(copied(project, "x.csv", "x.parquet")).toMatchObject({ status: 0, error: "" });
    expect(project.run(["query", "select distinct typeof(wide) as t from 'x.parquet'"]).out).toBe(
      't\n"DECIMAL(38,3)"\n',
    );
    expect(copied(project, "x.parquet", "y.csv").error).toBe("");
    expect(copied(project, "y.csv", "z.parquet")).toMatchObject({ status: 0, error: "" });
    expect(project.run(["query", "select wide from 'z.parquet' order by n"]).out).toBe(
      "wide\n12345678901234567890.125\n-0.500\n7.000\n",
    );
    expect(project.run(["query", "select sum(wide) as s from 'x.csv'"]).out).toBe("s\n12345678901234567896.625\n");
  });

  test("datasets by name, accepted by their schema; --frozen refuses the rest", () => {
    using project = templateProject();
    project.write("data/orders.csv", `${readFileSync(`${project.root}/data/orders.csv`, "utf8")}9,x,Ada,paid,1.00\n`);
    const { status, out, error } = copied(project, "orders", "out/orders.parquet", "--frozen");
    expect({ status, out }).toEqual({ status: 0, out: "40 rows copied to out/orders.parquet\n" });
    expect(error).toContain("1 record of 41 in orders rejected");
    const refused = copied(project, "data/orders.csv", "out/x.csv", "--frozen", "--json");
    expect(refused.status).toBe(2);
    expect(JSON.parse(refused.out)).toMatchObject({ error: { code: "config", reason: "untyped" } });
  });

  test("what an address does not say is asked for as addresses say it", () => {
    using project = testProject({ "x.csv": "a\n1\n", "name.weird": "a\n1\n" });
    const hint = (name: string): string =>
      `write what it holds before the name: csv:${name}, or parquet:, json:, ndjson:`;
    for (const words of [
      ["copy", "x.csv", "new.weird"],
      ["copy", "name.weird", "y.csv"],
      ["profile", "name.weird"],
      ["query", "from 'name.weird'"],
    ]) {
      const { status, error } = project.run(words);
      expect([status, error]).toEqual([
        2,
        expect.stringContaining(hint(words[2] ?? "name.weird").replace("y.csv", "name.weird")),
      ]);
    }
    expect(readdirSync(project.root).sort()).toEqual(["name.weird", "x.csv"]);
  });

  test("addresses of the web and of object storage are not read yet, and are no names of folders", () => {
    using project = testProject({ "x.csv": "a\n1\n", "deep/y.csv": "a\n1\n" });
    for (const words of [
      ["copy", "https://example.org/x.csv", "y.csv"],
      ["copy", "x.csv", "s3://bucket/y.parquet"],
      ["profile", "gs://bucket/x.csv"],
      ["query", "from 'http://example.org/x.csv'"],
      ["query", "from read_csv('http://example.org/x.csv')"],
      ["copy", "sqlite:https://example.org/x.db#t", "y.csv"],
    ]) {
      const { status, error } = project.run(words);
      expect([status, error]).toEqual([
        2,
        expect.stringMatching(/does not read or write \w+ addresses yet.*download it/s),
      ]);
    }
    expect(readdirSync(project.root).sort()).toEqual(["deep", "x.csv"]);
  });

  test("a pipe gives the bytes that a file holds, in every format", () => {
    const texts = ["x", " x", "#x", "a,b", "a\tb", 'a"b', "a\nb", "null", "\ufeffx", "", "'", "1,5"];
    const rows = texts.map((text) => `"${text.replaceAll('"', '""')}",k,\n`).join("");
    using project = testProject({ "x.csv": `a,#b,c\n${rows}`, "one.csv": 'a\nx\n""\n"y z"\n' });
    const floats =
      "select * from (values (1e16, -0.0, 1e-7, null), (0.1, 'inf'::double, 1.0, 'nan'::double)) t(a, b, c, d)";
    expect(project.run(["query", floats, "--out", "f.parquet"]).status).toBe(0);
    for (const [source, format] of [
      ["x.csv", "csv"],
      ["x.csv", "ndjson"],
      ["one.csv", "tsv"],
      ["f.parquet", "csv"],
      ["f.parquet", "json"],
    ] as const) {
      const filed = copied(project, source, `y.${format}`);
      const piped = copied(project, source, `${format}:-`);
      expect(piped.status).toBe(filed.status);
      if (filed.status === 0) expect(piped.out).toBe(readFileSync(`${project.root}/y.${format}`, "utf8"));
      else expect(piped.error).toBe(filed.error);
    }
  });

  test("through pipes", () => {
    using project = testProject();
    const sluice = `sluice() { "${process.execPath}" "${COMMAND}" "$@"; }; set -o pipefail`;
    const shell = (command: string) =>
      spawnSync("bash", ["-c", `${sluice}; ${command}`], { cwd: project.root, encoding: "utf8" });
    const numbers = "(echo n; seq 1 200000)";
    // Every row in its place, whichever thread was first.
    const there = shell(
      `${numbers} > n.csv; cat n.csv | sluice copy - parquet:- | sluice copy parquet:- - | cmp n.csv -`,
    );
    expect([there.stdout, there.stderr, there.status]).toEqual(["", "", 0]);
    expect(shell("sluice copy n.csv m.csv > /dev/null && cmp n.csv m.csv").status).toBe(0);
    const head = shell(`sluice query "from range(500000)" | sluice copy - ndjson:- | head -1`);
    expect([head.stdout, head.stderr, head.status]).toEqual(['{"range":0}\n', "", 0]);
  });

  test.each([
    [["x.csv", "x.csv"], 2, "x.csv is read here, and would be written"],
    [["nope.csv", "y.csv"], 1, "nope.csv does not exist"],
    [["x.csv", "y.unknown"], 2, "what the file holds cannot be told from its name"],
    [["x.csv", "sqlite:w.db"], 2, "names no table"],
    [["x.csv", "sqlite.nope.t"], 2, 'no connection is named "nope"'],
    [["x.csv", "y.csv", "--mode", "append"], 2, 'cannot be loaded with mode "append"'],
    [["x.csv", "y.csv", "--mode", "merge"], 2, "--mode merge needs --key"],
    [["x.csv", "y.csv", "--mode", "delete+insert"], 2, "--mode delete+insert needs --key"],
    [["x.csv", "y.csv", "--mode", "append", "--key", "a"], 2, "--key is for merge, insert-only, delete+insert"],
    [["x.csv", "y.csv", "--mode", "merge", "--key", "a", "--partitions", "a"], 2, "--partitions is for overwrite"],
    [["x.csv", "y.csv", "--mode", "mrge"], 2, 'did you mean "merge"?'],
    [["x.csv", "-", "--mode", "append"], 2, 'standard output has no mode "append"'],
    [["x.csv", "xlsx:-"], 2, 'standard output is not written as "xlsx"'],
    [["x.csv"], 2, '"sluice copy" needs <from> and <to>'],
  ])("%j is refused", (words, status, message) => {
    using project = testProject({ "x.csv": "a\n1\n" });
    const found = copied(project, ...words);
    expect(found.status).toBe(status);
    expect(found.error).toContain(message);
    expect(readdirSync(project.root)).toEqual(["x.csv"]);
  });
});
