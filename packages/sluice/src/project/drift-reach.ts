import type { Adapter, FrozenDataset, Plan } from "@sluice/core";

/**
 * What a column of a dataset that drifts reaches: the columns of steps computed from it, and the targets of loads among them.
 *
 * @example
 * await driftReach(plan, "people", "age", adapterOf); // ["adults.age", "load_adults.age (sqlite.warehouse.adults)"]
 */
export async function driftReach(
  plan: Pick<Plan, "lineage" | "stages">,
  dataset: FrozenDataset["name"],
  column: string,
  adapterOf: (type: string) => Promise<Adapter>,
): Promise<readonly string[]> {
  const reached: string[] = [];
  for (const { step, column: own, from } of plan.lineage) {
    if (!from.some((one) => one.dataset === dataset && one.column === column)) continue;
    const writes = plan.stages.find(({ name }) => name === step)?.writes;
    const target = writes?.kind === "target" ? ` (${(await adapterOf(writes.into.type)).nameOf(writes.into)})` : "";
    reached.push(`${step}.${own}${target}`);
  }
  return reached;
}

/** A sentence for each column with a policy of its own: what its drift does, and what it reaches. */
export async function driftText(
  plan: Plan,
  datasets: ReadonlyMap<string, FrozenDataset>,
  adapterOf: (type: string) => Promise<Adapter>,
): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const { name, columns } of datasets.values()) {
    for (const { name: column, misfit } of columns) {
      if (misfit === undefined) continue;
      const reached = await driftReach(plan, name, column, adapterOf);
      const what = misfit === "null" ? "is null there" : "ends the run";
      const where = reached.length === 0 ? "reaches nothing" : `reaches ${reached.join(", ")}`;
      sentences.push(`${name}.${column}: a value of another type ${what}; it ${where}`);
    }
  }
  return sentences;
}
