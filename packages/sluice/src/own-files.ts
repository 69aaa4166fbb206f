import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const isBuilt = extname(fileURLToPath(import.meta.url)) === ".js";

/**
 * Where a file of this package lies, from the folder of its entry. Code that is bundled lands beside the entry, wherever
 * it stood: addresses relative to a module are right nowhere but here.
 */
export function ownFile(path: string): URL {
  return new URL(path, import.meta.url);
}

/** The module that `sluice` means inside a bundle of an author's files: the copy that is running. */
export const RUNNING_COPY = ownFile(isBuilt ? "index.js" : "index.ts").href;

/** The built program of host processes; undefined where this is the source itself. */
export const HOST_FILE = isBuilt ? fileURLToPath(ownFile("tasks/host.js")) : undefined;
