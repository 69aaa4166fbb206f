// The tests of sizes that take minutes: 10,000 columns, 100,000 files, an archive of 70,000 members, a line of 2 GB,
// 5,000 commits to one table. They need 8 GB of disk, and took 7 minutes on two shared cores.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const FILES = [
  "adapters/file/src/hostile-sizes.test.ts",
  "adapters/file/src/archive/archive.test.ts",
  "adapters/lake/src/table/scale.test.ts",
];
const root = fileURLToPath(new URL("..", import.meta.url));
const tests = spawnSync(
  process.execPath,
  [`${root}node_modules/vitest/vitest.mjs`, "run", "--project", "adapters", ...FILES],
  { cwd: root, stdio: "inherit", env: { ...process.env, SLUICE_TEST_SLOW: "1" } },
);
process.exitCode = tests.status ?? 1;
