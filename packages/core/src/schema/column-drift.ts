import type { SchemaDifference } from "../infer/diff-schemas.ts";

/** What a column that drifted reaches: all that is computed from it, or has other rows because of it. */
export interface DriftReach {
  /** Columns of steps whose values come from it. */
  readonly columns: readonly { readonly step: string; readonly column: string }[];
  /** Steps of which it decides which rows there are: by a filter, a join, a group. */
  readonly rows: readonly string[];
  readonly checks: readonly { readonly step: string; readonly check: string }[];
  /** The targets of loads behind it, as a person writes them. */
  readonly targets: readonly { readonly step: string; readonly target: string }[];
}

/** One way in which a source is not what was frozen. */
export interface ColumnDrift {
  /** `values`: values of another type in a text, which has no types of its own. */
  readonly kind: "added" | "removed" | "renamed" | "retyped" | "reordered" | "values";
  /** The frozen name, or of one that is new its own; the first that moved where the order changed. */
  readonly column: string;
  /** Types, or names where it was renamed. */
  readonly from?: string;
  readonly to?: string;
  /** What comes of it: it is taken up, its values are null, it is left as it was frozen, or it ends the run. */
  readonly does?: "taken" | "null" | "left" | "fail";
  readonly reaches?: DriftReach;
}

/** The differences of a dataset, as data. */
export interface DatasetDrift {
  readonly dataset: string;
  readonly changes: readonly ColumnDrift[];
}

/**
 * The differences of two lists of columns, one by one.
 *
 * @example
 * columnDrifts(diffSchemas(frozen, found)); // [{ kind: "retyped", column: "id", from: "int32", to: "int64" }]
 */
export function columnDrifts(difference: Omit<SchemaDifference, "sentences">): readonly ColumnDrift[] {
  const { added, removed, renamed, retyped, reordered } = difference;
  return [
    ...added.map(({ name, type }): ColumnDrift => ({ kind: "added", column: name, to: type })),
    ...removed.map(({ name, type }): ColumnDrift => ({ kind: "removed", column: name, from: type })),
    ...renamed.map(
      ({ from, to }): ColumnDrift => ({ kind: "renamed", column: from.name, from: from.name, to: to.name }),
    ),
    ...retyped.map(
      ({ from, to }): ColumnDrift => ({
        kind: "retyped",
        column: from.name,
        from: `${from.type}${from.nullable ? "?" : ""}`,
        to: `${to.type}${to.nullable ? "?" : ""}`,
      }),
    ),
    ...(reordered ? [{ kind: "reordered", column: "" } as const] : []),
  ];
}
