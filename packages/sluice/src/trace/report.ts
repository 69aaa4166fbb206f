/** What `sluice trace` finds, as `--json` prints it. */
export interface TraceReport {
  readonly pipeline: string;
  readonly step: string;
  /** Of the step's target, as a person would write it. */
  readonly target?: string;
  /** As it was parsed: over the columns of the step. */
  readonly condition: string;
  readonly answer: Answer;
  readonly sources: readonly SourceReport[];
  /** In the order in which rows pass through them. */
  readonly steps: readonly StepReport[];
  /** The rows that were asked about, as the step gives them; a few of them. */
  readonly rows: readonly Values[];
  readonly targetNow?: TargetReport;
  readonly lastRun?: LastRunReport;
}

/** A value: decimals, times and integers that no number holds are text. */
export type Value = string | number | boolean | null;
/** A row, or some columns of it. */
export type Values = Readonly<Record<string, Value>>;

/**
 * How it ends: the rows are there (`found`), something on the way took them (`dropped`), no source has such a record
 * (`absent`), a run fails before (`failed`), or it cannot be told (`unknown`).
 */
export interface Answer {
  readonly kind: "found" | "dropped" | "absent" | "failed" | "unknown";
  readonly rows: number;
  /** Steps on the way that a run may skip, by figures of its own; absent where there is none. */
  readonly conditional?: readonly { readonly step: string; readonly text: string; readonly at?: Place }[];
  /** What took such rows out; for `failed`: what fails. */
  readonly by: readonly {
    readonly step: string;
    readonly operation: string;
    readonly text: string;
    readonly at?: Place;
  }[];
}

export interface Place {
  readonly file: string;
  readonly line?: number;
}

/** Whether the rows shown are those that lead to what was asked for, some more, or all there are. */
export interface Narrowing {
  readonly narrowing: "exact" | "partly" | "none";
  /** Where it is not exact: why. */
  readonly because: readonly string[];
  /** Over the columns of this place. */
  readonly condition?: string;
}

/** There where rows only lead to a side that is subtracted (`except`, anti joins): losing them loses no row of the result. */
export interface Subtracted {
  readonly subtracted?: true;
}

export interface SourceReport extends Narrowing, Subtracted {
  readonly dataset: string;
  readonly address: string;
  readonly accepted: number;
  readonly rejected: number;
  readonly matched: number;
  /** The columns that the steps use. */
  readonly columns: readonly string[];
  /** A few of those that matched; of text, every column as it stands in the file. */
  readonly records: readonly RecordReport[];
  /** Where nothing matched: rejected records that hold a value of the condition. */
  readonly rejects: readonly RejectReport[];
  /** What a run would say, or fail with, while reading it. */
  readonly warnings: readonly string[];
  /** Of a table that a load of the project writes: the load, and the command that follows its rows from there. */
  readonly writer?: { readonly pipeline: string; readonly step: string; readonly next: string };
}

/** A record of a file, or a row of a table: from 1, the first after the header. */
export interface RecordReport {
  readonly file: string;
  readonly record: number;
  /** For text: the physical line on which it starts. */
  readonly line?: number;
  /** For tables: the columns that tell its rows apart. */
  readonly key?: Values;
  readonly values: Values;
}

export interface RejectReport {
  readonly file: string;
  readonly record: number;
  readonly line: number;
  readonly column: string;
  readonly rule: string;
  readonly raw: string;
}

export interface StepReport {
  readonly step: string;
  readonly kind: string;
  readonly at?: Place;
  /** Where the step has one: its text, and what it is now; null where figures of a run decide it. */
  readonly when?: { readonly text: string; readonly value: boolean | null };
  readonly operations: readonly OperationReport[];
}

export interface OperationReport extends Narrowing, Subtracted {
  /** `filter`, `join`, …; `check` for one that takes rows out. */
  readonly operation: string;
  readonly text: string;
  readonly at?: Place;
  /** Rows that matter: of each input, and of what comes out. Null where they could not be counted. */
  readonly before: readonly (number | null)[];
  readonly after: number | null;
  /** Of a few rows, what became of which columns. */
  readonly changes: readonly (readonly ChangeReport[])[];
  readonly dropped: readonly DropReport[];
  /** What a run would fail with here. */
  readonly failure?: string;
}

export interface ChangeReport {
  readonly column: string;
  readonly text: string;
  readonly from: Values;
  readonly to: Value;
}

/** Rows of one input that go no further. */
export interface DropReport {
  readonly rows: number;
  /** Which input they were in. */
  readonly input: number;
  /** What is true of all of them, as a sentence; absent where the conditions say it. */
  readonly why?: string;
  readonly examples: readonly DroppedRow[];
}

export interface DroppedRow {
  readonly values: Values;
  /** Each part of a condition, and what it is for this row. */
  readonly conditions: readonly ConditionReport[];
  /** The row that was kept in its place. */
  readonly kept?: Values;
}

export interface ConditionReport {
  readonly text: string;
  readonly value: boolean | null;
  /** Whether it is what takes the row out. */
  readonly takes: boolean;
  /** The columns that it names. */
  readonly values: Values;
}

export interface TargetReport {
  readonly rows: number | null;
  /** False where nothing was written yet. */
  readonly isThere: boolean;
  /** Where they could not be counted. */
  readonly why?: string;
}

export interface LastRunReport {
  readonly id: string;
  readonly status: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly error?: string;
  /** How the steps on the way ended. */
  readonly steps: Readonly<Record<string, string>>;
}
