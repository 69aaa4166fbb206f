import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inShell } from "./cli/shell.ts";
import type { TestProject } from "./cli/sluice.ts";
import { docsProject } from "./documentation/docs-project.ts";

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
 * name of its file (`// pipelines/…`, `// scripts/…`, `// tasks/…`).
 */
function examplesOf(page: string, text: string): readonly Example[] {
  return [
    ...text.matchAll(/^```(ts|yaml)\n(?:# (pipeline)\n|\/\/ ((?:pipelines|scripts|tasks)\/\S+)\n)([\s\S]*?)^```/gm),
  ].map(({ index, 2: isPipeline, 3: file, 4: body = "" }) => {
    const line = text.slice(0, index).split("\n").length;
    const name = isPipeline === undefined ? (file ?? "") : `pipelines/${page.replace(/\W/g, "_")}_${line}.yaml`;
    return { page, line, file: name, text: body };
  });
}

// The fifty things have a project of their own, in fifty.test.ts.
const pages = ["README.md", ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith(".md") && name !== "docs/from-pandas-sql-and-shell.md",
);
const examples = pages.flatMap((page) => examplesOf(page, readFileSync(`${root}${page}`, "utf8")));
const yamls = examples.filter(({ file }) => file.endsWith(".yaml"));

// Each gate is shown a mistake of its own, in the same run: it has to be found, and nothing else.
const [CANARY] = examplesOf(
  "docs/canary.md",
  "```yaml\n# pipeline\nname: canary\nsteps: { a: { transform: { from: crashes, fiter: hurt } } }\n```",
);
let project: TestProject;

beforeAll(() => {
  project = docsProject();
  for (const { file, text } of [...examples, ...(CANARY === undefined ? [] : [CANARY])]) project.write(file, text);
  project.write(
    "canary/wrong.ts",
    'import { crashes } from "../schemas/index.ts";\n\ncrashes.keep(["crash_datum"]);\n',
  );
});
afterAll(() => project[Symbol.dispose]());

/** Scripts that are followed by what they print. */
const scripts = pages.flatMap((page) =>
  [
    ...readFileSync(`${root}${page}`, "utf8").matchAll(
      /^```ts\n\/\/ (scripts\/\S+\.ts)\n([\s\S]*?)^```\n\n```\n\$ node \1\n([\s\S]*?)^```/gm,
    ),
  ].map(([, file = "", text = "", printed = ""]) => ({ page, file, text, printed })),
);

/** Commands followed by what they print, one below the other: each block is a session of a shell. */
const sessions = pages.flatMap((page) =>
  [...readFileSync(`${root}${page}`, "utf8").matchAll(/^```\n(\$ (?:[^\n]*\| )?sluice [\s\S]*?)^```/gm)].map(
    ([, text = ""]) => ({
      page,
      steps: text
        .split(/^\$ /m)
        .slice(1)
        .map((step) => {
          const [command = "", ...printed] = step.split("\n");
          return { command, printed: printed.join("\n") };
        }),
    }),
  ),
);

describe("the examples of the documentation", () => {
  it("commands print what stands below them", () => {
    expect(sessions.length).toBeGreaterThan(0);
    for (const { page, steps } of sessions) {
      for (const { command, printed } of steps) {
        expect(inShell(project.root, command), `${page}: ${command}`).toBe(printed);
      }
    }
  });

  it("scripts print what stands below them", async () => {
    expect(scripts.length).toBeGreaterThan(1);
    for (const { file, text, printed } of scripts) {
      // Node 20 runs no TypeScript.
      const entry = project.write(file, text);
      const outfile = `${entry}.mjs`;
      const external = ["sluice"];
      await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "node", external });
      const { stdout, stderr } = spawnSync(process.execPath, [outfile], { cwd: project.root, encoding: "utf8" });
      expect(`${stdout}${stderr}`, file).toBe(printed);
    }
  });

  it("are there, in both forms, each a file of its own", () => {
    expect(yamls.length).toBeGreaterThan(0);
    expect(examples.length - yamls.length).toBeGreaterThan(0);
    const files = examples.map(({ file }) => file);
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([]);
  });

  it("have the types that they should", () => {
    const tsc = `${root}node_modules/typescript/bin/tsc`;
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", ".", "--pretty", "false"], {
      cwd: project.root,
      encoding: "utf8",
    });
    const wrong = stdout.split("\n").filter((line) => /^\S/.test(line));
    expect(wrong.filter((line) => !line.startsWith("canary/"))).toEqual([]);
    expect(wrong, "the canary: a column that is not there").toHaveLength(1);
  });

  it("are found right by sluice check: syntax, names, columns, types, targets", () => {
    const { out } = project.run(["check", "--json"]);
    const { pipelines, errors } = JSON.parse(out) as Checked;
    expect(errors.map(({ at, message }) => `${at?.file}: ${message}`)).toEqual([
      `${CANARY?.file}: a relation has no key "fiter"`,
      // What it reads is written by a pipeline that was not run here.
      'pipelines/paid-by-day.ts: sqlite.warehouse.paid_orders, which "load_paid_orders" of the pipeline "paid-loads" writes, does not exist yet',
    ]);
    const written = examples.filter(({ file }) => file.startsWith("pipelines/"));
    const names = new Set(
      written.map(({ file, text }) => /^name: (\w+)$/m.exec(text)?.[1] ?? basename(file).replace(/\.ts$/, "")),
    );
    expect(pipelines.map(({ name }) => name).toSorted()).toEqual([...names].toSorted());
  });
});

interface Checked {
  readonly pipelines: readonly { readonly name: string }[];
  readonly errors: readonly { readonly message: string; readonly at?: { readonly file: string } }[];
}
