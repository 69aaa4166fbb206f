import { count, definePipeline, file, load, notNull, sum, transform, unique } from "sluice";
import { orders } from "../schemas/index.ts";

/** Paid orders by customer. */
const sales = transform({
  name: "sales",
  query: orders
    .filter((o) => o.status.eq("paid"))
    .group(["customer"])
    .aggregate((o) => ({ orders: count(), revenue: sum(o.amount) }))
    .sort((o) => o.revenue.desc()),
  checks: [notNull("customer"), unique("customer")],
});

export default definePipeline({
  name: "sales",
  steps: [load({ name: "publish", from: sales, into: file("out/sales.csv"), mode: "replace" })],
});
