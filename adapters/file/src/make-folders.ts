import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./errors.ts";

/**
 * Makes a folder and those above it, one after the other: where a file system makes none (`/proc`), Node's own recursion
 * never ends. Gives the first folder that had to be made, or undefined.
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  if ((await stat(path).catch(() => undefined))?.isDirectory() === true) return undefined;
  const above = dirname(path);
  const first = above === path ? undefined : await makeFolders(above);
  try {
    await mkdir(path);
  } catch (error) {
    // Another process was faster.
    if (systemCode(error) !== "EEXIST" || !(await stat(path)).isDirectory()) throw error;
    return first;
  }
  return first ?? path;
}
