import {
  type ColumnDrift,
  columnDrifts,
  type DriftPolicy,
  diffSchemas,
  type FrozenColumn,
  type FrozenDataset,
  unitedNames,
  widerType,
} from "@sluice/core";
import type { DatasetOptions } from "../dataset-options.ts";

/** What a look at a source changes of what was frozen, by the policies of its columns. */
export interface Evolution {
  /** What was frozen, with what is taken up. */
  readonly frozen: FrozenDataset;
  /** Each with what comes of it; the order of columns is none of them: who reads goes by names. */
  readonly changes: readonly ColumnDrift[];
  /** A sentence for each change. */
  readonly sentences: readonly string[];
}

/** Whether a change of the source is taken up by anything. */
export function mayEvolve({ drift, driftOf = {} }: DatasetOptions): boolean {
  return drift === "evolve" || Object.values(driftOf).includes("evolve");
}

/** What a column's being new, gone or of another type means: its own policy, else that of its dataset. */
export function driftPolicy({ drift = "fail", driftOf = {} }: DatasetOptions, column: string): DriftPolicy {
  const own = Object.hasOwn(driftOf, column) ? driftOf[column] : undefined;
  return own === "evolve" || own === "fail" ? own : drift;
}

/**
 * What was frozen, evolved by what was found. New columns are taken up as they were found, at their place; types become wider
 * and never narrower; a column that is gone stays, and is null. What is frozen otherwise stays as it is.
 *
 * @example
 * evolveFrozen(frozen, found.columns, { drift: "evolve" }).sentences; // ['"zip" (string) is new, and taken up']
 */
export function evolveFrozen(
  previous: FrozenDataset,
  found: readonly FrozenColumn[],
  options: DatasetOptions,
): Evolution {
  const wanted = previous.partial === true ? found.filter(({ name }) => isChosen(name, previous, options)) : found;
  const changes = columnDrifts(diffSchemas(previous.columns, wanted))
    .filter(({ kind }) => kind !== "reordered")
    // One that was renamed cannot be told from one that went beside one that came.
    .flatMap((change) => (change.kind === "renamed" ? asTwo(change, previous, wanted) : [change]))
    .map((change) => decided(change, previous, { found: wanted, options }))
    .filter((change) => change !== undefined);
  const isOther = !wanted.some(({ name }) => columnOf(previous.columns, name) !== undefined);
  const ended = isOther ? changes.map((change) => ({ ...change, does: "fail" as const })) : changes;
  const isTaken = (name: string, kind: ColumnDrift["kind"]): boolean =>
    ended.some((one) => one.column === name && one.kind === kind && one.does === "taken");
  const names = unitedNames(
    previous.columns.map(({ name }) => name),
    wanted.map(({ name }) => name),
  );
  const columns = names.flatMap((name): readonly FrozenColumn[] => {
    const [before, now] = [columnOf(previous.columns, name), columnOf(wanted, name)];
    if (before === undefined) return now !== undefined && isTaken(name, "added") ? [now] : [];
    return now !== undefined && isTaken(name, "retyped") ? [widened(before, now)] : [before];
  });
  return { frozen: { ...previous, columns }, changes: ended, sentences: ended.map(sentenceOf) };
}

function isChosen(name: string, { columns }: FrozenDataset, { columns: chosen = [] }: DatasetOptions): boolean {
  return columnOf(columns, name) !== undefined || chosen.includes(name);
}

function asTwo(
  { from = "", to = "" }: ColumnDrift,
  { columns }: FrozenDataset,
  found: readonly FrozenColumn[],
): readonly ColumnDrift[] {
  return [
    { kind: "added", column: to, to: columnOf(found, to)?.type ?? "", from },
    { kind: "removed", column: from, from: columnOf(columns, from)?.type ?? "", to },
  ];
}

function decided(
  change: ColumnDrift,
  previous: FrozenDataset,
  { found, options }: { readonly found: readonly FrozenColumn[]; readonly options: DatasetOptions },
): ColumnDrift | undefined {
  const policy = driftPolicy(options, change.column);
  const before = columnOf(previous.columns, change.column);
  const now = columnOf(found, change.column);
  if (change.kind === "added") {
    return { ...change, does: policy === "evolve" ? "taken" : policy === "warn" ? "left" : "fail" };
  }
  if (change.kind === "removed") return { ...change, does: policy === "evolve" && before?.nullable ? "null" : "fail" };
  if (before === undefined || now === undefined) return change;
  const isText = previous.dialect !== undefined || isGuessed(previous);
  const type = widerType(before.type, now.type);
  const isOwnFail = options.driftOf?.[change.column] === "fail";
  // Of a text the types are told from values: those that do not fit are rejects, which the run counts.
  if (isText && type === undefined && !isOwnFail) return undefined;
  const isRequired = options.required?.includes(before.name) === true;
  const isLooser = now.nullable && !before.nullable;
  const isWider = type !== undefined && type !== before.type;
  // A whole number among decimals in a text is one of them.
  const isWhole = isText && now.type === "int64" && before.type.startsWith("decimal");
  if (type !== undefined && (!isWider || isWhole) && !isLooser) return undefined;
  if (policy === "evolve" && type !== undefined && !(isLooser && isRequired)) {
    return { ...change, to: `${type}${now.nullable ? "?" : ""}`, does: "taken" };
  }
  // What becomes of single values in a text is said by their own policy.
  return { ...change, does: isText && !isOwnFail ? "left" : "fail" };
}

/** Whether types were told from values alone. */
function isGuessed({ source }: FrozenDataset): boolean {
  return source.type === "file" && source.format !== "parquet";
}

function widened(before: FrozenColumn, now: FrozenColumn): FrozenColumn {
  const type = widerType(before.type, now.type) ?? before.type;
  const nullable = before.nullable || now.nullable;
  if (type === now.type && before.formats === undefined) return { ...now, nullable };
  const formats = new Map([...(now.formats ?? []), ...(before.formats ?? [])]);
  const { comment: _comment, ...rest } = before;
  return {
    ...rest,
    type,
    nullable,
    ...(formats.size === 0 ? {} : { formats: [...formats] }),
    ...(now.comment === undefined ? {} : { comment: now.comment }),
  };
}

function sentenceOf({ kind, column, from, to, does }: ColumnDrift): string {
  const name = JSON.stringify(column);
  if (kind === "added") {
    const said = `${name} (${to}) is new`;
    const renamed = from === undefined ? "" : `, perhaps ${JSON.stringify(from)} by another name`;
    return `${said}${renamed}${does === "taken" ? ", and taken up" : does === "left" ? ", and not read" : ""}`;
  }
  if (kind === "removed") {
    const renamed = to === undefined ? "" : `, perhaps now called ${JSON.stringify(to)}`;
    return `${name} (${from}) is gone${renamed}${does === "null" ? ", and null" : ""}`;
  }
  const now = from?.replace(/\?$/, "") === to?.replace(/\?$/, "") ? "may be null" : `is ${to}`;
  const end = does === "taken" ? "" : does === "left" ? `, which ${from} does not take: it stays ${from}` : "";
  return `${name} was ${from} and ${now}${end}`;
}

function columnOf(columns: readonly FrozenColumn[], name: string): FrozenColumn | undefined {
  return columns.find((column) => column.name === name);
}
