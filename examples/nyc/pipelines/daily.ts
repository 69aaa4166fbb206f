import { count, definePipeline, lake, load, notNull, range, sqlite, sum, transform, unique } from "sluice";
import { trips, zones } from "../schemas/index.ts";

/** Trips of the files that are new or were sent again, with where they began and ended. */
const trip = transform({
  name: "trip",
  query: trips
    .incremental({ files: "changed" })
    .join(zones, {
      how: "left",
      on: (t, zone) => t.pickup_location_id.eq(zone.locationid),
      select: (t, zone) => ({
        picked_up_at: t.pickup_datetime,
        dropped_off_at: t.dropoff_datetime,
        passengers: t.passenger_count,
        miles: t.trip_distance,
        paid: t.total_amount,
        pickup_borough: zone.borough,
        pickup_zone: zone.zone,
        dropoff_id: t.dropoff_location_id,
      }),
    })
    .join(zones, {
      how: "left",
      on: (t, zone) => t.dropoff_id.eq(zone.locationid),
      select: (t, zone) => ({
        picked_up_at: t.picked_up_at,
        dropped_off_at: t.dropped_off_at,
        passengers: t.passengers,
        miles: t.miles,
        paid: t.paid,
        pickup_borough: t.pickup_borough,
        pickup_zone: t.pickup_zone,
        dropoff_borough: zone.borough,
        dropoff_zone: zone.zone,
      }),
    }),
  checks: [notNull(["picked_up_at", "pickup_zone", "dropoff_zone"]), range("miles", { min: 0, otherwise: "warn" })],
});

/** What a day brought in each borough. */
const boroughDay = transform({
  name: "borough_day",
  query: trip
    .derive((t) => ({ day: t.picked_up_at.cast("date") }))
    .group(["day", "pickup_borough"])
    .aggregate((t) => ({ trips: count(), paid: sum(t.paid) })),
  checks: [unique(["day", "pickup_borough"])],
});

export default definePipeline({
  name: "daily",
  description: "Taxi trips of New York, by the files that arrive; a file holds whole days",
  steps: [
    load({
      name: "load_trip",
      from: trip,
      into: lake.table("nyc.trip", { partitions: ["day(picked_up_at)"] }),
      mode: "overwrite",
    }),
    load({
      name: "load_borough_day",
      from: boroughDay,
      into: sqlite("nyc").table("borough_day"),
      mode: "delete+insert",
      key: ["day"],
    }),
  ],
});
