import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "nyc",
  datasets: {
    trips: csv("data/trips/*.csv", { types: { total_amount: "decimal(8,2)" }, required: ["pickup_datetime"] }),
    zones: csv("data/zones.csv", { required: ["locationid"] }),
  },
  connections: {
    nyc: { type: "sqlite", path: "nyc.db" },
  },
});
