import { expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

const PIPELINE = (text: string, type: string): string => `import { definePipeline, expr, file, load } from "sluice";
import { orders } from "../schemas/index.ts";

const from = orders
  .filter((o) => o.amount.gt(0))
  .derive(() => ({ x: expr("${text}", "${type}") }));

export default definePipeline({ name: "sales", steps: [load({ name: "publish", from, into: file("out/x.csv") })] });
`;

test.each([
  ["amount", "decimal(10,2)?"],
  ["order_id + 1", "int64"],
  ["order_id + 1", "int64?"],
])("expr(%j) is %s", (text, type) => {
  using project = templateProject({ "pipelines/sales.ts": PIPELINE(text, type) });
  expect(project.run(["check"])).toMatchObject({ status: 0, error: "" });
});

test.each([
  ["amount", "float64?", "decimal(10,2)?"],
  ["amount", "decimal(10,2)", "decimal(10,2)?"],
  ["order_id + 1", "string", "int64"],
])("expr(%j) declared %s is refused, being %s", (text, type, gives) => {
  using project = templateProject({ "pipelines/sales.ts": PIPELINE(text, type) });
  for (const words of [["check"], ["run"], ["plan"]]) {
    const { status, error } = project.run(words);
    expect(status).toBe(2);
    expect(error).toContain(`expr("${text}") is declared "${type}" and gives ${gives}`);
    expect(error).toContain("--> pipelines/sales.ts:6:");
    expect(error).toContain(`= declare it: expr("${text}", "${gives}"), or change the text`);
  }
});

test.each([
  ["int64", "string?"],
  ["string", "string?"],
])("col declared %s is refused, being %s", (declared, gives) => {
  const text = PIPELINE("", "").replace('expr("", "")', `col("customer", "${declared}")`);
  using project = templateProject({ "pipelines/sales.ts": text.replace(" expr,", " col,") });
  const { status, error } = project.run(["check"]);
  expect(status).toBe(2);
  expect(error).toContain(`col("customer") is declared "${declared}" and gives ${gives}`);
  expect(error).toContain(`= declare it: col("customer", "${gives}"), or cast it`);
});

test("col of its own type is the column", () => {
  const text = PIPELINE("", "")
    .replace('expr("", "")', 'col("customer", "string?").upper()')
    .replace(" expr,", " col,");
  using project = templateProject({ "pipelines/sales.ts": text });
  expect(project.run(["check"])).toMatchObject({ status: 0, error: "" });
});

test("in checks, conditions, aggregates and joins too", () => {
  using project = templateProject({
    "pipelines/sales.ts": `import { definePipeline, expr, file, load, transform } from "sluice";
import { orders } from "../schemas/index.ts";

const totals = transform({
  name: "totals",
  query: orders.group(["customer"]).aggregate(() => ({ total: expr("sum(amount)", "float64?") })),
  rules: () => ({ big: expr("total > 1", "bool") }),
});
const publish = load({
  name: "publish",
  from: totals.join(orders, { on: () => expr("l.customer = r.customer", "bool"), select: (l, r) => ({ a: r.amount }) }),
  into: file("out/x.csv"),
});

export default definePipeline({ name: "sales", steps: [publish] });
`,
  });
  const { status, error } = project.run(["check"]);
  expect(status).toBe(2);
  expect(error).toContain('expr("sum(amount)") is declared "float64?" and gives decimal(38,2)?');
  expect(error).toContain('expr("total > 1") is declared "bool" and gives bool?');
  expect(error).toContain('expr("l.customer = r.customer") is declared "bool" and gives bool?');
  expect(error).toContain("3 errors");
});
