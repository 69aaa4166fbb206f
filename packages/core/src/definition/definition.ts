import type { Expression } from "../ir/expression.ts";
import type { Relation, SortKey } from "../ir/relation.ts";
import type { Address } from "../schema/frozen.ts";
import type { Column } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";

/**
 * A pipeline as written: no schemas of sources, no positions in files. Frozen, JSON-safe, equal from TypeScript and
 * YAML. Canonical: steps and parameters sorted by name, defaults left out, `and`/`or` flattened.
 */
export interface PipelineDefinition {
  readonly name: string;
  readonly description?: string;
  readonly schedule?: ScheduleDefinition;
  readonly parameters?: readonly ParameterDefinition[];
  readonly steps: readonly StepDefinition[];
}

/** When a pipeline runs by itself: `{ cron: "0 3 * * *", zone: "America/Chicago" }` is every day at 3:00 there. */
export interface ScheduleDefinition {
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** An IANA zone; UTC where absent. */
  readonly zone?: string;
}

/** A parameter: its value arrives as text or JSON and is bound with this type. */
export interface ParameterDefinition {
  readonly name: string;
  readonly type: TypeText;
  /** Text of a literal of the type, a boolean, or null; without it the parameter must be given. */
  readonly default?: string | boolean | null;
  readonly description?: string;
  readonly values?: readonly string[];
}

/** One node of a pipeline: it gives rows to other steps, writes them to a target, or does what no query can say. */
export type StepDefinition = TransformDefinition | LoadDefinition | TaskDefinition | ShellDefinition;

interface StepCommon {
  readonly name: string;
  readonly description?: string;
  /** Pure ordering, sorted by name; what a step reads is found from its relation. */
  readonly after?: readonly string[];
  /** A boolean over metrics of earlier steps, parameters and constants; false skips the step and all that need it. */
  readonly when?: Expression;
  readonly retry?: RetryDefinition;
  readonly timeoutMs?: number;
  readonly checks?: readonly CheckDefinition[];
}

/** A step that gives the rows of its query. */
export interface TransformDefinition extends StepCommon {
  readonly kind: "transform";
  readonly query: Relation;
}

/** A step that writes rows to a target, exactly once for each run. */
export interface LoadDefinition extends StepCommon {
  readonly kind: "load";
  readonly from: Relation;
  readonly into: Address;
  readonly mode: LoadMode;
  /** For merge and insert-only: the columns that tell rows apart. For delete+insert: those that tell which rows go. */
  readonly key?: readonly string[];
  /** For merge: a boolean column that is not stored; where it is true, the row with the key is deleted. */
  readonly deleteFlag?: string;
  /** For merge: a row replaces the stored one only where it has more in this column. A null never replaces, and is always replaced. */
  readonly newerBy?: string;
  /** For merge: what becomes of stored rows that did not arrive, where everything was loaded; `keep` where absent. */
  readonly missing?: "delete";
  /** For overwrite, where the target has no partitions of its own: the columns whose arriving values are replaced whole. */
  readonly partitions?: readonly string[];
  /** For overwrite: a condition on the columns of the rows; what meets it goes, and all that arrives has to meet it. */
  readonly where?: Expression;
  /** How far the target may be changed to take the rows; `add` where absent. */
  readonly evolve?: Evolution;
  /** The name of a table that sluice did not make and may drop or retype all the same. */
  readonly takeOver?: string;
}

/** What a task and a command have in common: rows may go in, and rows of the declared columns may come out. */
interface WorkCommon extends StepCommon {
  /** The columns of its rows; without them it gives none and nothing can read it. */
  readonly output?: readonly Column[];
  /** Wrong rows above it fail the step, those below go into the quarantine: a count, or a share such as "0.5%". None may be wrong where absent. */
  readonly maxRejects?: number | string;
  /** Without a sign of life for so long it is ended; a minute for a task and an hour for a command where absent. */
  readonly stallMs?: number;
}

/** A step that runs a function of the author's, in a process of its own. */
export interface TaskDefinition extends WorkCommon {
  readonly kind: "task";
  readonly run: TaskFunction;
  /** In place of rows it returns one value of this type: conditions of later steps read it, and as a relation it is one row with the column `value`. */
  readonly value?: ValueType;
  /** What the function may read, by the name that it has there; sorted. */
  readonly inputs?: readonly WorkInput[];
  /** Integers of its inputs and parameters come as `bigint`; as `number` where absent. */
  readonly bigint?: true;
  /** What the process may use, in MB; 1024 where absent. */
  readonly memoryMb?: number;
}

/** The type of a value, and whether it may be null. */
export interface ValueType {
  readonly type: TypeText;
  readonly nullable: boolean;
}

/** A function of the project: `tasks/score.ts#score`. */
export interface TaskFunction {
  readonly module: string;
  /** The hash of the module and all that it imports; absent until the project's files have been looked at. */
  readonly code?: string;
}

/** Rows that go into a task or a command, by name. */
export interface WorkInput {
  readonly name: string;
  readonly from: Relation;
}

/** A step that runs a command line, in a process group of its own. */
export interface ShellDefinition extends WorkCommon {
  readonly kind: "shell";
  /** A program and its arguments, or a text for `sh -c`. `{name}` is the file of an input, `{output}` the one to write. */
  readonly command: string | readonly string[];
  readonly inputs?: readonly ShellInput[];
  /** The input that it gets on its standard input. */
  readonly stdin?: string;
  /** How its output is written; csv where absent. */
  readonly format?: WorkFormat;
  /** Whether the first line of its csv output names the columns; it does where absent. */
  readonly header?: false;
  /** Added to the environment; sorted by name. */
  readonly env?: readonly (readonly [name: string, value: string])[];
}

/** An input of a command is a file: in this format, csv where absent. */
export interface ShellInput extends WorkInput {
  readonly format?: WorkFormat;
  /** Whether the first line of a csv file names the columns; it does where absent. */
  readonly header?: false;
}

/** The formats of files that tasks and commands read and write. */
export type WorkFormat = "csv" | "ndjson" | "parquet";

/**
 * How written rows meet those of the target:
 * - `append` adds them; `replace` puts them in the place of all;
 * - `merge` updates by key those that differ and inserts the new ones; rows are deleted only by `deleteFlag` or `missing`;
 * - `insert-only` inserts those whose key is not there and leaves the others alone;
 * - `delete+insert` deletes all rows with one of the keys that arrive, then inserts; a key may stand for many rows;
 * - `overwrite` replaces the partitions that rows arrive for, or the rows that meet `where`, and leaves the others alone. Null
 *   is a partition too.
 *
 * For all but `append`, `replace` and `overwrite`, a null in a key is an error in the data; for merge and insert-only, a key
 * that arrives twice is one too.
 */
export type LoadMode = "append" | "replace" | "merge" | "insert-only" | "delete+insert" | "overwrite";

/**
 * How far a target may be changed to take the rows: not at all; by columns that it lacks; or also by wider types (`int32` to
 * `int64`, `decimal(10,2)` to `decimal(12,2)`), which may write the whole table anew.
 */
export type Evolution = "fail" | "add" | "widen";

/** Attempts count the first one; only retryable codes are tried again (`unavailable`, `conflict`, `timeout`). */
export interface RetryDefinition {
  readonly attempts: number;
  /** The wait before the second attempt; each later one doubles it, up to `maxMs`. 1 s and 60 s where absent. */
  readonly initialMs?: number;
  readonly maxMs?: number;
  /** The share of a wait that is random, 0 to 1; 0.2 where absent. */
  readonly jitter?: number;
}

interface CheckCommon {
  /** Unique in its step; made from the kind and columns where absent. */
  readonly name?: string;
  /** `fail` where absent. `divert` takes the failing rows out of the output; for row checks and `unique` only. */
  readonly otherwise?: "fail" | "warn" | "divert";
  /** The share of rows that must pass, above 0 up to 1; below it `otherwise` applies. 1 where absent. */
  readonly mostly?: number;
}

/** Eight checks. A row check holds where its condition is true or null; `notNull` asks for null itself. */
export type CheckDefinition = CheckCommon &
  (
    | { readonly kind: "notNull"; readonly columns: readonly string[] }
    | { readonly kind: "unique"; readonly columns: readonly string[]; readonly by?: readonly SortKey[] }
    | { readonly kind: "accepted"; readonly column: string; readonly values: readonly (string | boolean)[] }
    | { readonly kind: "range"; readonly column: string; readonly min?: string; readonly max?: string }
    | { readonly kind: "pattern"; readonly column: string; readonly pattern: string }
    | { readonly kind: "rowCount"; readonly min?: number; readonly max?: number }
    | { readonly kind: "expression"; readonly condition: Expression }
    | { readonly kind: "schema"; readonly columns: readonly Column[] }
  );

/** Where a step stands in the files of its author: a sidecar of a definition, for messages only. */
export interface Locations {
  readonly file: string;
  /** By step name; "" is the pipeline itself. */
  readonly steps: ReadonlyMap<string, { readonly file: string; readonly line: number; readonly column: number }>;
  /** By path inside the definition, for example `steps.crash.query.filter`; where the author's text is known. */
  readonly paths?: ReadonlyMap<string, { readonly line: number; readonly column: number; readonly text: string }>;
}
