import type { LogicalType } from "@sluice/core";
import { quoteText } from "./sql-text.ts";

/** What a value that holds no others is in JSON, as a term of text; null where the value is. */
export type JsonLeaf = (type: LogicalType, term: string) => string;

/**
 * What a value is in JSON, as a term of text; null where the value is. DuckDB's own printing reads JSON within lists and structs anew,
 * as doubles: so their brackets are written here, and only what is between them by others.
 */
export function jsonOf(type: LogicalType, term: string, leaf: JsonLeaf, depth = 0): string {
  const inner = (part: LogicalType, value: string): string =>
    `coalesce(${jsonOf(part, value, leaf, depth + 1)}, 'null')`;
  const item = `i${depth}`;
  switch (type.kind) {
    case "json":
      // Between its tokens only: in its strings they are written as \n and \r.
      return `replace(replace(cast(${term} as varchar), chr(10), ' '), chr(13), ' ')`;
    case "list":
      return `'[' || array_to_string(list_transform(${term}, lambda ${item}: ${inner(type.item, item)}), ',') || ']'`;
    case "map": {
      const key = `cast(to_json(cast(${item}."key" as varchar)) as varchar)`;
      const pair = `${key} || ':' || ${inner(type.value, `${item}."value"`)}`;
      return `'{' || array_to_string(list_transform(map_entries(${term}), lambda ${item}: ${pair}), ',') || '}'`;
    }
    case "struct": {
      const fields = type.fields.map(([name, field], index) => {
        const key = quoteText(`${index === 0 ? "{" : ","}${JSON.stringify(name)}:`);
        return `${key} || ${inner(field, `struct_extract(${term}, ${quoteText(name)})`)}`;
      });
      return `case when ${term} is null then null else ${fields.join(" || ") || "'{'"} || '}' end`;
    }
    default:
      return leaf(type, term);
  }
}
