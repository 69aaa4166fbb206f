import Database from "libsql";
import { expect, test } from "vitest";
import { jsonLines, start, templateProject } from "../cli/sluice.ts";

const NAMES = ["one", "two", "three", "four"];
const RUNS = 2;

const pipeline = (
  name: string,
): string => `import { definePipeline, file, load, notNull, sqlite, transform } from "sluice";
import { orders } from "../schemas/index.ts";
const clean = transform({ name: "clean", query: orders, checks: [notNull("order_id")] });
export default definePipeline({ name: "${name}", steps: [
  load({ name: "table", from: clean, into: sqlite("warehouse").table("${name}"), mode: "append" }),
  load({ name: "file", from: clean, into: file("out/${name}.parquet") , mode: "replace" }),
] });
`;

test("runs of different pipelines at once neither wait for each other nor harm the state", async () => {
  using project = templateProject(
    Object.fromEntries(NAMES.map((name) => [`pipelines/${name}.ts`, pipeline(name)] as const)),
  );
  project.write(
    "sluice.config.ts",
    `import { csv, defineConfig } from "sluice";
export default defineConfig({
  project: "test",
  datasets: { orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }) },
  connections: { warehouse: { type: "sqlite", path: "warehouse.db" } },
});
`,
  );
  const all = await Promise.all(
    NAMES.map(async (name) => {
      const said: Readonly<Record<string, unknown>>[] = [];
      for (let run = 0; run < RUNS; run++) {
        const { status, out, error } = await start(project.root, ["run", name, "--json"]).finished;
        expect([name, run, status, error]).toEqual([name, run, 0, ""]);
        said.push(...jsonLines(out));
      }
      return said;
    }),
  );
  const events = all.flat();
  expect(events.filter(({ event }) => event === "run.waiting")).toEqual([]);
  expect(events.filter(({ event }) => event === "run.started").map(({ pipeline, epoch }) => [pipeline, epoch])).toEqual(
    NAMES.flatMap((name) => [1, 2].map((epoch) => [name, epoch])),
  );
  const runs = JSON.parse(project.run(["runs", "--json"]).out) as readonly { status: string; pipeline: string }[];
  expect(runs.map(({ status }) => status)).toEqual(Array.from({ length: NAMES.length * RUNS }, () => "succeeded"));
  for (const path of [".sluice/state.db", "warehouse.db"]) {
    const database = new Database(`${project.root}/${path}`);
    expect([path, database.prepare("pragma integrity_check").raw().all()]).toEqual([path, [["ok"]]]);
    database.close();
  }
  const warehouse = new Database(`${project.root}/warehouse.db`);
  for (const name of NAMES) {
    expect([name, warehouse.prepare(`select count(*) from ${name}`).raw().all()]).toEqual([name, [[40 * RUNS]]]);
  }
  warehouse.close();
});
