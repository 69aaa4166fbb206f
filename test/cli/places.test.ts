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
