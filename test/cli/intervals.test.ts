import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

/** A step whose intervals another uses; the first lands where it is checked, or where two steps use it. */
const pipeline = (last: string, check: string, more = ""): string => `name: spans
steps:
  spans:
    transform:
      - values: { columns: { id: int64, text: string }, rows: [[1, "00:00:00.000001"], [2, "1 month 02:00:00.5"], [3, "${last}"]] }
      - derive: { d: cast(text as interval) }
    ${check}
  times: { transform: [{ from: spans }, { derive: { at: "timestamp '2024-01-01 00:00:00' + d" } }] }
  out: { load: { from: times, into: { file: out/times.csv }, mode: replace } }
${more}`;
const CHECKED = "checks: [{ notNull: id }]";

test.each(["description: fused", CHECKED])("intervals are the same where a step has %s", (check) => {
  using project = templateProject({ "pipelines/spans.yaml": pipeline("-1 day", check) });
  expect(project.run(["run", "spans"])).toMatchObject({ status: 0, error: "" });
  const lines = [
    "id,text,d,at",
    "1,00:00:00.000001,00:00:00.000001,2024-01-01 00:00:00.000001",
    "2,1 month 02:00:00.5,1 month 02:00:00.5,2024-02-01 02:00:00.5",
    "3,-1 day,-1 day,2023-12-31 00:00:00",
  ];
  expect(readFileSync(join(project.root, "out/times.csv"), "utf8")).toBe(`${lines.join("\n")}\n`);
});

test.each([
  ["2 days", 0, ""],
  ["-1 day", 1, "Parquet holds no negative interval"],
])("a Parquet target has intervals as Parquet does, of a landed step too: %s", (last, status, said) => {
  const load = "  file: { load: { from: spans, into: { file: out/spans.parquet }, mode: replace } }\n";
  using project = templateProject({ "pipelines/spans.yaml": pipeline(last, CHECKED, load) });
  const run = project.run(["run", "spans"]);
  expect([run.status, run.error]).toEqual([status, expect.stringContaining(said)]);
  if (status !== 0) return;
  const { out } = project.run(["query", "select distinct typeof(d) as type from 'out/spans.parquet'"]);
  expect(out).toBe("type\nINTERVAL\n");
});
