import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes what a failed query left of its output, also in the folder that it was to fill. A device or a pipe is not its own: that
 * stays, and so does what was written into it, which is said.
 */
export async function removeOutput(path: string): Promise<{ readonly isGone: boolean }> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() === true) await rm(path, { force: true });
  else if (found?.isDirectory() === true) {
    for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true });
  } else return { isGone: found === undefined };
  return { isGone: true };
}
