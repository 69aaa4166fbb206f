import {
  canonicalJson,
  diffSchemas,
  type FrozenColumn,
  type FrozenDataset,
  frozenIdentity,
  type SchemaDifference,
} from "@sluice/core";

/** How a dataset as it is now differs from what was frozen. */
export interface DriftReport {
  readonly columns: SchemaDifference;
  /** A sentence for each difference, for people; empty where nothing differs that decides what is read. */
  readonly sentences: readonly string[];
}

/**
 * What a new look at a source changes: columns, how their text is read, the dialect, what the author declared.
 *
 * @example
 * diff(before, after).sentences; // ['"zip" was int64 and is string', 'the delimiter was "," and is ";"']
 */
export function diff(before: FrozenDataset, after: FrozenDataset): DriftReport {
  const columns = diffSchemas(before.columns, after.columns);
  const sentences = [
    ...columns.sentences,
    ...readingChanges(before.columns, after.columns),
    ...memberChanges(before.dialect ?? {}, after.dialect ?? {}),
    ...memberChanges(policies(before), policies(after)),
  ];
  const isSame = canonicalJson(frozenIdentity(before)) === canonicalJson(frozenIdentity(after));
  return { columns, sentences: isSame ? [] : sentences };
}

/** The same name and type, written another way. */
function readingChanges(before: readonly FrozenColumn[], after: readonly FrozenColumn[]): readonly string[] {
  return before.flatMap((from) => {
    const to = after.find((column) => column.name === from.name && column.type === from.type);
    if (to === undefined) return [];
    const format =
      to.format === from.format ? [] : [`"${from.name}" was written ${shown(from.format)} and is ${shown(to.format)}`];
    const formats =
      canonicalJson(to.formats ?? null) === canonicalJson(from.formats ?? null)
        ? []
        : [`times in "${from.name}" were written ${shown(from.formats)} and are ${shown(to.formats)}`];
    const words =
      canonicalJson(to.words ?? null) === canonicalJson(from.words ?? null)
        ? []
        : [`"${from.name}" had the words ${shown(from.words)} and has ${shown(to.words)}`];
    const marks = (["decimal", "thousands", "nulls", "partition", "trim"] as const).flatMap((name) =>
      canonicalJson(to[name] ?? null) === canonicalJson(from[name] ?? null)
        ? []
        : [`"${from.name}" had ${name} ${shown(from[name])} and has ${shown(to[name])}`],
    );
    const span =
      canonicalJson(to.span ?? null) === canonicalJson(from.span ?? null)
        ? []
        : [`"${from.name}" stood at ${shown(from.span)} and stands at ${shown(to.span)}`];
    const nullable = from.nullable && !to.nullable ? [`"${from.name}" is required now`] : [];
    return [...format, ...formats, ...words, ...marks, ...span, ...nullable];
  });
}

function policies({ source, maxRejects, validate, drift, reordered, stage, partial }: FrozenDataset): object {
  return { source, maxRejects, validate, drift, reordered, stage, partial };
}

function memberChanges(before: object, after: object): readonly string[] {
  const then = new Map(Object.entries(before));
  const now = new Map(Object.entries(after));
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((name) =>
    canonicalJson(then.get(name) ?? null) === canonicalJson(now.get(name) ?? null)
      ? []
      : [`the ${name} was ${shown(then.get(name))} and is ${shown(now.get(name))}`],
  );
}

function shown(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}
