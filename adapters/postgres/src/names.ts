import type { TableName } from "@sluice/core";

/** A name as SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text constant as SQL. */
export function quotedText(text: string): string {
  const plain = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${plain.replaceAll("\\", "\\\\")}` : plain;
}

/** A table as SQL. */
export function quotedTable({ schema, table }: TableName): string {
  return schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
}

/** Names as a list of SQL identifiers. */
export function columnList(names: readonly string[], prefix = ""): string {
  return names.map((name) => `${prefix}${quoted(name)}`).join(", ");
}

/**
 * The name as a person writes it: quotes only where a dot or a quote would be misread. Capital letters need none: names are
 * taken as they are written.
 *
 * @example
 * shownTable({ schema: "public", table: "crash" }); // "public.crash"
 */
export function shownTable({ schema, table }: TableName): string {
  const shown = (name: string): string => (/[."]/.test(name) || name === "" ? quoted(name) : name);
  return schema === undefined ? shown(table) : `${shown(schema)}.${shown(table)}`;
}
