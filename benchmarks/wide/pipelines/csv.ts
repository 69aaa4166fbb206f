import { definePipeline, file, load } from "sluice";
import { wide_csv } from "../schemas/index.ts";

const save = load({ name: "save", from: wide_csv, into: file("out/csv.parquet") });

export default definePipeline({ name: "csv", steps: [save] });
