import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { jsonLines, sluiceOnce, start, templateProject } from "./sluice.ts";

const BAD_CHECK = 'transform({ name: "sales", query: orders, checks: [range("amount", { min: 1e6 })] })';
const GOOD_CHECK = 'transform({ name: "sales", query: orders, checks: [range("amount", { min: 0 })] })';
const PIPELINE = (
  sales: string,
  target = '"out/other.csv"',
): string => `import { definePipeline, file, load, range, transform } from "sluice";
import { orders } from "../schemas/index.ts";
const sales = ${sales};
export default definePipeline({ name: "sales", steps: [
  load({ name: "publish", from: sales, into: file("out/sales.csv") }),
  load({ name: "other", from: orders, into: file(${target}) }),
] });
`;

/** A file where a folder should be. */
const BLOCKED = '"blocked/other.csv"';

test.each([
  ["done", 0, ["run"], PIPELINE(GOOD_CHECK)],
  ["a stage fails", 1, ["run"], PIPELINE(GOOD_CHECK, BLOCKED)],
  ["checks fail, and nothing else", 3, ["run"], PIPELINE(BAD_CHECK)],
  ["checks fail, and another stage for another reason", 1, ["run"], PIPELINE(BAD_CHECK, BLOCKED)],
  ["an unknown step", 2, ["run", "--step", "publihs"], PIPELINE(GOOD_CHECK)],
  ["an unknown step in a preview", 2, ["preview", "sales", "publihs"], PIPELINE(GOOD_CHECK)],
  ["an unknown pipeline", 2, ["run", "slaes"], PIPELINE(GOOD_CHECK)],
  ["an unknown run", 2, ["run", "--resume", "nosuchrun"], PIPELINE(GOOD_CHECK)],
  ["a definition that is wrong", 2, ["run"], PIPELINE(GOOD_CHECK.replace('"amount"', '"amuont"'))],
])("%s: %i", (_case, code, words, pipeline) => {
  using project = templateProject({ "pipelines/sales.ts": pipeline, blocked: "a file" });
  const { status, out } = sluiceOnce(project.root, [...words, "--json"]);
  expect(status).toBe(code);
  if (words[0] !== "run") return;
  const finished = jsonLines(out).at(-1);
  expect(finished).toMatchObject({ event: "run.finished", status: code === 0 ? "succeeded" : "failed" });
});

test("the commands that look and copy: 0 done, 1 it failed, 2 wrong use", () => {
  using project = templateProject();
  for (const [code, ...words] of [
    [0, "copy", "orders", "o.csv"],
    [1, "copy", "gone.csv", "o.csv"],
    [2, "copy", "orders"],
    [2, "copy", "orders", "o.csv", "--mode", "relace"],
    [0, "query", "select 1"],
    [1, "query", "select cast('x' as int)"],
    [2, "query", "selct 1"],
    [0, "profile", "orders"],
    [1, "profile", "gone.csv"],
    [2, "profile", "ordrs"],
    [0, "doctor"],
    [2, "doctor", "x"],
    [0, "trace", "sales", "--where", "customer = 'Ada'"],
    [0, "trace", "sales", "--why-not", "customer = 'Nobody'"],
    [2, "trace", "sles", "--where", "customer = 'Ada'"],
    [2, "trace", "sales", "--where", "customr = 'Ada'"],
  ] as const) {
    expect([project.run(words).status, words]).toEqual([code, words]);
  }
  expect(project.run(["profile", "ordrs"]).error).toContain('did you mean the dataset "orders"?');
  rmSync(`${project.root}/data/orders.csv`);
  expect(project.run(["doctor"]).status).toBe(1);
  expect(project.run(["trace", "sales", "--where", "customer = 'Ada'"]).status).toBe(1);
});

test("drift: 1, in a run and in sync", () => {
  using project = templateProject();
  project.write("data/orders.csv", "order_id,ordered_at,customer,amount,status\n1,2024-01-01T00:00:00,a,1.00,paid\n");
  expect(project.run(["run"])).toMatchObject({ status: 1, error: expect.stringContaining("error[data: drift]") });
  expect(project.run(["sync"]).status).toBe(1);
});

test("cancelled: 130, also where a check has failed before", async () => {
  using project = templateProject({
    "pipelines/sales.ts": `import { count, definePipeline, file, load, range, transform } from "sluice";
import { orders } from "../schemas/index.ts";
const sales = ${BAD_CHECK};
const ids = orders.keep(["order_id"]);
const many = ["a", "b", "c", "d", "e"].reduce((rows, name) => rows.join(ids.rename({ order_id: name } as never) as never, { how: "cross" } as never) as never, ids as never) as typeof ids;
const endless = many.derive((m) => ({ e: m.order_id.plus(1) })).filter((m) => m.e.gt(0)).aggregate(() => ({ n: count() }));
export default definePipeline({ name: "sales", steps: [
  load({ name: "publish", from: sales, into: file("out/sales.csv") }),
  load({ name: "endless", from: endless, into: file("out/endless.csv") }),
] });
`,
  });
  const run = start(project.root, ["run"]);
  await run.line("✗ sales");
  run.process.kill("SIGINT");
  expect((await run.finished).status).toBe(130);
});
