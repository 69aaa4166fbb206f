import { join } from "node:path";
import { sha256OfText } from "./durable.ts";

/** Where the files of one run lie: `.sluice/stage/<run>/`. */
export interface RunFolder {
  readonly path: string;
  /** What attempts write before it is whole, and what adapters use; removed with the attempt. */
  readonly scratch: string;
  readonly quarantine: string;
}

/** The folder of a run, below the state folder of its project. */
export function runFolder(stateFolder: string, run: string): RunFolder {
  const path = join(stateFolder, "stage", run);
  return { path, scratch: join(path, "scratch"), quarantine: join(path, "quarantine") };
}

/**
 * A file name for any name that a person may give a step or a dataset.
 *
 * @example
 * fileNameOf("crash"); // "crash"
 * fileNameOf("a/b"); // "a%2Fb"
 */
export function fileNameOf(name: string): string {
  const encoded = [...new TextEncoder().encode(name)]
    .map((byte) =>
      /[A-Za-z0-9_-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
  return encoded.length <= 120 ? encoded : `${encoded.slice(0, 80)}-${sha256OfText(name).slice(0, 32)}`;
}
