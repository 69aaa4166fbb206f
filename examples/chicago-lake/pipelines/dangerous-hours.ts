import { avg, count, definePipeline, file, load } from "sluice";
import { crashToLake } from "./chicago-lake.ts";

/** Hours with more than an injury in five crashes, from the table that the other pipeline keeps in the lake. */
const dangerous = crashToLake.table
  .dropNulls(["crash_hour", "total_injuries"])
  .group(["crash_hour"])
  .aggregate((c) => ({ crashes: count(), injuries: avg(c.total_injuries.toFloat()).round(2) }))
  .filter((c) => c.injuries.gt(0.2))
  .sort((c) => c.crash_hour);

export default definePipeline({
  name: "dangerous-hours",
  steps: [load({ name: "publish", from: dangerous, into: file("out/dangerous-hours.csv") })],
});
