import type { Column } from "../schema/schema.ts";
import { canonicalType } from "../schema/types.ts";
import { closest } from "./closest.ts";
import { findColumn } from "./find-column.ts";

/** How two lists of columns differ, by name. */
export interface SchemaDifference {
  readonly added: readonly Column[];
  readonly removed: readonly Column[];
  /** Removed and added at the same place with the same type, or with nearly the same name: probably one column. */
  readonly renamed: readonly { readonly from: Column; readonly to: Column }[];
  /** The same name with another type, or with another answer to whether it may be null. */
  readonly retyped: readonly { readonly from: Column; readonly to: Column }[];
  /** Whether the columns that both have stand in another order. */
  readonly reordered: boolean;
  /** A sentence for each difference, in the order above. */
  readonly sentences: readonly string[];
}

/**
 * Compares frozen columns with those found. `nullable` is compared only where the frozen column excludes null.
 *
 * @example
 * diffSchemas([{ name: "id", type: "int64", nullable: false }], [{ name: "id", type: "string", nullable: false }]).sentences;
 * // ['"id" was int64 and is string']
 */
export function diffSchemas(frozen: readonly Column[], found: readonly Column[]): SchemaDifference {
  const removed = frozen.filter((column) => !has(found, column.name));
  const added = found.filter((column) => !has(frozen, column.name));
  const renamed = pairRenamed(removed, added, frozen, found);
  const retyped = frozen.flatMap((from) => {
    const to = findColumn(found, from.name);
    return to !== undefined && (!isSameType(from, to) || (to.nullable && !from.nullable)) ? [{ from, to }] : [];
  });
  const common = frozen.filter((column) => has(found, column.name)).map((column) => column.name);
  const order = found.filter((column) => has(frozen, column.name)).map((column) => column.name);
  const difference = {
    added: added.filter((column) => !renamed.some(({ to }) => to === column)),
    removed: removed.filter((column) => !renamed.some(({ from }) => from === column)),
    renamed,
    retyped,
    reordered: common.some((name, index) => order[index] !== name),
  };
  return { ...difference, sentences: sentencesOf(difference, order) };
}

/** Whether two columns have one type, however its text is written. */
export function isSameType(a: Column, b: Column): boolean {
  return a.type === b.type || canonicalType(a.type) === canonicalType(b.type);
}

/**
 * Whether there is no difference at all.
 *
 * @example
 * isSameSchema(diffSchemas(columns, columns)); // true
 */
export function isSameSchema(difference: SchemaDifference): boolean {
  return difference.sentences.length === 0;
}

function pairRenamed(
  removed: readonly Column[],
  added: readonly Column[],
  frozen: readonly Column[],
  found: readonly Column[],
): readonly { readonly from: Column; readonly to: Column }[] {
  // Sources that have nothing in common are not compared name by name: that takes the product of their columns.
  if (removed.length * added.length > 10_000) return [];
  const free = new Set(added);
  return removed.flatMap((from) => {
    const inPlace = found[frozen.indexOf(from)];
    const isInPlace =
      inPlace !== undefined && free.has(inPlace) && isSameType(inPlace, from) && frozen.length === found.length;
    const near = closest(
      from.name,
      [...free].map((column) => column.name),
    );
    const to = isInPlace ? inPlace : [...free].find((column) => column.name === near);
    if (to === undefined) return [];
    free.delete(to);
    return [{ from, to }];
  });
}

function sentencesOf(difference: Omit<SchemaDifference, "sentences">, order: readonly string[]): readonly string[] {
  const { added, removed, renamed, retyped, reordered } = difference;
  return [
    ...added.map((column) => `"${column.name}" (${column.type}) is new`),
    ...removed.map((column) => `"${column.name}" (${column.type}) is gone`),
    ...renamed.map(({ from, to }) => {
      const type = isSameType(from, to) ? "" : `, and ${from.type} became ${to.type}`;
      return `"${from.name}" is now called "${to.name}"${type}`;
    }),
    ...retyped.map(({ from, to }) =>
      isSameType(from, to) ? `"${from.name}" may be null now` : `"${from.name}" was ${from.type} and is ${to.type}`,
    ),
    ...(reordered ? [`the columns stand in another order: ${shortened(order)}`] : []),
  ];
}

function shortened(names: readonly string[]): string {
  return names.length <= 12 ? names.join(", ") : `${names.slice(0, 12).join(", ")}, and ${names.length - 12} more`;
}

function has(columns: readonly Column[], name: string): boolean {
  return findColumn(columns, name) !== undefined;
}
