import { csv, defineConfig } from "sluice";

const options = { validate: process.env.SLUICE_BENCH_VALIDATE === "used" ? "used" : "all" } as const;

export default defineConfig({
  project: "bench",
  datasets: {
    crashes: csv("data/traffic_crashes.csv", options),
    people: csv("data/traffic_crash_people.csv", options),
    vehicles: csv("data/traffic_crash_vehicle.csv", options),
  },
});
