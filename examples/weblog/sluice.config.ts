import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "weblog",
  datasets: { visits: csv("data/web-server-access-log.txt") },
});
