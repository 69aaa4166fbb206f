// The tests on every supported Node: 20 is the one at hand or not, 22 and 24 come from the package registry.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
let failed = false;
for (const version of process.argv.slice(2).length > 0 ? process.argv.slice(2) : ["22", "24"]) {
  const folder = `${root}node_modules/.cache/node-${version}`;
  const bin = `${folder}/node_modules/node/bin`;
  if (!existsSync(`${bin}/node`)) {
    mkdirSync(folder, { recursive: true });
    const install = spawnSync(
      "npm",
      ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", `node@${version}`],
      {
        stdio: "inherit",
      },
    );
    if (install.status !== 0 || !existsSync(`${bin}/node`)) {
      console.error(`Node ${version} could not be installed from the package registry`);
      failed = true;
      continue;
    }
  }
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  console.log(`Node ${spawnSync(`${bin}/node`, ["--version"], { encoding: "utf8" }).stdout.trim()}`);
  const tests = spawnSync(`${bin}/node`, [`${root}node_modules/vitest/vitest.mjs`, "run"], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  failed ||= tests.status !== 0;
}
process.exit(failed ? 1 : 0);
