import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isSluiceError, type OutputSpec } from "@sluice/core";

/** Removes what a failed query left of its output, also in the folder that it was to fill. A device or a pipe is not its own: that stays. */
export async function removeOutput(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() === true) await rm(path, { force: true });
  if (found?.isDirectory() !== true) return;
  for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true });
}

/** Writes an output, or the one that it names instead where there is too little memory for it. What failed leaves nothing. */
export async function writeOrInstead<T>(output: OutputSpec, write: (output: OutputSpec) => Promise<T>): Promise<T> {
  try {
    return await write(output);
  } catch (error) {
    await removeOutput(output.path);
    const lacksMemory = isSluiceError(error) && error.code === "denied" && error.reason === "memory";
    if (output.instead === undefined || !lacksMemory) throw error;
    return await writeOrInstead(output.instead, write);
  }
}
