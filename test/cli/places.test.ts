import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

const script = (query: string): string => `import { definePipeline, file, load, transform } from "sluice";
import { orders } from "../schemas/index.ts";

const a = transform({
  name: "a",
  // staus is not what it is called
  description: "not staus",
  query: orders
    ${query},
});
export default definePipeline({ name: "sales", steps: [load({ name: "w", from: a, into: file("out/a.csv") })] });
`;

test("an error in TypeScript points at the member that is meant, not at a description", () => {
  using project = templateProject({ "pipelines/sales.ts": script('.filter((o) => o.staus.eq("paid"))') });
  expect(project.run(["check"]).error).toContain("pipelines/sales.ts:9:22\n");
  project.write("pipelines/sales.ts", script('.keep(["staus"])'));
  expect(project.run(["check"]).error).toContain("pipelines/sales.ts:9:13\n");
});

test("where several places fit, it points at the step", () => {
  using project = templateProject({
    "pipelines/sales.ts": script(".select((o: any) => ({\n a: o.amount.plus(1),\n b: o.customer.plus(3),\n }))"),
  });
  const { status, error } = project.run(["check"]);
  expect([status, error]).toEqual([2, expect.stringMatching(/pipelines\/sales\.ts:(4:11|11:\d+)\n/)]);
});

test("an error in YAML points at the column whose expression holds it", () => {
  using project = templateProject({
    "pipelines/x.yaml":
      "name: x\nsteps:\n  a:\n    transform:\n      from: orders\n      derive:\n        b: amount + 1\n        c: upper(custmer)\n",
  });
  expect(project.run(["check"]).error).toContain("pipelines/x.yaml:8:12\n");
});

test("a source that is not there is said where it is named, whatever the command", () => {
  using project = templateProject({
    "pipelines/y.yaml":
      "name: y\nsteps:\n  a:\n    transform:\n      - from: orders\n      - join: { with: { file: data/nope.csv }, using: [order_id] }\n",
    "pipelines/t.ts": `import { csv, definePipeline, transform } from "sluice";
const nope = csv("data/nape.csv");
export default definePipeline({ name: "t", steps: [transform({ name: "all", query: nope.limit(1) })] });
`,
  });
  expect(project.run(["sync"]).error).toBe("");
  const { error } = project.run(["check"]);
  expect(error).toContain("data/nope.csv does not exist\n  --> pipelines/y.yaml:6:23\n");
  expect(error).toContain("data/nape.csv does not exist\n  --> pipelines/t.ts:2:19\n");
  for (const words of [
    ["plan", "y"],
    ["run", "y"],
    ["preview", "y", "a"],
  ]) {
    expect(project.run(words).error).toContain("data/nope.csv does not exist\n  --> pipelines/y.yaml:6:23\n");
  }
  const { error: record } = JSON.parse(project.run(["plan", "t", "--json"]).out) as { readonly error: unknown };
  expect(record).toMatchObject({ code: "missing", at: { file: "pipelines/t.ts", line: 2, column: 19 } });
});

test("a preview says where the dataset is read whose file is gone, also by a step above the one that was asked for", () => {
  using project = templateProject({
    "pipelines/y.yaml":
      "name: y\nsteps:\n  a: { transform: { from: orders } }\n  b: { transform: { from: a, limit: 3 } }\n",
  });
  expect(project.run(["sync"]).error).toBe("");
  rmSync(join(project.root, "data", "orders.csv"));
  expect(project.run(["preview", "y", "b"]).error).toContain("does not exist\n  --> pipelines/y.yaml:3:19\n");
});
