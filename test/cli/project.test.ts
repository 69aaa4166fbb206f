import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Finished, jsonLines, sluice, start, type TestProject, testProject } from "./sluice.ts";

// One project, made as a person makes it, for all that only looks at it.
let folder: TestProject;
let root: string;
let made: Finished;
const run = (...words: readonly string[]): Finished => sluice(root, words);

beforeAll(() => {
  folder = testProject();
  made = folder.run(["init", "my-project"]);
  root = join(folder.root, "my-project");
});
afterAll(() => folder[Symbol.dispose]());

test("init writes a project and says how to go on", () => {
  expect(made).toMatchObject({ status: 0, error: "" });
  expect(made.out).toContain("+ my-project/sluice.config.ts");
  expect(made.out).toMatch(/\nnext:\n {2}cd my-project\n {2}npx sluice run\n$/);
  expect(readFileSync(join(root, "README.md"), "utf8")).toMatch(/^# my-project\n/);
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ name: "my-project", type: "module", dependencies: { sluice: "^0.1.0" } });
  expect(readFileSync(join(root, ".gitignore"), "utf8")).toContain(".sluice/");
  expect(readFileSync(join(root, "sluice.config.ts"), "utf8")).toContain('project: "my-project"');
});

test("init in the folder itself tells what to run and what to look at", () => {
  using here = testProject();
  expect(here.run(["init"]).out).toMatch(/\nnext:\n {2}npx sluice run\n {2}npx sluice plan\n$/);
});

test("init overwrites nothing", () => {
  const again = folder.run(["init", "my-project"]);
  expect(again.status).toBe(2);
  expect(again.error).toMatch(/is there already/);
  expect(again.error).toContain("nothing was written");
  folder.write("taken", "text");
  expect(folder.run(["init", "taken"]).error).toContain("is a file");
});

test("run reads the data, writes the result and ends with a table", () => {
  const { status, out, error } = run("run");
  expect([status, error]).toEqual([0, ""]);
  expect(out).toMatch(/^step +status +rows in +rows out +rejected +time$/m);
  expect(out).toMatch(/^publish +succeeded/m);
  expect(out).toMatch(/^load +read +inserted +updated +deleted +unchanged +rejected$/m);
  expect(out).toMatch(/^publish +6 +6 +0 +0 +0 +0$/m);
  expect(out).toMatch(/^checks: 2 of 2 passed$/m);
  expect(out).toMatch(/^succeeded in .*\(run \w+\)$/m);
  expect(readFileSync(join(root, "out/sales.csv"), "utf8")).toBe(expectedSales());
});

test("runs show says again what a run did", () => {
  const [newest] = JSON.parse(run("runs", "--json").out) as readonly { readonly id: string }[];
  const { status, out } = run("runs", "show", newest?.id ?? "");
  expect(status).toBe(0);
  expect(out).toMatch(/run \w+: succeeded$/m);
  expect(out).toMatch(/^started .*, ended /m);
  expect(out).toMatch(/^publish +succeeded/m);
  expect(out).toMatch(/^publish +6 +6 +0 +0 +0 +0$/m);
  const shown = JSON.parse(run("runs", "show", newest?.id ?? "", "--json").out);
  expect(shown.steps.publish.load).toEqual({ read: 6, inserted: 6, updated: 0, deleted: 0, unchanged: 0, rejected: 0 });
  expect(shown).not.toHaveProperty("plan");
  expect(run("runs", "show", "nothing").error).toContain('no run is named "nothing"');
  expect(run("runs", "sales", "x").error).toContain("sluice runs show x");
});

/** The same by hand. */
function expectedSales(): string {
  const [, ...lines] = readFileSync(join(root, "data/orders.csv"), "utf8").trim().split("\n");
  const groups = new Map<string, { orders: number; cents: number }>();
  for (const line of lines) {
    const [, , customer = "", status, amount = "0"] = line.split(",");
    if (status !== "paid") continue;
    const group = groups.get(customer) ?? { orders: 0, cents: 0 };
    groups.set(customer, { orders: group.orders + 1, cents: group.cents + Math.round(Number(amount) * 100) });
  }
  const rows = [...groups].toSorted(([, a], [, b]) => b.cents - a.cents);
  return [
    "customer,orders,revenue",
    ...rows.map(([name, { orders, cents }]) => `${name},${orders},${(cents / 100).toFixed(2)}`),
    "",
  ].join("\n");
}

test("run --json prints events, run.finished last", () => {
  const { status, out, error } = run("run", "sales", "--json");
  expect([status, error]).toEqual([0, ""]);
  const events = jsonLines(out);
  expect(events[0]).toMatchObject({ event: "run.started", pipeline: "sales" });
  expect(events.at(-1)).toMatchObject({
    event: "run.finished",
    run: expect.any(String),
    status: "succeeded",
    steps: {
      sales: {
        status: "succeeded",
        stage: expect.any(String),
        rowsIn: 40,
        rejected: 0,
        durationMs: expect.any(Number),
      },
      publish: { status: "succeeded", stage: "publish", rowsOut: expect.any(Number) },
    },
  });
  expect(events.filter((event) => event.event === "run.finished")).toHaveLength(1);
});

test("plan shows stages and why, schemas, SQL, reads and writes; --json is the plan with its hash", () => {
  const text = run("plan").out;
  for (const word of [
    "stage publish",
    "why",
    "reads",
    "orders (data/orders.csv): customer, status, amount",
    "writes",
    "out/sales.csv (replace)",
    "schema",
    "customer string",
    "select",
  ]) {
    expect(text).toContain(word);
  }
  const plan = JSON.parse(run("plan", "sales", "--json").out);
  expect(plan).toMatchObject({
    planVersion: 1,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    definition: { name: "sales" },
  });
  expect(text).toContain(plan.hash.slice(0, 12));
  expect(JSON.stringify(plan)).not.toContain(root);
});

test("list and show", () => {
  expect(run("list").out).toMatch(/^sales +2 +- +pipelines\/sales.ts$/m);
  expect(JSON.parse(run("list", "--json").out)).toEqual({
    pipelines: [{ name: "sales", file: "pipelines/sales.ts", steps: 2, schedule: null, description: null }],
    datasets: [
      { name: "orders", source: { type: "file", path: "data/orders.csv", format: "csv" }, synced: true, columns: 5 },
    ],
  });
  expect(run("show", "sales").out).toMatch(/^publish +load +sales +out\/sales.csv \(replace\)/m);
  expect(run("show", "orders").out).toMatch(/^ordered_at +timestamp /m);
  expect(JSON.parse(run("show", "orders", "--json").out)).toMatchObject({ name: "orders", version: 1 });
  const unknown = run("show", "ordres");
  expect([unknown.status, unknown.error]).toEqual([2, expect.stringContaining('did you mean "orders"?')]);
});

test("paths are told from the project's folder, wherever the command is called", () => {
  const below = (...words: readonly string[]): string => sluice(join(root, "pipelines"), words).out;
  expect(below("list")).toBe(run("list").out);
  expect(below("list", "--json")).toBe(run("list", "--json").out);
  expect(JSON.parse(below("show", "sales", "--json")).file).toBe("pipelines/sales.ts");
  expect(below("sync")).not.toContain(root);
});

test("preview computes first rows and writes nothing", () => {
  const text = run("preview", "sales", "sales", "--limit", "2").out.trim().split("\n");
  expect(text).toHaveLength(3);
  expect(text[0]).toMatch(/^customer +orders +revenue$/);
  const { columns, rows } = JSON.parse(run("preview", "pipelines/sales.ts", "publish", "--limit", "1", "--json").out);
  expect(columns.map((column: { name: string }) => column.name)).toEqual(["customer", "orders", "revenue"]);
  expect(rows).toHaveLength(1);
  const unknown = run("preview", "sales", "publihs");
  expect([unknown.status, unknown.error]).toEqual([2, expect.stringContaining('did you mean "publish"?')]);
  expect(JSON.parse(run("runs", "--json").out).length).toBeLessThanOrEqual(2);
});

test("check finds nothing, also --frozen", () => {
  expect(run("check")).toMatchObject({ status: 0, out: "ok: 1 pipeline\n", error: "" });
  expect(JSON.parse(run("check", "--frozen", "--json").out)).toEqual({
    ok: true,
    pipelines: [{ name: "sales", hash: expect.any(String) }],
    warnings: [],
    errors: [],
    drifts: [],
  });
});

test("sync finds the template's schema as it is", () => {
  const before = readFileSync(join(root, "schemas/orders.json"), "utf8");
  const index = readFileSync(join(root, "schemas/index.ts"), "utf8");
  expect(run("sync")).toMatchObject({ status: 0, error: "" });
  expect(readFileSync(join(root, "schemas/orders.json"), "utf8")).toBe(before);
  expect(readFileSync(join(root, "schemas/index.ts"), "utf8")).toBe(index);
});

test("convert gives YAML that means the same", () => {
  const { status, out } = run("convert", "sales", "--to", "yaml");
  expect(status).toBe(0);
  writeFileSync(join(root, "pipelines/sales.yaml"), out);
  const twins = run("check", "--json");
  expect(JSON.parse(twins.out)).toMatchObject({ ok: true, pipelines: [{ name: "sales" }] });
  const definition = (file: string): unknown => JSON.parse(run("show", file, "--json").out).definition;
  expect(definition("pipelines/sales.yaml")).toEqual(definition("pipelines/sales.ts"));
});

test("runs and logs say what happened", () => {
  const [newest] = JSON.parse(run("runs", "sales", "--limit", "1", "--json").out);
  expect(newest).toMatchObject({ pipeline: "sales", status: "succeeded" });
  expect(run("runs").out).toContain(newest.id);
  const events = jsonLines(run("logs", newest.id, "--json").out).map((line) => line.event);
  expect(events).toContain("run.started");
  expect(events.at(-1)).toBe("run.finished");
  expect(run("logs", newest.id.slice(0, 12), "publish").out).toMatch(/publish/);
  expect(run("logs", "nosuchrun")).toMatchObject({ status: 2, error: expect.stringContaining("no run is named") });
});

test("a reader that goes away ends the command quietly", async () => {
  const command = start(root, ["logs", JSON.parse(run("runs", "--json").out)[0].id, "--json"]);
  command.process.stdout?.destroy();
  const { status, error } = await command.finished;
  expect([status === 0 || status === 130, error]).toEqual([true, ""]);
});
