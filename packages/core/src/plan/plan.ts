import type { CheckDefinition, LoadMode, PipelineDefinition, RetryDefinition } from "../definition/definition.ts";
import type { LoadSettings } from "../definition/load-settings.ts";
import type { Expression } from "../ir/expression.ts";
import type { IncrementalNode, Relation } from "../ir/relation.ts";
import type { Address, TableWriter } from "../schema/frozen.ts";
import type { Schema } from "../schema/schema.ts";

/**
 * What will run: definition + hashes of frozen datasets + the planner's choices. Its hash pins a run. It holds no
 * absolute paths, no parameter values, no identities of source files, so a project copied elsewhere has the same one.
 */
export interface Plan {
  readonly planVersion: 1;
  readonly definition: PipelineDefinition;
  /** Hash of each frozen dataset that the plan reads. */
  readonly datasets: { readonly [name: string]: string };
  /** Those of them that a load of the project writes, and which. */
  readonly tables?: { readonly [name: string]: TableWriter };
  readonly stages: readonly PlannedStage[];
  readonly lineage: readonly ColumnLineage[];
  readonly warnings: readonly string[];
  /** SHA-256 over the canonical JSON of all the above. */
  readonly hash: string;
}

/** Fused steps: one attempt, one log, one retry, one output. Stages stand in an order in which they can run. */
export interface PlannedStage {
  /** The name of its last step; of its dataset for a stage that lands an extract; `scored.crash` for an input of a task. */
  readonly name: string;
  readonly kind: "extract" | "transform" | "load" | "task" | "shell";
  /** The steps it runs, in order, the last giving it its name; none for an extract. */
  readonly steps: readonly string[];
  readonly reads: readonly StageRead[];
  readonly writes: StageWrite;
  /** Why its steps stand together and it ends here, for a person. */
  readonly endsBecause: string;
  /** Stages that must have succeeded before. */
  readonly after: readonly string[];
  /** The fused query: scans name datasets or stages, never steps. */
  readonly relation: Relation;
  /** Of the output; of a load, what arrives, with the flag of deletions that its target does not store. */
  readonly schema: Schema;
  /** As the engine renders it, over the names of its reads; empty for a task and a command, which no engine runs. */
  readonly sql: string;
  /** Of a task or a command: the stage whose output each of its inputs is. */
  readonly inputs?: readonly StageInput[];
  /** What the last step declares; they hold of the output (a transform) or of the target after commit (a load). */
  readonly checks: readonly CheckDefinition[];
  readonly when?: Expression;
  readonly retry?: RetryDefinition;
  readonly timeoutMs?: number;
  /** Whether a reader may stop before the end of its input, so that acceptance needs a scan of its own. */
  readonly mayStopEarly?: true;
}

/** An input: a dataset with the columns that the stage uses of it (in frozen order), or the landed output of a stage. */
export type StageRead = DatasetRead | { readonly stage: string };

/** A dataset that a stage reads. */
export interface DatasetRead {
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly uses: number;
  /** What the source is told of the query, where it asks: see `ReadRequest`. Parameters and run constants are in it. */
  readonly filter?: Expression;
  readonly limit?: number;
  /** Present where what is new of it is landed: how that is told; `isWhole` where all of it is landed, since another needs it. */
  readonly incremental?: { readonly node: IncrementalNode; readonly isWhole: boolean };
}

/** An input of a task or a command, and the stage that lands it. */
export interface StageInput {
  readonly name: string;
  readonly stage: string;
}

/**
 * Where the rows of a stage go: into a file that later stages read (`persistent`: later runs too), or to a target. A task
 * or a command without an output writes nothing that sluice knows of.
 */
export type StageWrite =
  | { readonly kind: "none" }
  | { readonly kind: "landed"; readonly persistent?: true }
  | (LoadSettings & {
      readonly kind: "target";
      readonly into: Address;
      readonly mode: LoadMode;
      /** The query only passes on what one landed stage holds: a sink of the same format may take its file as it is. */
      readonly passes?: string;
    });

/** An output column of a step and every column of datasets or inline sources that it is computed from. */
export interface ColumnLineage {
  readonly step: string;
  readonly column: string;
  /** Sorted by dataset, then column. `filters`: it decides which rows there are, not the value. */
  readonly from: readonly { readonly dataset: string; readonly column: string }[];
}
