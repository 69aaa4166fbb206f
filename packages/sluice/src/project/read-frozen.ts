import { didYouMean, type FrozenDataset, SluiceError } from "@sluice/core";
import { readFrozen } from "../sync/frozen-file.ts";

/**
 * The frozen dataset of a name that a pipeline reads.
 *
 * @throws SluiceError `config` where no dataset has the name, or it was never synced
 */
export function requireFrozen(
  schemasFolder: string,
  name: string,
  { configured, path }: { readonly configured: readonly string[]; readonly path?: string },
): FrozenDataset {
  const at = path === undefined ? {} : { at: { file: "", path } };
  if (!configured.includes(name)) {
    throw new SluiceError("config", `no dataset is named "${name}"`, {
      ...at,
      offending: name,
      hint: didYouMean(name, configured, "datasets"),
    });
  }
  const frozen = readFrozen(schemasFolder, name);
  if (frozen !== undefined) return frozen;
  throw new SluiceError("config", `the schema of the dataset "${name}" is not frozen yet`, {
    ...at,
    offending: name,
    hint: `run "sluice sync ${name}"`,
    reason: "not-synced",
  });
}
