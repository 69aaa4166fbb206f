import type { Json } from "../json.ts";
import type { CsvDialect, FrozenColumn, NumberForms } from "../schema/frozen.ts";
import type { Schema } from "../schema/schema.ts";
import type { FieldId, FieldNames } from "./field-id.ts";

/** A file that an engine may read: `path` is a link in scratch space, never the user's own name; `origin` is what people see. */
export interface InputFile {
  readonly path: string;
  /** The name as a person would write it, relative to the project: `data/a'b [1].csv`, `archive.tgz!member.csv`. */
  readonly origin: string;
  readonly bytes: number;
  /** Where that is known: an engine plans by it, and counts on nothing. */
  readonly rows?: number;
  /** The line of `origin` with which this file begins, where lines above it were left out; 1 where absent. */
  readonly firstLine?: number;
  /**
   * For csv: many small files stand one behind the other in the file at `path`, and the records of this one begin at this byte,
   * `bytes` long. Its header is not among them: where the dialect has one, `path` begins with one for all. Wherever its
   * records end without a line end, one stands behind them.
   */
  readonly start?: number;
  /** With `start`: not each of its records is sound, so where they end is known to a split alone. */
  readonly unsound?: true;
  /** What its path says: a text for each partition column of the input, in frozen order, each accepted by its column. */
  readonly values?: readonly (string | null)[];
  /**
   * For ndjson that was cut out of a document: a file that holds, for each record, the line on which it begins, as
   * a little-endian double.
   */
  readonly lines?: string;
}

/** Rows of data files that were deleted: a Parquet file of Iceberg's position deletes. */
export interface PositionDeletes {
  readonly path: string;
  /** The data files that it may delete from, by the name under which it knows them, and the path under which they are scanned. */
  readonly of: readonly { readonly name: string; readonly path: string }[];
}

/** Files that hold their columns in one order. */
export interface FileGroup {
  /**
   * All frozen names but those of partitions, in the order in which these files hold them; columns that evolve may be absent, and
   * are null then. A text file that holds more than was frozen (drift
   * policy `warn`) has the others in between, under names of their own that no frozen column has: text, never read.
   */
  readonly order: readonly string[];
  readonly files: readonly InputFile[];
}

/**
 * What the engine can read itself. Text files (csv, ndjson) are expanded (no compression) and UTF-8 by now, without a
 * byte order mark; the headers of csv were matched with the frozen names. Which records are accepted depends on this value alone, never on what is read of it.
 */
export interface ScannableInput {
  readonly format: "parquet" | "csv" | "ndjson";
  readonly groups: readonly FileGroup[];
  /** For csv. */
  readonly dialect?: CsvDialect;
  /**
   * For csv: columns of which each text was printed by a database for a value of the very type that is frozen. Their letters
   * need no look; whether the value is one that the type has here (infinity is no date) does.
   */
  readonly printed?: readonly string[];
  /** For ndjson: what a key means that no column or field has. `fail` is drift, `leave` says nothing; `fail` where absent. */
  readonly unknownKeys?: "fail" | "warn" | "leave";
  /**
   * For text whose types were found at its start: the strict read refuses every record that would have made a look at all of it
   * find other ones. A split would part it by types that nobody vouches for: after a failure, its types are found anew.
   */
  readonly early?: NumberForms;
  /**
   * For Parquet of a table whose columns are known by numbers: the number of each of `columns`. A file without the number holds
   * nulls; names and order in the files mean nothing.
   */
  readonly fieldIds?: readonly number[];
  /** With `fieldIds`: the columns that hold structs, with the number of each nested field. Without it they are found by name. */
  readonly nested?: readonly FieldId[];
  /**
   * With `fieldIds`, where the table says so: what a file without any numbers calls its columns and nested fields. Of such
   * a file, what is not here is null. Where absent, it calls them what the table does.
   */
  readonly fieldNames?: readonly FieldNames[];
  /** With `fieldIds`: why no file without any numbers can be read; others can. */
  readonly fieldNamesProblem?: { readonly message: string; readonly offending: string; readonly hint: string };
  /** For Parquet: rows that are not there any more. */
  readonly deletes?: readonly PositionDeletes[];
  /** All frozen columns with their acceptance rules, in frozen order. */
  readonly columns: readonly FrozenColumn[];
  readonly validate: "all" | "used";
  /** Tells whether a later read sees the same bytes: name, size and change time of every file, or a table's version. */
  readonly identity: Json;
}

/** Encoded rows on their way: files in scratch space that the engine reads natively. */
export interface Batch {
  readonly format: "parquet" | "csv" | "ndjson";
  readonly files: readonly InputFile[];
  readonly dialect?: CsvDialect;
  /** As `ScannableInput.printed`. */
  readonly printed?: readonly string[];
  readonly schema: Schema;
  readonly rows?: number;
  readonly bytes: number;
}

/** Where an incremental read resumes: opaque JSON, "everything up to here". */
export type Position = Json;

/** A batch and where to go on once it is committed. */
export interface ReadItem {
  readonly batch: Batch;
  readonly position: Position;
}
