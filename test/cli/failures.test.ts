import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, templateProject, testProject } from "./sluice.ts";

const PIPELINE = (
  steps: string,
  more = "",
): string => `import { definePipeline, file, load, notNull, range, transform, z } from "sluice";
import { orders } from "../schemas/index.ts";

${steps}

export default definePipeline({ name: "sales"${more}, steps: [load({ name: "publish", from: sales, into: file("out/sales.csv"), mode: "replace" })] });
`;
const YAML = (steps: string): string => `name: sales\nsteps:\n${steps}`;

test("golden: an unknown column in TypeScript, at its own line", () => {
  using project = templateProject({
    "pipelines/sales.ts": PIPELINE(`const sales = transform({
  name: "sales",
  query: orders.filter((o) => o.staus.eq("paid")),
});`),
  });
  const { status, out, error } = project.run(["check"]);
  expect([status, out]).toEqual([2, ""]);
  expect(error).toMatchSnapshot();
});

test("golden: YAML with an unknown step, a typo in a key, an unknown column, a function that there is not", () => {
  using project = templateProject();
  const cases = {
    step: "  sales: { transform: { from: orders } }\n  publish: { load: { from: slaes, into: { file: out/x.csv }, mode: replace } }\n",
    key: "  sales: { transform: { from: orders, fitler: amount > 1 } }\n",
    column: "  sales: { transform: { from: orders, filter: amuont > 1 } }\n",
    function: "  sales: { transform: { from: orders, derive: { a: uper(customer) } } }\n",
    mode: "  publish: { load: { from: orders, into: { file: out/x.csv }, mode: repalce } }\n",
    connection: "  publish: { load: { from: orders, into: sqlite.warehouse.x, mode: replace } }\n",
  };
  for (const [name, steps] of Object.entries(cases)) {
    project.write("pipelines/broken.yaml", YAML(steps).replace("name: sales", "name: broken"));
    const { status, error } = project.run(["plan", "pipelines/broken.yaml"]);
    expect([name, status]).toEqual([name, 2]);
    expect(error).toMatchSnapshot(name);
  }
});

test("golden: parameters", () => {
  using project = templateProject({
    "pipelines/sales.ts": PIPELINE(
      'const sales = transform({ name: "sales", query: orders });',
      ', parameters: z.object({ day: z.iso.date(), kind: z.enum(["paid", "open"]).default("paid") })',
    ),
  });
  const cases = [
    ["run", "--param", "dya=2024-01-01"],
    ["run"],
    ["run", "--param", "day=2024-02-30"],
    ["run", "--param", "day=2024-01-01", "--param", "kind=opne"],
    ["run", "--param", "day=2024-01-01", "--param", "day=2024-01-01"],
  ];
  for (const words of cases) {
    const { status, error } = project.run(words);
    expect([words, status]).toEqual([words, 2]);
    expect(error).toMatchSnapshot(words.join(" "));
  }
});

test("golden: what the author's own file throws, lacks, or does not close", () => {
  using project = templateProject();
  const cases = {
    throws: "throw new RangeError('my own');\n",
    "no default export": "export const x = 1;\n",
    "wrong import": 'import { definePipelin } from "sluice";\nexport default definePipelin({});\n',
    syntax: "export default [1, 2;\n",
    "unknown option":
      'import { definePipeline } from "sluice";\nexport default definePipeline({ name: "x", stesp: [] } as never);\n',
  };
  for (const [name, text] of Object.entries(cases)) {
    project.write("pipelines/broken.ts", text);
    const { status, error } = project.run(["plan", "pipelines/broken.ts"]);
    expect([name, status]).toEqual([name, 2]);
    expect(error).toMatchSnapshot(name);
  }
});

test("check says all mistakes of all pipelines, and run of a good one is not hindered by a bad one", () => {
  using project = templateProject({
    "pipelines/a.yaml": "name: a\nsteps:\n  x: { transform: { from: nothing } }\n",
    "pipelines/b.yaml":
      "name: b\nsteps:\n  x: { transform: { from: orders, filter: nope = 1 } }\n  y: { transform: { from: orders, filter: never = 1 } }\n",
    "pipelines/c.ts": "export default [",
  });
  const { status, out } = project.run(["check", "--json"]);
  expect(status).toBe(2);
  const { ok, errors, pipelines } = JSON.parse(out);
  expect(ok).toBe(false);
  expect(pipelines).toEqual([{ name: "sales", hash: expect.any(String) }]);
  const messages = errors.map((error: { message: string }) => error.message).join("\n");
  for (const word of ["nothing", "nope", "never", "unexpected end of file"]) expect(messages).toContain(word);
  expect(project.run(["run", "sales"]).status).toBe(0);
  expect(project.run(["run"]).status).toBe(2);
});

test("several pipelines: run without a name lists them", () => {
  using project = templateProject({
    "pipelines/other.yaml": YAML("  x: { transform: { from: orders } }\n").replace("sales", "other"),
  });
  const { status, error } = project.run(["run"]);
  expect(status).toBe(2);
  expect(error).toContain("name one: other, sales");
});

test("exit 3: a check fails, nothing is published, and its rows are shown", () => {
  using project = templateProject({
    "pipelines/sales.ts": PIPELINE(
      'const sales = transform({ name: "sales", query: orders, checks: [range("amount", { min: 100 })] });',
    ),
  });
  const { status, out } = project.run(["run", "--json"]);
  expect(status).toBe(3);
  const finished = jsonLines(out).at(-1);
  expect(finished).toMatchObject({
    event: "run.finished",
    status: "failed",
    steps: { sales: { status: "failed" }, publish: { status: "skipped" } },
  });
  expect(project.has("out/sales.csv")).toBe(false);
  const text = project.run(["run"]);
  expect(text.status).toBe(3);
  expect(text.out).toMatch(/check range\(amount\) of sales failed:/);
});

test("exit 1: more rejects than allowed; without a limit a loud line says where they are", () => {
  using project = templateProject();
  const data = readFileSync(join(project.root, "data/orders.csv"), "utf8");
  project.write("data/orders.csv", data.replace(/^1001,[^,]*/m, "1001,yesterday").replace(/^1002,/m, "1.7,"));
  const loud = project.run(["run"]);
  expect(loud.status).toBe(0);
  expect(loud.out).toMatch(/! 2 records of 40 in orders rejected; kept in .*quarantine.*orders\.parquet/);
  expect(loud.out.match(/quarantine/g)).toHaveLength(1);
  expect(loud.out.match(/does not fit/g)).toHaveLength(1);
  expect(loud.out).toMatch(/^ {2}! 2 records of 40 in orders rejected$/m);
  project.write(
    "sluice.config.ts",
    'import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "test", datasets: { orders: csv("data/orders.csv", { maxRejects: 1 }) } });\n',
  );
  const strict = project.run(["run"]);
  expect(strict.status).toBe(1);
  expect(strict.error).toContain("were rejected, at most 1 may be");
  const config = readFileSync(join(project.root, "sluice.config.ts"), "utf8");
  project.write("sluice.config.ts", config.replace("maxRejects: 1", 'types: { order_id: "string" }'));
  const stale = project.run(["run"]);
  expect([stale.status, stale.error]).toEqual([2, expect.stringContaining('run "sluice sync orders"')]);
});

test("exit 1: a source that is gone", () => {
  using project = templateProject({
    "sluice.config.ts":
      'import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "test", datasets: { orders: csv("data/gone.csv") } });\n',
  });
  const frozen = JSON.parse(readFileSync(join(project.root, "schemas/orders.json"), "utf8"));
  project.write(
    "schemas/orders.json",
    JSON.stringify({ ...frozen, source: { ...frozen.source, path: "data/gone.csv" } }),
  );
  const { status, error } = project.run(["run"]);
  expect(status).toBe(1);
  expect(error).toContain("data/gone.csv");
});

test("a dataset that was never synced is said with the command that does it", () => {
  using project = templateProject({
    "sluice.config.ts":
      'import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "test", datasets: { orders: csv("data/orders.csv"), more: csv("data/orders.csv") } });\n',
    "pipelines/more.yaml": "name: more\nsteps:\n  x: { transform: { from: more } }\n",
  });
  const { status, error } = project.run(["plan", "more"]);
  expect(status).toBe(2);
  expect(error).toContain('the schema of the dataset "more" is not frozen yet');
  expect(error).toContain('run "sluice sync more"');
});

test("rows without a frozen schema: a warning, an error with --frozen and where CI=true", () => {
  using project = templateProject({
    "pipelines/sales.ts": `import { csv, definePipeline, file, load } from "sluice";
const publish = load({ name: "publish", from: csv("data/orders.csv").filter((o) => o.amount.gt(100)), into: file("out/sales.csv") });
export default definePipeline({ name: "sales", steps: [publish] });
`,
  });
  const warned = project.run(["check"]);
  expect([warned.status, warned.out]).toEqual([0, expect.stringContaining("warning: sales:")]);
  expect(project.run(["check", "--frozen"])).toMatchObject({ status: 2, error: expect.stringContaining("not frozen") });
  expect(project.run(["check"], { CI: "true" }).status).toBe(2);
  expect(project.run(["run"]).status).toBe(0);
  expect(readFileSync(join(project.root, "out/sales.csv"), "utf8").split("\n")[0]).toBe(
    "order_id,ordered_at,customer,status,amount",
  );
});

test("twins that differ are an error naming both and the first difference", () => {
  using project = templateProject({
    "pipelines/sales.yaml": "name: sales\nsteps:\n  sales: { transform: { from: orders } }\n",
  });
  const { status, error } = project.run(["run"]);
  expect(status).toBe(2);
  expect(error).toContain('pipelines/sales.ts and pipelines/sales.yaml share the name "sales" but are not equal');
});

test("a killed run is resumed: nothing lost, nothing doubled", () => {
  using project = templateProject();
  const killed = project.run(["run", "--json"], { SLUICE_CRASH_AT: "load.committed" });
  expect(killed.status).toBe(null);
  const [run] = JSON.parse(project.run(["runs", "--json"]).out);
  expect(run.status).toBe("interrupted");
  const listed = project.run(["runs"]).out;
  expect(listed).toMatch(new RegExp(`^${run.id} +sales +interrupted `, "m"));
  expect(listed).toContain(`the process of the run is gone; go on with: sluice run --resume ${run.id}`);
  const resumed = project.run(["run", "--resume", run.id, "--json"]);
  expect([resumed.status, resumed.error]).toEqual([0, ""]);
  expect(jsonLines(resumed.out).at(-1)).toMatchObject({ run: run.id, status: "succeeded" });
  expect(readdirSync(join(project.root, "out")).filter((name) => !name.startsWith("."))).toContain("sales.csv");
});

test("a resumed run keeps its parameters: left out, or said again, but no others", () => {
  using project = templateProject({
    "pipelines/sales.yaml": `name: paid
parameters: { wanted: { type: string, default: paid } }
steps:
  chosen: { transform: { from: orders, filter: status = $wanted } }
  publish: { load: { from: chosen, into: { file: out/paid.csv }, mode: replace } }
`,
  });
  const killed = project.run(["run", "paid", "--param", "wanted=open"], { SLUICE_CRASH_AT: "load.staged" });
  expect(killed.status).toBe(null);
  const [{ id }] = JSON.parse(project.run(["runs", "--json"]).out);
  const other = project.run(["run", "paid", "--resume", id, "--param", "wanted=paid"]);
  expect(other.status).toBe(2);
  expect(other.error).toContain(`run ${id} was started with another value of parameter "wanted"`);
  expect(project.run(["run", "paid", "--resume", id, "--param", "wanted=open"])).toMatchObject({
    status: 0,
    error: "",
  });
  const rows = readFileSync(join(project.root, "out/paid.csv"), "utf8").trimEnd().split("\n").slice(1);
  expect(new Set(rows.map((row) => row.split(",")[3]))).toEqual(new Set(["open"]));
});

test("what an author's file prints while it is read stays out of the command's own output", () => {
  using project = templateProject();
  const text = readFileSync(join(project.root, "pipelines/sales.ts"), "utf8");
  project.write("pipelines/sales.ts", `${text}\nconsole.log("hello");\n`);
  const { status, out, error } = project.run(["run", "--json"]);
  expect([status, error]).toEqual([0, "hello\n"]);
  expect(jsonLines(out).at(-1)).toMatchObject({ event: "run.finished" });
});

test("what an author's file leaves to fail later is an error, not a crash", () => {
  using project = templateProject({
    "pipelines/bad.ts": "void Promise.reject(new Error('left alone'));\nexport default 1;\n",
  });
  const { status, out, error } = project.run(["check", "--json"]);
  expect(status).toBe(2);
  expect(jsonLines(out)).toEqual([expect.objectContaining({ error: expect.objectContaining({ code: "config" }) })]);
  expect(error).toContain("left alone");
});

test("a project that is reached by a link tells places in its files all the same", () => {
  using project = templateProject({ "pipelines/bad.ts": "\nthrow new Error('my own');\n" });
  using other = testProject();
  symlinkSync(project.root, join(other.root, "link"));
  const { status, error } = other.run(["check", "--project", "link"]);
  expect(status).toBe(2);
  expect(error).toContain("bad.ts:2:7");
});

test("secrets are in nothing that is printed or kept", () => {
  using project = templateProject({
    "sluice.config.ts": `import { csv, defineConfig, secret } from "sluice";
export default defineConfig({ project: "test", datasets: { orders: csv("data/orders.csv") }, connections: { w: { type: "sqlite", path: secret("PLACE") } } });
`,
    "pipelines/sales.ts": `import { definePipeline, load, sqlite } from "sluice";
import { orders } from "../schemas/index.ts";
export default definePipeline({ name: "sales", steps: [load({ name: "publish", from: orders, into: sqlite("w").table("sales") })] });
`,
  });
  const { status, out, error } = project.run(["run", "--verbose"], { PLACE: "no-such-folder/hidden-place.db" });
  expect(status).toBe(1);
  expect(out + error).toContain("[secret PLACE]");
  const kept =
    project.run(["runs", "--json"]).out +
    project.run(["logs", JSON.parse(project.run(["runs", "--json"]).out)[0].id, "--json"]).out;
  expect(out + error + kept).not.toContain("hidden-place");
  expect(out + error + kept).not.toContain("no-such-folder");
  expect(project.run(["run"]).error).toContain('the secret "PLACE" is neither in the environment nor in');
});

test("check says what a target cannot be, with the closest names", () => {
  using project = templateProject({
    "pipelines/targets.yaml": `name: targets
steps:
  a: { load: { from: orders, into: { sqlite: w.db, tabel: t } } }
  b: { load: { from: orders, into: { file: b.csv, compression: gzp } } }
  c: { load: { from: orders, into: { file: c.csv, delimiter: ";;;" } } }
  d: { load: { from: orders, into: { sqlite: w.db, table: t, colour: red } } }
`,
  });
  const { status, error } = project.run(["check"]);
  expect(status).toBe(2);
  for (const [line, message, hint] of [
    [3, 'sqlite address: there is no option "tabel"', 'did you mean "table"?'],
    [4, 'b.csv: "compression" is "gzp"; expected', 'did you mean "gzip"?'],
    [5, "c.csv: a target has a delimiter of one ASCII character", "a longer one is for reading"],
    [6, 'sqlite address: there is no option "colour"', "its options are connection, path, table"],
  ] as const) {
    expect(error).toContain(message);
    expect(error).toContain(`--> pipelines/targets.yaml:${line}:`);
    expect(error).toContain(hint);
  }
  expect(error).toContain("4 errors");
});

test("check says the mistakes of all steps at once, whatever each is about", () => {
  using project = templateProject({
    "pipelines/wrong.yaml": `name: wrong
steps:
  a: { transform: { from: orders, filter: amuont > 1, select: { x: custmer } } }
  b: { load: { from: orders, into: { file: b.csv, delimiter: ";;;" } } }
  c: { transform: { from: orders, filter: "regexp_matches(customer, '(')" } }
  d: { load: { from: a, into: { file: d.csv } } }
`,
  });
  const { status, error } = project.run(["check"]);
  expect(status).toBe(2);
  for (const [line, message] of [
    [3, 'there is no column "amuont"'],
    [3, 'there is no column "custmer"'],
    [4, "b.csv: a target has a delimiter of one ASCII character"],
    [5, 'the regular expression "(" is not valid'],
  ] as const) {
    expect(error).toContain(message);
    expect(error).toContain(`--> pipelines/wrong.yaml:${line}:`);
  }
  expect(error).toContain("4 errors");
});
