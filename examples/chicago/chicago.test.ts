import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Finished, sluice as runSluice } from "../../test/cli/sluice.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const libsql = createRequire(new URL("../../adapters/sqlite/package.json", import.meta.url))("libsql");

type Row = Readonly<Record<string, string | null>>;
type Cells = readonly (string | number | null)[];

let folder: string;
let finished: { readonly status: string; readonly steps: Readonly<Record<string, Readonly<Record<string, unknown>>>> };

const sluice = (...words: readonly string[]): Finished => runSluice(folder, words);

beforeAll(() => {
  // A copy, so that a run leaves nothing in the repository.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-chicago-")));
  for (const name of ["sluice.config.ts", "data", "pipelines", "schemas"]) {
    cpSync(join(here, name), join(folder, name), { recursive: true });
  }
  const run = sluice("run", "chicago", "--json");
  expect(run.error).toBe("");
  expect(run.status).toBe(0);
  finished = JSON.parse(run.out.trim().split("\n").at(-1) ?? "");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Enough of CSV for these files: quoted fields, doubled quotes, nothing in an unquoted field is null. */
function readCsv(name: string): readonly Row[] {
  const text = readFileSync(join(here, "data", name), "utf8");
  const records: (string | null)[][] = [[]];
  const pattern = /("(?:[^"]|"")*"|[^,"\n\r]*)(,|\r?\n|$)/gy;
  for (let match = pattern.exec(text); match !== null && match[0] !== ""; match = pattern.exec(text)) {
    const [, field = "", end] = match;
    const value = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    records.at(-1)?.push(value === "" ? null : value);
    if (end !== ",") records.push([]);
  }
  const [header = [], ...rows] = records.filter((record) => record.length > 1);
  return rows.map((record) => Object.fromEntries(header.map((column, index) => [column, record[index] ?? null])));
}

function tableOf(name: string, order: string): readonly Cells[] {
  const database = new libsql(join(folder, "chicago.db"), { readonly: true });
  try {
    return database.prepare(`select * from ${name} order by ${order}`).raw().all();
  } finally {
    database.close();
  }
}

const number = (text: string | null | undefined): number | null => (text == null ? null : Number(text));
/** `2021-12-31T14:00:00.000` in the files; how SQLite keeps it is the adapter's, so both are read as instants. */
const instant = (text: unknown): number | null =>
  text == null ? null : Date.parse(`${String(text).replace(" ", "T")}Z`);
const byFirst = (a: Cells, b: Cells): number => (String(a[0]) < String(b[0]) ? -1 : 1);

test("crash: dates that are no estimate (null stays), places that are known", () => {
  const expected = readCsv("traffic_crashes.csv")
    .filter((row) => row.crash_date_est_i !== "Y" && row.latitude !== null && row.longitude !== null)
    .map((row) => [
      row.crash_record_id ?? null,
      instant(row.crash_date),
      number(row.crash_hour),
      number(row.crash_day_of_week),
      number(row.crash_month),
      number(row.latitude),
      number(row.longitude),
      number(row.num_units),
      number(row.injuries_total),
    ]);
  expect(expected.length).toBeGreaterThan(800);
  const found = tableOf("crash", "crash_id").map(([id, date, ...rest]) => [id ?? null, instant(date), ...rest]);
  expect(found).toEqual(expected.toSorted(byFirst));
});

test("vehicle: a known year, make and model in upper case", () => {
  const expected = readCsv("traffic_crash_vehicle.csv")
    .filter((row) => row.vehicle_year !== null)
    .map((row) => [
      number(row.crash_unit_id),
      row.crash_record_id ?? null,
      instant(row.crash_date),
      number(row.vehicle_id),
      row.make?.toUpperCase() ?? null,
      row.model?.toUpperCase() ?? null,
      number(row.vehicle_year),
      row.vehicle_type ?? null,
    ])
    .toSorted((a, b) => Number(a[0]) - Number(b[0]));
  const found = tableOf("vehicle", "crash_unit_id").map(([id, crash, date, ...rest]) => [
    id,
    crash,
    instant(date),
    ...rest,
  ]);
  expect(found).toEqual(expected);
});

test("person: five types, a known age", () => {
  const types = ["DRIVER", "PASSENGER", "PEDESTRIAN", "BICYCLE", "OTHER"];
  const expected = readCsv("traffic_crash_people.csv")
    .filter((row) => types.includes(row.person_type ?? "") && row.age !== null)
    .map((row) => [
      row.person_id ?? null,
      row.crash_record_id ?? null,
      instant(row.crash_date),
      row.person_type ?? null,
      number(row.vehicle_id),
      row.sex ?? null,
      number(row.age),
    ]);
  const found = tableOf("person", "person_id").map(([id, crash, date, ...rest]) => [id, crash, instant(date), ...rest]);
  expect(found).toEqual(expected.toSorted(byFirst));
});

test("crashes_by_vehicle_type: all crashes left join all vehicles, counted", () => {
  const vehicles = groupBy(readCsv("traffic_crash_vehicle.csv"), (row) => row.crash_record_id ?? null);
  const counts = new Map<string | null, number>();
  for (const crash of readCsv("traffic_crashes.csv")) {
    for (const vehicle of vehicles.get(crash.crash_record_id ?? null) ?? [{ vehicle_type: null }]) {
      const type = vehicle.vehicle_type ?? null;
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
  expect(Object.fromEntries(tableOf("crashes_by_vehicle_type", "1"))).toEqual(Object.fromEntries(counts));
});

function groupBy(rows: readonly Row[], key: (row: Row) => string | null): ReadonlyMap<string | null, readonly Row[]> {
  const groups = new Map<string | null, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

test("the run says what each step did", () => {
  expect(finished.status).toBe("succeeded");
  expect(Object.keys(finished.steps)).toEqual(
    expect.arrayContaining([
      "crash",
      "crashes_by_vehicle_type",
      "load_crash",
      "load_crashes_by_vehicle_type",
      "load_person",
      "load_vehicle",
      "person",
      "vehicle",
    ]),
  );
  expect(finished.steps.crash).toMatchObject({ status: "succeeded", rowsIn: 1000, rejected: 0 });
  expect(finished.steps.load_crash).toMatchObject({ rowsOut: tableOf("crash", "1").length });
});

test("the TypeScript and the YAML are equal, and a second run replaces the first", () => {
  const before = tableOf("person", "1");
  const script = sluice("show", "pipelines/chicago.ts", "--json");
  const yaml = sluice("show", "pipelines/chicago.yaml", "--json");
  expect(JSON.parse(yaml.out).definition).toEqual(JSON.parse(script.out).definition);
  expect(sluice("check", "--frozen").status).toBe(0);
  expect(sluice("run", "pipelines/chicago.yaml").status).toBe(0);
  expect(tableOf("person", "1")).toEqual(before);
});

test("trace: where a vehicle came from, and why another one is missing", () => {
  const [first] = readCsv("traffic_crash_vehicle.csv");
  const missing = sluice("trace", "vehicle", "--why-not", `crash_unit_id = ${first?.crash_unit_id}`, "--json");
  expect(missing.status).toBe(0);
  expect(JSON.parse(missing.out)).toMatchObject({
    step: "load_vehicle",
    answer: { kind: "dropped", by: [{ step: "vehicle", operation: "filter", text: "vehicle_year is not null" }] },
    sources: [{ dataset: "vehicles", matched: 1, records: [{ record: 1, line: 2, values: first }] }],
    targetNow: { rows: 0 },
    lastRun: { status: "succeeded" },
  });
  const there = sluice("trace", "vehicle", "--where", "vehicle_make = 'FORD'", "--json");
  const fords = tableOf("vehicle", "1").filter((row) => row[4] === "FORD").length;
  expect(JSON.parse(there.out)).toMatchObject({ answer: { kind: "found", rows: fords }, targetNow: { rows: fords } });
});

test("exit codes: 1 for data that is not what it was, 3 for a check that fails", () => {
  const original = readFileSync(join(folder, "data/traffic_crashes.csv"), "utf8");
  try {
    const [header = "", first = "", ...rest] = original.split("\n");
    writeFileSync(join(folder, "data/traffic_crashes.csv"), [header, first, first, ...rest].join("\n"));
    expect(sluice("run").status).toBe(3);
    writeFileSync(join(folder, "data/traffic_crashes.csv"), original.replace("latitude", "lat"));
    const drifted = sluice("run");
    expect(drifted.status).toBe(1);
    expect(drifted.error).toContain("lat");
  } finally {
    writeFileSync(join(folder, "data/traffic_crashes.csv"), original);
  }
  expect(existsSync(join(folder, "chicago.db"))).toBe(true);
});
