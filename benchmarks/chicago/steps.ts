import { and } from "sluice";
import { crashes, people, vehicles } from "./schemas/index.ts";

export const crash = crashes
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
  }));

export const vehicle = vehicles
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
  }));

export const PERSON_TYPES = ["DRIVER", "PASSENGER", "PEDESTRIAN", "BICYCLE", "OTHER"];

export const person = people
  .filter((p) => and(p.person_type.in(PERSON_TYPES), p.age.isNotNull()))
  .select((p) => ({
    person_id: p.person_id,
    crash_id: p.crash_record_id,
    crash_date: p.crash_date,
    person_type: p.person_type,
    vehicle_id: p.vehicle_id,
    person_sex: p.sex,
    person_age: p.age,
  }));
