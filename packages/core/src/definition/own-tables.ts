import { mapInputs, type Relation } from "../ir/relation.ts";
import type { Address } from "../schema/frozen.ts";
import type { LoadDefinition, PipelineDefinition } from "./definition.ts";
import { mapRelations, prerequisitesOf, relationsOf, scansOf } from "./step-graph.ts";
import { targetIdentity } from "./targets.ts";

/** A step that reads a table which a load of its own pipeline writes. */
export interface OwnRead {
  readonly step: string;
  readonly table: Address;
  readonly load: string;
  /** `before`: on the way to the load, the table as it was; `after`: behind it, with its rows; undefined where nobody said. */
  readonly when: "before" | "after" | undefined;
}

/** Every read of a table by the pipeline that writes it. */
export function ownReads(definition: PipelineDefinition): readonly OwnRead[] {
  const loads = new Map(
    definition.steps.flatMap((step) => (step.kind === "load" ? [[targetIdentity(step.into), step] as const] : [])),
  );
  return definition.steps.flatMap((step) =>
    relationsOf(step)
      .flatMap(({ relation }) => scansOf(relation))
      .flatMap((source) => {
        if (!("table" in source)) return [];
        const load = loads.get(targetIdentity(source.table));
        if (load === undefined) return [];
        const when = upstreamOf(definition, load.name).has(step.name)
          ? "before"
          : upstreamOf(definition, step.name).has(load.name)
            ? "after"
            : undefined;
        return [{ step: step.name, table: source.table, load: load.name, when } as const];
      }),
  );
}

/** A step and all that must be done before it. */
export function upstreamOf({ steps }: PipelineDefinition, name: string): ReadonlySet<string> {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const found = new Set([name]);
  for (const one of found) {
    const step = byName.get(one);
    for (const need of step === undefined ? [] : prerequisitesOf(step)) found.add(need);
  }
  return found;
}

/**
 * What decides the columns of a load: the steps before it, without the right sides of semi and anti joins, which choose rows
 * and say nothing of columns. So a load that leaves out what its table holds already has columns that can be known.
 */
export function columnsDecidedBy(definition: PipelineDefinition, load: LoadDefinition): PipelineDefinition {
  const decided: PipelineDefinition = {
    ...definition,
    steps: definition.steps.map((step) => mapRelations(step, withoutChoices)),
  };
  const upstream = upstreamOf(decided, load.name);
  const read = decided.steps.filter((step) => upstream.has(step.name));
  return { ...decided, steps: read };
}

function withoutChoices(relation: Relation): Relation {
  if (relation.kind === "join" && (relation.how === "semi" || relation.how === "anti")) {
    return withoutChoices(relation.left);
  }
  return mapInputs(relation, withoutChoices);
}
