import type { WorkFormat } from "../definition/definition.ts";
import { memberPath } from "../json-text/json-rule.ts";
import type { CsvDialect, FrozenColumn } from "../schema/frozen.ts";
import type { Column } from "../schema/schema.ts";
import { type LogicalType, parseType } from "../schema/types.ts";
import type { BoundValue, SplitResult } from "./engine.ts";

/** An input of a task or a command: its columns, and files of its rows that are made when they are asked for. */
export interface WorkFile {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The path of a file of all rows, the runner's own to read. */
  file(format: WorkFormat, options?: { readonly header?: boolean }): Promise<string>;
}

/** What every piece of work is given. */
export interface WorkRequest {
  /** The name of the step, for messages. */
  readonly step: string;
  readonly inputs: readonly WorkFile[];
  readonly parameters: ReadonlyMap<string, BoundValue>;
  /** An empty folder for the files of the work; it goes with the attempt. */
  readonly scratch: string;
  /** Where rows go: absent where the step gives none. */
  readonly output?: WorkOutput;
  /** Aborted to end the work: within a moment nothing of it is left. */
  readonly signal: AbortSignal;
  /** Without a sign of life for so long it is ended with a `timeout`. */
  readonly stallMs: number;
  readonly log: (level: "debug" | "info" | "warn", message: string) => void;
}

/** The files that rows are written to, and what they hold. */
export interface WorkOutput {
  readonly columns: readonly Column[];
  /** Accepted rows, in the format that `rowsFormat` says: NDJSON, or `ROWS_DIALECT`; where there is one column, with a second that nobody reads: a line may not be empty. */
  readonly rows: string;
  /** Rejected ones: record, column, rule, raw, bytes; in `ROWS_DIALECT`. */
  readonly rejects: string;
  /** Whether it is one value that the work returns, a row of one column. */
  readonly isValue?: true;
  /** Whether wrong rows are set aside; where they are not, the first one ends the work. */
  readonly setsAside: boolean;
}

/** A function of the author's to be run. */
export interface TaskRequest extends WorkRequest {
  /** `tasks/score.ts#score`, and the hash of its code that was planned. */
  readonly module: string;
  readonly code: string;
  readonly bigint: boolean;
  readonly memoryMb: number;
  readonly run: {
    readonly id: string;
    readonly pipeline: string;
    readonly attempt: number;
    readonly now: string;
    readonly today: string;
  };
}

/** A command line to be run. */
export interface CommandRequest extends WorkRequest {
  readonly command: string | readonly string[];
  readonly formats: ReadonlyMap<string, { readonly format: WorkFormat; readonly header: boolean }>;
  readonly stdin?: string;
  /** Of its output. */
  readonly format: WorkFormat;
  readonly env: readonly (readonly [name: string, value: string])[];
}

/** What work that succeeded has left: nothing, rows in the files that it was given, or a file of its own. */
export type WorkResult =
  | { readonly kind: "none" }
  | ({ readonly kind: "rows" } & SplitResult)
  | { readonly kind: "file"; readonly path: string; readonly format: WorkFormat };

/** Something that runs functions and commands of the author's apart from everything else: see `docs/tasks.md`. */
export interface Runner {
  runTask(request: TaskRequest): Promise<WorkResult>;
  runCommand(request: CommandRequest): Promise<WorkResult>;
  /** The address under which a source reads a file of the work. */
  addressOf(file: { readonly path: string; readonly format: WorkFormat }): {
    readonly type: string;
    readonly path: string;
    readonly format: string;
  };
}

/** How rows of these columns are written on their way from the work to the engine: what is nested has no text in CSV. */
export function rowsFormat(columns: readonly Column[]): "csv" | "ndjson" {
  const isNested = ({ type }: Column): boolean => ["list", "struct", "map", "enum"].includes(parseType(type).kind);
  return columns.some(isNested) ? "ndjson" : "csv";
}

/** How rows are written on their way between sources, the engine and the work: nulls unquoted and empty, empty texts in quotes, no names. */
export const ROWS_DIALECT: CsvDialect = Object.freeze({
  delimiter: ",",
  quote: '"',
  escape: '"',
  header: false,
  newline: "lf",
  encoding: "utf-8",
  quotedEmpty: "text",
  compression: "none",
});

const ROW_LAYOUTS: Readonly<Record<string, string>> = {
  time: "%H:%M:%S.%f",
  timestamp: "%Y-%m-%d %H:%M:%S.%f",
  timestamptz: "%Y-%m-%d %H:%M:%S.%f%z",
};

/**
 * How the text of columns is read in the format of rows: times have a fraction always, since a layout says whether one is there.
 *
 * @example
 * rowColumns([{ name: "at", type: "time", nullable: true }]); // [{ name: "at", type: "time", nullable: true, format: "%H:%M:%S.%f" }]
 */
export function rowColumns(columns: readonly Column[]): readonly FrozenColumn[] {
  return columns.map((column) => {
    const format = ROW_LAYOUTS[column.type];
    if (format !== undefined) return { ...column, format };
    const formats = layoutsIn(parseType(column.type), column.name);
    return formats.length === 0 ? column : { ...column, formats };
  });
}

/** The layouts of times that are nested, each by its path. */
function layoutsIn(type: LogicalType, path: string): readonly (readonly [path: string, layout: string])[] {
  if (type.kind === "list") return layoutsIn(type.item, `${path}[]`);
  if (type.kind === "map") return layoutsIn(type.value, `${path}[]`);
  if (type.kind === "struct") return type.fields.flatMap(([name, field]) => layoutsIn(field, memberPath(path, name)));
  const layout = ROW_LAYOUTS[type.kind];
  return layout === undefined ? [] : [[path, layout]];
}
