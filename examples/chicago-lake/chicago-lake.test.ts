import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { jsonLines, sluice } from "../../test/cli/sluice.ts";
import { query } from "../../test/end-to-end/reading.ts";
import { openPyIceberg } from "../../test/interop/pyiceberg.ts";
import { pythonEnvironment } from "../../test/interop/python-environment.ts";
import { openServer } from "../../test/postgres/server.ts";

const examples = fileURLToPath(new URL("../", import.meta.url));
const server = await openServer();
const environment = await pythonEnvironment();
// A copy, so that a run leaves nothing in the repository.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-chicago-lake-")));
const project = join(folder, "chicago-lake");
for (const path of [
  "chicago/data",
  ...["sluice.config.ts", "pipelines", "schemas"].map((name) => `chicago-lake/${name}`),
]) {
  cpSync(join(examples, path), join(folder, path), { recursive: true });
}
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** By a DuckDB of the test's own, of the files as they are. */
const FILE = (name: string): string => `read_csv('${folder}/chicago/data/${name}.csv', all_varchar = true)`;
const CRASH = `select crash_record_id as crash_id, crash_date::timestamp as crash_date, injuries_total as total_injuries
  from ${FILE("traffic_crashes")}
  where crash_date_est_i is distinct from 'Y' and latitude is not null and longitude is not null`;
const PERSON = `select person_id, crash_record_id, age, upper(make), vehicle_year from ${FILE("traffic_crash_people")} p
  left join (select crash_record_id, vehicle_id, make, vehicle_year from ${FILE("traffic_crash_vehicle")}) v
  using (crash_record_id, vehicle_id) where crash_record_id in (select crash_id from (${CRASH})) order by 1`;

const CRASH_COLUMNS = ["crash_id", "crash_date", "total_injuries"] as const;
const PERSON_COLUMNS = ["person_id", "crash_id", "age", "vehicle_make", "vehicle_year"] as const;

async function lakeRows(table: string, columns: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const path = join(project, "lake");
  if ("python" in environment) {
    await using other = openPyIceberg(environment.python, `sqlite:///${path}/catalog.db`, path);
    const rows = await other.ask<readonly Readonly<Record<string, unknown>>[]>("rows", { table: `chicago.${table}` });
    return rows.map((row) => columns.map((name) => row[name])).toSorted();
  }
  const texts = columns.map((name) => `${name}::text`).join(", ");
  // One load that inserted everything: all files are the table's.
  return (await query(`select ${texts} from '${path}/chicago/${table}/data/*.parquet'`)).toSorted();
}

describe.skipIf(server === undefined)("Chicago into PostgreSQL and the lake", () => {
  it("holds the same in both, and a second run changes nothing", async () => {
    const crashes = await query(`select crash_id, crash_date::text, total_injuries from (${CRASH}) order by 1`);
    const people = await query(PERSON);
    expect([crashes.length, people.length]).toEqual([929, 939]);
    for (const arriving of ["inserted", "unchanged"]) {
      const { status, out, error } = sluice(project, ["run", "chicago-lake", "--frozen", "--json"], {
        WAREHOUSE_URL: server?.url ?? "",
      });
      expect([error, status]).toEqual(["", 0]);
      const steps = jsonLines(out).at(-1)?.steps as Readonly<Record<string, unknown>>;
      for (const place of ["warehouse", "lake"]) {
        expect(steps[`crash_to_${place}`]).toMatchObject({ load: { read: 929, [arriving]: 929 } });
        expect(steps[`person_to_${place}`]).toMatchObject({ load: { read: 939, [arriving]: 939 } });
      }
      const ask = async (table: string, columns: readonly string[]): Promise<unknown> =>
        (
          await server?.query(`select ${columns.map((name) => `${name}::text`).join(", ")} from chicago.${table}`)
        )?.toSorted();
      expect(await ask("crash", CRASH_COLUMNS)).toEqual(crashes.toSorted());
      expect(await ask("person", PERSON_COLUMNS)).toEqual(people.toSorted());
      expect(await lakeRows("crash", CRASH_COLUMNS)).toEqual(crashes.toSorted());
      expect(await lakeRows("person", PERSON_COLUMNS)).toEqual(people.toSorted());
    }
    const hours = await query(
      `select hour(crash_date)::text, count(*)::text, sum(total_injuries::int)::text from (${CRASH}) group by 1`,
    );
    const found = await server?.query(
      "select crash_hour::text, crashes::text, injuries::text from chicago.crashes_by_hour",
    );
    expect(found?.toSorted()).toEqual(hours.toSorted());
    const report = sluice(project, ["run", "dangerous-hours", "--frozen"]);
    expect([report.error, report.status]).toEqual(["", 0]);
    expect(await query(`select count(*)::text from '${project}/out/dangerous-hours.csv'`)).toEqual(
      await query(
        `select count(*)::text from (select hour(crash_date) from (${CRASH}) where total_injuries is not null group by 1 having round(avg(total_injuries::int), 2) > 0.2)`,
      ),
    );
  });
});
