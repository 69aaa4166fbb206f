import { canonicalJson, type FrozenColumn, type FrozenDataset } from "@sluice/core";
import type { DatasetSource } from "../dataset-options.ts";

/**
 * What was frozen, with everything that its author changed in the configuration since: what a new look finds beyond it
 * is a change of the source. Another address is another source, to which nothing that was frozen can be compared.
 *
 * @example
 * const asked = withConfiguration(previous, source, found); // `types: { id: "string" }` is new in the configuration
 * diff(asked, found).sentences; // ['"zip" was int64 and is string']: nobody asked for that
 */
export function withConfiguration(previous: FrozenDataset, source: DatasetSource, found: FrozenDataset): FrozenDataset {
  if (canonicalJson(previous.source) !== canonicalJson(source.address)) return found;
  const { maxRejects: _maxRejects, partial: _partial, keep: _keep, ...rest } = previous;
  const { maxRejects, validate, drift, reordered, stage, keep, partial } = found;
  return {
    ...rest,
    ...(maxRejects === undefined ? {} : { maxRejects }),
    ...(keep === undefined ? {} : { keep }),
    ...(partial === undefined ? {} : { partial }),
    validate,
    drift,
    reordered,
    stage,
    columns: chosenColumns(previous, source, found).map((column) => configured(column, { previous, source, found })),
  };
}

/** The columns that the author takes now, each as it was frozen; those that were never frozen as they were found. */
function chosenColumns(
  previous: FrozenDataset,
  { options }: DatasetSource,
  found: FrozenDataset,
): readonly FrozenColumn[] {
  const { columns: chosen } = options;
  const frozen = previous.columns.map(({ name }) => name);
  const merged = found.columns.map((column) => columnOf(previous, column.name) ?? column);
  if (chosen !== undefined) {
    const isSame = canonicalJson(chosen.toSorted()) === canonicalJson(frozen.toSorted());
    return isSame ? previous.columns : merged;
  }
  if (previous.partial !== true) return previous.columns;
  return [...merged, ...previous.columns.filter(({ name }) => columnOf(found, name) === undefined)];
}

/** A column as it was frozen, but for what the configuration says of it and did not say then. */
function configured(
  column: FrozenColumn,
  { previous, source, found }: { previous: FrozenDataset; source: DatasetSource; found: FrozenDataset },
): FrozenColumn {
  const now = columnOf(found, column.name);
  if (now === undefined) return column;
  const { types = {}, formats = {}, required = [] } = source.options;
  const type = types[column.name];
  const format = formats[column.name];
  const isTypeAsked = type !== undefined && type !== column.type && type === now.type;
  const isFormatAsked = format !== undefined && format !== column.format && format === now.format;
  const { nullable: wasNullable } = column;
  // Text has nulls anywhere unless its author says otherwise; other sources have a word in it themselves.
  const isText = previous.dialect !== undefined || isJson(previous);
  const nullable = required.includes(column.name) ? false : isText ? now.nullable : wasNullable;
  return { ...(isTypeAsked || isFormatAsked ? now : column), nullable };
}

function isJson({ source }: FrozenDataset): boolean {
  if (source.format !== undefined) return source.format === "json" || source.format === "ndjson";
  return source.type === "file" && /\.(?:json|ndjson|jsonl|ldjson)(?:\.gz)?$/i.test(String(source.path));
}

function columnOf({ columns }: FrozenDataset, name: string): FrozenColumn | undefined {
  return columns.find((column) => column.name === name);
}
