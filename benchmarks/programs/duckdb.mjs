// The best program by hand on the same engine: one DuckDB, one statement per output, the same validation (every typed
// column of a file, exactly, whether used or not; DESIGN: acceptance), outputs synced, rows in any order. One statement after
// the other: each keeps all cores busy, and two at a time took longer (2026-11). Prints the same JSON as sluice.mjs.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const [folder, name, runs, validate] = [
  process.argv[2],
  process.argv[3],
  Number(process.argv[4]),
  process.argv[5] ?? "all",
];
const out = `${folder}/hand`;
mkdirSync(out, { recursive: true });

const DAY31 = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])";
const DAY30 = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)";
const FEBRUARY = "02-(?:0[1-9]|1[0-9]|2[0-8])";
const LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29";
const PATTERNS = {
  int64: "-?[0-9]{1,18}",
  float64: "-?(?:[0-9]{1,17}(?:\\.[0-9]{0,20})?|\\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?",
  timestamp: `(?:[0-9]{4}-(?:${DAY31}|${DAY30}|${FEBRUARY})|${LEAP})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}`,
};

const USED = {
  crashes: [
    ...["crash_record_id", "crash_date_est_i", "crash_date", "crash_hour", "crash_day_of_week", "crash_month"],
    ...["latitude", "longitude", "num_units", "injuries_total"],
  ],
  vehicles: [
    ...[
      "crash_unit_id",
      "crash_record_id",
      "crash_date",
      "vehicle_id",
      "make",
      "model",
      "vehicle_year",
      "vehicle_type",
    ],
  ],
  people: ["person_id", "crash_record_id", "crash_date", "person_type", "vehicle_id", "sex", "age"],
};

/**
 * A validated scan of a file: all columns as text, one expression over the typed ones. A plain condition DuckDB 1.5 would
 * put behind the filters of the query, and so miss the records that they drop; below a volatile field it pushes nothing.
 */
function scan(file) {
  const { columns } = JSON.parse(readFileSync(`${folder}/schemas/${file}.json`, "utf8"));
  const typed = columns.filter((column) => column.type !== "string");
  for (const { type } of typed) if (PATTERNS[type] === undefined) throw new Error(`no pattern for ${type}`);
  const paths = { crashes: "traffic_crashes", people: "traffic_crash_people", vehicles: "traffic_crash_vehicle" };
  const declared = columns.map((column) => `'${column.name}': 'VARCHAR'`).join(", ");
  const text = typed.map((column) => `"${column.name}"`).join(", '\x1f', ");
  const pattern = typed.map((column) => `(?:${PATTERNS[column.type]})${column.nullable ? "?" : ""}`).join("\\x1f");
  const read = `read_csv('${folder}/data/${paths[file]}.csv', auto_detect = false, hive_partitioning = false, header = true,
    delim = ',', quote = '"', escape = '"', new_line = '\\n', columns = {${declared}})`;
  if (validate !== "all") return read;
  const used = columns.filter((column) => USED[file].includes(column.name)).map((column) => `"${column.name}"`);
  const isValid = `case when regexp_full_match(concat(${text}), '${pattern}') then true else error('invalid') end`;
  return `(select ${used.map((name) => `s.${name}`)} from (select struct_pack(ok := ${isValid}, ${used.map((name) => `${name} := ${name}`)}) as s from ${read}) where s.ok)`;
}

const time = (column) => `cast(${column} as timestamp) as crash_date`;
const int = (...columns) => columns.map((column) => `cast(${column} as bigint) as ${column}`).join(", ");
const crash = (
  from,
) => `select crash_record_id as crash_id, ${time("crash_date")}, ${int("crash_hour", "crash_day_of_week", "crash_month")},
  cast(latitude as double) as latitude, cast(longitude as double) as longitude, ${int("num_units")}, cast(injuries_total as bigint) as total_injuries
  from ${from} where crash_date_est_i is distinct from 'Y' and latitude is not null and longitude is not null`;
const vehicle = (
  from,
) => `select ${int("crash_unit_id")}, crash_record_id as crash_id, ${time("crash_date")}, ${int("vehicle_id")},
  upper(make) as vehicle_make, upper(model) as vehicle_model, ${int("vehicle_year")}, vehicle_type from ${from} where vehicle_year is not null`;
const person = (
  from,
) => `select person_id, crash_record_id as crash_id, ${time("crash_date")}, person_type, ${int("vehicle_id")}, sex as person_sex,
  cast(age as bigint) as person_age from ${from} where person_type in ('DRIVER','PASSENGER','PEDESTRIAN','BICYCLE','OTHER') and age is not null`;

const PROGRAMS = {
  async plain(run) {
    await copy(run, crash(scan("crashes")), "crash");
    await copy(run, vehicle(scan("vehicles")), "vehicle");
    await copy(run, person(scan("people")), "person");
  },
  async checked(run) {
    await PROGRAMS.plain(run);
    const file = (table) => `'${out}/${table}.parquet'`;
    await expectZero(
      run,
      `select count(*) filter (crash_id is null or crash_date is null or latitude is null or longitude is null), count(*) filter (crash_hour not between 0 and 23) from ${file("crash")}`,
    );
    await expectZero(run, `select count(*) - count(distinct crash_id) from ${file("crash")}`);
    await expectZero(
      run,
      `select count(*) filter (crash_unit_id is null or crash_id is null or vehicle_year is null) from ${file("vehicle")}`,
    );
    await expectZero(run, `select count(*) - count(distinct crash_unit_id) from ${file("vehicle")}`);
    await expectZero(
      run,
      `select count(*) filter (person_id is null or crash_id is null or person_age is null), count(*) filter (person_type not in ('DRIVER','PASSENGER','PEDESTRIAN','BICYCLE','OTHER')) from ${file("person")}`,
    );
    await expectZero(run, `select count(*) - count(distinct person_id) from ${file("person")}`);
  },
  async two(run) {
    await run(`create or replace temp table crashes as select crash_record_id, crash_date_est_i, crash_date, num_units, injuries_total, crash_hour,
      crash_day_of_week, crash_month, latitude, longitude from ${scan("crashes")}`);
    await run(`create or replace temp table vehicles as select crash_unit_id, crash_record_id, crash_date, vehicle_id, make, model, vehicle_year, vehicle_type
      from ${scan("vehicles")}`);
    await copy(run, crash("crashes"), "crash");
    await copy(run, vehicle("vehicles"), "vehicle");
    await copy(run, person(scan("people")), "person");
    await copy(
      run,
      "select v.vehicle_type, count(*) as crashes from crashes c left join vehicles v on c.crash_record_id = v.crash_record_id group by 1",
      "by_type",
    );
    await run("drop table crashes");
    await run("drop table vehicles");
  },
};

async function copy(run, sql, table) {
  const path = `${out}/${table}.parquet`;
  await run(`copy (${sql}) to '${path}' (format parquet, compression zstd, compression_level 1)`);
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
}

async function expectZero(run, sql) {
  const rows = (await run(sql)).getRowsJson();
  if (rows[0].some((value) => Number(value) !== 0)) throw new Error(`${sql}: ${rows[0]}`);
}

const instance = await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false" });
const connection = await instance.connect();
const run = (sql) => connection.runAndReadAll(sql);
const seconds = [];
const cpuSeconds = [];
for (let index = 0; index <= runs; index += 1) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await PROGRAMS[name](run);
  const { user, system } = process.cpuUsage(cpu);
  if (index > 0) {
    seconds.push((performance.now() - started) / 1000);
    cpuSeconds.push((user + system) / 1e6);
  }
}
console.log(JSON.stringify({ seconds, cpuSeconds, memoryMb: process.resourceUsage().maxRSS / 1024 }));
