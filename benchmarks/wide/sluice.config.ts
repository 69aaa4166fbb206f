import { csv, defineConfig } from "sluice";

export default defineConfig({ project: "bench-wide", datasets: { wide_csv: csv("data/wide.csv") } });
