import {
  accepted,
  and,
  count,
  definePipeline,
  load,
  notNull,
  range,
  rowCount,
  sqlite,
  transform,
  unique,
} from "sluice";
import { crashes, people, vehicles } from "../schemas/index.ts";

const chicago = sqlite("chicago");

/** Crashes whose date is not an estimate and whose place is known. */
const crash = transform({
  name: "crash",
  query: crashes
    .filter((c) => and(c.crash_date_est_i.isDistinctFrom("Y"), c.latitude.isNotNull(), c.longitude.isNotNull()))
    .select((c) => ({
      crash_id: c.crash_record_id,
      crash_date: c.crash_date,
      crash_hour: c.crash_hour,
      crash_day_of_week: c.crash_day_of_week,
      crash_month: c.crash_month,
      latitude: c.latitude,
      longitude: c.longitude,
      num_units: c.num_units,
      total_injuries: c.injuries_total,
    })),
  checks: [
    notNull(["crash_id", "crash_date", "latitude", "longitude"]),
    unique("crash_id"),
    range("crash_hour", { min: 0, max: 23 }),
    rowCount({ min: 1 }),
  ],
});

/** Vehicles of a known year. */
const vehicle = transform({
  name: "vehicle",
  query: vehicles
    .filter((v) => v.vehicle_year.isNotNull())
    .select((v) => ({
      crash_unit_id: v.crash_unit_id,
      crash_id: v.crash_record_id,
      crash_date: v.crash_date,
      vehicle_id: v.vehicle_id,
      vehicle_make: v.make.upper(),
      vehicle_model: v.model.upper(),
      vehicle_year: v.vehicle_year,
      vehicle_type: v.vehicle_type,
    })),
  checks: [notNull(["crash_unit_id", "crash_id", "vehicle_year"]), unique("crash_unit_id")],
});

const PERSON_TYPES = ["DRIVER", "PASSENGER", "PEDESTRIAN", "BICYCLE", "OTHER"];

/** People of a known age and of the types that are counted. */
const person = transform({
  name: "person",
  query: people
    .filter((p) => and(p.person_type.in(PERSON_TYPES), p.age.isNotNull()))
    .select((p) => ({
      person_id: p.person_id,
      crash_id: p.crash_record_id,
      crash_date: p.crash_date,
      person_type: p.person_type,
      vehicle_id: p.vehicle_id,
      person_sex: p.sex,
      person_age: p.age,
    })),
  checks: [
    notNull(["person_id", "crash_id", "person_age"]),
    unique("person_id"),
    accepted("person_type", PERSON_TYPES),
    range("person_age", { min: 0, max: 120, otherwise: "warn" }),
  ],
});

/** How many crashes each type of vehicle was in; null where a crash has no vehicle on record. */
const crashesByVehicleType = transform({
  name: "crashes_by_vehicle_type",
  query: crashes
    .join(vehicles, {
      how: "left",
      on: (crash, vehicle) => crash.crash_record_id.eq(vehicle.crash_record_id),
      select: (_crash, vehicle) => ({ vehicle_type: vehicle.vehicle_type }),
    })
    .group(["vehicle_type"])
    .aggregate(() => ({ crashes: count() })),
  checks: [unique("vehicle_type"), rowCount({ min: 1 })],
});

export default definePipeline({
  name: "chicago",
  description: "Traffic crashes of Chicago, cleaned and loaded into SQLite",
  steps: [
    load({ name: "load_crash", from: crash, into: chicago.table("crash"), mode: "replace" }),
    load({ name: "load_vehicle", from: vehicle, into: chicago.table("vehicle"), mode: "replace" }),
    load({ name: "load_person", from: person, into: chicago.table("person"), mode: "replace" }),
    load({
      name: "load_crashes_by_vehicle_type",
      from: crashesByVehicleType,
      into: chicago.table("crashes_by_vehicle_type"),
      mode: "replace",
    }),
  ],
});
