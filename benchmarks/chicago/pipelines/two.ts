import { count, definePipeline, file, load } from "sluice";
import { crashes, vehicles } from "../schemas/index.ts";
import { crash, person, vehicle } from "../steps.ts";

const byVehicleType = crashes
  .join(vehicles, {
    how: "left",
    on: (left, right) => left.crash_record_id.eq(right.crash_record_id),
    select: (_left, right) => ({ vehicle_type: right.vehicle_type }),
  })
  .group(["vehicle_type"])
  .aggregate(() => ({ crashes: count() }));

export default definePipeline({
  name: "two",
  steps: [
    load({ name: "load_crash", from: crash, into: file("out/two/crash.parquet"), mode: "replace" }),
    load({ name: "load_vehicle", from: vehicle, into: file("out/two/vehicle.parquet"), mode: "replace" }),
    load({ name: "load_person", from: person, into: file("out/two/person.parquet"), mode: "replace" }),
    load({
      name: "load_by_type",
      from: byVehicleType,
      into: file("out/two/crashes_by_vehicle_type.parquet"),
      mode: "replace",
    }),
  ],
});
