import { and, count, definePipeline, lake, load, notNull, postgres, range, sum, transform, unique } from "sluice";
import { crashes, people, vehicles } from "../schemas/index.ts";

const warehouse = postgres("warehouse");

/** Crashes whose date is not an estimate and whose place is known. */
const crash = transform({
  name: "crash",
  query: crashes
    .filter((c) => and(c.crash_date_est_i.isDistinctFrom("Y"), c.latitude.isNotNull(), c.longitude.isNotNull()))
    .select((c) => ({
      crash_id: c.crash_record_id,
      crash_date: c.crash_date,
      crash_hour: c.crash_hour,
      latitude: c.latitude,
      longitude: c.longitude,
      num_units: c.num_units,
      total_injuries: c.injuries_total,
    })),
  checks: [notNull(["crash_id", "crash_date"]), unique("crash_id"), range("crash_hour", { min: 0, max: 23 })],
});

/** People in crashes of the step before, with the vehicle that they were in. */
const person = transform({
  name: "person",
  query: people.join(crash, { how: "semi", on: (p, c) => p.crash_record_id.eq(c.crash_id) }).join(vehicles, {
    how: "left",
    on: (p, v) => and(p.crash_record_id.eq(v.crash_record_id), p.vehicle_id.eq(v.vehicle_id)),
    select: (p, v) => ({
      person_id: p.person_id,
      crash_id: p.crash_record_id,
      crash_date: p.crash_date,
      person_type: p.person_type,
      age: p.age,
      vehicle_make: v.make.upper(),
      vehicle_year: v.vehicle_year,
    }),
  }),
  checks: [notNull(["person_id", "crash_id"]), unique("person_id")],
});

/** Crashes and injuries of each hour of the day. */
const hours = transform({
  name: "hours",
  query: crash.group(["crash_hour"]).aggregate((c) => ({ crashes: count(), injuries: sum(c.total_injuries) })),
  checks: [unique("crash_hour")],
});

/** Exported, so that other pipelines read its table: `dangerous-hours.ts` does. */
export const crashToLake = load({
  name: "crash_to_lake",
  from: crash,
  into: lake.table("chicago.crash", { partitions: ["day(crash_date)"] }),
  mode: "merge",
  key: ["crash_id"],
});

export default definePipeline({
  name: "chicago-lake",
  description: "Traffic crashes of Chicago into PostgreSQL, for those who ask, and into the lake, for good",
  steps: [
    load({
      name: "crash_to_warehouse",
      from: crash,
      into: warehouse.table("chicago.crash", { indexes: [["crash_date"]] }),
      mode: "merge",
      key: ["crash_id"],
    }),
    load({
      name: "person_to_warehouse",
      from: person,
      into: warehouse.table("chicago.person", { indexes: [["crash_id"]] }),
      mode: "merge",
      key: ["person_id"],
    }),
    load({
      name: "hours_to_warehouse",
      from: hours,
      into: warehouse.table("chicago.crashes_by_hour"),
      mode: "replace",
    }),
    crashToLake,
    load({
      name: "person_to_lake",
      from: person,
      into: lake.table("chicago.person", { partitions: ["day(crash_date)", "bucket(4, crash_id)"] }),
      mode: "merge",
      key: ["person_id"],
    }),
  ],
});
