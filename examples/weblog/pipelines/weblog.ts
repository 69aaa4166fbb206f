import { count, definePipeline, file, load, notNull, transform } from "sluice";
import { visits } from "../schemas/index.ts";

const visit = transform({
  name: "visit",
  query: visits.keep(["timestamp", "latitude", "longitude", "visitorid"]),
  checks: [notNull("timestamp"), notNull("visitorid")],
});

const browsers = transform({
  name: "browsers",
  query: visits
    .group(["browser_code"])
    .aggregate(() => ({ visits: count() }))
    .sort((b) => [b.visits.desc(), b.browser_code]),
});

export default definePipeline({
  name: "weblog",
  description: "Who came from where, and with which browser",
  steps: [
    load({ name: "visits_csv", from: visit, into: file("out/visits.csv") }),
    load({ name: "visits_parquet", from: visit, into: file("out/visits.parquet") }),
    load({ name: "browsers_csv", from: browsers, into: file("out/browsers.csv") }),
  ],
});
