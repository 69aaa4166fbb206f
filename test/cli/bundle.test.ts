import { spawnSync } from "node:child_process";
import { cpSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMAND, testProject } from "./sluice.ts";

/** The program that `bin/sluice.js` starts, in a folder with a build and, where it is said what it was made from, a bundle. */
function started(builtFrom?: (buildTime: number) => unknown): string {
  using folder = testProject({
    "package.json": '{ "type": "module" }',
    "dist/cli.js": 'console.log("compiled");',
    "dist/.tsbuildinfo": "{}",
    "bundle/cli.js": 'console.log("bundled");',
  });
  const build = join(folder.root, "dist/.tsbuildinfo");
  utimesSync(build, 1_700_000_000, 1_700_000_000.5);
  if (builtFrom !== undefined) {
    folder.write("bundle/built-from.json", JSON.stringify(builtFrom(statSync(build).mtimeMs)));
  }
  cpSync(COMMAND, join(folder.root, "bin/sluice.js"));
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder.root, "bin/sluice.js")], { encoding: "utf8" });
  return (stdout + stderr).trim();
}

test("the bundle of the very build is what starts", () => {
  expect(started((buildTime) => ({ "dist/.tsbuildinfo": buildTime }))).toBe("bundled");
});

test.each([
  ["a bundle of another build", (time: number) => ({ "dist/.tsbuildinfo": time - 1 })],
  ["a bundle of what is gone", (time: number) => ({ "dist/.tsbuildinfo": time, "../core/dist/.tsbuildinfo": time })],
  ["no bundle that is whole", undefined],
])("what is compiled starts where there is %s", (_, builtFrom) => {
  expect(started(builtFrom)).toBe("compiled");
});
