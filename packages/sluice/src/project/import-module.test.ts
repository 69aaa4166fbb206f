import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Imported, importModules } from "./import-module.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "sluice import ü-")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function load(...entries: readonly string[]): Promise<readonly Imported[]> {
  return await importModules({ root, buildFolder: join(root, ".sluice/build"), entries });
}

async function exportsOf(entry: string): Promise<Readonly<Record<string, unknown>>> {
  const [imported] = await load(entry);
  if (imported === undefined || "errors" in imported) throw new Error(JSON.stringify(imported));
  return imported.exports;
}

async function errorOf(entry: string): Promise<unknown> {
  const [imported] = await load(entry);
  if (imported === undefined || !("errors" in imported)) throw new Error("it was taken");
  const [error] = imported.errors;
  return { message: error?.message, offending: error?.offending, hint: error?.hint, at: error?.at };
}

test("each file keeps its own import.meta", async () => {
  const shared = write("schemas/index.ts", "export const place: string = import.meta.url;\nexport enum Kind { A }");
  const entry = write(
    "pipelines/a.ts",
    'import { place, Kind } from "../schemas/index.ts";\nexport default [place, import.meta.dirname, Kind.A, "import.meta.url"];',
  );
  expect((await exportsOf(entry)).default).toEqual([pathToFileURL(shared).href, dirname(entry), 0, "import.meta.url"]);
});

test("packages are imported from where they lie, built-in modules as they are", async () => {
  write("node_modules/plain/package.json", '{"name":"plain","type":"module","exports":"./plain.js"}');
  write("node_modules/plain/plain.js", "export const here = import.meta.url;");
  const entry = write("a.ts", 'import { here } from "plain";\nimport { sep } from "node:path";\nexport { here, sep };');
  const place = pathToFileURL(join(root, "node_modules/plain/plain.js")).href;
  expect(await exportsOf(entry)).toMatchObject({ here: place, sep: "/" });
});

test("a bundle is made anew when a file it was made from changes, and only then", async () => {
  write("shared.ts", "export const value = 1;");
  const entry = write("a.ts", 'export { value } from "./shared.ts";');
  const bundles = (): readonly string[] =>
    readdirSync(join(root, ".sluice/build")).filter((name) => name.endsWith(".mjs"));
  expect((await exportsOf(entry)).value).toBe(1);
  expect((await exportsOf(entry)).value).toBe(1);
  expect(bundles()).toHaveLength(1);
  write("shared.ts", "export const value = 2;");
  expect((await exportsOf(entry)).value).toBe(2);
  expect(bundles()).toHaveLength(2);
});

test("a bundle that nothing uses goes after a day", async () => {
  const entry = write("a.ts", "export const value = 1;");
  await exportsOf(entry);
  const folder = join(root, ".sluice/build");
  const bundles = (): readonly string[] => readdirSync(folder).filter((name) => name.endsWith(".mjs"));
  const [first = ""] = bundles();
  utimesSync(join(folder, first), new Date(0), new Date(0));
  expect((await exportsOf(entry)).value).toBe(1);
  expect(bundles()).toEqual([first]);
  write("a.ts", "export const value = 2;");
  await exportsOf(entry);
  expect(bundles()).toHaveLength(1);
  expect(bundles()).not.toEqual([first]);
});

test("a syntax error is said at its line, and hides no other file", async () => {
  const broken = write("a.ts", "const x = 1;\nconst ü = [1, 2;\n");
  const fine = write("b.ts", "export default 1;");
  const [first, second] = await load(broken, fine);
  expect(first).toMatchObject({
    errors: [{ code: "config", message: 'expected "]" but found ";"', at: { file: broken, line: 2, column: 16 } }],
  });
  expect(second).toMatchObject({ exports: { default: 1 } });
});

test("a module that is not there is said with the closest one", async () => {
  write("shared.ts", "export const value = 1;");
  const entry = write("a.ts", 'import { value } from "./sharde.ts";\nexport default value;');
  expect(await errorOf(entry)).toEqual({
    message: '"./sharde.ts" cannot be found from a.ts',
    offending: '"./sharde.ts"',
    hint: 'did you mean "./shared.ts"?',
    at: { file: entry, line: 1, column: 23 },
  });
});

test("schemas that were never made are said with the command that makes them", async () => {
  const entry = write("pipelines/a.ts", 'import { x } from "../schemas/index.ts";\nexport default x;');
  expect(await errorOf(entry)).toMatchObject({ hint: 'run "sluice sync" to make the schemas' });
});

test("what fails while a file is read is said at the author's own line", async () => {
  write("shared.ts", "interface A {}\n\nexport function fail(): never {\n  throw new TypeError('no such thing');\n}");
  const entry = write("a.ts", 'import { fail } from "./shared.ts";\nexport default fail();');
  expect(await errorOf(entry)).toMatchObject({
    message: "the file failed while it was read: TypeError: no such thing",
    at: { file: join(root, "shared.ts"), line: 4, column: 9 },
  });
});
