import { problemAt } from "../definition/problems.ts";
import { relationPaths } from "../definition/relation-paths.ts";
import { relationsOf, scansOf } from "../definition/step-graph.ts";
import { mayRead } from "../definition/targets.ts";
import { writesWhatIsRead } from "../definition/validate.ts";
import { templateProblems } from "../definition/validate-templates.ts";
import type { SluiceError } from "../errors.ts";
import { walkRelation } from "../ir/relation.ts";
import { isRejectLimit } from "../schema/reject-limit.ts";
import type { PlanRequest } from "./create-plan.ts";

type Sources = Pick<PlanRequest, "definition" | "datasets">;

/** What is wrong between a definition and the datasets that it reads: names, targets, limits. */
export function sourceProblems(request: Sources): readonly SluiceError[] {
  return [
    ...nameProblems(request),
    ...targetProblems(request),
    ...datasetTemplateProblems(request),
    ...limitProblems(request),
  ];
}

/** Inputs of a query are addressed by name alone, so a step and a dataset cannot share one. */
function nameProblems({ definition, datasets }: Sources): readonly SluiceError[] {
  const folded = new Map([...datasets.keys()].map((name) => [name.toLowerCase(), name]));
  return definition.steps.flatMap((step) => {
    const dataset = folded.get(step.name.toLowerCase());
    if (dataset === undefined) return [];
    const said =
      dataset === step.name
        ? `"${dataset}" names a step and a dataset`
        : `the step "${step.name}" and the dataset "${dataset}" differ only by case`;
    return [problemAt(`steps.${step.name}`, said, { offending: step.name, hint: "give the step another name" })];
  });
}

function targetProblems({ definition, datasets }: Sources): readonly SluiceError[] {
  const loads = definition.steps.filter((step) => step.kind === "load");
  const read = new Set(
    definition.steps.flatMap((step) =>
      relationsOf(step)
        .flatMap(({ relation }) => scansOf(relation))
        .flatMap((source) => ("dataset" in source ? [source.dataset] : [])),
    ),
  );
  return [...read].sort().flatMap((name) => {
    const source = datasets.get(name)?.source;
    const writers = source === undefined ? [] : loads.filter((load) => mayRead(source, load.into));
    return writers.map((load) =>
      problemAt(`steps.${load.name}.into`, writesWhatIsRead(load.name, `the dataset "${name}"`), {
        reason: "own-source",
        hint: "write to another place",
      }),
    );
  });
}

/** A dataset whose address has a parameter can be read by a pipeline that declares it; said where it is first read. */
function datasetTemplateProblems({ definition, datasets }: Sources): readonly SluiceError[] {
  const { parameters = [], steps } = definition;
  const seen = new Set<string>();
  const problems: SluiceError[] = [];
  const relations = steps.flatMap((step) => relationsOf(step).map((one) => ({ step, ...one })));
  for (const { step, member, relation } of relations) {
    const paths = relationPaths(relation, `steps.${step.name}.${member}`);
    walkRelation(relation, (node) => {
      if (node.kind !== "scan" || !("dataset" in node.source) || seen.has(node.source.dataset)) return;
      const name = node.source.dataset;
      const dataset = datasets.get(name);
      if (dataset === undefined) return;
      seen.add(name);
      for (const [message, details] of templateProblems(dataset.source, parameters)) {
        problems.push(problemAt(paths.get(node) ?? `steps.${step.name}`, `dataset "${name}": ${message}`, details));
      }
    });
  }
  return problems;
}

/** Found here, and not when the first record is rejected. */
function limitProblems({ datasets }: Sources): readonly SluiceError[] {
  return [...datasets.values()].flatMap(({ name, maxRejects }) => {
    if (maxRejects === undefined || isRejectLimit(maxRejects)) return [];
    return problemAt(`datasets.${name}.maxRejects`, `"${maxRejects}" is not a limit of rejects`, {
      offending: String(maxRejects),
      hint: 'give a count, or a share of all records such as "0.5%"',
    });
  });
}
