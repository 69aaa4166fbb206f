import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { COMMAND } from "./sluice.ts";

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const FILES: Readonly<Record<string, string>> = {
  "sluice.config.ts":
    'import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "p", datasets: { orders: csv("orders.csv") } });\n',
  "orders.csv": "id\n1\n",
  "parts/names.json": '{ "path": "orders.csv" }\n',
  "parts/help.ts": 'import names from "./names.json";\nexport const path = names.path;\n',
  "pipelines/sales.ts":
    'import { csv, definePipeline, transform } from "sluice";\nimport { path } from "../parts/help.ts";\nexport default definePipeline({ name: "sales", steps: [transform({ name: "all", query: csv(path) })] });\n',
  "pipelines/more.yaml": "name: more\nsteps:\n  a: { transform: { from: { file: orders.csv } } }\n",
  "loose/frozen.yaml": "name: frozen\nsteps:\n  a: { transform: { from: orders } }\n",
};
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "sluice-unreadable-")));
  made.push(path);
  return path;
}

/** Runs a command as somebody who may not open one of the project's files: root may open any. */
function withoutRights(hidden: string, ...words: string[]): { readonly status: number | null; readonly text: string } {
  const root = folder();
  const home = folder();
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  chmodSync(root, 0o777);
  if (isRoot) chownSync(home, NOBODY, NOBODY);
  const own = join(root, hidden);
  if (!existsSync(own)) {
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, "");
  }
  chmodSync(own, 0o000);
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", CI: "", TMPDIR: home },
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  chmodSync(own, 0o755);
  return { status, text: stdout + stderr };
}

test.each([
  ["sluice.config.ts", ["check"]],
  ["pipelines/sales.ts", ["check"]],
  ["parts/help.ts", ["check"]],
  ["parts/names.json", ["check"]],
  ["pipelines/more.yaml", ["check"]],
  ["pipelines/more.yaml", ["plan", "pipelines/more.yaml"]],
  ["schemas/orders.json", ["plan", "loose/frozen.yaml"]],
  ["pipelines", ["list"]],
])("%s that may not be opened is said as a file of data is: %j", (hidden, words) => {
  const { status, text } = withoutRights(hidden, ...words);
  expect(text).toContain(`error[denied]: ${hidden} may not be opened by this user`);
  expect(text).toContain("= allow it with chmod, or run as its owner");
  expect(text).not.toMatch(/esbuild|onLoad|EACCES|node_modules/);
  expect(status).toBe(1);
});
