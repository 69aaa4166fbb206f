import {
  type Adapter,
  type Address,
  type FrozenDataset,
  type Plan,
  type ReachRequest,
  reachOf,
  reachText,
} from "@sluice/core";

/** What is asked to tell what a column of a plan reaches. */
export async function reachRequest(
  plan: Plan,
  datasets: ReadonlyMap<string, FrozenDataset>,
  adapterOf: (type: string) => Promise<Adapter>,
): Promise<ReachRequest> {
  const names = new Map<string, string>();
  for (const { writes } of plan.stages) {
    if (writes.kind !== "target") continue;
    names.set(JSON.stringify(writes.into), (await adapterOf(writes.into.type)).nameOf(writes.into));
  }
  const nameOf = (into: Address): string => names.get(JSON.stringify(into)) ?? into.type;
  return { plan, datasets, nameOf };
}

/** A sentence for each column with a policy of its own: what its drift does, and what it reaches. */
export async function driftText(
  plan: Plan,
  datasets: ReadonlyMap<string, FrozenDataset>,
  adapterOf: (type: string) => Promise<Adapter>,
): Promise<readonly string[]> {
  const sentences: string[] = [];
  const request = await reachRequest(plan, datasets, adapterOf);
  for (const { name, columns, drift } of datasets.values()) {
    if (drift === "evolve") {
      sentences.push(`${name}: a run takes up new columns and wider types, and what is gone is null`);
    }
    for (const { name: column, misfit, evolves } of columns) {
      if (evolves === true && drift !== "evolve") {
        const reached = reachText(reachOf(request, name, column));
        sentences.push(
          `${name}.${column}: a wider type is taken up, and where it is gone it is null; it reaches ${reached}`,
        );
      }
      if (misfit === undefined) continue;
      const what = misfit === "null" ? "is null there" : "ends the run";
      const where = reachText(reachOf(request, name, column));
      sentences.push(`${name}.${column}: a value of another type ${what}; it reaches ${where}`);
    }
  }
  return sentences;
}
