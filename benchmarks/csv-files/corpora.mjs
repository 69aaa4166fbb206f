// Where the two collections of files are: as given, else as fetched before, else fetched. They are never part of this repository.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../measure.mjs";

const CACHE = join(root, "node_modules/.cache/csv-files");

/** `{ folder }` or `{ skipped }`. */
export function pollockFolder(given) {
  const found = folderOf(given, "pollock", "https://github.com/HPI-Information-Systems/Pollock");
  if (found.folder === undefined) return found;
  return existsSync(join(found.folder, "polluted_files/csv")) && existsSync(join(found.folder, "pollock_weights.json"))
    ? found
    : { skipped: `${found.folder} has no polluted_files/csv and pollock_weights.json` };
}

export function spectrumFolder(given) {
  const found = folderOf(given, "csv-spectrum", "https://github.com/max-mapper/csv-spectrum");
  if (found.folder === undefined) return found;
  return existsSync(join(found.folder, "csvs")) && existsSync(join(found.folder, "json"))
    ? found
    : { skipped: `${found.folder} has no csvs and json` };
}

function folderOf(given, name, url) {
  if (given !== undefined) return existsSync(given) ? { folder: given } : { skipped: `${given} does not exist` };
  const folder = join(CACHE, name);
  if (existsSync(folder) && readdirSync(folder).length > 0) return { folder };
  mkdirSync(dirname(folder), { recursive: true });
  const clone = spawnSync("git", ["clone", "--quiet", "--depth", "1", url, folder], {
    encoding: "utf8",
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
    timeout: 300_000,
  });
  if (clone.status === 0) return { folder };
  const why = clone.error?.message ?? clone.stderr?.trim().split("\n").at(-1) ?? "git failed";
  return { skipped: `${url} cannot be fetched (${why}); name a folder that has it` };
}
