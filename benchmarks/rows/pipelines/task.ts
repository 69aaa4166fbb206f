import { definePipeline, file, load, task } from "sluice";
import { wide } from "../schemas/index.ts";
import { priceWithTax } from "../tasks/price-with-tax.ts";

const taxed = task({
  name: "taxed",
  inputs: { wide: wide.keep(["id", "city", "amount"]) },
  output: { id: "int64", city: "string", taxed: "float64" },
  run: priceWithTax,
});

export default definePipeline({
  name: "task",
  steps: [load({ name: "save", from: taxed, into: file("out/task.parquet") })],
});
