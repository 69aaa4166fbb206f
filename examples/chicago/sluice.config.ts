import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "chicago",
  datasets: {
    crashes: csv("data/traffic_crashes.csv", { required: ["crash_record_id"] }),
    people: csv("data/traffic_crash_people.csv", { required: ["person_id", "crash_record_id"] }),
    vehicles: csv("data/traffic_crash_vehicle.csv", { required: ["crash_unit_id", "crash_record_id"] }),
  },
  connections: {
    chicago: { type: "sqlite", path: "chicago.db" },
  },
});
