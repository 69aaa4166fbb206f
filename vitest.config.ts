import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Every workspace that the others import by name, with its entry: tests run the source and not the build. */
function sources(): Record<string, string> {
  const folders = ["packages", "adapters"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  );
  const workspaces = folders
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => [nameOf(folder), join(folder, "src/index.ts")] as const);
  return Object.fromEntries(workspaces.filter(([name]) => name.startsWith("@sluice/")));
}

function nameOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string }).name;
}

export default defineConfig({
  resolve: {
    alias: sources(),
  },
  test: {
    maxWorkers: 2,
    // Real systems: nothing is started before a test asks for it.
    globalSetup: [join(root, "test/systems/setup.ts")],
    // They end what hangs, on a machine that is busy with something else too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      // Half of their time was loading the same modules for each file: these keep nothing between tests.
      { extends: true, test: { name: "packages", isolate: false, include: ["packages/*/src/**/*.test.ts"] } },
      { extends: true, test: { name: "adapters", include: ["adapters/*/src/**/*.test.ts"] } },
      { extends: true, test: { name: "repository", include: ["test/**/*.test.ts", "examples/**/*.test.ts"] } },
    ],
  },
});
