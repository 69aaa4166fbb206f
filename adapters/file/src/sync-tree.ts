import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "./sidecar.ts";

/** Puts every file of a folder, and every name, on the disk: from the deepest up. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await syncTree(path);
      continue;
    }
    const handle = await open(path, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  await syncFolder(folder);
}
