import { expect, test } from "vitest";
import { jsonLines, type TestProject, testProject } from "./sluice.ts";

const config = (options: string): string => `import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "test",
  datasets: { orders: csv("data/orders.csv"${options}) },
  connections: { w: { type: "sqlite", path: "w.db" } },
});
`;
const PIPELINE = `name: sales
steps:
  paid:
    transform: { from: orders, filter: status = 'paid', select: { id: id, total: amount * 2 } }
    checks: [{ notNull: total }, { rowCount: { min: 1 } }]
  load_paid: { load: { from: paid, into: sqlite.w.paid, mode: replace } }
`;

function scene(options = ""): TestProject {
  const project = testProject({
    "sluice.config.ts": config(options),
    "pipelines/sales.yaml": PIPELINE,
    "data/orders.csv": "id,amount,status,note\n1,10,paid,a\n2,20,open,b\n",
  });
  expect(project.run(["sync"]).status).toBe(0);
  return project;
}

test("a run that drifted says what the column reaches: values, rows, checks, targets", () => {
  using project = scene();
  project.write("data/orders.csv", "id,status,note\n1,paid,a\n");
  const gone = project.run(["run"]);
  expect([gone.status, gone.error]).toEqual([
    1,
    expect.stringContaining(
      '"amount" (int64) is gone; "amount" reaches paid.total, check notNull(total) of paid, load_paid.total (sqlite.w.paid)',
    ),
  ]);
  project.write("data/orders.csv", "id,amount,note\n1,10,a\n");
  expect(project.run(["run"]).error).toContain(
    '"status" reaches the rows of paid, check rowCount of paid, the rows of load_paid (sqlite.w.paid)',
  );
  project.write("data/orders.csv", "id,amount,status\n1,10,paid\n");
  expect(project.run(["run"]).error).toContain('"note" reaches nothing');
});

test("as data with --json", () => {
  using project = scene();
  project.write("data/orders.csv", "id,total,status,note\n1,10,paid,a\n");
  const events = jsonLines(project.run(["run", "--json"]).out);
  const error = events.find((event) => event.event === "stage.finished" && event.error !== undefined)?.error;
  expect(error).toMatchObject({
    reason: "drift",
    drift: {
      dataset: "orders",
      changes: [
        {
          kind: "renamed",
          column: "amount",
          from: "amount",
          to: "total",
          reaches: {
            columns: [
              { step: "load_paid", column: "total" },
              { step: "paid", column: "total" },
            ],
            rows: [],
            checks: [{ step: "paid", check: "notNull(total)" }],
            targets: [{ step: "load_paid", target: "sqlite.w.paid" }],
          },
        },
      ],
    },
  });
});

test("sync says it of what changed, for each pipeline, and what would not plan any more", () => {
  using project = scene();
  project.write(
    "pipelines/copy.yaml",
    "name: copied\nsteps: { load_all: { load: { from: orders, into: sqlite.w.all, mode: replace } } }\n",
  );
  project.write("data/orders.csv", "id,price,status,note,extra\n1,x,paid,a,b\n2,y,paid,a,b\n");
  const { status, out } = project.run(["sync"]);
  expect(status).toBe(1);
  expect(out).toContain(
    'sales: "amount" reaches paid.total, check notNull(total) of paid, load_paid.total (sqlite.w.paid)',
  );
  expect(out).toContain('copied: "amount" reaches load_all.amount (sqlite.w.all)');
  expect(out).toContain('copied: "extra" reaches load_all.extra (sqlite.w.all)');
  expect(out).toMatch(/sales: could not be planned with it: .*"amount"/);
  const [orders] = (JSON.parse(project.run(["sync", "--json"]).out) as { datasets: { reaches: unknown }[] }).datasets;
  expect(orders?.reaches).toContainEqual({
    pipeline: "copied",
    problems: [],
    changes: expect.arrayContaining([
      {
        kind: "added",
        column: "extra",
        to: "string",
        reaches: {
          columns: [{ step: "load_all", column: "extra" }],
          rows: [],
          checks: [],
          targets: [{ step: "load_all", target: "sqlite.w.all" }],
        },
      },
    ]),
  });
});
