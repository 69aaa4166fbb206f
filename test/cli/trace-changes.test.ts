import { expect, test } from "vitest";
import { testProject } from "./sluice.ts";

test("what a fill filled and a window computed is shown, of the rows that were asked for", () => {
  using copy = testProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "f", datasets: { h: csv("h.csv") } });
`,
    "h.csv": "year,id,v,w\n2023,1,a,\n2023,2,,\n2023,3,,5\n2024,4,,\n",
    "pipelines/f.yaml": `name: f
steps:
  constant: { transform: [{ from: h }, { fill: { columns: v, value: "'?'" } }] }
  last: { transform: [{ from: h }, { fill: { columns: [v, w], how: forward, by: id, partition: year } }] }
  next: { transform: [{ from: h }, { fill: { columns: w, how: backward, by: id } }] }
  windowed: { transform: [{ from: h }, { window: { partition: year, by: { by: id, descending: true }, columns: { n: row_number() } } }] }
`,
  });
  expect(copy.run(["sync"]).status).toBe(0);
  const changes = (table: string, condition: string): unknown =>
    (
      JSON.parse(copy.run(["trace", table, "--where", condition, "--json"]).out) as {
        readonly steps: readonly { readonly operations: readonly { readonly changes: unknown }[] }[];
      }
    ).steps.flatMap(({ operations }) => operations.map((one) => one.changes));
  expect(changes("constant", "id = 2")).toEqual([[[{ column: "v", text: "'?'", from: { v: null }, to: "?" }]]]);
  expect(changes("constant", "id = 1")).toEqual([[]]);
  const before = "the last value before in the order of id within year";
  expect(changes("last", "id = 3")).toEqual([[[{ column: "v", text: before, from: { v: null }, to: "a" }]]]);
  expect(changes("last", "id = 4")).toEqual([[]]);
  expect(changes("windowed", "id = 1")).toEqual([
    [[{ column: "n", text: "row_number() in the order of id desc within year", from: {}, to: 3 }]],
  ]);
  const told = copy.run(["trace", "next", "--where", "id = 2"]);
  expect(told.out).toContain("fill 1 → 1  w, backward\n    w = the next value after in the order of id: null → 5\n");
});
