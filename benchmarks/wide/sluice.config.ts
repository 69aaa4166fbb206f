import { csv, defineConfig, ndjson } from "sluice";

export default defineConfig({
  project: "bench-wide",
  datasets: { wide_csv: csv("data/wide.csv"), wide_ndjson: ndjson("data/wide.ndjson") },
});
