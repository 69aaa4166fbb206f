import { basename } from "node:path";

/**
 * A name for what lies at a path, as an identifier.
 *
 * @example
 * streamName("data/Traffic Crashes {day}.csv.gz"); // "traffic_crashes"
 */
export function streamName(path: string): string {
  const bare = basename(path.replace(/^.*\.(?:zip|tar|tgz|tar\.gz)!/i, ""))
    .replace(/\.gz$/i, "")
    .replace(/\.[A-Za-z0-9]+$/, "")
    .replaceAll(/\{[^}]*\}/g, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  if (bare === "") return "file";
  return /^[0-9]/.test(bare) ? `_${bare}` : bare;
}
