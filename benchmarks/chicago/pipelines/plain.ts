import { definePipeline, file, load } from "sluice";
import { crash, person, vehicle } from "../steps.ts";

export default definePipeline({
  name: "plain",
  steps: [
    load({ name: "load_crash", from: crash, into: file("out/plain/crash.parquet"), mode: "replace" }),
    load({ name: "load_vehicle", from: vehicle, into: file("out/plain/vehicle.parquet"), mode: "replace" }),
    load({ name: "load_person", from: person, into: file("out/plain/person.parquet"), mode: "replace" }),
  ],
});
