import type { Evolution, LoadMode } from "../definition/definition.ts";
import type { Expression } from "../ir/expression.ts";
import type { Json } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import type { FieldId } from "./field-id.ts";
import type { Position, ScannableInput } from "./input.ts";

/** The identity of one write: see `Staging.commit`. */
export interface WriteIdentity {
  readonly project: string;
  readonly pipeline: string;
  readonly step: string;
  /** What part of the data: "" for a full load. */
  readonly slice: string;
  /** The number of the lease; a target that has seen a higher one refuses. */
  readonly epoch: number;
  /** A hash of run, step, slice and generation: the same on resume. */
  readonly commitId: string;
}

/** What a sink is told before a write: who writes, the rows' schema, and how they meet the rows that are there. */
export interface StageRequest extends WriteIdentity {
  readonly schema: Schema;
  readonly mode: LoadMode;
  readonly key: readonly string[];
  /** As `LoadDefinition` has them. A target does not store the column `deleteFlag`. */
  readonly deleteFlag?: string;
  readonly newerBy?: string;
  readonly missing?: "delete";
  readonly partitions?: readonly string[];
  /** It holds no parameters and no run constants: they are literals by now, each of the type that it stands for. */
  readonly where?: Expression;
  readonly evolve?: Evolution;
  readonly takeOver?: string;
  /**
   * The commit id that was found here when the load's position was read, null where there was none: rows that begin where that
   * commit ends. Where another commit stands there by now the load is a `conflict` with reason `position`. Any where absent.
   */
  readonly follows?: string | null;
  /** Whether the rows are only those beyond what was committed, so that a target that is gone by now is a `conflict` too. */
  readonly goesOn?: true;
  readonly parameters: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** How delimited text is written. */
export interface CsvOutput {
  readonly delimiter: string;
  readonly header: boolean;
  readonly quote: "minimal" | "all" | "none";
  /** What a null is; nothing where absent. A value that reads the same is quoted. */
  readonly nullText?: string;
  /** `lf` where absent. */
  readonly newline?: "lf" | "crlf";
  /** What stands before the hexadecimal digits of bytes; nothing where absent. */
  readonly bytesPrefix?: string;
  /** Columns of lists that are written as databases write arrays, `{"1","2",NULL}`; the others are JSON. */
  readonly braces?: readonly string[];
  /** Columns of floats of 32 bits whose reader takes 64: written with the digits of those, 2.0999999046325684 for 2.1. */
  readonly doubles?: readonly string[];
  /**
   * Columns whose reader takes every way in which text may be accepted as a value of their type, ISO layouts for days and times:
   * what a query only passes on from a text input may be written as it stands there.
   */
  readonly verbatim?: readonly string[];
}

/** How JSON is written. */
export interface JsonOutput {
  /** What NaN and infinity become, which JSON does not have: an error, or null. */
  readonly nonFinite: "fail" | "null";
}

/** How Parquet is written, beside its compression. */
export interface ParquetOutput {
  /** For zstd: from 1, quick, to 22, small. */
  readonly level?: number;
  /** Rows to a row group, at most; an engine may round it up to what it computes with at once: DuckDB to 2,048 rows. */
  readonly rowGroupRows?: number;
  /**
   * Whether the values lie in it as `readPlainGroup` reads them, in the encoding PLAIN: for a sink that takes the file apart itself.
   * Compression is none then, and enumerations and nested types are not asked for.
   */
  readonly plain?: boolean;
  /** With `plain`: `path` is a folder, which exists or not, and the rows are in files of so many row groups, each whole before the end. */
  readonly groupsPerFile?: number;
}

/** An output of many files, in a folder: `year=2024/month=1/<name>-0.parquet`. Their order means nothing. */
export interface FolderOutput {
  /** Columns whose values become names of folders, and stand in no file; null is `__HIVE_DEFAULT_PARTITION__`. */
  readonly partitions: readonly string[];
  /** How large a file shall be, roughly; absent: as large as it gets. */
  readonly targetBytes?: number;
  /** With what the names of files begin. */
  readonly name: string;
  /** With what they end: `parquet`, `csv.gz`. */
  readonly ending: string;
}

/** The file that an engine is asked to write. `json`: one array, a record to a line; `ndjson`: one record to a line. */
export interface OutputSpec {
  readonly format: "parquet" | "csv" | "json" | "ndjson";
  /** Absolute; its folder exists. The engine writes it and syncs nothing. */
  readonly path: string;
  /** Whether rows must stand in the order of the query. */
  readonly ordered: boolean;
  readonly csv?: CsvOutput;
  readonly json?: JsonOutput;
  readonly parquet?: ParquetOutput;
  /** Where it is many files: `path` is their folder then, which exists and is empty. */
  readonly folder?: FolderOutput;
  /** Where the files belong to a table with numbered columns: `path` is their folder, which exists and is empty. */
  readonly table?: TableOutput;
  /**
   * What may be written where the engine has too little memory for this, such as row groups of long texts; files say by their path
   * and format which it was.
   */
  readonly instead?: OutputSpec;
  /**
   * Whether zeros may lose their sign, so that a Parquet file with floats can be smaller and quicker to read: an engine that
   * keeps equal values once keeps one of 0.0 and -0.0.
   */
  readonly unsignedZeros?: boolean;
  /** Whether Parquet has intervals as others read them: of whole milliseconds, and none negative. Else they are text, which holds each. */
  readonly coarseIntervals?: boolean;
  /**
   * Whether Parquet files that hold the very columns may be given in place of it, though others may write to them: they are read
   * where they lie, as often as it takes, and `Staging.add` is told how to ask whether they changed.
   */
  readonly takesSources?: boolean;
  /** `DEFAULT_COMPRESSION` for Parquet where absent. */
  readonly compression?: "snappy" | "zstd" | "gzip" | "none";
}

/**
 * Of a Parquet file that nobody said it of. Measured in 2026-11 with DuckDB 1.5.6, a million rows of which most bytes are
 * random: zstd at level 1 takes as long to write as snappy and makes a file of 0.58 times the size.
 */
export const DEFAULT_COMPRESSION = "zstd";

/** A file that the engine wrote, or a folder of them, with the rows and bytes that it holds. */
export interface WrittenFile {
  readonly path: string;
  readonly format: OutputSpec["format"];
  readonly rows: number;
  readonly bytes: number;
  /** Where the engine did not write it: what people call it. */
  readonly origin?: string;
  /** Of Parquet, where `OutputSpec.table` asked for it. */
  readonly columns?: readonly ColumnStatistics[];
  /** The partition that the file belongs to: a value for each of `TableOutput.partitions`. */
  readonly partition?: readonly (string | null)[];
}

/** What a Parquet file says of one leaf column; texts are as the engine prints values of its type. */
export interface ColumnStatistics {
  /** The path of the leaf: `["st", "x"]`. */
  readonly path: readonly string[];
  readonly bytes: number;
  /** Values with nulls. */
  readonly values: number;
  readonly nulls: number;
  readonly min?: string;
  readonly max?: string;
  readonly hasNan?: boolean;
}

/** Parquet files of a table whose columns are known by numbers: one flat file or more for each partition. */
export interface TableOutput {
  /** The number of each column, and of what is nested in it. */
  readonly fieldIds: readonly FieldId[];
  /** What rows are parted by; each is computed from a column and stored in no file. */
  readonly partitions: readonly PartitionTransform[];
  /** How large a file shall be, roughly. */
  readonly targetBytes?: number;
}

/** A partition value of Iceberg: what is computed of a column, with the width of `bucket` and `truncate`. */
export interface PartitionTransform {
  readonly column: string;
  readonly transform: "identity" | "year" | "month" | "day" | "hour" | "bucket" | "truncate" | "void";
  readonly width?: number;
}

/** What a commit did to the target, in rows; a count is absent where the sink cannot tell it. */
export interface CommitResult {
  /** True where this `commitId` was committed before and nothing was done now. */
  readonly repeated: boolean;
  readonly inserted?: number;
  readonly updated?: number;
  readonly unchanged?: number;
  readonly deleted?: number;
}

/** A write that is not published yet. Disposed without a commit, it leaves the target as it was and nothing behind. */
export interface Staging extends AsyncDisposable {
  /**
   * Rows to publish. Of files that `OutputSpec.takesSources` let in, `assertUnchanged` throws a `conflict` where they changed: it
   * is asked after their last read, before anything that was made of them is published.
   */
  add(files: readonly WrittenFile[], assertUnchanged?: () => Promise<void>): Promise<void>;
  /** The target as it would be after the commit, for checks. */
  scan(columns: readonly string[]): Promise<ScannableInput>;
  /** Publishes, durably and once: the same `commitId` again is a no-op; a lower epoch than stored is a `conflict`. */
  commit(position?: Position): Promise<CommitResult>;
}

/** What a sink can do, asked before any row is read. */
export interface SinkCapabilities {
  readonly modes: readonly LoadMode[];
  /** What its merge can do beyond updating and inserting. */
  readonly merge?: readonly ("deleteFlag" | "newerBy" | "missing")[];
  /** What its overwrite can do beyond replacing partitions. */
  readonly overwrite?: readonly "where"[];
  /** How far it can change a target; `add` where absent. */
  readonly evolve?: readonly Evolution[];
  /** Whether it keeps the order of rows. */
  readonly ordered: boolean;
}

/** What a target that is there would take, asked before rows are typed for it. */
export interface ExistingTarget {
  /** Of the columns asked for that are there: the type whose values they take as they are, and that leaves them what they are. */
  readonly types: ReadonlyMap<string, TypeText>;
  /** Of the columns asked for: those that are there, and that no such type is known for, with their own. */
  readonly others: ReadonlyMap<string, string>;
  /** Whether a `replace` may give it other columns unasked. */
  readonly made: boolean;
}

/** Something that rows go to. Opened with one address. */
export interface Sink extends AsyncDisposable {
  readonly capabilities: SinkCapabilities;
  check(signal: AbortSignal): Promise<void>;
  /** What was committed here for this step and slice, or undefined: the truth after a crash. */
  committed(asked: Pick<StageRequest, keyof WriteIdentity | "parameters">): Promise<
    | {
        readonly commitId: string;
        readonly epoch: number;
        readonly result: Json;
        readonly position?: Position;
        /** That what was committed is not there any more, and nobody has moved the position since: nothing may go on from it. */
        readonly isGone?: true;
      }
    | undefined
  >;
  /**
   * Says where the loads of this step go on, beside what was committed, which stays; the same rule of epochs as for a commit.
   * Absent where the target cannot.
   */
  reposition?(asked: Pick<StageRequest, keyof WriteIdentity | "parameters">, position: Position): Promise<void>;
  /**
   * What is there by now for columns of these names; undefined where there is nothing. Absent where a load writes its target
   * anew.
   */
  existing?(columns: readonly string[], signal: AbortSignal): Promise<ExistingTarget | undefined>;
  /** Which file the engine shall write; refuses a schema or mode that the target cannot take, before any row is read. */
  accepts(request: StageRequest): Promise<OutputSpec>;
  stage(request: StageRequest): Promise<Staging>;
}
