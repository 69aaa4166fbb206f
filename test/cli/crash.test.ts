import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonLines, type TestProject, templateProject } from "./sluice.ts";

const libsql = createRequire(new URL("../../adapters/sqlite/package.json", import.meta.url))("libsql");

const CONFIG = `import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "test",
  datasets: { orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }) },
  connections: { w: { type: "sqlite", path: "w.db" } },
});
`;

/** Rows are added, so that a load that happened twice would show. */
const PIPELINE = `import { definePipeline, file, load, notNull, sqlite, transform } from "sluice";
import { orders } from "../schemas/index.ts";

const paid = transform({ name: "paid", query: orders.filter((o) => o.status.eq("paid")), checks: [notNull("order_id")] });

export default definePipeline({
  name: "sales",
  steps: [
    load({ name: "into_table", from: paid, into: sqlite("w").table("paid"), mode: "append" }),
    load({ name: "into_file", from: paid, into: file("out/paid.parquet"), mode: "replace", after: ["into_table"] }),
  ],
});
`;

function countIn(project: TestProject): number {
  const database = new libsql(join(project.root, "w.db"), { readonly: true });
  try {
    return database.prepare("select count(*) from paid").raw().get()[0];
  } finally {
    database.close();
  }
}

let untouched: TestProject;
beforeAll(() => {
  untouched = templateProject({ "sluice.config.ts": CONFIG, "pipelines/sales.ts": PIPELINE });
});
afterAll(() => untouched[Symbol.dispose]());

// Around both loads, that of the file after that of the table. What comes before them is in end-to-end/crash.test.ts.
test.each([
  "stage.recorded",
  "load.staged",
  "load.committing",
  "load.committed",
  "load.staged:2",
  "load.committing:2",
  "load.committed:2",
  "stage.recorded:3",
])("killed at %s and resumed: nothing lost, nothing doubled", (point) => {
  using project = untouched.copy();
  const expected = readFileSync(join(project.root, "data/orders.csv"), "utf8").split(",paid,").length - 1;
  expect(project.run(["run"], { SLUICE_CRASH_AT: point }).status).toBe(null);
  const [{ id, status }] = JSON.parse(project.run(["runs", "--json"]).out);
  expect(status).toBe("interrupted");
  const { status: code, out, error } = project.run(["run", "--resume", id.slice(0, 14), "--json"]);
  expect([code, error]).toEqual([0, ""]);
  const finished = jsonLines(out).at(-1) as { status: string; run: string; steps: Record<string, { rowsOut: number }> };
  expect(finished).toMatchObject({ status: "succeeded", run: id });
  expect(countIn(project)).toBe(expected);
  expect(finished.steps.into_file?.rowsOut).toBe(expected);
  const again = project.run(["run", "--resume", id]);
  expect([again.status, countIn(project)]).toEqual([0, expected]);
});
