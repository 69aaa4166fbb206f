// How long it takes to know the files of a table: of ten thousand, and of as many commits of one row each as a stream makes.
import { join } from "node:path";
import { run } from "../measure.mjs";
import { median } from "../report.mjs";

/** The budget for ten thousand files; five thousand commits are held to the same. */
const PLANNING_MS = 200;

export function planning({ work, here, commits }) {
  const asked = (what, size) => {
    const words = [join(here, "programs/lake-plan.mjs"), join(work, `plan-${what}`), what, String(size)];
    const { stdout } = run(process.execPath, words, work);
    return JSON.parse(stdout.trim().split("\n").at(-1));
  };
  const files = asked("files", 10_000);
  const many = asked("commits", commits);
  const shown = (name, { seconds }, says) => ({
    name,
    seconds: median(seconds),
    least: Math.min(...seconds),
    most: Math.max(...seconds),
    says,
  });
  const kept = ({ seconds }) =>
    `budget ≤ ${PLANNING_MS} ms: ${median(seconds) * 1000 <= PLANNING_MS ? "kept" : "MISSED"}`;
  const kilobytes = (bytes) => `${Math.round(bytes / 1000).toLocaleString("en")} kB`;
  console.log("measured: Lake: planning");
  return {
    title: "Lake: planning",
    note: `The time from opening the catalog to the list of all live files, nothing of it remembered. A file has counts and bounds of twenty columns. The small commits are of one file each, as a stream makes them; metadata is kept short by expiry and by the merging of manifests, as of every table that sluice makes.`,
    rows: [
      shown(`${files.files.toLocaleString("en")} files`, files, kept(files)),
      shown(
        `${commits.toLocaleString("en")} small commits`,
        many,
        `${kept(many)}; metadata at most ${kilobytes(many.largest)}, at most ${many.manifests} manifests`,
      ),
      shown(
        `one of these commits: the last hundred`,
        { seconds: many.lastCommits },
        `the first hundred: ${(median(many.firstCommits) * 1000).toFixed(0)} ms`,
      ),
    ],
  };
}
