// The lake against Spark: 4 GB of memory, and 700 MB that are fetched once into the user's cache. One test file, since a second
// Spark would not find room beside the first.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const words = ["run", "--project", "repository", "test/spark/lake-spark.test.ts", ...process.argv.slice(2)];
const tests = spawnSync(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, ...words], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, SLUICE_TEST_SPARK: "1" },
});
process.exitCode = tests.status ?? 1;
