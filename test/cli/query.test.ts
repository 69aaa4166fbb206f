import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { COMMAND, type Finished, jsonLines, type TestProject, templateProject, testProject } from "./sluice.ts";

/** The command with text on its standard input. */
function fed(project: TestProject, input: string, words: readonly string[]): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: project.root,
    encoding: "utf8",
    input,
    env: { ...process.env, NO_COLOR: "1", CI: "" },
  });
  return { status, out: stdout, error: stderr };
}

function shell(project: TestProject, command: string): Finished {
  const sluice = `sluice() { "${process.execPath}" "${COMMAND}" "$@"; }`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", `set -o pipefail; ${sluice}; ${command}`], {
    cwd: project.root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", CI: "" },
  });
  return { status, out: stdout, error: stderr };
}

describe("sluice query", () => {
  test.each(["csv", "tsv", "json", "ndjson"])("a pipe gives the bytes of a file: %s", (format) => {
    using project = testProject();
    const sql =
      "select 2.0::double as x, -0.0::double as z, 1.2345678901234568e16::double as big, 0.1::float as f, null as n, '' as e, 'a,\"b' as q, timestamp '2024-01-02 03:04:05' as t, true as b, [1.0, null] as l, 1.50 as d";
    expect(project.run(["query", sql, "--format", format, "--out", "x.out"]).status).toBe(0);
    const { out, status } = project.run(["query", sql, "--format", format]);
    expect(status).toBe(0);
    expect(out).toBe(readFileSync(`${project.root}/x.out`, "utf8"));
  });

  test("in a folder without a project: files, globs, calls, and nothing left behind", () => {
    using project = testProject({
      "a/x.csv": "id;name\n1;Ann\n2;Bob\n",
      "a/y.csv": "id;name\n3;Cid\n",
      "weird [1]'.csv": "n\n7\n",
    });
    using temporary = testProject();
    const ask = (sql: string): string => project.run(["query", sql], { TMPDIR: temporary.root }).out;
    expect(ask("select sum(id) as total, count(*) as n from 'a/*.csv'")).toBe("total,n\n6,3\n");
    expect(ask("select name from read_csv('a/x.csv', delim = ';', header := true) where id = 2")).toBe("name\nBob\n");
    expect(ask("select count(*) as n from read_csv(['a/x.csv', 'a/y.csv'])")).toBe("n\n3\n");
    expect(ask("select x.name from 'a/x.csv' join 'a/y.csv' as other on other.id = x.id + 1")).toBe("name\nBob\n");
    expect(ask("select n from 'weird [1]''.csv'")).toBe("n\n7\n");
    expect(ask("with t as (select * from 'a/x.csv') select count(*) as n from t, (select 1 from t limit 1)")).toBe(
      "n\n2\n",
    );
    expect(readdirSync(project.root).sort()).toEqual(["a", "weird [1]'.csv"]);
    expect(readdirSync(temporary.root)).toEqual([]);
  });

  test("what stands in strings, quoted names and comments is no parameter", () => {
    using project = testProject();
    const sql = `select '$w' as a, "$x", $$ $y it's $$ as b, $t$ $z $t$ as c, $p as d /* $v */ from (select 1 as "$x") -- $u`;
    const { out, status } = project.run(["query", sql, "--param", "p=1", "--format", "json"]);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual([{ a: "$w", $x: 1, b: " $y it's ", c: " $z ", d: "1" }]);
  });

  test("datasets, tables of connections, parameters, from a folder of the project", () => {
    using project = templateProject();
    const config = readFileSync(`${project.root}/sluice.config.ts`, "utf8");
    project.write(
      "sluice.config.ts",
      config.replace("datasets:", 'connections: { warehouse: { type: "sqlite", path: "w.db" } }, datasets:'),
    );
    project.write(
      "pipelines/keep.yaml",
      "name: keep\nsteps:\n  keep: { load: { from: orders, into: sqlite.warehouse.kept } }\n",
    );
    expect(project.run(["run", "keep"]).status).toBe(0);
    const sql =
      "select o.order_id, k.amount from orders o join warehouse.kept k using (order_id) join sqlite.warehouse.kept l using (order_id) where o.amount > $least and o.ordered_at >= $since order by 1 limit 2";
    const words = ["query", sql, "--param", "least=190", "--param", "since=2024-01-02", "--format", "ndjson"];
    expect(jsonLines(project.run(words).out)).toEqual([
      { order_id: 1006, amount: 194.03 },
      { order_id: 1009, amount: 190.07 },
    ]);
    const inside = spawnSync(process.execPath, [COMMAND, "query", "select count(*) as n from 'orders.csv'"], {
      cwd: `${project.root}/data`,
      encoding: "utf8",
    });
    expect(inside.stdout).toBe("n\n40\n");
  });

  test("standard input is the table stdin, of any format, and is called so", () => {
    using project = testProject();
    expect(fed(project, "a,b\n1,2\n3,4\n", ["query", "select sum(a) as s from stdin join stdin t using (a)"]).out).toBe(
      "s\n4\n",
    );
    expect(fed(project, "a\tb\n1\t2\n", ["query", "select b from stdin", "--stdin", "tsv"]).out).toBe("b\n2\n");
    expect(fed(project, "a#b\n1#2\n", ["query", "select b from 'csv:-'"]).out).toBe("b\n2\n");
    const broken = fed(project, '\u0000\u0001\n"', ["query", "from stdin"]);
    expect(broken.status).not.toBe(0);
    expect(broken.error).toContain("standard input");
    expect(broken.error).not.toContain("scratch");
    expect(readdirSync(`${project.root}`)).toEqual([]);
  });

  test("an archive in a pipe is named with its member instead, compressed text is read", () => {
    using project = testProject({ "x.csv": "a\n1\n" });
    const tar = shell(project, "tar cf x.tar x.csv && tar czf x.tgz x.csv && gzip -k x.csv");
    expect(tar.error).toBe("");
    const zip = Buffer.from("504b0506".padEnd(44, "0"), "hex");
    writeFileSync(`${project.root}/x.zip`, zip);
    for (const [file, kind] of [
      ["x.zip", "zip"],
      ["x.tar", "tar"],
      ["x.tgz", "tar"],
    ]) {
      for (const command of [`query "from stdin" < ${file}`, `copy ndjson:- y.csv < ${file}`]) {
        const { status, error } = shell(project, `sluice ${command}`);
        expect(error).toContain(`standard input is a ${kind} archive`);
        expect(error).not.toContain(project.root);
        expect(error).toContain(`name the file with its member, not as a pipe: 'file.${kind}!member.csv'`);
        expect(status).toBe(2);
      }
    }
    expect(shell(project, 'sluice query "from stdin" < x.csv.gz').out).toBe("a\n1\n");
  });

  test("whatever the file source reads: JSON, members of archives, odd text", () => {
    using project = testProject({
      "x.ndjson": '{"id": 1, "tags": ["a"], "at": "2024-01-02T03:04:05"}\n{"id": 2, "tags": [], "at": null}\n',
      "x.json": '[{"n": 1.50}, {"n": 2}]',
      "odd.txt": "# made by hand\nid|sum\n1|2,5\n2|-\n",
    });
    const ask = (sql: string, ...words: readonly string[]): string => project.run(["query", sql, ...words]).out;
    const lines = '{"id":1,"tags":["a"],"at":"2024-01-02T03:04:05"}\n{"id":2,"tags":[],"at":null}\n';
    expect(ask("from 'x.ndjson' order by id", "--format", "ndjson")).toBe(lines);
    expect(project.run(["query", "from 'x.ndjson' order by id", "--out", "y.ndjson"]).status).toBe(0);
    expect(readFileSync(`${project.root}/y.ndjson`, "utf8")).toBe(lines);
    expect(fed(project, lines, ["query", "select unnest(tags) as tag from stdin", "--stdin", "ndjson"]).out).toBe(
      "tag\na\n",
    );
    expect(ask("select sum(n) as n from read_json('x.json')")).toBe("n\n3.5\n");
    const odd = "read_csv('odd.txt', delim = '|', comment = '#', decimal_separator = ',', nullstr = '-')";
    expect(ask(`select sum(sum) as s, count(*) as n from ${odd}`)).toBe("s,n\n2.5,2\n");
  });

  test("what is read is accepted as ever: rejects are said on standard error", () => {
    using project = templateProject();
    project.write("data/orders.csv", `${readFileSync(`${project.root}/data/orders.csv`, "utf8")}9,x,Ada,paid,1.00\n`);
    const { out, error, status } = project.run(["query", "select count(*) as n from orders"]);
    expect({ out, status }).toEqual({ out: "n\n40\n", status: 0 });
    expect(error).toContain("1 record of 41 in orders rejected");
  });

  test("every format, and --out", () => {
    using project = testProject();
    const sql = "select 1 as i, null as n, 'x' as t, 2.50 as d, [1, 2] as l";
    const ask = (...words: readonly string[]): string => project.run(["query", sql, ...words]).out;
    expect(ask("--format", "csv")).toBe('i,n,t,d,l\n1,,x,2.50,"[1,2]"\n');
    expect(JSON.parse(ask("--json"))).toEqual([{ i: 1, n: null, t: "x", d: 2.5, l: [1, 2] }]);
    expect(ask("--format", "table")).toBe(
      "    i      n  t                  d  l\nint32  int32  string  decimal(3,2)  list<int32>\n    1   null  x               2.50  [1,2]\n(1 row, 5 columns)\n",
    );
    expect(project.run(["query", sql, "--out", "deep/x.parquet"])).toMatchObject({ status: 0, out: "" });
    expect(project.run(["query", "select d, l from 'deep/x.parquet'"]).out).toBe('d,l\n2.50,"[1,2]"\n');
    expect(shell(project, `sluice query "from range(3)" --format parquet > r.parquet`).status).toBe(0);
    expect(project.run(["query", "select count(*) as n from 'r.parquet'"]).out).toBe("n\n3\n");
  });

  test("streams: head ends it quietly, a pipe of two gives all", () => {
    using project = testProject();
    const long = `sluice query "select range as n, repeat('x', 100) as t from range(400000)"`;
    expect(shell(project, `${long} | head -2 | cut -c1-5`)).toEqual({ status: 0, out: "n,t\n0,xxx\n", error: "" });
    expect(
      shell(project, `${long} --format ndjson | sluice query "select count(*) as c, max(n) as m from range(1)" 2>&1`)
        .error,
    ).toBe("");
    expect(shell(project, `${long} | sluice query "select count(*) as c, max(n) as m from stdin"`)).toMatchObject({
      status: 0,
      out: "c,m\n400000,399999\n",
    });
  });

  test.each([
    ["insert into x values (1)", 'a query is one SELECT, and "insert" is another statement', "1:1"],
    ["copy x to 'y.csv'", 'a query is one SELECT, and "copy" is another statement', "1:1"],
    ["select 1;\nselect 2", "a query is one SELECT, and these are several statements", "1:9"],
    ["select 1; drop table x", "a query is one SELECT, and these are several statements", "1:9"],
    ["from (pivot t on a using sum(b))", "pivot finds its columns in the rows, which a query cannot here", "1:7"],
    ["select *\nfrom read_text('/etc/passwd')", "a query may not call read_text", "2:6"],
    ["select (select count(*) from glob('*'))", "a query may not call glob", "1:30"],
    ["from read_csv('x.csv', delm = ';')", 'read_csv has no option "delm" here (delm = ";")', "1:6"],
    ["from read_csv('x.csv', columns = ['a'])", 'read_csv has no option "columns" here (columns = ["a"])', "1:6"],
    ["from read_csv(concat('x', '.csv'))", "read_csv takes constants, and this argument is none", "1:15"],
    ["select * from ordrs", 'no table is named "ordrs"', "1:15"],
    ["from warehouse.x", 'no connection is named "warehouse"', "1:6"],
    ["select nope from orders", 'there is no column "nope"', "1:8"],
    ["select getenv('HOME')", "there is no function getenv", "1:8"],
    ["select uper(customer) from orders", 'did you mean "upper"?', "1:8"],
    ["select upper(customer, 1) from orders", "there is no upper(varchar, integer)", "1:8"],
    ["attach 'x.db'", "name the table of a database in from", "1:1"],
    ["select $x", 'the parameter "x" of the query has no value', "1:8"],
    ["summarize orders", "a query of describe, summarize or show is not answered here", "1:11"],
    ["select 'a", "a string that begins here has no end", "1:8"],
  ])("%s is refused by name and place", (sql, message, place) => {
    using project = templateProject();
    const { status, error } = project.run(["query", sql]);
    expect(status).toBe(2);
    expect(error).toContain(message);
    expect(error).toContain(`<query>:${place}`);
  });

  test("a mistake is underlined; a table of the lake needs no quotes", () => {
    using project = testProject({
      "sluice.config.ts":
        'import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "p", datasets: { l: csv("l.csv") } });\n',
      "l.csv": "k\n1\n",
      "pipelines/p.yaml": "name: p\nsteps: { load_l: { load: { from: l, into: lake.n.t, mode: replace } } }\n",
    });
    expect(project.run(["sync"]).status).toBe(0);
    expect(project.run(["run"]).status).toBe(0);
    expect(project.run(["query", "select t.k from lake.n.t"]).out).toBe("k\n1\n");
    const { error } = project.run(["query", "select t.k,\n  from n.t"]);
    expect(error).toBe(`error[config]: no connection is named "n"
  --> <query>:2:8
   |
2  |   from n.t
   |        ^
   = a table of the lake is lake.n.t
`);
  });

  test("wrong use", () => {
    using project = testProject();
    const use = (...words: readonly string[]) => project.run(["query", ...words]);
    expect(use("select 1", "--format", "cvs").error).toContain('did you mean "csv"?');
    expect(use("select 1", "--param", "x=1").error).toContain('the query has no parameter "x"');
    expect(use("from 'nope.csv'")).toMatchObject({ status: 1, error: expect.stringContaining("nope.csv") });
    expect(use("select 1", "--format", "table", "--out", "x.csv").status).toBe(2);
    expect(JSON.parse(use("selct 1", "--json").out)).toMatchObject({ error: { at: { file: "<query>", line: 1 } } });
  });

  test("a place for --out is looked at first, and refused in words of the command", () => {
    using project = testProject({ "x.csv": "a\n1\n", "dir/y.csv": "a\n1\n" });
    const refused = (out: string): string => {
      const { status, error } = project.run(["query", "select * from 'x.csv'", "--out", out]);
      expect([out, status]).toEqual([out, 2]);
      expect(error).not.toContain("-->");
      return error;
    };
    expect(refused("x.csv")).toContain("x.csv is read here, and would be written");
    expect(refused(".")).toContain("--out . is a folder\n   = name a file in it: --out rows.csv");
    expect(refused("-")).toContain("--out - is standard output, where rows go without it");
    expect(refused("json:-")).toContain("leave it out; --format says how they are written");
    expect(refused("rows.out")).toContain("say it: --format csv, tsv, json, ndjson or parquet");
    expect(project.run(["copy", "x.csv", "x.csv"]).error).toContain("x.csv is read here, and would be written");
    expect(project.run(["copy", "x.csv", "dir"]).error).toContain(
      "it is a folder: name a file in it, such as dir/rows.csv",
    );
    expect(readFileSync(`${project.root}/x.csv`, "utf8")).toBe("a\n1\n");
  });
});
