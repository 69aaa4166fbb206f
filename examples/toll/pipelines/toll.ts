import { definePipeline, file, load, transform, unique } from "sluice";
import { payments, plazas, vehicles } from "../schemas/index.ts";

const passage = transform({
  name: "passage",
  query: vehicles
    .keep(["row_id", "timestamp", "vehicle_number", "vehicle_type", "axles"])
    .join(plazas.keep(["row_id", "plaza_id", "plaza_code"]), { using: ["row_id"] })
    .join(payments.keep(["row_id", "payment_type", "vehicle_code"]), { using: ["row_id"] })
    .derive((c) => ({ vehicle_type: c.vehicle_type.upper() }))
    .sort((c) => c.row_id),
  checks: [unique("row_id")],
});

export default definePipeline({
  name: "toll",
  description: "Three files about the same passages of toll plazas, side by side",
  steps: [
    load({
      name: "transformed",
      from: passage,
      into: file("out/transformed_data.csv", { header: false, quote: "none" }),
    }),
  ],
});
