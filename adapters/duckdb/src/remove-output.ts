import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Removes what a failed query left of its output, also in the folder that it was to fill. A device or a pipe is not its own: that stays. */
export async function removeOutput(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() === true) await rm(path, { force: true });
  if (found?.isDirectory() !== true) return;
  for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true });
}
