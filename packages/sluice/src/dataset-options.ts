import type { Address, CsvDialect } from "@sluice/core";

/** What the author says about a dataset; the rest is found by `sluice sync` and frozen. */
export interface DatasetOptions {
  /** Only these columns are frozen; absent: all. */
  readonly columns?: readonly string[];
  /** Types that win over what is found: `{ zip: "string" }`. */
  readonly types?: Readonly<Record<string, string>>;
  /** How dates and times are written, where several layouts fit or none is known: `{ day: "%m/%d/%Y" }`. */
  readonly formats?: Readonly<Record<string, string>>;
  /** Columns in which a null is a reject. */
  readonly required?: readonly string[];
  /** Rejects above it fail the run: a count, or a share such as `"0.5%"`. */
  readonly maxRejects?: number | string;
  /** `used` parses only what a query uses of the columns; `all` where absent. */
  readonly validate?: "all" | "used";
  /**
   * What a source that no longer fits means; `fail` where absent. `warn` leaves new columns aside. `evolve` takes up new columns and
   * wider types when a run begins, and what is gone is null.
   */
  readonly drift?: "fail" | "warn" | "evolve";
  /**
   * By column, and stronger than `drift`: `evolve` takes up the column, or a wider type of it, and makes it null where it is gone;
   * `fail` ends the run. For columns of delimited text, what a value of another type does: `discardRow` (where absent) sends its
   * record to the quarantine, `discardValue` makes it null and counts it, `fail` ends the run.
   */
  readonly driftOf?: Readonly<Record<string, "fail" | "evolve" | "discardRow" | "discardValue">>;
  /** What a header in another order means; `fail` where absent. */
  readonly reordered?: "fail" | "warn" | "accept";
  /** `persistent` keeps every column as Parquet, replayable without the source. */
  readonly stage?: "volatile" | "persistent";
  /** With `persistent`: how many copies are kept, or for how long (`"7 days"`); three where absent. */
  readonly keep?: number | string;
  /** For text: what is known of its dialect, for files that mislead the look at them. `quote: ""`: quotes mean nothing. */
  readonly dialect?: Partial<Omit<CsvDialect, "fixed">>;
}

/** The options that every source takes; the dialect of a text becomes part of its address. */
export const DATASET_OPTIONS: readonly (keyof DatasetOptions)[] = [
  "columns",
  "types",
  "formats",
  "required",
  "maxRejects",
  "validate",
  "drift",
  "driftOf",
  "reordered",
  "stage",
  "keep",
];

/** A source as it stands in the configuration: where it is, and what its author says about it. */
export interface DatasetSource {
  readonly address: Address;
  readonly options: DatasetOptions;
}

const SOURCE = Symbol.for("sluice.dataset-source");

/** Marks a value, which may be a relation too, as a source for the configuration. */
export function markSource<T extends object>(value: T, source: DatasetSource): T & Addressed {
  Object.defineProperty(value, SOURCE, { value: Object.freeze(source), enumerable: false });
  return value as T & Addressed;
}

/** A value that `datasets` of the configuration takes. */
export interface Addressed {
  readonly [SOURCE]: DatasetSource;
}

/** The source that a value was marked with, or undefined. */
export function sourceOf(value: unknown): DatasetSource | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  return (value as Partial<Addressed>)[SOURCE];
}
