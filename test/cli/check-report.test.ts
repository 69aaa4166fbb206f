import { expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

test("failed checks are named with their step, their rows are shown, and the place is the step's", () => {
  using project = templateProject({
    "pipelines/sales.ts": `import { definePipeline, file, load, pattern, range, transform } from "sluice";
import { orders } from "../schemas/index.ts";

const sales = transform({
  name: "sales",
  query: orders,
  checks: [range("amount", { min: 100 }), pattern("status", "^p")],
});

export default definePipeline({ name: "sales", steps: [load({ name: "publish", from: sales, into: file("out/x.csv") })] });
`,
  });
  const { status, out, error } = project.run(["run"]);
  expect(status).toBe(3);
  expect(out).toMatch(/^checks: 0 of 2 passed$/m);
  const [, first = ""] = out
    .split(/^ {2}check range\(amount\) of sales failed: amount is below 100 in \d+ of 40 rows$/m)
    .slice(-2);
  const table = first.split("\n").slice(1, 8);
  expect(table[0]).toMatch(/^ {4}amount +order_id /);
  expect(table.slice(1, 6).every((line) => /^ {4}[\d.]+ +\d+ /.test(line))).toBe(true);
  expect(table[6]).toMatch(/^ {4}and \d+ rows more$/);
  expect(error).toContain('check range(amount) of "sales" failed: amount is below 100');
  expect(error).toContain('check pattern(status) of "sales" failed: status does not match ^p');
  expect(error.match(/--> pipelines\/sales\.ts:4:15/g)).toHaveLength(2);
});

test("in YAML the place is the check's own line", () => {
  using project = templateProject({
    "pipelines/checked.yaml": `name: checked
steps:
  sales:
    transform: { from: orders }
    checks:
      - notNull: order_id
      - range: { column: amount, min: 100 }
  publish: { load: { from: sales, into: { file: out/x.csv }, mode: replace } }
`,
  });
  const { status, error } = project.run(["run", "checked"]);
  expect(status).toBe(3);
  expect(error).toContain("--> pipelines/checked.yaml:7:9");
  expect(error).toContain("- range: { column: amount, min: 100 }");
});
