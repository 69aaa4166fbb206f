import { SluiceError } from "@sluice/core";

/** A table by its schema and its own name; without a schema it is looked for, and made, where the search path says. */
export interface TableName {
  readonly schema: string | undefined;
  readonly table: string;
}

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

/**
 * Reads `table`, `schema.table` and `"a.b"."c"`.
 *
 * @example
 * parseTable('public."My.Table"'); // { schema: "public", table: "My.Table" }
 * @throws SluiceError `config`
 */
export function parseTable(written: string): TableName {
  const part = '("(?:[^"]|"")+"|[^."]+)';
  const found = new RegExp(`^(?:${part}\\.)?${part}$`, "s").exec(written);
  if (found === null) {
    throw new SluiceError("config", `"${written}" is no name of a table`, {
      offending: written,
      hint: 'write table, schema.table, or "a.b"."c" where a name has a dot in it',
    });
  }
  const plain = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);
  const [, schema, table = ""] = found;
  return { schema: schema === undefined ? undefined : plain(schema), table: plain(table) };
}
