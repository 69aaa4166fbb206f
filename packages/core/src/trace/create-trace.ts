import type { StepDefinition } from "../definition/definition.ts";
import { expandSteps } from "../definition/expand-steps.ts";
import { relationPaths } from "../definition/relation-paths.ts";
import { SluiceError } from "../errors.ts";
import { createInference, schemaOfDataset } from "../infer/schema-of.ts";
import type { Expression } from "../ir/expression.ts";
import { inputsOf, type Relation, type ScanSource } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import type { InferredStep } from "../plan/infer-steps.ts";
import { datasetColumns } from "../plan/prune.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import type { Schema } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import { columnsLookedAt } from "./columns-looked-at.ts";
import { type Demand, eitherDemand } from "./demand.ts";
import { type Diverting, divertsOf } from "./diverts.ts";
import { type PushRequest, pushDemand } from "./push-demand.ts";

/** What a trace is made from: the steps of a pipeline, and which rows of one of them are asked about. */
export interface TraceRequest {
  /** In an order in which they can run; see `inferSteps`. */
  readonly steps: ReadonlyMap<string, InferredStep>;
  readonly datasets: ReadonlyMap<string, FrozenDataset>;
  readonly parameters: ReadonlyMap<string, TypeText>;
  /** The step whose rows are asked about. */
  readonly step: string;
  /** True for the rows that are asked about; over the columns of the step. */
  readonly condition: Expression;
  readonly isDiverting: Diverting;
  /** Conditions that were found by looking, at joins by path: see `Meeting`. */
  readonly meetings?: ReadonlyMap<string, Meeting>;
}

/** The rows of one side of a join that the asked-for rows of its other side meet, where nothing else tells them apart. */
export interface Meeting {
  /** Which input. */
  readonly input: 0 | 1;
  readonly condition: Expression;
}

/** A relation over datasets alone, and which of its rows matter. */
export interface Prefix {
  readonly relation: Relation;
  readonly schema: Schema;
  readonly demand: Demand;
}

/** Which way rows of a place act on those that were asked about. */
export interface Subtracted {
  /**
   * True where rows only lead to a side that is subtracted: the right one of an `except` or an anti join. What takes them out
   * takes no row out of the result, it lets rows through.
   */
  readonly isSubtracted: boolean;
}

/** A dataset that the rows may come from. */
export interface TracedSource extends Prefix, Subtracted {
  readonly dataset: string;
  /** Those that a step uses, in frozen order. */
  readonly columns: readonly string[];
}

/** An operation of a step, or a check that takes rows out of it: what goes in, and what comes out. */
export interface TracedOperation extends Prefix, Subtracted {
  readonly step: string;
  /** Where in the definition, for example `steps.crash.query.filter`. */
  readonly path: string;
  /** As it stands in the definition: its scans name datasets and steps. */
  readonly node: Relation;
  readonly inputs: readonly Prefix[];
  /** The check, where it is none of the step's own operations. */
  readonly check?: string;
}

/** A step that the rows may pass through; its operations stand in the order in which rows pass through them. */
export interface TracedStep extends Prefix {
  readonly step: StepDefinition;
  readonly operations: readonly TracedOperation[];
}

/** Every prefix of a plan that leads to a step, from the sources up. */
export interface Trace {
  readonly sources: readonly TracedSource[];
  readonly steps: readonly TracedStep[];
}

/**
 * Follows a condition on the rows of a step down to the sources: for every operation on the way, what of its rows matters.
 *
 * @example
 * const { sources } = createTrace({ steps, datasets, parameters, step: "crash", condition: parse("crash_id = 'x'"), isDiverting });
 * sources[0].demand.condition; // parse("crash_record_id = 'x'")
 */
export function createTrace(request: TraceRequest): Trace {
  const follower = new Follower(request);
  const steps = follower.steps();
  return { sources: follower.sources(steps), steps };
}

class Follower {
  private readonly request: TraceRequest;
  private readonly ofSteps: Map<string, Demand>;
  private readonly ofDatasets = new Map<string, Demand>();
  /** Those that some reader's rows come from, rather than being kept out by. */
  private readonly giving: Set<string>;
  private readonly pushing: PushRequest;

  constructor(request: TraceRequest) {
    const { step, condition, parameters } = request;
    this.request = request;
    this.ofSteps = new Map([[step, { condition, exact: true, because: [] }]]);
    this.giving = new Set([givingKey({ step })]);
    this.pushing = { parameters, schemaOf: schemasOf(request) };
  }

  /** Those that lead to the step; each is told of by all that read it before it is looked at. */
  steps(): readonly TracedStep[] {
    return [...this.request.steps.values()]
      .toReversed()
      .flatMap((one) => {
        const demand = this.ofSteps.get(one.step.name);
        return demand === undefined ? [] : [this.step(one, demand)];
      })
      .toReversed();
  }

  sources(steps: readonly TracedStep[]): readonly TracedSource[] {
    const used = this.usedColumns(steps);
    return [...this.ofDatasets].toReversed().map(([name, demand]) => {
      const dataset = this.request.datasets.get(name);
      if (dataset === undefined) throw new SluiceError("internal", `no dataset is named "${name}"`);
      const columns = dataset.columns.map((column) => column.name).filter((one) => used.get(name)?.has(one) === true);
      const source = { dataset: name };
      const isSubtracted = !this.giving.has(givingKey(source));
      return { dataset: name, columns, isSubtracted, ...this.prefix({ kind: "scan", source }, demand) };
    });
  }

  private step({ step, relation, schema }: InferredStep, demand: Demand): TracedStep {
    const paths = relationPaths(relation, `steps.${step.name}.${step.kind === "load" ? "from" : "query"}`);
    const isSubtracted = !this.giving.has(givingKey({ step: step.name }));
    const operations = [...this.follow(relation, demand, { step: step.name, paths, isSubtracted })];
    let output = relation;
    for (const { name, relation: left } of divertsOf(step, relation, schema, this.request.isDiverting)) {
      const place = { step: step.name, path: `steps.${step.name}.checks`, node: left, check: name, isSubtracted };
      operations.push({ ...this.prefix(left, demand), ...place, inputs: [this.prefix(output, demand)] });
      output = left;
    }
    return { ...this.prefix(output, demand), step, operations };
  }

  /** The operations of a relation, those below first; what its scans read is told what is asked of it. */
  private follow(node: Relation, demand: Demand, place: Place): readonly TracedOperation[] {
    if (node.kind === "scan") {
      this.tell(node.source, demand, place);
      return [];
    }
    const path = place.paths.get(node) ?? `steps.${place.step}`;
    const demands = pushDemand(node, demand, this.pushing);
    const meeting = this.request.meetings?.get(path);
    const below = inputsOf(node).map((input, index) => {
      const asked = demands[index] ?? demand;
      return { input, asked: meeting?.input === index ? meetingDemand(asked, meeting) : asked };
    });
    const inner = below.flatMap(({ input, asked }, index) => {
      const isSubtracted = place.isSubtracted !== (index === 1 && isSubtracting(node));
      return this.follow(input, asked, { ...place, isSubtracted });
    });
    const inputs = below.map(({ input, asked }) => this.prefix(input, asked));
    const { step, isSubtracted } = place;
    return [...inner, { ...this.prefix(node, demand), step, path, node, inputs, isSubtracted }];
  }

  private tell(source: ScanSource, demand: Demand, { isSubtracted }: Subtracted): void {
    const { ofDatasets, ofSteps } = this;
    if (!isSubtracted) this.giving.add(givingKey(source));
    if ("dataset" in source) ofDatasets.set(source.dataset, eitherDemand(ofDatasets.get(source.dataset), demand));
    if ("step" in source) ofSteps.set(source.step, eitherDemand(ofSteps.get(source.step), demand));
  }

  private prefix(relation: Relation, demand: Demand): Prefix {
    return {
      relation: expandSteps(relation, (name) => this.outputOf(name)),
      schema: this.pushing.schemaOf(relation),
      demand,
    };
  }

  /** What the readers of a step are given. */
  private outputOf(name: string): Relation {
    const found = this.request.steps.get(name);
    if (found === undefined) throw new SluiceError("internal", `no step is named "${name}"`);
    const { step, relation, schema } = found;
    return divertsOf(step, relation, schema, this.request.isDiverting).at(-1)?.relation ?? relation;
  }

  /** For the rows of the last step, and for what is looked at on the way: a column may be gone at the end. */
  private usedColumns(steps: readonly TracedStep[]): ReadonlyMap<string, ReadonlySet<string>> {
    const { schemaOf } = this.pushing;
    const used = new Map<string, Set<string>>();
    const add = (relation: Relation): void => {
      for (const [dataset, columns] of datasetColumns(relation, (node) =>
        schemaOf(node).columns.map(({ name }) => name),
      )) {
        used.set(dataset, new Set([...(used.get(dataset) ?? []), ...columns]));
      }
    };
    const last = steps.at(-1);
    if (last !== undefined) add(last.relation);
    for (const operation of steps.flatMap(({ operations }) => operations)) {
      for (const [index, columns] of columnsLookedAt(operation).entries()) {
        const input = operation.inputs[index]?.relation;
        if (input !== undefined && columns.length > 0) add({ kind: "keep", input, columns });
      }
    }
    return used;
  }
}

function meetingDemand(asked: Demand, { condition }: Meeting): Demand {
  if (asked.condition !== undefined) return asked;
  return { condition, exact: false, because: ["they meet rows that you asked for, and may meet others"] };
}

function givingKey(source: ScanSource): string {
  return canonicalJson(source);
}

function isSubtracting(node: Relation): boolean {
  return node.kind === "except" || (node.kind === "join" && node.how === "anti");
}

interface Place extends Subtracted {
  readonly step: string;
  readonly paths: ReadonlyMap<Relation, string>;
}

/** The rows of any relation over the steps and datasets, each inferred once. */
function schemasOf({ steps, datasets, parameters }: TraceRequest): (relation: Relation) => Schema {
  const schemaOf = (source: ScanSource): Schema => {
    const dataset = "dataset" in source ? datasets.get(source.dataset) : undefined;
    if (dataset !== undefined) return schemaOfDataset(dataset);
    const step = "step" in source ? steps.get(source.step) : undefined;
    if (step !== undefined) return step.schema;
    throw new SluiceError("internal", `nothing is known of ${canonicalJson(source)}`);
  };
  return createInference({ kind: "values", columns: [], rows: [] }, { parameters, schemaOf });
}
