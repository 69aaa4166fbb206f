import { expect, test } from "vitest";
import { jsonLines, sluiceOnce, templateProject } from "./sluice.ts";

const CASES = {
  "never finished loading": "await new Promise(() => {});\nexport default 1;\n",
  "process.exit(0)": "const x = 1;\nprocess.exit(0);\nexport default x;\n",
  "process.exit(7)": 'import { exit } from "node:process";\ntry { exit(7); } catch {}\nexport default 1;\n',
  later: 'Promise.reject(new Error("later"));\nexport default 1;\n',
  soon: 'setTimeout(() => { throw new Error("soon"); });\nawait new Promise(() => {});\n',
};

test.each(Object.entries(CASES))("a file that cannot be loaded in order is named: %s", (message, text) => {
  using project = templateProject({ "pipelines/broken.ts": text });
  const run = sluiceOnce(project.root, ["run", "pipelines/broken.ts", "--json"]);
  expect([run.status, run.error]).toEqual([2, expect.stringContaining("pipelines/broken.ts")]);
  expect(jsonLines(run.out)).toEqual([
    expect.objectContaining({
      event: "run.finished",
      run: null,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      status: "failed",
      error: expect.objectContaining({
        code: "config",
        message: expect.stringContaining(message),
        at: expect.objectContaining({ file: "pipelines/broken.ts" }),
      }),
    }),
  ]);
  const check = sluiceOnce(project.root, ["check", "--json"]);
  expect(check.status).toBe(2);
  expect(JSON.parse(check.out)).toMatchObject({ pipelines: [{ name: "sales" }], errors: [{ code: "config" }] });
  expect(sluiceOnce(project.root, ["run", "sales"]).status).toBe(0);
});

test("what a file throws after it was loaded is put to the file", () => {
  using project = templateProject({
    "pipelines/late.ts": 'setTimeout(() => { throw new Error("late"); }, 5);\nexport { default } from "./sales.ts";\n',
  });
  const { status, error } = sluiceOnce(project.root, ["run", "pipelines/late.ts"]);
  expect([status, error]).toEqual([2, expect.stringContaining("pipelines/late.ts:1:")]);
});

test("what a file left running does not outlive the command", () => {
  using project = templateProject({
    "pipelines/lasting.ts":
      'setInterval(() => undefined, 1000);\nsetTimeout(() => { throw new Error("late"); }, 600_000);\nexport { default } from "./sales.ts";\n',
  });
  const { status, out, error } = sluiceOnce(project.root, ["plan", "pipelines/lasting.ts", "--json"]);
  expect([status, error]).toEqual([0, ""]);
  expect(JSON.parse(out)).toMatchObject({ hash: expect.any(String) });
});

test("check looks at connections, each at its own line", () => {
  using project = templateProject({
    "sluice.config.ts": `import { csv, defineConfig, secret } from "sluice";
export default defineConfig({
  project: "test",
  datasets: { orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }) },
  connections: {
    w: { type: "sqlit", path: "x" },
    v: { type: "sqlite" },
    u: { type: "sqlite", path: secret("NOWHERE") },
    t: { type: "sqlite", path: "x", mode: "ro" },
  },
});
`,
  });
  const { status, out } = project.run(["check", "--json"]);
  expect(status).toBe(2);
  const { errors } = JSON.parse(out);
  expect(errors).toEqual([
    expect.objectContaining({
      message: 'the connection "w": no adapter is named "sqlit"',
      hint: 'did you mean "sqlite"?',
      at: { file: "sluice.config.ts", line: 6, column: 5 },
    }),
    expect.objectContaining({
      message: expect.stringMatching(/^the connection "v": sqlite connection: "path" is missing; expected text/),
      at: { file: "sluice.config.ts", line: 7, column: 5 },
    }),
    expect.objectContaining({
      message: expect.stringMatching(/^the connection "t": .*mode/),
      at: { file: "sluice.config.ts", line: 9, column: 5 },
    }),
  ]);
  expect(project.run(["run"]).status).toBe(0);
});

test("plan looks at the connections it writes to", () => {
  using project = templateProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({
  project: "test",
  datasets: { orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }) },
  connections: { v: { type: "sqlite" } },
});
`,
    "pipelines/sales.ts": `import { definePipeline, load, sqlite } from "sluice";
import { orders } from "../schemas/index.ts";
export default definePipeline({ name: "sales", steps: [load({ name: "publish", from: orders, into: sqlite("v").table("x"), mode: "replace" })] });
`,
  });
  const { status, error } = project.run(["plan"]);
  expect([status, error]).toEqual([
    2,
    expect.stringContaining('the connection "v": sqlite connection: "path" is missing'),
  ]);
});

test("preview says planning errors where they are written", () => {
  using project = templateProject({
    "pipelines/b.yaml":
      "name: b\nsteps:\n  a: { transform: { from: orders, filter: nope > 1 } }\n  c: { transform: { from: a } }\n",
  });
  for (const step of ["a", "c"]) {
    const { status, out, error } = project.run(["preview", "b", step, "--json"]);
    expect([status, error]).toEqual([2, expect.stringContaining("--> pipelines/b.yaml:3:43")]);
    expect(JSON.parse(out).error.at).toMatchObject({ file: "pipelines/b.yaml", line: 3, column: 43 });
  }
});

test("a secret in text is refused at its line", () => {
  using project = templateProject({
    "pipelines/s.ts": `import { definePipeline, file, load, secret } from "sluice";
import { orders } from "../schemas/index.ts";
export default definePipeline({
  name: "s",
  steps: [load({ name: "publish", from: orders, into: file("out/a" + secret("X") + ".csv"), mode: "replace" })],
});
`,
  });
  const { status, error } = project.run(["run", "pipelines/s.ts"]);
  expect([status, error]).toEqual([2, expect.stringContaining("a secret is legal only in a connection")]);
  expect(error).toContain("pipelines/s.ts:5:");
});

test("preview --json says numbers that JSON has not as texts", () => {
  using project = templateProject({
    "pipelines/n.yaml":
      "name: n\nsteps:\n  a: { transform: { from: orders, select: { nan: \"cast('nan' as double)\", inf: \"cast('inf' as double)\", low: \"cast('-inf' as double)\" } } }\n",
  });
  const { status, out, error } = project.run(["preview", "n", "a", "--limit", "1", "--json"]);
  expect([status, error]).toEqual([0, ""]);
  expect(JSON.parse(out).rows).toEqual([["NaN", "Infinity", "-Infinity"]]);
});
