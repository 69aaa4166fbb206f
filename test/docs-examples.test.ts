import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openExpressionParser } from "@sluice/duckdb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readYaml } from "../packages/sluice/src/yaml/read-yaml.ts";
import { type TestProject, testProject } from "./cli/sluice.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Example {
  readonly page: string;
  readonly line: number;
  /** Where it stands in the project that all examples make together. */
  readonly file: string;
  readonly text: string;
}

/**
 * The examples of a page that are whole files: YAML that begins with `# pipeline`, and TypeScript that begins with the
 * name of its file (`// pipelines/…`, `// scripts/…`).
 */
function examplesOf(page: string, text: string): readonly Example[] {
  return [...text.matchAll(/^```(ts|yaml)\n(?:# (pipeline)\n|\/\/ ((?:pipelines|scripts)\/\S+)\n)([\s\S]*?)^```/gm)].map(
    ({ index, 2: isPipeline, 3: file, 4: body = "" }) => {
      const line = text.slice(0, index).split("\n").length;
      const name = isPipeline === undefined ? (file ?? "") : `pipelines/${page.replace(/\W/g, "_")}_${line}.yaml`;
      return { page, line, file: name, text: body };
    },
  );
}

const pages = ["README.md", ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
const examples = pages.flatMap((page) => examplesOf(page, readFileSync(`${root}${page}`, "utf8")));
const yamls = examples.filter(({ file }) => file.endsWith(".yaml"));
const parser = openExpressionParser();
let project: TestProject;

// The datasets of the Chicago example and of the project that `sluice init` writes.
beforeAll(() => {
  project = testProject({
    "package.json": '{ "type": "module" }',
    "tsconfig.json": readFileSync(`${root}packages/sluice/template/tsconfig.json`, "utf8"),
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "docs",
  datasets: {
    crashes: csv("data/traffic_crashes.csv", { required: ["crash_record_id"] }),
    people: csv("data/traffic_crash_people.csv", { required: ["person_id", "crash_record_id"] }),
    vehicles: csv("data/traffic_crash_vehicle.csv", { required: ["crash_unit_id", "crash_record_id"] }),
    orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }),
  },
  connections: { warehouse: { type: "sqlite", path: "warehouse.db" } },
});
`,
    "schemas/index.ts": 'export * from "./chicago.ts";\nexport * from "./orders.ts";\n',
  });
  for (const [from, to] of [
    ["examples/chicago/schemas", "schemas"],
    ["examples/chicago/data", "data"],
    ["packages/sluice/template/data", "data"],
  ] as const) {
    cpSync(`${root}${from}`, `${project.root}/${to}`, { recursive: true, filter: (path) => !path.endsWith("index.ts") });
  }
  cpSync(`${root}examples/chicago/schemas/index.ts`, `${project.root}/schemas/chicago.ts`);
  cpSync(`${root}packages/sluice/template/schemas/index.ts`, `${project.root}/schemas/orders.ts`);
  cpSync(`${root}packages/sluice/template/schemas/orders.json`, `${project.root}/schemas/orders.json`);
  mkdirSync(`${project.root}/node_modules`);
  symlinkSync(`${root}packages/sluice`, `${project.root}/node_modules/sluice`);
  for (const { file, text } of examples) project.write(file, text);
});
afterAll(async () => {
  project[Symbol.dispose]();
  await parser[Symbol.asyncDispose]();
});

describe("the examples of the documentation", () => {
  it("are there, in both forms, each a file of its own", () => {
    expect(yamls.length).toBeGreaterThan(0);
    expect(examples.length - yamls.length).toBeGreaterThan(0);
    const files = examples.map(({ file }) => file);
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([]);
  });

  it.each(yamls.map((example) => [`${example.page}:${example.line}`, example] as const))(
    "%s is a pipeline in YAML",
    async (place, { text }) => {
      const { definition } = await readYaml(text, { file: place, parser });
      expect(definition.steps.length).toBeGreaterThan(0);
    },
  );

  it("have the types that they should", () => {
    const tsc = `${root}node_modules/typescript/bin/tsc`;
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: project.root, encoding: "utf8" });
    expect(stdout).toBe("");
  });

  it("are found right by sluice check: names, columns, types, targets", () => {
    const { out } = project.run(["check", "--json"]);
    const { ok, errors } = JSON.parse(out) as { readonly ok: boolean; readonly errors: readonly object[] };
    expect(errors).toEqual([]);
    expect(ok).toBe(true);
  });

  it("the canary: a block with a mistake is taken for an example and refused", async () => {
    const [example] = examplesOf("x.md", "```yaml\n# pipeline\nname: x\nsteps: { a: { transform: { fro: crashes } } }\n```");
    expect(example?.line).toBe(1);
    await expect(readYaml(example?.text ?? "", { file: "x.md", parser })).rejects.toThrow('no key "fro"');
  });
});
