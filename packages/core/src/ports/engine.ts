import type { Expression } from "../ir/expression.ts";
import type { Relation, ScanSource } from "../ir/relation.ts";
import type { Schema } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import type { ScannableInput } from "./input.ts";
import type { OutputSpec, WrittenFile } from "./sink.ts";

/** A query as one engine renders it. Its inputs are names; what they stand for is given when it is executed. */
export interface CompiledQuery {
  readonly engine: string;
  readonly sql: string;
  /** Datasets and stages that it reads, each with how often: more than once is materialised. */
  readonly inputs: readonly { readonly name: string; readonly uses: number }[];
  readonly parameters: readonly string[];
  /** Absent for raw SQL until described. */
  readonly schema?: Schema;
  /** Whether the order of its rows means something. */
  readonly ordered: boolean;
}

/** How a value is bound: text of a literal of the type, a boolean, or null. */
export interface BoundValue {
  readonly type: TypeText;
  readonly value: string | boolean | null;
}

/** What an engine must know to render a relation: the schemas below it and the types of parameters. */
export interface CompileRequest {
  /** The schema of what a scan reads. */
  readonly schemaOf: (source: ScanSource) => Schema;
  /** The types of the pipeline's parameters; one that ends in `?` may be null. */
  readonly parameters: ReadonlyMap<string, TypeText>;
  /** Whether SQL in it is the program's own, which needs no look for what an author's may not say. */
  readonly isOwn?: boolean;
}

/** What the names of a compiled query stand for in one execution: inputs, parameters, and the constants of the run. */
export interface QueryRequest {
  readonly inputs: ReadonlyMap<string, EngineInput>;
  /** Parameters by name, and the run constants as `now` and `today` under `constants`. */
  readonly parameters: ReadonlyMap<string, BoundValue>;
  readonly constants: { readonly now: string; readonly today: string };
  readonly signal: AbortSignal;
  /** From 0 to 1, called now and then. */
  readonly onProgress?: (share: number) => void;
}

/** An input and the columns the query uses of it, in frozen order. Text is accepted strictly: one bad record fails the query. */
export interface EngineInput {
  readonly input: ScannableInput;
  readonly columns: readonly string[];
}

/** A query of which the rows go to a file. */
export interface ExecuteRequest extends QueryRequest {
  readonly output: OutputSpec;
  /** Whether nobody asks how many records its inputs hold: then `rowsIn` may lack those that are to be counted. */
  readonly isUncounted?: boolean;
}

/** What a query wrote and how much it read. */
export interface ExecutionResult {
  readonly files: readonly WrittenFile[];
  readonly rowsOut: number;
  /** Accepted records of each input, exact. */
  readonly rowsIn: ReadonlyMap<string, number>;
  /** Inputs of which the engine may not have read every record (a limit, an empty side of a join). */
  readonly incomplete: readonly string[];
}

/** A value outside the engine: decimals, times, uuids, bytes and nested values are text; integers beyond 2^53 are bigint. */
export type Cell = string | number | bigint | boolean | null;

/** A text input that is read record by record, and the two files that its rows go to. */
export interface SplitRequest {
  readonly name: string;
  readonly input: ScannableInput;
  /** The columns to land. */
  readonly columns: readonly string[];
  /** Parquet of the accepted rows. */
  readonly accepted: string;
  /** Parquet of the rejects: file, record, line (int64, from 1; record 1 is the first after the header), column, rule, raw (cut at 64 KB), bytes (its true length). */
  readonly rejected: string;
  readonly signal: AbortSignal;
}

/** How many records were accepted and rejected, and why. */
export interface SplitResult {
  readonly accepted: number;
  readonly rejected: number;
  /** Counts by column and rule, most first, at most 100. */
  readonly reasons: readonly {
    readonly column: string;
    readonly rule: string;
    readonly rows: number;
    readonly example: string;
  }[];
  /** Values that their column did not accept and that are null in accepted records, by column: see `FrozenColumn.misfit`. */
  readonly discarded?: readonly { readonly column: string; readonly rows: number; readonly example: string }[];
  /** What a person should know of records that were accepted, such as keys that were left aside. */
  readonly warnings?: readonly string[];
}

/** What a file says of itself. */
export interface FileSchema extends Schema {
  /** The columns whose values may be finer than the microseconds of their type. */
  readonly nanoseconds?: readonly string[];
}

/**
 * Something that executes relations. Every session is UTC. An error of a strict read is `data` with reason `strict`;
 * the same error in a value that the query itself computed is `data` without it, where the engine can tell.
 */
export interface Engine extends AsyncDisposable {
  readonly name: string;
  /** Begins to open what queries need, so that the first one waits less; what goes wrong is said by that one. */
  warmUp?(): void;
  /** Asked when planning. */
  supports(node: Relation): boolean;
  /** Pure. */
  compile(relation: Relation, request: CompileRequest): CompiledQuery;
  /** For raw SQL: the types of its columns, found without reading rows. */
  describe(query: CompiledQuery, inputs: ReadonlyMap<string, Schema>): Promise<Schema>;
  execute(query: CompiledQuery, request: ExecuteRequest): Promise<ExecutionResult>;
  /** Rows in batches, for edges only: previews, bindings, small results. */
  rows(query: CompiledQuery, request: QueryRequest): AsyncIterable<readonly (readonly Cell[])[]>;
  /** How the engine would go about it, as text for people. */
  explain(query: CompiledQuery, request: QueryRequest): Promise<string>;
  /** Reads a text input record by record and parts the accepted from the rejected; exact, slower, never fails on rows. */
  split(request: SplitRequest): Promise<SplitResult>;
  /** Parses every record of a text input strictly, and counts them. */
  validate(input: ScannableInput, signal: AbortSignal): Promise<number>;
  /** The schema inside a Parquet file. */
  schemaOfFile(path: string): Promise<FileSchema>;
  /** The schemas inside Parquet files, in their order: of many that hold the same, in much less than one after the other. */
  schemasOfFiles(paths: readonly string[]): Promise<readonly FileSchema[]>;
}

/** SQL expression text to IR: the author's text in YAML and in `expr("…")`. */
export interface ExpressionParser {
  /**
   * @param options `sides` for the condition and selection of a join, where columns are `l.name` and `r.name`
   * @throws SluiceError `config` with the offending part, and its place in the text (from 1) in `at.column`; `at.file` is empty
   */
  parse(text: string, options?: { readonly sides?: boolean }): Promise<Expression>;
}
