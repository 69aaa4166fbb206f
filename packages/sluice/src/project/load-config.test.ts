import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { errorsOf } from "../failures.ts";
import { parseBytes } from "./config-schema.ts";
import { loadProject } from "./load-config.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-config-")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function load(config: string, environment: Readonly<Record<string, string>> = {}, folder = root) {
  writeFileSync(join(root, "sluice.config.ts"), `import { csv, defineConfig, secret } from "sluice";\n${config}`);
  return await loadProject({ folder, environment });
}

async function refusal(config: string): Promise<readonly unknown[]> {
  try {
    await load(config);
  } catch (thrown) {
    return errorsOf(thrown).map(({ message, hint, at }) => [message, hint, at?.line, at?.column]);
  }
  throw new Error("it was taken");
}

test("is found upward, with its defaults", async () => {
  mkdirSync(join(root, "a/b"), { recursive: true });
  const project = await load('export default defineConfig({ project: "p" });', {}, join(root, "a/b"));
  expect(project).toMatchObject({
    root,
    stateFolder: join(root, ".sluice"),
    pipelinesFolder: join(root, "pipelines"),
    schemasFolder: join(root, "schemas"),
    config: { project: "p", datasets: {}, connections: {}, parallel: 2 },
  });
});

test("says that there is none", async () => {
  await expect(loadProject({ folder: root, environment: {} })).rejects.toThrow("no sluice.config.ts is in");
  await expect(loadProject({ folder: "/", project: root, environment: {} })).rejects.toThrow(
    `there is no sluice.config.ts in ${root}`,
  );
});

test("an unknown member is said at its place, with the closest one", async () => {
  const config =
    'export default defineConfig({\n  project: "p",\n  datsets: {},\n  paths: { pipeline: "x" },\n} as never);';
  expect(await refusal(config)).toEqual([
    ['the configuration has no "paths.pipeline"', 'did you mean "pipelines"?', 5, 12],
    ['the configuration has no "datsets"', 'did you mean "datasets"?', 4, 3],
  ]);
});

test("options that two datasets share are no mistake in the line of a third", async () => {
  const config = `
const shared = { types: { a: "integer" } } as const;
export default defineConfig({
  project: "p",
  datasets: {
    one: csv("one.csv", shared),
    two: csv("two.csv", shared),
    three: csv("three.csv", { types: { a: "int64", b: "string?", c: "struct{x: int64?}" } }),
  },
});`;
  expect(await refusal(config)).toEqual([
    ['"datasets.one.types.a" is "integer"; expected a type such as int64', undefined, 7, 5],
    ['"datasets.two.types.a" is "integer"; expected a type such as int64', undefined, 8, 5],
    [
      '"datasets.three.types.b" is "string?"; expected "string", since every column that is not in required may be null',
      undefined,
      9,
      52,
    ],
    [
      '"datasets.three.types.c" is "struct{x: int64?}"; expected "struct{x: int64}", since what is nested may always be null',
      undefined,
      9,
      66,
    ],
  ]);
});

test.each([
  ["", "the configuration has no default export"],
  ["export default 1;", "the configuration is 1; expected"],
  ['export default { project: "a b" };', '"project" is "a b"; expected an id of letters'],
  ["export default {};", '"project" is absent; expected an id of letters'],
  ['export default { project: "p", parallel: 0 };', '"parallel" is 0; expected at least 1'],
  ['export default { project: "p", parallel: 1.5 };', '"parallel" is 1.5; expected a whole number'],
  ['export default { project: "p", paths: { schemas: "" } };', '"paths.schemas" is ""; expected some text'],
  ['export default { project: "p", datasets: [] };', '"datasets" is []; expected a map'],
  [
    'export default { project: "p", datasets: { x: csv("x.csv", { drift: "no" }) } };',
    '"datasets.x.drift" is "no"; expected one of "fail", "warn"',
  ],
  ['export default { project: "p", datasets: { x: csv("") } };', 'csv("") names no file'],
  ['export default { project: "p", memory: "lots" };', '"memory" is "lots"; expected at least 64 MB'],
  ['export default { project: "p", datasets: { x: "data.csv" } };', '"datasets.x" is "data.csv"; expected a source'],
  ['export default { project: "p", datasets: { "a-b": csv("x.csv") } };', "a name of letters, digits and _"],
  [
    'export default { project: "p", datasets: { x: csv("x.csv", { types: { a: "int" } }) } };',
    '"datasets.x.types.a" is "int"; expected a type',
  ],
  [
    'export default { project: "p", datasets: { x: csv("x.csv", { maxRejects: "5" }) } };',
    '"datasets.x.maxRejects" is "5"; expected a count',
  ],
  [
    'export default { project: "p", datasets: { x: csv("x.csv", { requierd: [] } as never) } };',
    'csv("x.csv") has no option "requierd"',
  ],
  ['export default { project: secret("S") };', 'a secret stands in "project"'],
])("refuses %j", async (config, message) => {
  const [first] = (await refusal(config)) as readonly (readonly [string])[];
  expect(first?.[0]).toContain(message);
});

test("a dataset keeps its address and its options", async () => {
  const project = await load(
    'export default defineConfig({ project: "p", datasets: { x: csv("x.csv", { dialect: { delimiter: ";" }, types: { a: "string" } }) } });',
  );
  expect(project.config.datasets.x).toEqual({
    address: { type: "file", path: "x.csv", format: "csv", delimiter: ";" },
    options: { types: { a: "string" } },
  });
});

test("secrets are found when asked for, in the environment first, then in .env, and taken out of texts", async () => {
  const connections = '{ w: { type: "sqlite", path: secret("PLACE"), key: secret("OTHER") } }';
  writeFileSync(join(root, ".env"), "PLACE=from-file\nOTHER='hidden \"x\"'\n");
  const project = await load(`export default defineConfig({ project: "p", connections: ${connections} });`, {
    PLACE: "from-environment",
  });
  const { secrets, config } = project;
  expect(secrets.redact("from-environment")).toBe("from-environment");
  expect(secrets.resolve(config.connections.w)).toEqual({
    type: "sqlite",
    path: "from-environment",
    key: 'hidden "x"',
  });
  expect(secrets.redact('open from-environment: hidden "x", hidden \\"x\\"')).toBe(
    "open [secret PLACE]: [secret OTHER], [secret OTHER]",
  );
});

test("a secret that is nowhere is an error when it is needed, not before", async () => {
  const config =
    'export default defineConfig({ project: "p", connections: { w: { type: "x", url: secret("PALCE") } } });';
  const { secrets, config: parsed } = await load(config, { PLACE: "x" });
  expect(() => secrets.resolve(parsed.connections.w)).toThrow(
    expect.objectContaining({ code: "config", hint: 'did you mean "PLACE"?' }),
  );
});

test("bytes", () => {
  expect(["2GB", "1.5 GiB", "512MB", "12", "x"].map(parseBytes)).toEqual([
    2e9,
    1.5 * 2 ** 30,
    512e6,
    undefined,
    undefined,
  ]);
});

test("says a name and a limit that cannot be in the words of the file, at their own place", async () => {
  const config =
    'export default defineConfig({ project: "p", datasets: {\n  a: csv("a.csv", { maxRejects: "200%" }),\n  "b c": csv("b.csv"),\n} });';
  expect(await refusal(config)).toEqual([
    [
      '"datasets.a.maxRejects" is "200%"; expected a count, or a share of at most 100% such as "0.5%"',
      undefined,
      3,
      21,
    ],
    ['"datasets" has the name "b c"; expected a name of letters, digits and _', undefined, 4, 4],
  ]);
});
