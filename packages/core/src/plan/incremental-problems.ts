import type { LoadDefinition, LoadMode, PipelineDefinition, StepDefinition } from "../definition/definition.ts";
import { problemAt } from "../definition/problems.ts";
import { relationPaths } from "../definition/relation-paths.ts";
import { relationsOf, stepsReadBy } from "../definition/step-graph.ts";
import { templateParameters } from "../definition/targets.ts";
import type { SluiceError } from "../errors.ts";
import { walkExpression } from "../ir/expression.ts";
import { type IncrementalNode, type Relation, type ScanSource, walkRelation } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import type { PlanRequest } from "./create-plan.ts";

/** An incremental read of a dataset, where it stands. */
interface Place {
  readonly step: string;
  readonly path: string;
  readonly dataset: string;
  readonly node: IncrementalNode;
}

/** What is wrong with the incremental reads of a definition, for the loads behind them or for each other. */
export function incrementalProblems(
  request: Pick<PlanRequest, "definition" | "datasets" | "sourceOf">,
): readonly SluiceError[] {
  const places = incrementalPlaces(request.definition);
  const loads = loadsBehind(request.definition);
  return [
    ...places.flatMap((place) => sourceProblems(place, request)),
    ...places.flatMap((place, index) => twinProblems(place, places.slice(0, index))),
    ...places.flatMap((place) => (loads.get(place.step) ?? []).flatMap((load) => loadProblems(place, load))),
  ];
}

/** The loads that replace their target with what is new, so that it holds no more than the rows of one run. */
export function replacingLoads(definition: PipelineDefinition): readonly string[] {
  const loads = loadsBehind(definition);
  const found = incrementalPlaces(definition).flatMap(({ step }) => loads.get(step) ?? []);
  return [...new Set(found.filter(({ mode }) => mode === "replace").map(({ name }) => name))].sort();
}

/** A parameter by which rows of what is new are left out on their way into a load. */
interface ParameterLoss {
  readonly load: string;
  readonly dataset: string;
  readonly parameter: string;
}

/** Loads of what is new that leave rows out by a parameter: a position says of none of them that it was left out. */
export function parameterLosses(definition: PipelineDefinition): readonly ParameterLoss[] {
  const steps = stepsBehind(definition);
  const loads = loadsBehind(definition);
  const found = incrementalPlaces(definition).flatMap(({ step, dataset }) =>
    (steps.get(step) ?? []).flatMap((filter) => {
      const parameters = relationsOf(filter).flatMap(({ relation }) => filtering(relation));
      return (loads.get(filter.name) ?? []).flatMap(({ name: load }) =>
        parameters.map((parameter): ParameterLoss => ({ load, dataset, parameter })),
      );
    }),
  );
  return [...new Map(found.map((loss) => [canonicalJson({ ...loss }), loss])).values()];
}

function filtering(relation: Relation): readonly string[] {
  const found: string[] = [];
  walkRelation(relation, (node) => {
    if (node.kind !== "filter") return;
    walkExpression(node.condition, (part) => {
      if (part.kind === "parameter") found.push(part.name);
    });
  });
  return found;
}

/** How an incremental read goes about it, whatever it reads. */
export function wayOf({
  input: _input,
  kind: _kind,
  ...way
}: IncrementalNode): Omit<IncrementalNode, "input" | "kind"> {
  return way;
}

function incrementalPlaces({ steps }: PipelineDefinition): readonly Place[] {
  const places: Place[] = [];
  for (const step of steps) {
    for (const { member, relation } of relationsOf(step)) {
      const paths = relationPaths(relation, `steps.${step.name}.${member}`);
      walkRelation(relation, (node) => {
        if (node.kind !== "incremental" || node.input.kind !== "scan" || !("dataset" in node.input.source)) return;
        const { dataset } = node.input.source;
        places.push({ step: step.name, path: paths.get(node) ?? "", dataset, node });
      });
    }
  }
  return places;
}

function loadsBehind(definition: PipelineDefinition): ReadonlyMap<string, readonly LoadDefinition[]> {
  return new Map(
    [...stepsBehind(definition)].map(([name, reached]) => [name, reached.filter((one) => one.kind === "load")]),
  );
}

/** A step and all that its rows reach. */
function stepsBehind({ steps }: PipelineDefinition): ReadonlyMap<string, readonly StepDefinition[]> {
  const readers = new Map<string, StepDefinition[]>();
  for (const step of steps) {
    for (const name of new Set(stepsReadBy(step))) readers.set(name, [...(readers.get(name) ?? []), step]);
  }
  return new Map(
    steps.map((step) => {
      const reached = new Set<StepDefinition>([step]);
      for (const one of reached) for (const reader of readers.get(one.name) ?? []) reached.add(reader);
      return [step.name, [...reached]];
    }),
  );
}

/** The modes in which a row that arrives again is not there twice. */
const TAKING_AGAIN: readonly LoadMode[] = ["merge", "insert-only", "delete+insert", "replace", "overwrite"];

/** Why rows of it may arrive that arrived before. */
function comesAgain({ lag, nulls, files, key }: IncrementalNode): string | undefined {
  if (lag !== undefined) return "with a lag, rows arrive again";
  if (nulls === "include") return "rows whose cursor is null arrive each time";
  if (files === "changed") return "a file that changed arrives again whole";
  return key === undefined ? undefined : "a row that changed arrives again";
}

function loadProblems({ path, node, dataset }: Place, load: LoadDefinition): readonly SluiceError[] {
  const problems: SluiceError[] = [];
  const again = comesAgain(node);
  const isPart = load.mode === "overwrite" && node.files === undefined;
  if (load.missing === "delete" || isPart) {
    const what = isPart ? "would replace whole partitions with it" : "would delete all rows that are not among it";
    problems.push(
      problemAt(`steps.${load.name}`, `what is new in "${dataset}" is a part of it, and "${load.name}" ${what}`, {
        offending: isPart ? load.mode : "missing",
        hint:
          node.key === undefined
            ? "merge by a key, or read the dataset whole"
            : "tell what is gone with deleted, and let the load take it as its deleteFlag",
      }),
    );
  } else if (again !== undefined && !TAKING_AGAIN.includes(load.mode)) {
    problems.push(
      problemAt(path, `${again}, and "${load.name}" would ${load.mode} them a second time`, {
        offending: load.mode,
        hint: `let "${load.name}" merge by a key`,
      }),
    );
  }
  const [parameter] = templateParameters(load.into);
  if (parameter !== undefined) {
    problems.push(
      problemAt(
        `steps.${load.name}.into`,
        `what "${load.name}" has of "${dataset}" is kept with its target, and {${parameter}} makes it another each time`,
        {
          offending: parameter,
          hint: "write to one place, or read the dataset whole",
        },
      ),
    );
  }
  return problems;
}

function twinProblems({ path, dataset, node }: Place, before: readonly Place[]): readonly SluiceError[] {
  const twin = before.find((other) => other.dataset === dataset);
  if (twin === undefined || canonicalJson(wayOf(twin.node)) === canonicalJson(wayOf(node))) return [];
  return [
    problemAt(path, `"${dataset}" is read incrementally in two ways, here and in "${twin.step}"`, {
      offending: dataset,
      hint: "read it in one step, and let the others read that step",
    }),
  ];
}

function sourceProblems(
  { path, dataset, node }: Place,
  { definition, datasets, sourceOf }: Pick<PlanRequest, "definition" | "datasets" | "sourceOf">,
): readonly SluiceError[] {
  const frozen = datasets.get(dataset);
  if (frozen === undefined) return [];
  const problems: SluiceError[] = [];
  if (frozen.stage === "persistent") {
    problems.push(
      problemAt(path, `"${dataset}" is kept whole (stage: persistent), and what is new is a part of it`, {
        hint: "take stage: persistent from the dataset, or read it whole",
      }),
    );
  }
  if (node.files === undefined) return problems;
  if (sourceOf !== undefined && sourceOf(frozen.source.type)?.tellsFiles !== true) {
    problems.push(
      problemAt(path, `"${dataset}" does not consist of files: it is of type ${frozen.source.type}`, {
        offending: frozen.source.type,
        hint: "go by a cursor or by a key",
      }),
    );
  }
  const whole = definition.steps.find((step) =>
    relationsOf(step).some(({ relation }) => readsWhole(relation, dataset)),
  );
  if (whole !== undefined) {
    problems.push(
      problemAt(path, `"${whole.name}" reads all files of "${dataset}", and this step those that are new`, {
        offending: whole.name,
        hint: "give the files a second name under datasets, for the one or for the other",
      }),
    );
  }
  return problems;
}

/** Whether a dataset is read other than incrementally. */
export function readsWhole(relation: Relation, dataset: string): boolean {
  let found = false;
  const visit = (node: Relation): void => {
    if (node.kind === "incremental") return;
    if (node.kind === "scan") found ||= isOf(node.source, dataset);
  };
  const incremental = new Set<Relation>();
  walkRelation(relation, (node) => {
    if (node.kind === "incremental") incremental.add(node.input);
    if (!incremental.has(node)) visit(node);
  });
  return found;
}

function isOf(source: ScanSource, dataset: string): boolean {
  return "dataset" in source && source.dataset === dataset;
}
