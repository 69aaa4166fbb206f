import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type TestProject, templateProject, testProject } from "./sluice.ts";

const DIRTY = `zip,code,name,const,empty,n,mostly,pw,at
00501,A-1,Ann,x,,1,,12,2024-01-01
10001,A-2,ann,x,,2,,13,2024-01-02
02134,A-3, Bob,x,,1,,n/a,2024-01-02
60601,B-4,Bob,x,,2,y,14,2024-01-05
60602,C5,Cid,x,,1,,15,2024-01-09
60603,C-6,Dan,x,,1000,,16,2024-01-09
60604,C-6,Eve,x,,2,,17,2024-01-09
60604,C-6,Eve,x,,2,,17,2024-01-09
60605,C-7,Eve,x,,1,,18,2024-01-21
60606,C-8,Eve,x,,2,,19,2024-01-21
60607,C-9,Eve,x,,1,,20,2024-01-21
60608,C-1,"<script>alert(""1"")</script>",x,,2,,21,2024-01-21
`;

interface Profiled {
  readonly rows: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly columns: readonly (Readonly<Record<string, unknown>> & { readonly column: string })[];
  readonly warnings: readonly { readonly column: string | null; readonly kind: string; readonly message: string }[];
}

/** What a look at `DIRTY` says before anything is counted. */
const DOUBT =
  '  warning: dataset "dirty": "pw" is string because of "n/a" in 1 of 12 values, all others are numbers: declare nulls: ["n/a"] if it means that there is none\n';

function profiled(project: TestProject, address: string): Profiled {
  const { out, error, status } = project.run(["profile", address, "--json"]);
  expect([status, error]).toEqual([0, address === "dirty.csv" ? DOUBT : ""]);
  return JSON.parse(out) as Profiled;
}

describe("sluice profile", () => {
  test("types, nulls, distinct values, quartiles, histograms, lengths and patterns", () => {
    using project = testProject({ "dirty.csv": DIRTY });
    const { rows, duplicates, columns } = profiled(project, "dirty.csv");
    const column = (name: string) => columns.find((one) => one.column === name);
    expect({ rows, duplicates }).toEqual({ rows: 12, duplicates: 1 });
    expect(column("n")).toMatchObject({
      type: "int64",
      nulls: 0,
      distinct: 3,
      exact: true,
      min: "1",
      q25: "1",
      median: "2",
      q75: "2",
      max: "1000",
      outliers: 1,
      top: [
        { value: "2", rows: 6 },
        { value: "1", rows: 5 },
        { value: "1000", rows: 1 },
      ],
    });
    const bars = column("n")?.histogram as readonly { readonly rows: number }[];
    expect([bars.length, bars[0]?.rows, bars.at(-1)?.rows]).toEqual([20, 11, 1]);
    const days = column("at")?.histogram as readonly unknown[];
    expect([days.length, days[0]]).toEqual([20, { from: "2024-01-01", to: "2024-01-02", rows: 1 }]);
    expect(column("zip")).toMatchObject({
      type: "string",
      lengths: { min: 5, max: 5, mean: 5 },
      patterns: [{ value: "99999", rows: 12 }],
      patternsOf: 12,
    });
    expect(column("empty")).toMatchObject({ nulls: 12, distinct: 0, min: null, top: [], histogram: null });
  });

  test("warnings", () => {
    using project = testProject({ "dirty.csv": DIRTY, "none.csv": "a,b\n" });
    const { warnings } = profiled(project, "dirty.csv");
    expect(warnings.map(({ column, kind }) => [column, kind])).toEqual([
      [null, "duplicates"],
      ["zip", "leading-zeros"],
      ["code", "mixed-formats"],
      ["name", "blanks"],
      ["name", "case"],
      ["const", "constant"],
      ["empty", "null"],
      ["n", "outliers"],
      ["mostly", "mostly-null"],
      ["pw", "numbers-as-text"],
      ["pw", "mixed-formats"],
    ]);
    expect(warnings.find(({ kind }) => kind === "leading-zeros")?.message).toBe(
      "2 values begin with a zero: as numbers they would lose it",
    );
    expect(profiled(project, "none.csv").warnings).toEqual([
      { column: null, kind: "empty", message: "there are no rows" },
    ]);
  });

  test("only text is written like something", () => {
    using project = testProject({ "t.csv": "t,u\n01:00:00,a\n,b\n02:00:00,b\n" });
    const { columns } = profiled(project, "t.csv");
    expect(columns.map(({ type, patterns }) => [type, patterns])).toEqual([
      ["time", []],
      ["string", [{ value: "a", rows: 3 }]],
    ]);
    expect(project.run(["profile", "t.csv"]).out).not.toContain("null 0 %");
  });

  test("what is far from the rest is told where every value is there once, but not of a sequence", () => {
    const rows = Array.from({ length: 12 }, (_, at) => [at + 1, 1.5 + at / 10, 1000 * at + (at % 3)]);
    using project = testProject({
      "x.csv": `id,size,n\n${[...rows, [999, 88000.5, 900000]].map((row) => row.join(",")).join("\n")}\n`,
    });
    const { warnings } = profiled(project, "x.csv");
    expect(warnings.filter(({ kind }) => kind === "outliers").map(({ column }) => column)).toEqual(["size", "n"]);
  });

  test("many values are estimated, and that is said", () => {
    using project = testProject();
    expect(
      project.run([
        "query",
        "select range as id, range % 7 as day, 'k' || range as name, {a: range} as nested, to_json(range) as j, range::float as f from range(250000)",
        "--out",
        "many.parquet",
      ]).status,
    ).toBe(0);
    const { columns, duplicates } = profiled(project, "many.parquet");
    const [id, day, name, nested] = columns;
    expect(duplicates).toBe(0);
    expect(id).toMatchObject({ exact: false, min: "0", max: "249999", top: [] });
    expect(Math.abs(Number(id?.distinct) / 250_000 - 1)).toBeLessThan(0.15);
    expect(day).toMatchObject({ exact: true, distinct: 7 });
    expect(name).toMatchObject({ patternsOf: 50_000 });
    expect(nested).toMatchObject({ type: "struct{a: int64}", min: null, top: [] });
    expect(project.run(["profile", "many.parquet"]).out).toMatch(/^id +int64 +- +~\d/m);
  });

  test("text for people, of datasets and standard input; rejects are said", () => {
    using project = templateProject();
    project.write("data/orders.csv", `${readFileSync(`${project.root}/data/orders.csv`, "utf8")}9,x,Ada,paid,1.00\n`);
    const { out, error } = project.run(["profile", "orders"]);
    expect(out).toContain("orders  40 rows, 5 columns, 1 record rejected");
    expect(out).toMatch(/status +string +- +3 +open +- +refunded +paid 67.5 %, open 22.5 %, refunded 10 %/);
    expect(out).toContain("possible-key: order_id: every value is there once: it may be a key");
    expect(error).toContain("1 record of 41 in orders rejected");
    expect(project.run(["profile", "nope.csv"])).toMatchObject({ status: 1 });
  });

  test("one page that needs nothing else, whatever the values are", () => {
    using project = testProject({
      "dirty.csv": DIRTY,
      "names.csv": '"<img src=x onerror=alert(1)>","a\'b"\n"</style><script>",\u202ehidden\n"</style><script>",x\n',
    });
    for (const name of ["dirty", "names"]) {
      expect(project.run(["profile", `${name}.csv`, "--html", `${name}.html`])).toEqual({
        status: 0,
        out: "",
        error: `${name === "dirty" ? DOUBT : ""}written to ${name}.html\n`,
      });
      const page = readFileSync(`${project.root}/${name}.html`, "utf8");
      expect(page).toContain("default-src 'none'");
      expect(page).toContain("prefers-color-scheme: dark");
      expect(page.match(/<(?:script|img|link|iframe|a)\b/gi)).toBeNull();
      expect(page.match(/https?:|url\(|@import|<[^>]*\s(?:src|href)=/gi)).toBeNull();
      expect(page.match(/<\/style>/g)).toHaveLength(1);
    }
    const page = readFileSync(`${project.root}/dirty.html`, "utf8");
    expect(page).toContain("<svg");
    expect(page).toContain("&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;");
  });

  test("a page takes the place of a page only: never of the data that was looked at, a folder or a device", () => {
    using project = testProject({ "dirty.csv": "a\n1\n", "old.html": "<!DOCTYPE html><p>old" });
    const refused = (place: string): string => {
      const { status, error } = project.run(["profile", "dirty.csv", "--html", place]);
      expect([place, status]).toEqual([place, place.startsWith("/proc") ? 1 : 2]);
      return error;
    };
    expect(refused("dirty.csv")).toContain("dirty.csv is there and holds no HTML page: it is not replaced");
    expect(readFileSync(`${project.root}/dirty.csv`, "utf8")).toBe("a\n1\n");
    expect(refused(".")).toContain(". is a folder\n   = name a file in it: profile.html");
    expect(refused("/dev/full")).toContain("/dev/full is no file but a device");
    expect(refused("/proc/page.html")).toContain("/proc/page.html cannot be written");
    expect(refused("/proc/x/page.html")).toContain("the folder /proc/x cannot be made");
    expect(project.run(["profile", "dirty.csv", "--html", "old.html"]).status).toBe(0);
    expect(project.run(["profile", "dirty.csv", "--html", "new/page.html"]).error).toBe("written to new/page.html\n");
    const page = readFileSync(`${project.root}/new/page.html`, "utf8");
    expect(readFileSync(`${project.root}/old.html`, "utf8")).toBe(page);
    expect(project.run(["profile", "dirty.csv", "--html", "-"])).toMatchObject({ status: 0, out: page });
    expect(project.run(["profile", "dirty.csv", "--html", "-", "--json"]).status).toBe(2);
  });

  test("columns of few rows are asked about together, and each has its own values", () => {
    const names = Array.from({ length: 120 }, (_, index) => `c${index}`);
    const row = (number: number): string =>
      names
        .map((_, index) => (index % 2 === 0 ? `t${index % 7}${number % 2}` : String(index * (number % 3))))
        .join(",");
    using project = testProject({
      "wide.csv": [names.join(","), ...[0, 1, 2, 3, 4, 5].map(row)].join("\n"),
      "zero.csv": "f\n-0.0\n0.0\n2.5\n",
    });
    const { columns } = profiled(project, "wide.csv");
    for (const [index, column] of columns.entries()) {
      const values = index % 2 === 0 ? [`t${index % 7}0`, `t${index % 7}1`] : ["0", String(index), String(index * 2)];
      const rows = 6 / values.length;
      expect(column).toMatchObject({
        distinct: values.length,
        top: values.toSorted().map((value) => ({ value, rows })),
        patterns: index % 2 === 0 ? [{ value: "a99", rows: 6 }] : [],
      });
    }
    expect(profiled(project, "zero.csv").columns).toMatchObject([
      { distinct: 2, top: [{ rows: 2 }, { value: "2.5" }] },
    ]);
  });
});
