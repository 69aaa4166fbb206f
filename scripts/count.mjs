// The last line of .ci/run: the sum over the gates of `npm run check` and the tests of `npm test`.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const [file, read] of [
  ["check.json", (result) => result],
  [
    "tests.json",
    (result) => ({
      passed: result.numPassedTests,
      // A file that could not be loaded has no tests and has failed all the same.
      failed:
        result.numFailedTests +
        result.testResults.filter((suite) => suite.status === "failed" && suite.assertionResults.length === 0).length,
      skipped: result.numPendingTests + result.numTodoTests,
    }),
  ],
]) {
  if (!existsSync(cache + file)) {
    console.log(`no result of ${file}: it did not finish`);
    sum.failed += 1;
    continue;
  }
  const counted = read(JSON.parse(readFileSync(cache + file, "utf8")));
  for (const key of Object.keys(sum)) sum[key] += counted[key] ?? 0;
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exit(sum.failed > 0 || sum.passed === 0 ? 1 : 0);
