import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonLines, sluice } from "../../test/cli/sluice.ts";
import { querySqlite } from "../../test/end-to-end/reading.ts";
import { openPyIceberg, type PyIceberg } from "../../test/interop/pyiceberg.ts";
import { pythonEnvironment } from "../../test/interop/python-environment.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const environment = await pythonEnvironment();
let folder: string;
let other: PyIceberg | undefined;

beforeAll(() => {
  // A copy, so that a run leaves nothing in the repository.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-nyc-")));
  for (const name of ["sluice.config.ts", "data/zones.csv", "pipelines", "schemas"]) {
    cpSync(join(here, name), join(folder, name), { recursive: true });
  }
});
afterAll(async () => {
  await other?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts the files of an arrival where the pipeline looks, and gives what the run read and what each load did. */
function arrive(arrival?: string): Readonly<Record<string, unknown>> {
  if (arrival !== undefined) {
    cpSync(join(here, "arrivals", arrival), join(folder, "data/trips"), { recursive: true, force: true });
  }
  const { status, out, error } = sluice(folder, ["run", "daily", "--json", "--frozen"]);
  expect([error, status]).toEqual(["", 0]);
  return jsonLines(out).at(-1)?.steps as Readonly<Record<string, unknown>>;
}

const lines = (path: string): readonly string[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .slice(1);

/** By plain means, of the files as they are now: trips with their boroughs, and sums of cents for each day and borough. */
function expected(): { readonly trips: readonly string[]; readonly days: readonly (readonly unknown[])[] } {
  const zones = new Map(
    lines(join(folder, "data/zones.csv")).map((line) => {
      const [id = "", borough = "", zone = ""] = line.split(",").map((field) => field.replaceAll('"', ""));
      return [id, { borough, zone }];
    }),
  );
  const trips: string[] = [];
  const days = new Map<string, [trips: number, cents: number]>();
  for (const file of readdirSync(join(folder, "data/trips"))) {
    for (const line of lines(join(folder, "data/trips", file))) {
      const cells = line.split(",");
      const [, at = "", until] = cells;
      const [from, to] = [zones.get(cells[7] ?? ""), zones.get(cells[8] ?? "")];
      const total = Number(cells[16]);
      trips.push([at, until, total.toFixed(2), from?.borough, from?.zone, to?.borough, to?.zone].join(";"));
      const key = `${at.slice(0, 10)};${from?.borough}`;
      const [count, cents] = days.get(key) ?? [0, 0];
      days.set(key, [count + 1, cents + Math.round(total * 100)]);
    }
  }
  return {
    trips: trips.toSorted(),
    days: [...days].map(([key, [count, cents]]) => [...key.split(";"), count, cents]).toSorted(),
  };
}

const COLUMNS = [
  "picked_up_at",
  "dropped_off_at",
  "paid",
  "pickup_borough",
  "pickup_zone",
  "dropoff_borough",
  "dropoff_zone",
] as const;

/** The lake by PyIceberg; where there is none, by sluice. */
async function tripsOfLake(): Promise<readonly string[]> {
  const path = join(folder, "lake");
  let rows: readonly Readonly<Record<string, unknown>>[];
  if ("python" in environment) {
    // One process for all: Python takes seconds to start.
    other ??= openPyIceberg(environment.python, `sqlite:///${path}/catalog.db`, path);
    rows = await other.ask("rows", { table: "nyc.trip" });
  } else {
    const { out } = sluice(folder, ["query", "from 'lake:lake#nyc.trip'", "--format", "ndjson"]);
    rows = jsonLines(out);
  }
  return rows
    .map((row) => COLUMNS.map((name) => String(row[name]).replace(/(?<=\d)T(?=\d)/, " ")).join(";"))
    .toSorted();
}

const daysOfTable = (): readonly (readonly unknown[])[] =>
  querySqlite(
    join(folder, "nyc.db"),
    "select day, pickup_borough, trips, cast(round(paid * 100) as integer) from borough_day order by 1, 2",
  ).toSorted();

async function expectEqual(): Promise<void> {
  const { trips, days } = expected();
  expect(await tripsOfLake()).toEqual(trips);
  expect(daysOfTable()).toEqual(days);
}

describe("taxi trips that arrive file by file", () => {
  it("takes what is new of each arrival, puts a late day and one that is sent again right, and rests", async () => {
    expect(arrive("1")).toMatchObject({ trips: { rowsIn: 333 }, load_trip: { load: { inserted: 333, deleted: 0 } } });
    await expectEqual();
    // The fifteenth until six in the evening; the fourteenth is late.
    expect(arrive("2")).toMatchObject({ trips: { rowsIn: 234 }, load_trip: { load: { inserted: 234, deleted: 0 } } });
    await expectEqual();
    expect(arrive("3")).toMatchObject({ trips: { rowsIn: 674 }, load_trip: { load: { inserted: 674, deleted: 234 } } });
    await expectEqual();
    const before = expected();
    expect(before.trips).toHaveLength(1007);
    expect(arrive()).toMatchObject({ trips: { rowsIn: 0 } });
    await expectEqual();
    const { out } = sluice(folder, ["table", "history", "nyc.trip", "--json"]);
    expect(out.match(/"operation"/g)).toHaveLength(3);
  });

  it("leaves both targets as they were where a file has a zone that nobody knows", async () => {
    const before = [await tripsOfLake(), daysOfTable()];
    const path = join(folder, "data/trips/2020-01-14.csv");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(/(?<=\n(?:[^,\n]*,){7})\d+/, "999"));
    const { status } = sluice(folder, ["run", "daily", "--frozen"]);
    expect(status).toBe(3);
    expect([await tripsOfLake(), daysOfTable()]).toEqual(before);
    writeFileSync(path, text);
    arrive();
    await expectEqual();
  });
});
