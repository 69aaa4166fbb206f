import { definePipeline, file, load } from "sluice";
import { wide_ndjson } from "../schemas/index.ts";

const save = load({ name: "save", from: wide_ndjson, into: file("out/ndjson.parquet") });

export default definePipeline({ name: "ndjson", steps: [save] });
