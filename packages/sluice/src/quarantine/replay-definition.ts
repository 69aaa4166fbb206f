import {
  type LoadDefinition,
  mapInputs,
  mapRelations,
  type PipelineDefinition,
  type Relation,
  relationsOf,
  SluiceError,
  type StepDefinition,
  walkRelation,
} from "@sluice/core";

/** Whose rows are replayed: those of a dataset, or those that a step gave. */
export type ReplayOrigin = { readonly dataset: string } | { readonly step: string };

/** One row in, rows out, whatever the other rows are. */
const BY_ROW: ReadonlySet<Relation["kind"]> = new Set([
  "filter",
  "select",
  "derive",
  "rename",
  "keep",
  "drop",
  "dropNulls",
  "unpivot",
  "unnest",
  "incremental",
  "sort",
]);

/**
 * The part of a pipeline that the rows of a dataset or step go through, reading them from the dataset `rows`. Only loads that append or
 * merge can take rows later than others, and only where what becomes of a row does not depend on others: a sum over the replayed
 * rows alone would be merged over the right one.
 *
 * @throws SluiceError `unsupported` with a sentence for what cannot be replayed
 */
export function replayDefinition(
  definition: PipelineDefinition,
  origin: ReplayOrigin,
  rows: string,
): PipelineDefinition {
  const byName = new Map(definition.steps.map((step) => [step.name, step]));
  const known = new Map<string, boolean>();
  const carriesStep = (name: string): boolean => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const step = byName.get(name);
    const isOrigin = "step" in origin && origin.step === name;
    const carries =
      isOrigin || (step !== undefined && relationsOf(step).some((one) => carriesRows(one.relation, name)));
    if (carries && !isOrigin && (step?.kind === "task" || step?.kind === "shell")) {
      throw refused(origin, `"${name}" is a ${step.kind === "task" ? "task" : "command"}, which may look at all rows`);
    }
    known.set(name, carries);
    return carries;
  };
  const carriesRows = (relation: Relation, step: string): boolean => {
    if (relation.kind === "scan") {
      const { source } = relation;
      if ("step" in source) return carriesStep(source.step);
      return "dataset" in origin && "dataset" in source && source.dataset === origin.dataset;
    }
    if (relation.kind === "values") return false;
    if (relation.kind === "join") {
      const left = carriesRows(relation.left, step);
      const right = carriesRows(relation.right, step);
      if (!left && !right) return false;
      const hows = left ? ["inner", "left", "semi", "anti", "cross"] : ["inner", "right", "cross"];
      if ((left && right) || !hows.includes(relation.how))
        throw refused(origin, `"${step}" joins them (${relation.how})`);
      return true;
    }
    const inputs =
      "inputs" in relation ? relation.inputs : "input" in relation ? [relation.input] : [relation.left, relation.right];
    if (!inputs.some((input) => carriesRows(input, step))) return false;
    if (BY_ROW.has(relation.kind) || (relation.kind === "union" && relation.distinct === undefined)) return true;
    throw refused(origin, `"${step}" makes of them what depends on all rows (${relation.kind})`);
  };
  const loads = definition.steps.filter(
    (step): step is LoadDefinition => step.kind === "load" && carriesStep(step.name),
  );
  if (loads.length === 0) throw refused(origin, "no load takes them");
  for (const { name, mode, missing } of loads) {
    if (mode !== "append" && mode !== "merge") {
      throw refused(origin, `"${name}" loads with ${mode}, and only append and merge can take some rows by themselves`);
    }
    if (missing !== undefined) throw refused(origin, `"${name}" deletes what does not arrive`);
  }
  const change = (relation: Relation): Relation => {
    if (relation.kind === "scan") {
      const { source } = relation;
      const isOrigin = "dataset" in origin && "dataset" in source && source.dataset === origin.dataset;
      return isOrigin ? { kind: "scan", source: { dataset: rows } } : relation;
    }
    if (relation.kind === "incremental") {
      const input = change(relation.input);
      if (relation.deleted === undefined) return input;
      return { kind: "derive", input, columns: [[relation.deleted, NOT]] };
    }
    if (relation.kind !== "union") return mapInputs(relation, change);
    if (!carriesRows(relation, "")) return mapInputs(relation, change);
    // What else is in a union was loaded by the ordinary run.
    const inputs = relation.inputs.map((input) =>
      carriesRows(input, "") ? change(input) : ({ kind: "filter", input: change(input), condition: NOT } as const),
    );
    return { ...relation, inputs };
  };
  const kept = new Map<string, StepDefinition>();
  const keep = (name: string): void => {
    const step = byName.get(name);
    if (step === undefined || kept.has(name)) return;
    const scan: Relation = { kind: "scan", source: { dataset: rows } };
    const isOrigin = "step" in origin && origin.step === name;
    const changed = isOrigin ? fromRows(step, scan) : mapRelations(step, change);
    kept.set(name, changed);
    for (const { relation } of relationsOf(changed)) {
      walkRelation(relation, (node) => {
        if (node.kind === "scan" && "step" in node.source) keep(node.source.step);
      });
    }
  };
  for (const { name } of loads) keep(name);
  const steps = [...kept.values()].map(({ after, ...step }): StepDefinition => {
    const needed = (after ?? []).filter((name) => kept.has(name));
    return needed.length === 0 ? step : { ...step, after: needed };
  });
  return { ...definition, steps: steps.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

const NOT = { kind: "literal", type: "bool", value: false } as const;

function fromRows(step: StepDefinition, rows: Relation): StepDefinition {
  if (step.kind === "load") return { ...step, from: rows };
  const { name, description, retry, timeoutMs, checks, when } = step;
  return {
    kind: "transform",
    name,
    query: rows,
    ...(description === undefined ? {} : { description }),
    ...(retry === undefined ? {} : { retry }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(checks === undefined ? {} : { checks }),
    ...(when === undefined ? {} : { when }),
  };
}

function refused(origin: ReplayOrigin, why: string): SluiceError {
  const what = "dataset" in origin ? `the rejects of "${origin.dataset}"` : `the diverted rows of "${origin.step}"`;
  return new SluiceError("unsupported", `${what} cannot be replayed: ${why}`, {
    reason: "replay",
    hint: "correct the source or the pipeline and run it as a whole",
  });
}
