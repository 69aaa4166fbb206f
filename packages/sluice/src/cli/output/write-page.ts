import { closeSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { diskFull, isSluiceError, SluiceError } from "@sluice/core";
import { makeFolder } from "../../project/own-folder.ts";
import { writeWhole } from "../../sync/frozen-file.ts";

/** Where a page goes. */
export interface PagePlace {
  readonly path: string;
  /** As it was written on the command line. */
  readonly shown: string;
}

/**
 * Refuses a place for a page before work is done for it: what stands there is replaced only where it is a page, since a
 * name that was mixed up would cost the data that was to be looked at.
 */
export function assertPagePlace({ path, shown }: PagePlace): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) throw refused(shown, "is a folder", `name a file in it: ${join(shown, "profile.html")}`);
  if (!found.isFile()) {
    throw refused(shown, "is no file but a device, a pipe or a socket", "name a file, or - for standard output");
  }
  if (found.size > 0 && !isPage(path)) {
    throw refused(
      shown,
      "is there and holds no HTML page: it is not replaced",
      "name another file, or remove this one",
    );
  }
}

/** Writes a page, whole or not at all. */
export function writePage({ path, shown }: PagePlace, html: string): void {
  makeFolder(dirname(path));
  try {
    writeWhole(path, html);
  } catch (thrown) {
    if (isSluiceError(thrown)) throw thrown;
    const code = String((thrown as NodeJS.ErrnoException).code);
    throw (
      diskFull(code, shown, thrown) ??
      new SluiceError("denied", `${shown} cannot be written: its folder takes no new file (${code})`, {
        offending: shown,
        hint: "write to another folder, or look at the rights and the file system of this one",
        cause: thrown,
      })
    );
  }
}

function isPage(path: string): boolean {
  const start = Buffer.alloc(64);
  const handle = openSync(path, "r");
  try {
    const length = readSync(handle, start);
    return /^\s*<(?:!doctype html|html)\b/i.test(start.toString("utf8", 0, length));
  } finally {
    closeSync(handle);
  }
}

function refused(shown: string, says: string, hint: string): SluiceError {
  return new SluiceError("config", `${shown} ${says}`, { reason: "usage", offending: shown, hint });
}
