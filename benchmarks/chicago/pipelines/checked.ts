import { accepted, definePipeline, file, load, notNull, range, transform, unique } from "sluice";
import { crash, PERSON_TYPES, person, vehicle } from "../steps.ts";

const checkedCrash = transform({
  name: "crash",
  query: crash,
  checks: [
    notNull(["crash_id", "crash_date", "latitude", "longitude"]),
    unique("crash_id"),
    range("crash_hour", { min: 0, max: 23 }),
  ],
});
const checkedVehicle = transform({
  name: "vehicle",
  query: vehicle,
  checks: [notNull(["crash_unit_id", "crash_id", "vehicle_year"]), unique("crash_unit_id")],
});
const checkedPerson = transform({
  name: "person",
  query: person,
  checks: [
    notNull(["person_id", "crash_id", "person_age"]),
    unique("person_id"),
    accepted("person_type", PERSON_TYPES),
  ],
});

export default definePipeline({
  name: "checked",
  steps: [
    load({ name: "load_crash", from: checkedCrash, into: file("out/checked/crash.parquet"), mode: "replace" }),
    load({ name: "load_vehicle", from: checkedVehicle, into: file("out/checked/vehicle.parquet"), mode: "replace" }),
    load({ name: "load_person", from: checkedPerson, into: file("out/checked/person.parquet"), mode: "replace" }),
  ],
});
