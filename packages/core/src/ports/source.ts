import type { Expression } from "../ir/expression.ts";
import type { CsvDialect, FrozenColumn, FrozenDataset, NumberForms } from "../schema/frozen.ts";
import type { Position, ReadItem, ScannableInput } from "./input.ts";

/** What a source is asked for. */
export interface ReadRequest {
  readonly dataset: FrozenDataset;
  /** The columns that are used, in frozen order; a source may give more. */
  readonly columns: readonly string[];
  /**
   * A condition on frozen columns that every row which matters meets: a source may leave out rows that do not. The engine
   * asks it again. It holds no parameters and no run constants: they are literals by now, each of the type that it stands for.
   */
  readonly filter?: Expression;
  /** Which files are read, by what was read before; the `identity` of the input is that of the files that are read then. */
  readonly files?: FileSelection;
  /** So many rows are enough, after `filter`; given only where the source may choose which. */
  readonly limit?: number;
  /** Values of the pipeline's parameters, for templates in addresses such as `data/{day}.csv`. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** Called for what a person should know and what does not stop the read. */
  readonly warn: (message: string) => void;
}

/** A file as a source tells it: its name, its size, and when it changed. */
export type FileMark = readonly [name: string, bytes: number, changed: string];

/** Which of the files that are there are read: see `IncrementalNode`. */
export interface FileSelection {
  readonly take: "new" | "changed";
  /** Those that were read before. */
  readonly known: readonly FileMark[];
  /** Only these of the others; all of them where absent. */
  readonly only?: readonly FileMark[];
}

/** What a look at a source finds, to be frozen. */
export interface StreamInfo {
  readonly name: string;
  readonly columns: readonly FrozenColumn[];
  readonly dialect?: CsvDialect;
  readonly keys?: readonly (readonly string[])[];
  /** Columns by which an incremental read may go, the likeliest first: a time of change, a number that grows. */
  readonly cursors?: readonly string[];
  readonly rows?: number;
  readonly bytes?: number;
  /** Present where `DiscoverRequest.columns` left some out. */
  readonly partial?: true;
  /** Present where the types are those of the start of a text; what a read by them needs to know (`ScannableInput.early`). */
  readonly early?: NumberForms;
  /** Columns of delimited text in which no value stands: their type is a guess that nothing speaks for. */
  readonly valueless?: readonly string[];
  /** Doubts: two readings that fit, one column with a regular separator in it. */
  readonly warnings: readonly string[];
}

/** What is known before a source is looked at; a source guesses only what is not said here. */
export interface DiscoverRequest {
  /** What the project's author declared; it wins over what is found. */
  readonly types: ReadonlyMap<string, string>;
  /** The layouts of times that the author declared, by column; they win over those that fit. */
  readonly formats?: ReadonlyMap<string, string>;
  readonly required: readonly string[];
  /** The only columns wanted; for a file without a header, the names of all. Absent: all, as they are called there. */
  readonly columns?: readonly string[];
  readonly dialect: Partial<CsvDialect>;
  readonly parameters: ReadonlyMap<string, string>;
  /**
   * The files of a source may differ in their columns: the union of all is found, each of the type that holds all. What the author
   * declares may be gone.
   */
  readonly isUnion?: true;
  /** Nothing of what is found is written down: what only people read of it, counts and shares, may be left out. */
  readonly isForOnce?: true;
  /** Types may be those of the start of a text, as `StreamInfo.early` says: who asks begins anew where the rest has others. */
  readonly mayBeEarly?: true;
  readonly signal: AbortSignal;
}

/** Something that rows come from. Opened with one address; it gives one of `scan` and `read`. */
export interface Source extends AsyncDisposable {
  /** A cheap look: is it there, may we read it? */
  check(signal: AbortSignal): Promise<void>;
  /** Looks at the whole of the address and proposes what to freeze. */
  discover(request: DiscoverRequest): AsyncIterable<StreamInfo>;
  /** For what the engine reads itself: files, checked before they are read. Throws `data` with reason `drift`. */
  scan?(request: ReadRequest): Promise<ScannableInput>;
  /** How it would go about a read, in sentences for people: which part of it is left out. */
  explain?(request: ReadRequest): Promise<readonly string[]>;
  /** Whether what was scanned is still what is there; asked after it was read, so that no torn read is published. */
  isUnchanged?(input: ScannableInput): Promise<boolean>;
  /** For the rest: encoded batches, pulled; who pulls slowly slows the source. */
  read?(request: ReadRequest): AsyncIterable<ReadItem>;
  /** The columns that tell the rows of a stream apart, as the source declares them; found without reading rows. */
  keys?(stream: string, signal: AbortSignal): Promise<readonly (readonly string[])[]>;
  /** Told after all sinks have committed. */
  acknowledge?(stream: string, position: Position): Promise<void>;
}
