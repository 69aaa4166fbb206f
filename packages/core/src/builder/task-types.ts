import type { ColumnOf, DeclaredType, Moment } from "./columns.ts";
import type { Rows } from "./relation.ts";
import type { RowOf } from "./row-values.ts";

/** The inputs of a task by name: relations. */
export interface TaskInputs {
  readonly [name: string]: Rows<unknown>;
}

/** Columns by name and type, as a step declares what it gives: `{ crash_id: "string", risk: "float64?" }`. */
export interface OutputColumns {
  readonly [column: string]: DeclaredType;
}

/** The files that tasks and commands read and write. */
export type FileFormat = "csv" | "ndjson" | "parquet";

/** One input of a task: its rows, one after the other, or a file of them. */
export interface TaskInput<R> extends AsyncIterable<R> {
  /** The path of a file with all rows, made when it is asked for; the text of csv and ndjson is UTF-8. */
  file(format: FileFormat): Promise<string>;
}

/** A value of a parameter: integers are `bigint` where the task asks for it, decimals and times text. */
export type ParameterValue = string | number | bigint | boolean | null;

/**
 * What a function of a task is given.
 *
 * @example
 * export async function* score({ inputs, log }: TaskContext<{ crash: typeof crash }>) {
 *   for await (const row of inputs.crash) yield { crash_id: row.crash_id, risk: (row.total_injuries ?? 0) / 2 };
 *   log("done");
 * }
 */
export interface TaskContext<I = { readonly [name: string]: never }, Big extends boolean = false> {
  readonly inputs: {
    readonly [K in keyof I]: I[K] extends Rows<infer R>
      ? TaskInput<RowOf<R, Big extends true ? bigint : number>>
      : never;
  };
  readonly parameters: { readonly [name: string]: ParameterValue };
  /** Aborted when the run is cancelled or the step's time is up; a moment later the process is ended. */
  readonly signal: AbortSignal;
  /** An empty folder that goes with the attempt. */
  readonly scratch: string;
  /** A line for the run's log; a `warn` is shown too. */
  readonly log: (message: string, level?: "debug" | "info" | "warn") => void;
  readonly run: TaskRun;
}

/** The run that a function works for. */
export interface TaskRun {
  readonly id: string;
  readonly pipeline: string;
  readonly step: string;
  /** From 1. */
  readonly attempt: number;
  /** The instant that the run is for, and its day in the zone of the schedule, as text. */
  readonly now: string;
  readonly today: string;
}

/** What may stand in a column of an output. */
type OutputValue<T> = T extends `${infer Name}?`
  ? OutputValue<Name> | null
  : T extends "bool"
    ? boolean
    : T extends `${"u" | ""}int${number}`
      ? number | bigint
      : T extends `float${number}`
        ? number
        : T extends `decimal(${string})`
          ? string | number | bigint
          : T extends "timestamptz"
            ? string | Moment
            : T extends "json"
              ? string | object
              : T extends `list<${infer Item}>`
                ? readonly (OutputValue<Item> | null)[]
                : T extends `struct{${string}`
                  ? { readonly [field: string]: unknown }
                  : T extends `map<${string}`
                    ? ReadonlyMap<string, unknown> | { readonly [key: string]: unknown }
                    : string;

/** A row that a task gives. */
export type OutputRow<O> = { readonly [K in keyof O]: OutputValue<O[K]> };

/** A file in the scratch folder of a task; the format is that of its name where absent. */
export interface TaskFile {
  readonly file: string;
  // Any text: what a function returns is widened before it meets this type. The name is looked at when it runs.
  readonly format?: FileFormat | (string & {});
}

/** Rows one after the other, all at once, or a file of them. */
export type TaskRows<O> =
  | AsyncIterable<OutputRow<O>>
  | Iterable<OutputRow<O>>
  | TaskFile
  | Promise<Iterable<OutputRow<O>> | AsyncIterable<OutputRow<O>> | TaskFile>;

/** What a function has to give: rows where its step declares an output, a value where it declares one, else anything. */
export type TaskResult<O, V = undefined> = V extends string
  ? OutputValue<V> | Promise<OutputValue<V>>
  : keyof O extends never
    ? unknown
    : TaskRows<O>;

/** The columns that an output declares. */
export type OutputOf<O> = { readonly [K in keyof O]: ColumnOf<O[K]> };

/** The one row of a task that returns a value. */
export interface ValueRow<V> {
  readonly value: ColumnOf<V>;
}
