import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

const STEPS = (check: string, last: string): string => `steps:
  spans:
    transform:
      - values: { columns: { id: int64, text: string }, rows: [[1, "00:00:00.000001"], [2, "1 month 02:00:00.5"], [3, "${last}"]] }
      - derive: { d: cast(text as interval) }
    ${check}
  times: { transform: [{ from: spans }, { derive: { at: "timestamp '2024-01-01 00:00:00' + d" } }] }
  out: { load: { from: times, into: { file: out/times.csv }, mode: replace } }
`;

test.each(["description: fused", "checks: [{ notNull: id }]"])(
  "intervals are the same where a step is: %s",
  (check) => {
    using project = templateProject({ "pipelines/spans.yaml": `name: spans\n${STEPS(check, "-1 day")}` });
    expect(project.run(["run", "spans"])).toMatchObject({ status: 0, error: "" });
    expect(readFileSync(join(project.root, "out/times.csv"), "utf8")).toBe(
    [
      "id,text,d,at",
      "1,00:00:00.000001,00:00:00.000001,2024-01-01 00:00:00.000001",
      "2,1 month 02:00:00.5,1 month 02:00:00.5,2024-02-01 02:00:00.5",
      "3,-1 day,-1 day,2023-12-31 00:00:00",
      "",
    ].join("\n"),
  );
});
  const run = project.run(["run", "spans"]);
  expect([run.status, run.error]).toEqual([status, expect.stringContaining(said)]);
  if (status !== 0) return;
  const { out } = project.run(["query", "select distinct typeof(d) as type from 'out/spans.parquet'"]);
  expect(out).toBe("type\nINTERVAL\n");
});
