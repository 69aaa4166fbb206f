// The last line of .ci/run: the sum over the gates of `npm run check` and the tests of `npm test`.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
/** The exit codes of both: red for a reason that stands in no result, such as an unhandled rejection, is a failure too. */
const exits = process.argv.slice(2).map(Number);
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const [file, read] of [
  ["check.json", (result) => result],
  [
    "tests.json",
    (result) => ({
      passed: result.numPassedTests,
      // A file that could not be loaded, or whose setup or end failed, has failed though none of its tests did.
      failed:
        result.numFailedTests +
        result.testResults.filter(
          (suite) => suite.status === "failed" && suite.assertionResults.every((test) => test.status !== "failed"),
        ).length,
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
if (sum.failed === 0 && exits.some((exit) => exit !== 0)) sum.failed = 1;
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exit(sum.failed > 0 || sum.passed === 0 ? 1 : 0);
