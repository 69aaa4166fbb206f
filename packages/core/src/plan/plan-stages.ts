import type {
  LoadDefinition,
  PipelineDefinition,
  ShellDefinition,
  StepDefinition,
  TaskDefinition,
} from "../definition/definition.ts";
import { loadSettingsOf } from "../definition/load-settings.ts";
import { ownReads } from "../definition/own-tables.ts";
import { hasRows, orderOf, scansOf } from "../definition/step-graph.ts";
import { targetIdentity } from "../definition/targets.ts";
import { isSluiceError, locate, SluiceError } from "../errors.ts";
import { extractRelation } from "../incremental/extract-relation.ts";
import { boundsCondition } from "../incremental/slice.ts";
import { createInference, schemaOf, schemaOfDataset } from "../infer/schema-of.ts";
import { typedLiterals } from "../infer/typed-literals.ts";
import { type Relation, type ScanSource, walkRelation } from "../ir/relation.ts";
import type { CompileRequest } from "../ports/engine.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import type { Schema } from "../schema/schema.ts";
import type { PlanRequest } from "./create-plan.ts";
import type { DraftStage } from "./draft-stages.ts";
import { type Extract, overExtracts } from "./extracts.ts";
import { parameterTypes } from "./infer-steps.ts";
import type { PlannedStage, StageInput, StageRead, StageWrite } from "./plan.ts";
import { pruneRelation } from "./prune.ts";
import { type Pushed, pushedInto, takenBy } from "./push-down.ts";
import { endOfExtract, endOfStage } from "./sentences.ts";
import { sourceSchemas } from "./source-schemas.ts";
import { isWork } from "./work-steps.ts";

interface StagesRequest extends Pick<PlanRequest, "definition" | "datasets" | "compile" | "sourceOf"> {
  readonly drafts: readonly DraftStage[];
  readonly extracts: ReadonlyMap<string, Extract>;
  /** By stage, then dataset: the columns that decide its output. */
  readonly used: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  readonly stepSchemas: ReadonlyMap<string, Schema>;
  /** Over datasets with all their columns. */
  readonly fullSchemas: CompileRequest;
}

/** The stages of a plan, in an order in which they can run, ties by name. */
export function planStages(request: StagesRequest): readonly PlannedStage[] {
  const extracted = [...request.extracts.values()].map((extract) => planExtract(extract, request));
  const schemas = new Map([
    ...request.stepSchemas,
    ...extracted.map((stage): [string, Schema] => [stage.name, stage.schema]),
  ]);
  const planned = [...extracted, ...request.drafts.map((draft) => planStage(draft, schemas, request))];
  const byName = new Map(planned.map((stage) => [stage.name, stage]));
  const order = orderOf(new Map(planned.map((stage) => [stage.name, stage.after])));
  if ("cycle" in order) throw new SluiceError("internal", `stages wait for each other: ${order.cycle.join(", ")}`);
  return order.order.flatMap((name) => byName.get(name) ?? []);
}

function planExtract(extract: Extract, request: StagesRequest): PlannedStage {
  const { dataset: name, columns, isPersistent } = extract;
  const frozen = request.datasets.get(name);
  if (frozen === undefined) throw new SluiceError("internal", `the plan has no dataset "${name}"`);
  const { incremental } = extract;
  const scan: Relation = { kind: "scan", source: { dataset: name } };
  const relation: Relation =
    incremental !== undefined
      ? incrementalRelation(extract, incremental, frozen)
      : columns.length === frozen.columns.length
        ? scan
        : { kind: "keep", input: scan, columns };
  const readers = request.drafts.filter((draft) => extract.readers.includes(draft.name));
  const reads: readonly StageRead[] = [
    {
      dataset: name,
      // By all of its columns a row is told from another.
      columns: incremental === undefined ? columns : frozen.columns.map((column) => column.name),
      uses: 1,
      ...(incremental === undefined ? {} : { incremental }),
      ...pushed(
        name,
        readers.map((draft) => draft.relation),
        request,
      ),
    },
  ];
  const compiling = compileRequest(reads, new Map(), request);
  return {
    name,
    kind: "extract",
    steps: [],
    reads,
    writes: { kind: "landed", ...(isPersistent ? { persistent: true } : {}) },
    endsBecause: endOfExtract(extract, frozen.columns.length),
    after: loadsBefore(frozen, request.definition),
    relation,
    schema: schemaOf(relation, compiling),
    sql: request.compile(relation, compiling).sql,
    checks: [],
  };
}

/** A table that the pipeline itself writes, and reads behind its load. */
function loadsBefore({ writer, source }: FrozenDataset, definition: PipelineDefinition): readonly string[] {
  if (writer === undefined || writer.isOwn === true) return [];
  const reads = ownReads(definition).filter(({ table }) => targetIdentity(table) === targetIdentity(source));
  return [...new Set(reads.map(({ load }) => load))].sort();
}

/** As it is where nothing was committed; a run puts its own bounds in. */
function incrementalRelation(
  { dataset, columns }: Extract,
  { node, isWhole }: NonNullable<Extract["incremental"]>,
  frozen: FrozenDataset,
): Relation {
  const all = schemaOfDataset(frozen).columns;
  const hashed = node.key === undefined ? all : all.filter(({ name }) => columns.includes(name));
  return extractRelation({
    node,
    dataset,
    columns,
    hashed,
    condition: isWhole ? undefined : boundsCondition(node, all),
  });
}

function planStage(draft: DraftStage, stages: ReadonlyMap<string, Schema>, request: StagesRequest): PlannedStage {
  const { last } = draft;
  const relation = prunedRelation(draft, stages, request);
  const reads = readsOf(draft, relation, request);
  const compiling = compileRequest(reads, stages, request);
  const landed = reads.flatMap((read) => ("stage" in read ? [read.stage] : []));
  return {
    name: draft.name,
    kind: last.kind,
    steps: draft.steps,
    reads,
    writes: writesOf(last, relation),
    endsBecause: endOfStage(draft),
    after: [...new Set([...draft.after, ...landed])].sort(),
    relation,
    schema: schemaOf(relation, compiling),
    sql: isWork(relation) ? "" : compiledSql(draft.name, relation, compiling, request),
    ...(last.kind === "task" || last.kind === "shell" ? { inputs: stageInputs(last) } : {}),
    checks: last.checks ?? [],
    ...(last.when === undefined ? {} : { when: last.when }),
    ...(last.retry === undefined ? {} : { retry: last.retry }),
    ...(last.timeoutMs === undefined ? {} : { timeoutMs: last.timeoutMs }),
    ...(hasLimit(relation) ? { mayStopEarly: true } : {}),
  };
}

function writesOf(last: StepDefinition, relation: Relation): StageWrite {
  if (last.kind === "load") return targetOf(last, relation);
  return { kind: hasRows(last) ? "landed" : "none" };
}

/** Every input of a task as it is planned is the output of another step: see `partsOf`. */
function stageInputs({ inputs = [] }: TaskDefinition | ShellDefinition): readonly StageInput[] {
  return inputs.flatMap(({ name, from }) =>
    from.kind === "scan" && "step" in from.source ? [{ name, stage: from.source.step }] : [],
  );
}

function compiledSql(step: string, relation: Relation, compiling: CompileRequest, request: StagesRequest): string {
  try {
    return request.compile(relation, compiling).sql;
  } catch (error) {
    throw isSluiceError(error) ? locate(error, { file: "", path: `steps.${step}` }) : error;
  }
}

/** What nothing looks at is taken out of the query, since the scans do not give it. */
function prunedRelation(draft: DraftStage, stages: ReadonlyMap<string, Schema>, request: StagesRequest): Relation {
  const infer = createInference(draft.relation, request.fullSchemas);
  const pruned = pruneRelation(
    draft.relation,
    (node) => infer(node).columns.map((column) => column.name),
    (source) => scannedColumns(source, draft, stages, request),
  );
  return overExtracts(pruned, request.extracts);
}

function scannedColumns(
  source: ScanSource,
  draft: DraftStage,
  stages: ReadonlyMap<string, Schema>,
  request: StagesRequest,
): readonly string[] {
  if ("stage" in source) return (stages.get(source.stage)?.columns ?? []).map((column) => column.name);
  if (!("dataset" in source)) return [];
  return request.extracts.get(source.dataset)?.columns ?? usedColumns(source.dataset, draft, request);
}

/** In frozen order. */
function usedColumns(dataset: string, draft: DraftStage, { datasets, used }: StagesRequest): readonly string[] {
  const wanted = used.get(draft.name)?.get(dataset) ?? new Set<string>();
  return (datasets.get(dataset)?.columns ?? []).map((column) => column.name).filter((name) => wanted.has(name));
}

function readsOf(draft: DraftStage, relation: Relation, request: StagesRequest): readonly StageRead[] {
  const uses = new Map<string, number>();
  const stages = new Set<string>();
  for (const source of scansOf(relation)) {
    if ("dataset" in source) uses.set(source.dataset, (uses.get(source.dataset) ?? 0) + 1);
    if ("stage" in source) stages.add(source.stage);
  }
  return [
    ...[...uses]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([dataset, count]) => ({
        dataset,
        columns: usedColumns(dataset, draft, request),
        uses: count,
        ...pushed(dataset, [relation], request),
      })),
    ...[...stages].sort().map((stage) => ({ stage })),
  ];
}

/** What the source of a dataset may leave out for all of these readers. */
function pushed(
  dataset: string,
  readers: readonly Relation[],
  { definition, datasets, sourceOf }: StagesRequest,
): Pushed {
  const frozen = datasets.get(dataset);
  const capabilities = frozen === undefined ? undefined : sourceOf?.(frozen.source.type);
  if (frozen === undefined || capabilities === undefined) return {};
  const { filter, ...others } = takenBy(pushedInto(dataset, readers), frozen, capabilities);
  if (filter === undefined) return others;
  return {
    ...others,
    filter: typedLiterals(filter, { columns: frozen.columns, parameters: parameterTypes(definition) }),
  };
}

function targetOf(load: LoadDefinition, relation: Relation): StageWrite {
  const source = relation.kind === "scan" ? relation.source : undefined;
  return {
    kind: "target",
    into: load.into,
    mode: load.mode,
    ...loadSettingsOf(load),
    ...(source !== undefined && "stage" in source ? { passes: source.stage } : {}),
  };
}

function hasLimit(relation: Relation): boolean {
  let found = false;
  walkRelation(relation, (node) => {
    found ||= node.kind === "limit";
  });
  return found;
}

function compileRequest(
  reads: readonly StageRead[],
  stages: ReadonlyMap<string, Schema>,
  { definition, datasets }: StagesRequest,
): CompileRequest {
  const read = new Map(reads.flatMap((one) => ("dataset" in one ? [[one.dataset, one.columns] as const] : [])));
  return sourceSchemas({ definition, datasets, stages, read });
}
