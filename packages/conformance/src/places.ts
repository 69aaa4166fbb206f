import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, Json, OpenContext } from "@sluice/core";

/** Folders for the tests of one file, and what adapters are opened with there. */
export interface Places {
  newFolder(): Promise<string>;
  /** Fresh scratch, which is the root too; the clock stands at noon of 29 February 2024. */
  newContext(local: Engine, changes?: Partial<OpenContext>): Promise<OpenContext>;
  /** Removes all of them. */
  remove(): Promise<void>;
}

/**
 * Places below the system's temporary folder.
 *
 * @example
 * const places = createPlaces("sluice-sqlite-");
 * afterAll(places.remove);
 */
export function createPlaces(prefix: string): Places {
  const folders: string[] = [];
  const newFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), prefix));
    folders.push(folder);
    return folder;
  };
  return {
    newFolder,
    newContext: async (local, changes = {}) => {
      const scratch = await newFolder();
      return {
        signal: new AbortController().signal,
        now: () => Date.UTC(2024, 1, 29, 12),
        log: () => {},
        root: scratch,
        scratch,
        local,
        checkpoint: () => {},
        ...changes,
      };
    },
    remove: async () => {
      await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** Everything below a folder, by name and hash of the contents, to compare before and after; but for names that begin so. */
export async function tracesIn(folder: string, without?: string): Promise<Json> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const told = entries.filter(({ name }) => without === undefined || !name.startsWith(without));
  const traces = told.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const hash = entry.isFile()
      ? createHash("sha256")
          .update(await readFile(path))
          .digest("hex")
      : "folder";
    return [path.slice(folder.length + 1), hash];
  });
  return (await Promise.all(traces)).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}
