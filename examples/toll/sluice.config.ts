import { csv, defineConfig, fixed } from "sluice";

// The timestamps go from file to file as they are written; nothing computes with them.
const types = { timestamp: "string" };

export default defineConfig({
  project: "toll",
  datasets: {
    vehicles: csv("data/tolldata.tgz!vehicle-data.csv", {
      columns: ["row_id", "timestamp", "vehicle_number", "vehicle_type", "axles", "vehicle_code"],
      types,
      required: ["row_id"],
    }),
    plazas: csv("data/tolldata.tgz!tollplaza-data.tsv", {
      columns: ["row_id", "timestamp", "vehicle_number", "vehicle_type", "axles", "plaza_id", "plaza_code"],
      types,
      required: ["row_id"],
    }),
    payments: fixed("data/tolldata.tgz!payment-data.txt", {
      columns: {
        row_id: [1, 6],
        timestamp: [8, 31],
        vehicle_number: [33, 39],
        plaza_id: [44, 47],
        plaza_code: [49, 57],
        payment_type: [59, 61],
        vehicle_code: [63, 67],
      },
      types,
      required: ["row_id"],
    }),
  },
});
