import { defineConfig, parquet } from "sluice";

export default defineConfig({ project: "bench-rows", datasets: { wide: parquet("data/wide.parquet") } });
