import { lstat, rm } from "node:fs/promises";

/** Removes what a failed query left of its output. A device or a pipe is not its own: that stays. */
export async function removeOutput(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() === true) await rm(path, { force: true });
}
