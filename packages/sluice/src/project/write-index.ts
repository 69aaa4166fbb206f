import { join } from "node:path";
import type { FrozenDataset, SluiceError } from "@sluice/core";
import { errorsOf } from "../failures.ts";
import { readFrozen, writeWhole } from "../sync/frozen-file.ts";
import { generateIndex } from "../sync/generate-index.ts";
import type { Project } from "./load-config.ts";

/**
 * Writes `schemas/index.ts` over all that is frozen, and gives what cannot be read of it: then the index stays as it is, since one
 * without a dataset would take it away from the pipelines that import it.
 */
export function writeIndex({ config, schemasFolder }: Project): readonly SluiceError[] {
  const frozen: FrozenDataset[] = [];
  const unreadable: SluiceError[] = [];
  for (const name of Object.keys(config.datasets)) {
    try {
      frozen.push(...[readFrozen(schemasFolder, name) ?? []].flat());
    } catch (thrown) {
      unreadable.push(...errorsOf(thrown));
    }
  }
  if (unreadable.length === 0) writeWhole(join(schemasFolder, "index.ts"), generateIndex(frozen));
  return unreadable;
}
