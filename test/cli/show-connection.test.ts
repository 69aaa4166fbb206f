import { describe, expect, it } from "vitest";
import { testProject } from "./sluice.ts";

const CONFIG = `import { defineConfig, sqlite } from "sluice";
export default defineConfig({
  project: "shown",
  datasets: { kept: sqlite("warehouse").table("kept") },
  connections: { warehouse: { type: "sqlite", path: "w.db" } },
});
`;

function project() {
  const made = testProject({
    "sluice.config.ts": CONFIG,
    "x.csv": "id,name,updated_at\n1,a,2024-01-01 00:00:00\n2,,2024-01-02 00:00:00\n",
  });
  for (const [to, ...more] of [
    ["sqlite:w.db#kept", "--mode", "merge", "--key", "id"],
    ["sqlite:w.db#other"],
    ["lake.shop.paid"],
  ])
    expect(made.run(["copy", "x.csv", to ?? "", ...more])).toMatchObject({ status: 0 });
  return made;
}

describe("what a connection holds", () => {
  it("is shown of SQLite, of a table by its address, and outside of a project", () => {
    using made = project();
    const all = made.run(["show", "warehouse"]);
    expect(all).toMatchObject({ status: 0, error: "" });
    expect(all.out).toBe(`sqlite.warehouse  2 tables

name   kind   columns  rows    size  key  cursor candidates
kept   table        3     2  4.1 KB  id   updated_at, id
other  table        3     2  4.1 KB  -    updated_at
`);
    const tables = JSON.parse(made.run(["show", "sqlite.warehouse", "--json"]).out);
    expect(tables).toMatchObject({
      connection: "sqlite.warehouse",
      tables: [{ address: "sqlite.warehouse.kept", schema: null, rows: 2, estimated: false, keys: [["id"]] }, {}],
    });
    const one = made.run(["show", "sqlite:w.db#kept"]);
    expect(one.out).toContain("sqlite:w.db#kept  table, 2 rows, 4.1 KB, key id, cursor candidates updated_at, id\n");
    expect(one.out).toMatch(/^id +INTEGER +may be null +key, cursor candidate$/m);
    expect(JSON.parse(made.run(["show", "warehouse.kept", "--json"]).out).columns).toHaveLength(3);
    expect(made.run(["sync"]).out).toContain("\n  key id, cursor candidates updated_at, id\n");
  });

  it("is shown of the lake, by namespace and by table", () => {
    using made = project();
    expect(made.run(["show", "lake"]).out).toMatch(/^lake {2}1 table in shop\n\n.*\nshop\.paid {2}table +3 +2 /);
    expect(made.run(["show", "lake.shop", "--json"]).out).toContain('"address":"lake.shop.paid"');
    expect(made.run(["show", "lake:lake#shop.paid"]).out).toMatch(
      /^updated_at +timestamp +may be null +cursor candidate$/m,
    );
    expect(made.run(["show", "lake.shop.payed"])).toMatchObject({ status: 1 });
  });

  it("is refused by name where there is no such thing", () => {
    using made = project();
    const refused = (text: string): string => {
      const { status, error } = made.run(["show", text]);
      expect(status).not.toBe(0);
      return error;
    };
    expect(refused("warehous")).toContain('did you mean "warehouse"?');
    expect(refused("sqlite.warehous")).toContain('did you mean "warehouse"?');
    expect(refused("postgres.warehouse")).toContain('the connection "warehouse" is of type sqlite, not postgres');
    expect(refused("warehouse.keptt")).toContain('did you mean "kept"?');
    expect(refused("lake.shop.payed")).toContain("shop.paid");
    expect(refused("sqlite:none.db")).toContain("none.db");
  });

  it("shows a dataset before a connection of its name", () => {
    using made = testProject({
      "sluice.config.ts": CONFIG.replace("warehouse: {", "kept: { type: 'sqlite', path: 'w.db' }, warehouse: {"),
      "x.csv": "id\n1\n",
    });
    expect(made.run(["copy", "x.csv", "sqlite:w.db#kept"])).toMatchObject({ status: 0 });
    expect(made.run(["sync"])).toMatchObject({ status: 0 });
    expect(made.run(["show", "kept"]).out).toContain("kept  sqlite.warehouse.kept");
    expect(made.run(["show", "sqlite.kept"]).out).toContain("sqlite.kept  1 table\n");
  });
});
