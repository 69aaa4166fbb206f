import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type TestProject, testProject } from "../cli/sluice.ts";
import { openServer } from "../postgres/server.ts";
import { querySqlite } from "./reading.ts";

const server = await openServer();
afterAll(() => server?.[Symbol.asyncDispose]());

const MODES = [
  ["append", ""],
  ["replace", ""],
  ["merge", ", key: [id]"],
  ["insert-only", ", key: [id]"],
  ["delete+insert", ", key: [id]"],
  ["overwrite", ", partitions: [day]"],
] as const;

const CONFIG = `import { csv, defineConfig, secret } from "sluice";
export default defineConfig({
  project: "audit",
  datasets: { rows: csv("data/rows.csv") },
  connections: { server: { type: "postgres", url: secret("URL") } },
});
`;
const GOOD = "id,day,amount\n1,2024-01-01,10\n2,2024-01-01,20\n3,2024-01-02,30\n";
/** A row that changes, one that is new and breaks the check, and a column that the targets do not have. */
const BAD = "id,day,amount,note\n3,2024-01-02,31,changed\n4,2024-01-03,5000,too much\n";

/** A load for each mode; lakes part their tables themselves, and a mode takes its partitions from there. */
function pipelineOf(place: string): string {
  const loads = MODES.map(([mode, settings]) => {
    const table = mode.replace(/\W/, "_");
    const into =
      place === "lake" && mode === "overwrite"
        ? `{ lake: audit.${table}, partitions: ["day(day)"] }`
        : `${place}.audit.${table}`;
    const own = place === "lake" && mode === "overwrite" ? "" : settings;
    const checks = "checks: [{ range: { column: amount, max: 1000 } }]";
    return `  load_${table}: { load: { from: rows, into: ${into}, mode: ${mode}${own} }, ${checks} }\n`;
  });
  return `name: to_${place.replace(/\W/, "_")}\nsteps:\n${loads.join("")}`;
}

/** Runs the pipeline and gives the status of each load. */
function run(project: TestProject): { readonly status: number | null; readonly loads: readonly (readonly string[])[] } {
  const { status, out } = project.run(["run", "--json"], { URL: server?.url ?? "" });
  const { steps } = JSON.parse(out.trim().split("\n").at(-1) ?? "") as {
    readonly steps: Readonly<Record<string, { readonly status: string }>>;
  };
  const loads = Object.entries(steps).filter(([name]) => name.startsWith("load_"));
  return { status, loads: loads.map(([name, step]) => [name, step.status]).toSorted() };
}

/** Every file below a folder, with what is in it. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/catalog\.db/.test(path))
    .map((path) => `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`)
    .toSorted();
}

const lakeOf = (project: TestProject): unknown => ({
  tables: querySqlite(join(project.root, "lake/catalog.db"), "select * from iceberg_tables order by table_name"),
  files: filesBelow(join(project.root, "lake")),
});

/** Rows with the transaction that wrote each, every relation and column of the schema, and the commit rows. */
async function serverState(): Promise<unknown> {
  const tables = MODES.map(([mode]) => mode.replace(/\W/, "_"));
  const rows: unknown[] = [];
  for (const table of tables) rows.push(await server?.query(`select xmin, ctid, t::text from audit."${table}" t`));
  const shapes = await server?.query(
    `select relname, relkind, attname, atttypid::regtype from pg_attribute join pg_class on attrelid = pg_class.oid
     where attnum > 0 and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast')
     order by relname, attnum`,
  );
  const commits = await server?.query("select xmin, c::text from audit._sluice_commits c order by 2");
  return { rows, shapes, commits };
}

describe.each(["postgres.server", "lake"])("a check of a load that fails, into %s", (place) => {
  const name = place === "lake" ? "lake" : "PostgreSQL";

  it.skipIf(place !== "lake" && server === undefined)(`leaves ${name} exactly as it was, in every mode`, async () => {
    using project = testProject({
      "sluice.config.ts": CONFIG,
      "data/rows.csv": GOOD,
      "pipelines/p.yaml": pipelineOf(place),
    });
    const state = async (): Promise<unknown> => (place === "lake" ? lakeOf(project) : serverState());
    expect(project.run(["sync"], { URL: server?.url ?? "" }).status).toBe(0);
    expect(run(project)).toMatchObject({ status: 0 });
    const before = await state();

    project.write("data/rows.csv", BAD);
    expect(project.run(["sync", "--accept"], { URL: server?.url ?? "" }).status).toBe(0);
    const failed = run(project);
    expect(failed).toEqual({
      status: 3,
      loads: MODES.map(([mode]) => [`load_${mode.replace(/\W/, "_")}`, "failed"]).toSorted(),
    });
    expect(await state()).toEqual(before);

    // What failed was the check alone: without it, the same rows go in.
    project.write("pipelines/p.yaml", pipelineOf(place).replaceAll("max: 1000", "max: 9000"));
    expect(run(project)).toMatchObject({ status: 0 });
    expect(await state()).not.toEqual(before);
  });

  it.skipIf(place !== "lake" && server === undefined)("makes no table", async () => {
    using project = testProject({
      "sluice.config.ts": CONFIG,
      "data/rows.csv": BAD,
      "pipelines/p.yaml": pipelineOf(place).replaceAll("audit.", "never."),
    });
    expect(project.run(["sync"], { URL: server?.url ?? "" }).status).toBe(0);
    expect(run(project)).toMatchObject({ status: 3 });
    if (place === "lake") {
      expect(project.has("lake")).toBe(false);
    } else {
      expect(await server?.query("select * from pg_namespace where nspname = 'never'")).toEqual([]);
    }
  });
});
