import type { ColumnSummary } from "@sluice/core";

/** What a source holds: JSON-safe, as `sluice profile --json` prints it. */
export interface Profile {
  /** As a person would write it. */
  readonly source: string;
  readonly rows: number;
  /** Records that were left out, since they are not accepted. */
  readonly rejected: number;
  /** Rows that are there before; null where there are too many to look. */
  readonly duplicates: number | null;
  readonly columns: readonly ColumnProfile[];
  readonly warnings: readonly ProfileWarning[];
}

/** What one column holds. */
export interface ColumnProfile extends ColumnSummary {
  /** Bars of one width from the least to the greatest value; for numbers and times. */
  readonly histogram: readonly HistogramBar[] | null;
  /** The values that occur most; empty where each occurs about once. */
  readonly top: readonly TopValue[];
  /** For text, in letters. */
  readonly lengths: { readonly min: number; readonly max: number; readonly mean: number } | null;
  /** For text: how values are written, digits as 9, capitals as A, small letters as a; the most frequent ones. */
  readonly patterns: readonly TopValue[];
  /** Of how many values patterns were taken: the first ones, where there are too many. */
  readonly patternsOf: number;
  /** Numbers far outside of the middle half: by more than three times its width. */
  readonly outliers: number | null;
}

export interface HistogramBar {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

export interface TopValue {
  readonly value: string;
  readonly rows: number;
}

/** A doubt about a column, or about the whole. */
export interface ProfileWarning {
  readonly column: string | null;
  readonly kind:
    | "empty"
    | "constant"
    | "null"
    | "mostly-null"
    | "possible-key"
    | "mixed-formats"
    | "leading-zeros"
    | "numbers-as-text"
    | "blanks"
    | "case"
    | "outliers"
    | "duplicates";
  readonly message: string;
}
