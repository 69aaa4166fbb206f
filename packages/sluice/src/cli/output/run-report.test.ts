import type { RunEvent } from "@sluice/runtime";
import { expect, test } from "vitest";
import { linesOf, passingLinesOf, summaryLines } from "./run-report.ts";
import type { Terminal } from "./terminal.ts";

const terminal = { paint: (_style: string, text: string) => text, width: 60 } as unknown as Terminal;
const common = { run: "r1", at: "2026-01-01T00:00:00.000Z" };

const rejects: RunEvent = {
  event: "stage.rejects",
  ...common,
  stage: "sales",
  dataset: "orders",
  rejected: 2,
  accepted: 38,
  quarantine: ".sluice/orders.parquet",
  reasons: [
    { column: "", rule: "has too few fields", rows: 1, example: "1,x" },
    { column: "day", rule: "is no date", rows: 1, example: "yesterday" },
  ],
};

test("rejects take one line while the run goes on, and all that is known of them at its end", () => {
  expect(passingLinesOf(rejects, terminal)).toEqual(["  ! 2 records of 40 in orders rejected"]);
  expect(linesOf(rejects, terminal)).toEqual([
    "  ! 2 records of 40 in orders rejected; kept in .sluice/orders.parquet",
    '      has too few fields, 1 record, for example "1,x"',
    '      day: is no date, 1 record, for example "yesterday"',
  ]);
});

test("a check that failed is said by its name and step, with five failing rows, its own columns first", () => {
  const rows = Array.from({ length: 8 }, (_, index) => ["a", "b", "c", "d", "e", "f", String(index)]);
  const check: RunEvent = {
    event: "stage.check",
    ...common,
    stage: "sales",
    check: {
      step: "sales",
      name: "range(amount)",
      kind: "range",
      status: "failed",
      rows: 40,
      failing: 8,
      message: "amount is below 100 in 8 of 40 rows",
      sample: { columns: ["c1", "c2", "c3", "c4", "c5", "c6", "amount"], rows },
    },
  };
  const finished: RunEvent = {
    event: "run.finished",
    ...common,
    pipeline: "p",
    status: "failed",
    durationMs: 5,
    steps: {},
  };
  const lines = summaryLines([check, finished], terminal, () => ["amount"]);
  expect(lines.slice(1, -2)).toEqual([
    "checks: 0 of 1 passed",
    "  check range(amount) of sales failed: amount is below 100 in 8 of 40 rows",
    "    amount  c1  c2  c3  c4  c5",
    ...[0, 1, 2, 3, 4].map((index) => `    ${index}       a   b   c   d   e`),
    "    and 3 rows more",
  ]);
});
