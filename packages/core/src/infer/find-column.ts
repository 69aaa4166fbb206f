import type { Column } from "../schema/schema.ts";

const indexes = new WeakMap<readonly Column[], ReadonlyMap<string, Column>>();

/** The column of that name. Lists are indexed once: tables of thousands of columns are asked for each of them. */
export function findColumn(columns: readonly Column[], name: string): Column | undefined {
  if (columns.length < 16) return columns.find((column) => column.name === name);
  let index = indexes.get(columns);
  if (index === undefined) {
    index = new Map(columns.map((column) => [column.name, column]));
    indexes.set(columns, index);
  }
  return index.get(name);
}
