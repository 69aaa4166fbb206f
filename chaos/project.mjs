// The project of a trial: one source, one transform that is checked and so lands, two loads of it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { csvOf, MODES } from "./workload.mjs";

/** So long a run without a sign of life keeps others waiting here. */
export const LEASE_MS = 1000;

/** The targets' names in a trial. */
export const TARGETS = ["a", "b"];

/** What a trial reads: a file, whole each time; or a table that grows, of which each run takes what is new. */
const READS = {
  whole: {
    dataset: `csv("data/rows.csv", { types: { id: "int64", kind: "int64", version: "int64" } })`,
    connection: "",
    step: "clean: { transform: { from: rows, filter: id >= 0 }, checks: [{ notNull: id }] }",
  },
  new: {
    dataset: `sqlite("source").table("rows")`,
    connection: `source: { type: "sqlite", path: "source.db" }`,
    step: `clean: { transform: [{ from: rows }, { incremental: { cursor: id } }, { filter: id >= 0 }], checks: [{ notNull: id }] }`,
  },
};

/**
 * @param {string} folder an empty one
 * @param {{ connection?(folder: string): string, into(target: string): string }} sink
 * @param {string} mode
 * @param {"whole" | "new"} reading
 */
export function writeProject(folder, sink, mode, reading) {
  for (const sub of ["data", "pipelines", "out"]) mkdirSync(join(folder, sub), { recursive: true });
  const { dataset, connection, step } = READS[reading];
  const target = sink.connection === undefined ? "" : `target: ${sink.connection(folder)}`;
  writeFileSync(
    join(folder, "sluice.config.ts"),
    `import { csv, defineConfig, sqlite } from "sluice";
export default defineConfig({
  project: "chaos",
  leaseMs: ${LEASE_MS},
  datasets: { rows: ${dataset} },
  connections: { ${[connection, target].filter((one) => one !== "").join(", ")} },
});
`,
  );
  const loads = TARGETS.map(
    (name) => `  load_${name}: { load: { from: clean, into: ${sink.into(name)}, ${modeOf(sink, mode)} } }`,
  );
  writeFileSync(join(folder, "pipelines/p.yaml"), `name: p\nsteps:\n  ${step}\n${loads.join("\n")}\n`);
}

function modeOf(sink, mode) {
  const needsPartitions = mode === "overwrite" && sink.isPartitioned !== true;
  return needsPartitions ? `${MODES[mode]}, partitions: [kind]` : MODES[mode];
}

/** What the source holds from now on: these rows, or these too. */
export function writeSource(folder, reading, rows) {
  if (reading === "whole") {
    writeFileSync(join(folder, "data/rows.csv"), csvOf(rows));
    return;
  }
  const database = new Database(join(folder, "source.db"));
  database.exec(
    "create table if not exists rows (id integer not null, kind integer not null, version integer not null)",
  );
  const insert = database.prepare("insert into rows values (?, ?, ?)");
  database.transaction(() => {
    for (const { id, kind, version } of rows) insert.run(id, kind, version);
  })();
  database.close();
}
