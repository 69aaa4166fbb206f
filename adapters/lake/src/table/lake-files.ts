import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SluiceError } from "@sluice/core";
import { pathOf } from "../format/location.ts";

/** The files of tables, by location. */
export interface LakeFiles {
  /** @throws SluiceError `missing` */
  read(location: string): Promise<Buffer>;
  /** Writes a file that must not exist yet; its bytes are on the disk afterwards, its name after `syncFolder`. */
  create(location: string, bytes: Uint8Array): Promise<void>;
  /** Puts the names of a folder onto the disk. */
  syncFolder(location: string): Promise<void>;
  /** Whether there was one. */
  remove(location: string): Promise<boolean>;
  /** Every file below a folder; none where there is no folder. */
  list(folder: string): AsyncIterable<ListedFile>;
}

export interface ListedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** The files of this machine's disks. */
export const localFiles: LakeFiles = {
  read: async (location) => {
    try {
      return await readFile(pathOf(location));
    } catch (error) {
      throw toSluiceError(error, `reading ${location}`);
    }
  },
  create: async (location, bytes) => {
    const path = pathOf(location);
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, "wx");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw toSluiceError(error, `writing ${location}`);
    }
  },
  syncFolder: async (location) => {
    try {
      const folder = await open(pathOf(location), "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (error) {
      throw toSluiceError(error, `writing the folder ${location}`);
    }
  },
  remove: async (location) => {
    try {
      await rm(pathOf(location));
      return true;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw toSluiceError(error, `removing ${location}`);
    }
  },
  list: listFolder,
};

async function* listFolder(folder: string): AsyncIterable<ListedFile> {
  const waiting = [pathOf(folder)];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    let entries: Awaited<ReturnType<typeof entriesOf>>;
    try {
      entries = await entriesOf(path);
    } catch (error) {
      if (codeOf(error) === "ENOENT") continue;
      throw toSluiceError(error, `listing ${path}`);
    }
    for (const entry of entries) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) waiting.push(child);
      else if (entry.isFile()) {
        const found = await stat(child).catch((error: unknown) => {
          if (codeOf(error) === "ENOENT") return undefined;
          throw toSluiceError(error, `listing ${child}`);
        });
        if (found !== undefined) yield { path: child, sizeBytes: found.size, modifiedMs: found.mtimeMs };
      }
    }
  }
}

function entriesOf(path: string) {
  return readdir(path, { withFileTypes: true });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}

function toSluiceError(error: unknown, doing: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const message = `${doing} failed: ${error instanceof Error ? error.message : String(error)}`;
  switch (codeOf(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new SluiceError("missing", message, {
        cause: error,
        hint: "the file was removed, or its disk is not there",
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new SluiceError("denied", message, { cause: error, hint: "look at the rights of the lake's folder" });
    case "ENOSPC":
    case "EDQUOT":
      return new SluiceError("denied", message, {
        cause: error,
        reason: "disk-full",
        hint: "free some space and run it again",
      });
    case "ENAMETOOLONG":
      return new SluiceError("config", message, { cause: error, hint: "give a shorter name" });
    case "EIO":
    case "EMFILE":
    case "ENFILE":
      return new SluiceError("unavailable", message, { cause: error });
    default:
      return new SluiceError("internal", message, { cause: error });
  }
}
