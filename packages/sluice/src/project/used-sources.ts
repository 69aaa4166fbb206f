import {
  type Address,
  canonicalJson,
  type PipelineDefinition,
  relationPaths,
  relationsOf,
  type StepDefinition,
  tableKey,
  walkRelation,
} from "@sluice/core";

/** What a pipeline reads from outside: names of datasets, and addresses that stand in it. */
export interface UsedSources {
  /** Each with the place in the definition that names it first. */
  readonly datasets: ReadonlyMap<string, string>;
  /** By canonical JSON of the address. */
  readonly inline: ReadonlyMap<string, { readonly address: Address; readonly step: string; readonly path: string }>;
  /** Tables that loads write, by their key. */
  readonly tables: ReadonlyMap<string, { readonly address: Address; readonly path: string }>;
}

export function usedSources(definition: PipelineDefinition): UsedSources {
  const datasets = new Map<string, string>();
  const inline = new Map<string, { readonly address: Address; readonly step: string; readonly path: string }>();
  const tables = new Map<string, { readonly address: Address; readonly path: string }>();
  const relations = definition.steps.flatMap((step) => relationsOf(step).map((one) => ({ step, ...one })));
  for (const { step, member, relation } of relations) {
    const path = `steps.${step.name}.${member}`;
    const paths = relationPaths(relation, path);
    walkRelation(relation, (node) => {
      if (node.kind !== "scan") return;
      const { source } = node;
      if ("dataset" in source && !datasets.has(source.dataset)) datasets.set(source.dataset, path);
      if ("table" in source && !tables.has(tableKey(source.table))) {
        tables.set(tableKey(source.table), { address: source.table, path });
      }
      if ("inline" in source) {
        const key = canonicalJson(source.inline);
        if (!inline.has(key))
          inline.set(key, { address: source.inline, step: step.name, path: paths.get(node) ?? path });
      }
    });
  }
  return { datasets, inline, tables };
}

/** A name for an address that has none: of its file or table, told apart from those that are taken. */
export function inlineName(address: Address, taken: ReadonlySet<string>): string {
  const place = [address.table, address.path].find((part) => typeof part === "string") as string | undefined;
  const parts = (place ?? address.type).split(/[\\/]/).map((part) =>
    part
      .replace(/(\.[A-Za-z]{1,8})+$/, "")
      .replace(/\{[^}]*\}/g, "")
      .replace(/[^A-Za-z0-9_]+/g, "_")
      .replace(/^_+|_+$/g, ""),
  );
  const stem = (parts.findLast((part) => part !== "") ?? "source").replace(/^(?=\d)/, "source_");
  for (let count = 1; ; count++) {
    const name = count === 1 ? stem : `${stem}_${count}`;
    if (!taken.has(name)) return name;
  }
}

/** What a step reads, by name: steps and datasets as they are called, addresses as their path or table. */
export function readsOf(step: StepDefinition): readonly string[] {
  const found = new Set<string>();
  for (const { relation } of relationsOf(step)) {
    walkRelation(relation, (node) => {
      if (node.kind !== "scan") return;
      const { source } = node;
      if ("dataset" in source) found.add(source.dataset);
      else if ("step" in source) found.add(source.step);
      else if ("stage" in source) return;
      else {
        const address = "table" in source ? source.table : source.inline;
        found.add(String(address.path ?? address.table ?? address.type));
      }
    });
  }
  return [...found];
}
