import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type TestProject, templateProject, testProject } from "./sluice.ts";

const CONFIG = (options: string): string => `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "test", datasets: { a: csv("data/a.csv", { ${options} }), b: csv("data/b.csv") } });
`;

function project(options = ""): TestProject {
  return testProject({
    "sluice.config.ts": CONFIG(options),
    "data/a.csv": "id,name,since\n1,Ada,2024-01-31\n2,Grace,2024-02-29\n",
    "data/b.csv": "x;y\n1,5;2\n",
  });
}

const frozen = (at: TestProject, name: string): { columns: readonly { name: string; type: string }[] } =>
  JSON.parse(readFileSync(join(at.root, `schemas/${name}.json`), "utf8"));
const statuses = (at: TestProject, ...words: readonly string[]): readonly (readonly [number | null, unknown])[] => {
  const { status, out } = at.run(["sync", "--json", ...words]);
  const { datasets } = JSON.parse(out) as { datasets: readonly { name: string; status: string }[] };
  return [[status, Object.fromEntries(datasets.map((one) => [one.name, one.status]))]];
};

test("freezes each dataset, and typed values of all", () => {
  using at = project();
  const { status, out } = at.run(["sync"]);
  expect(status).toBe(0);
  expect(out).toMatch(/^a: new \(3 columns, 2 rows\) schemas\/a\.json$/m);
  expect(frozen(at, "a").columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    "id int64",
    "name string",
    "since date",
  ]);
  const index = readFileSync(join(at.root, "schemas/index.ts"), "utf8");
  expect(index).toContain('export const a: Dataset<A> = dataset("a", import.meta.url);');
  expect(index).toContain('export const b: Dataset<B> = dataset("b", import.meta.url);');
  expect(statuses(at)).toEqual([[0, { a: "unchanged", b: "unchanged" }]]);
});

test("one name looks at one source and keeps the others in the index", () => {
  using at = project();
  at.run(["sync"]);
  at.write("data/b.csv", "x;z\n1;2\n");
  expect(statuses(at, "a")).toEqual([[0, { a: "unchanged" }]]);
  expect(readFileSync(join(at.root, "schemas/index.ts"), "utf8")).toContain('dataset("b"');
  const unknown = at.run(["sync", "bb"]);
  expect([unknown.status, unknown.error]).toEqual([2, expect.stringContaining('did you mean "b"?')]);
});

test("a source that changed is drift: exit 1 and the file stays; --accept takes it over", () => {
  using at = project();
  at.run(["sync"]);
  const before = readFileSync(join(at.root, "schemas/a.json"), "utf8");
  at.write("data/a.csv", "id,name,since,extra\nx1,Ada,2024-01-31,9\n");
  const { status, out } = at.run(["sync"]);
  expect(status).toBe(1);
  expect(out).toContain("changed, and its policy is to fail");
  expect(out).toContain("extra");
  expect(out).toContain("id");
  expect(readFileSync(join(at.root, "schemas/a.json"), "utf8")).toBe(before);
  expect(statuses(at, "--accept")).toEqual([[0, { a: "changed", b: "unchanged" }]]);
  expect(frozen(at, "a").columns.map(({ name }) => name)).toEqual(["id", "name", "since", "extra"]);
});

test("with the policy to warn it is said and written", () => {
  using at = project('drift: "warn"');
  at.run(["sync"]);
  at.write("data/a.csv", "id,name\n1,Ada\n");
  const { status, out } = at.run(["sync"]);
  expect([status, out]).toEqual([0, expect.stringContaining("since")]);
  expect(frozen(at, "a").columns.map(({ name }) => name)).toEqual(["id", "name"]);
});

test("what the author changes in the configuration is written", () => {
  using at = project();
  at.run(["sync"]);
  at.write("sluice.config.ts", CONFIG('types: { id: "string" }, required: ["id"]'));
  expect(statuses(at)).toEqual([[0, { a: "changed", b: "unchanged" }]]);
  expect(frozen(at, "a").columns[0]).toMatchObject({ name: "id", type: "string", nullable: false });
});

test("a change of the configuration does not take a change of the source along", () => {
  using at = project();
  at.run(["sync"]);
  const before = readFileSync(join(at.root, "schemas/a.json"), "utf8");
  at.write("sluice.config.ts", CONFIG("maxRejects: 5"));
  at.write("data/a.csv", "id,name,since\nx1,Ada,2024-01-31\n");
  const { status, out } = at.run(["sync"]);
  expect([status, out]).toEqual([1, expect.stringContaining('"id" was int64 and is string')]);
  expect(readFileSync(join(at.root, "schemas/a.json"), "utf8")).toBe(before);
  expect(statuses(at, "--accept")).toEqual([[0, { a: "changed", b: "unchanged" }]]);
});

test("a source that is not there hides no other, and leaves what was frozen", () => {
  using at = project();
  at.write("sluice.config.ts", CONFIG("").replace("data/a.csv", "data/gone.csv"));
  const { status, error } = at.run(["sync"]);
  expect(status).toBe(1);
  expect(error).toContain("gone.csv");
  expect(frozen(at, "b").columns).not.toEqual([]);
});

test.each([
  ["{", 1, "is not JSON"],
  ["{}", undefined, "is wrong: version"],
  ['{\n  "version": 1,\n<<<<<<< HEAD\n  "name": "a"\n=======\n', 3, "holds a merge conflict"],
  ['{\n  "version": 2\n}\n', 2, "a newer sluice wrote"],
])("a frozen schema that was broken by hand is not written over: %j", (text, line, says) => {
  using at = project();
  at.run(["sync"]);
  const index = readFileSync(join(at.root, "schemas/index.ts"), "utf8");
  at.write("schemas/a.json", text);
  for (const words of [["sync"], ["sync", "--accept"], ["sync", "b"], ["check"]]) {
    const { status, error } = at.run(words);
    expect([words, status, error]).toEqual([words, 2, expect.stringContaining(says)]);
    expect(error).toContain(`schemas/a.json${line === undefined ? "" : `:${line}:1`}\n`);
    expect(error).toMatch(/mend it, restore it from version control, or remove it and run|update sluice/);
    expect(error.split(says)).toHaveLength(2);
  }
  expect(readFileSync(join(at.root, "schemas/a.json"), "utf8")).toBe(text);
  expect(readFileSync(join(at.root, "schemas/index.ts"), "utf8")).toBe(index);
});

test("policies of the configuration count at once, without a new look at the data", () => {
  using at = templateProject();
  at.run(["run"]);
  const result = readFileSync(join(at.root, "out/sales.csv"), "utf8");
  appendFileSync(join(at.root, "data/orders.csv"), "x1,2024-01-31T10:00:00,Ada,paid,12.34\n,,,,\n");
  expect(at.run(["run"])).toMatchObject({ status: 0, out: expect.stringContaining("were rejected and left out") });
  const config = readFileSync(join(at.root, "sluice.config.ts"), "utf8");
  at.write("sluice.config.ts", config.replace("required:", 'maxRejects: "1%", required:'));
  const { status, error } = at.run(["run"]);
  expect([status, error]).toEqual([1, expect.stringContaining("maxRejects")]);
  expect(readFileSync(join(at.root, "out/sales.csv"), "utf8")).toBe(result);
  expect(at.run(["check"]).status).toBe(0);
  at.write("sluice.config.ts", config.replace("required:", 'stage: "persistent", required:'));
  expect(JSON.parse(at.run(["plan", "--json"]).out).stages[0]).toMatchObject({ kind: "extract" });
});

test("pipelines are not looked at", () => {
  using at = project();
  at.write("pipelines/broken.ts", "export default [");
  expect(at.run(["sync"]).status).toBe(0);
});

test("what is wrong with a source is said of each dataset that has it, where the configuration names it", () => {
  using at = testProject({
    "sluice.config.ts": `import { csv, defineConfig, sqlite } from "sluice";
export default defineConfig({
  project: "test",
  connections: { shop: { type: "sqlite", path: "shap.db" } },
  datasets: {
    a: csv("data/x.csv"),
    b: csv("data/x.csv"),
    c: sqlite("shop").table("orders"),
  },
});
`,
    "shop.db": "",
  });
  const { error } = at.run(["sync"]);
  expect(error).toContain("data/x.csv does not exist\n  --> sluice.config.ts:6:5\n");
  expect(error).toContain("data/x.csv does not exist\n  --> sluice.config.ts:7:5\n");
  expect(error).toMatch(/there is no database .*shap\.db\n {2}--> sluice\.config\.ts:8:5\n/);
  expect(error).toContain('= did you mean "shop.db"?');
  const { errors } = JSON.parse(at.run(["sync", "--json"]).out);
  expect(errors).toMatchObject([{ at: { path: "datasets.a" } }, { at: { path: "datasets.b" } }, { at: { line: 8 } }]);
});
