import { type FrozenDataset, isSluiceError, type SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";
import { requireFrozen } from "./read-frozen.ts";
import { staleness, withPolicies } from "./staleness.ts";
import type { UsedSources } from "./used-sources.ts";

/** The frozen schemas of the datasets that are used, with the policies of the configuration, and what is wrong with them. */
export function frozenDatasets(
  session: Session,
  used: UsedSources,
  substitutes: ReadonlyMap<string, FrozenDataset>,
): { readonly datasets: Map<string, FrozenDataset>; readonly problems: SluiceError[] } {
  const { config, schemasFolder } = session.project;
  const configured = Object.keys(config.datasets);
  const datasets = new Map<string, FrozenDataset>();
  const problems: SluiceError[] = [];
  for (const [name, path] of used.datasets) {
    const substitute = substitutes.get(name);
    if (substitute !== undefined) {
      datasets.set(name, substitute);
      continue;
    }
    try {
      const found = requireFrozen(schemasFolder, name, { configured, path });
      const source = config.datasets[name];
      const stale = source === undefined ? undefined : staleness(found, source);
      if (stale !== undefined) problems.push(stale);
      datasets.set(name, source === undefined ? found : withPolicies(found, source));
    } catch (thrown) {
      if (!isSluiceError(thrown)) throw thrown;
      problems.push(thrown);
    }
  }
  return { datasets, problems };
}
