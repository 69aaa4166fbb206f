import { afterAll, describe, expect, it } from "vitest";
import { jsonLines, type TestProject, testProject } from "../cli/sluice.ts";
import { openServer } from "./server.ts";

const server = await openServer();
afterAll(() => server?.[Symbol.asyncDispose]());

const POINTS = ["load.staged", "load.committing", "load.committed"];
const ROWS = 500;

function project(schema: string, mode: string): TestProject {
  const made = testProject({
    "sluice.config.ts": `import { csv, defineConfig, secret } from "sluice";
export default defineConfig({ project: "crash", datasets: { rows: csv("data/rows.csv") }, connections: { warehouse: { type: "postgres", url: secret("URL") } } });\n`,
    ".env": `URL=${server?.url}\n`,
    "data/rows.csv": `id,name,kind\n${Array.from({ length: ROWS }, (_, index) => `${index},name ${index},${index % 3}`).join("\n")}\n`,
    "pipelines/p.yaml": `name: p
steps:
  load_rows: { load: { from: rows, into: postgres.warehouse.${schema}.rows, mode: ${mode}${mode === "merge" ? ", key: [id]" : ""} }, checks: [{ notNull: id }] }\n`,
  });
  expect(made.run(["sync"]).status).toBe(0);
  return made;
}

describe.skipIf(server === undefined)(
  "kill -9 at every named point of a load into PostgreSQL, then run --resume",
  () => {
    for (const mode of ["replace", "append", "merge"]) {
      for (const point of POINTS) {
        it(`${mode}: ${point}`, async () => {
          const schema = `${mode}_${point.replace(".", "_")}`;
          using made = project(schema, mode);
          const killed = made.run(["run", "--json"], { SLUICE_CRASH_AT: point });
          expect(killed.status).toBe(null);
          const count = async (): Promise<readonly (string | null)[] | undefined> =>
            (await server?.query(`select count(*), count(distinct id), sum(id) from ${schema}.rows`))?.[0];
          const [[there] = []] = (await server?.query(`select to_regclass('${schema}.rows')`)) ?? [];
          // What a killed load leaves is nothing or all of it.
          const wanted = [String(ROWS), String(ROWS), String((ROWS * (ROWS - 1)) / 2)];
          if (there !== null) expect(await count()).toEqual(wanted);
          const run = String(jsonLines(killed.out).find((line) => typeof line.run === "string")?.run ?? "");
          const listed = JSON.parse(made.run(["runs", "--json"]).out) as readonly {
            readonly id?: string;
            readonly run?: string;
          }[];
          const id = run === "" ? String(listed[0]?.id ?? listed[0]?.run) : run;
          const resumed = made.run(["run", "--resume", id, "--json"]);
          expect(resumed.error).toBe("");
          expect(resumed.status).toBe(0);
          expect(await count()).toEqual(wanted);
        });
      }
    }
  },
);
