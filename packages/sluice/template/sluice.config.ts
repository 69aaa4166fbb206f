import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "__PROJECT__",
  datasets: {
    orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }),
  },
});
