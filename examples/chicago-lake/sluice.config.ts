import { csv, defineConfig, secret } from "sluice";

export default defineConfig({
  project: "chicago-lake",
  datasets: {
    crashes: csv("../chicago/data/traffic_crashes.csv", { required: ["crash_record_id", "crash_date"] }),
    people: csv("../chicago/data/traffic_crash_people.csv", { required: ["person_id", "crash_record_id"] }),
    vehicles: csv("../chicago/data/traffic_crash_vehicle.csv", { required: ["crash_unit_id", "crash_record_id"] }),
  },
  connections: {
    warehouse: { type: "postgres", url: secret("WAREHOUSE_URL") },
  },
});
