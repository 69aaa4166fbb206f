import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type TestProject, testProject } from "../cli/sluice.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const CONFIG = `import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "docs",
  datasets: {
    crashes: csv("data/traffic_crashes.csv", { required: ["crash_record_id"] }),
    people: csv("data/traffic_crash_people.csv", { required: ["person_id", "crash_record_id"] }),
    vehicles: csv("data/traffic_crash_vehicle.csv", { required: ["crash_unit_id", "crash_record_id"] }),
    orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }),
  },
  connections: {
    warehouse: { type: "sqlite", path: "warehouse.db" },
    shop: { type: "postgres", host: "localhost", database: "shop" },
  },
});
`;

/** The project of the documentation: the datasets of the Chicago example and of the project that `sluice init` writes. */
export function docsProject(config: string = CONFIG): TestProject {
  const project = testProject({
    "package.json": '{ "type": "module" }',
    "tsconfig.json": readFileSync(`${root}packages/sluice/template/tsconfig.json`, "utf8"),
    "sluice.config.ts": config,
    "schemas/index.ts": 'export * from "./chicago.ts";\nexport * from "./orders.ts";\n',
  });
  for (const [from, to] of [
    ["examples/chicago/schemas", "schemas"],
    ["examples/chicago/data", "data"],
    ["packages/sluice/template/data", "data"],
  ] as const) {
    cpSync(`${root}${from}`, `${project.root}/${to}`, {
      recursive: true,
      filter: (path) => !path.endsWith("index.ts"),
    });
  }
  cpSync(`${root}examples/chicago/schemas/index.ts`, `${project.root}/schemas/chicago.ts`);
  cpSync(`${root}packages/sluice/template/schemas/index.ts`, `${project.root}/schemas/orders.ts`);
  cpSync(`${root}packages/sluice/template/schemas/orders.json`, `${project.root}/schemas/orders.json`);
  mkdirSync(`${project.root}/node_modules`);
  symlinkSync(`${root}packages/sluice`, `${project.root}/node_modules/sluice`);
  return project;
}

/** The data files that a page shows, as blocks that begin with ```` ```text data/… ````. */
export function dataFilesOf(text: string): readonly { readonly file: string; readonly text: string }[] {
  return [...text.matchAll(/^```text (data\/\S+)\n([\s\S]*?)^```/gm)].map(([, file = "", body = ""]) => ({
    file,
    text: body,
  }));
}
