import { definePipeline, file, load } from "sluice";
import { wide } from "../schemas/index.ts";

const taxed = wide.select((w) => ({ id: w.id, city: w.city.upper(), taxed: w.amount.times(1.19) }));

export default definePipeline({
  name: "query",
  steps: [load({ name: "save", from: taxed, into: file("out/query.parquet") })],
});
