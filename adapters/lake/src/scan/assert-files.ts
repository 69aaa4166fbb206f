import { stat } from "node:fs/promises";
import { SluiceError } from "@sluice/core";
import { pathOf } from "../format/location.ts";
import type { LiveFile } from "../format/table.ts";
import { inParallel } from "../table/in-parallel.ts";

/**
 * Files of a table never change: one that is not as long as its table says was changed by somebody.
 *
 * @throws SluiceError `data`
 */
export async function assertFiles(shown: string, files: readonly LiveFile[]): Promise<void> {
  const all = files.flatMap(({ entry, deletes }) => [entry.file, ...deletes.map(({ file }) => file)]);
  await inParallel(all, async ({ path, sizeBytes }) => {
    const bytes = await stat(pathOf(path)).then(
      ({ size }) => size,
      () => undefined,
    );
    if (bytes === sizeBytes) return;
    const is = bytes === undefined ? "cannot be read" : `has ${bytes} bytes, and not ${sizeBytes} as the table says`;
    throw new SluiceError("data", `a file of ${shown} ${is}: ${path}`, {
      offending: path,
      hint: "bring the file back from a copy, or roll the table back to a snapshot without it",
    });
  });
}
