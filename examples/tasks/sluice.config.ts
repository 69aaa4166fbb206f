import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "tasks",
  datasets: { tickets: csv("data/tickets.csv") },
});
