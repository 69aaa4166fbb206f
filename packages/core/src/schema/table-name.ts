import { SluiceError } from "../errors.ts";

/** A table by its schema and its own name, as databases have them. */
export interface TableName {
  readonly schema: string | undefined;
  readonly table: string;
}

/**
 * Reads `table`, `schema.table` and `"a.b"."c"`. Capital letters need no quotes: names are taken as they are written.
 *
 * @example
 * parseTableName('public."My.Table"'); // { schema: "public", table: "My.Table" }
 * @throws SluiceError `config`
 */
export function parseTableName(written: string): TableName {
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
