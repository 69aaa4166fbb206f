// The project of a trial: one source, one transform that is checked and so lands, two loads of it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvOf, MODES } from "./workload.mjs";

/** So long a run without a sign of life keeps others waiting here. */
export const LEASE_MS = 1000;

/** The targets' names in a trial. */
export const TARGETS = ["a", "b"];

/**
 * @param {string} folder an empty one
 * @param {{ config(folder: string): string, into(target: string): string }} sink
 * @param {string} mode
 */
export function writeProject(folder, sink, mode) {
  for (const sub of ["data", "pipelines", "out"]) mkdirSync(join(folder, sub), { recursive: true });
  writeFileSync(
    join(folder, "sluice.config.ts"),
    `import { csv, defineConfig } from "sluice";
export default defineConfig({
  project: "chaos",
  leaseMs: ${LEASE_MS},
  datasets: { rows: csv("data/rows.csv", { types: { id: "int64", kind: "int64", version: "int64" } }) },
  ${sink.config(folder)}
});
`,
  );
  const loads = TARGETS.map(
    (target) => `  load_${target}: { load: { from: clean, into: ${sink.into(target)}, ${modeOf(sink, mode)} } }`,
  );
  writeFileSync(
    join(folder, "pipelines/p.yaml"),
    `name: p
steps:
  clean: { transform: { from: rows, filter: id >= 0 }, checks: [{ notNull: id }] }
${loads.join("\n")}
`,
  );
}

function modeOf(sink, mode) {
  const needsPartitions = mode === "overwrite" && sink.isPartitioned !== true;
  return needsPartitions ? `${MODES[mode]}, partitions: [kind]` : MODES[mode];
}

/** What the source holds from now on. */
export function writeSource(folder, rows) {
  writeFileSync(join(folder, "data/rows.csv"), csvOf(rows));
}
