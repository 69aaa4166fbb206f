import { acceptanceOf, type FrozenColumn } from "@sluice/core";
import { plainText } from "./number-text.ts";
import { quoteText } from "./sql-text.ts";
import { trimmedText } from "./trimmed-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** Layouts that DuckDB's own cast reads, several times faster than `strptime`; the lexical rule was checked before. */
const CASTABLE = /^(?:%Y-%m-%d)?(?:(?<=d)[ T])?(?:(?:^|(?<=[ T]))%H:%M:%S(?:\.(?:%g|%f))?)?$/;

/** Whether a cast has to read the layout, because `strptime` cannot: its fraction may be absent. */
export function isCastable(layout: string): boolean {
  return layout.includes("%.f");
}

/** Layouts of ISO 8601: of them, the text of a value is what any database reads as it. */
const ISO = /^%Y-%m-%d(?:[ T]%H:%M:%S(?:\.(?:%g|%f))?)?$/;

/** Whether the text of a column, once it is accepted, is a way to write a value of its type that needs no explanation. */
export function isVerbatim(column: FrozenColumn): boolean {
  const { kind, layout, notation } = acceptanceOf(column);
  if (column.trim === true || notation !== undefined) return false;
  if (kind === "date" || kind === "timestamp") return layout !== undefined && ISO.test(layout);
  return kind === "decimal" || kind === "float64" || /^u?int/.test(kind);
}

/**
 * The value of a column of text that was found to be accepted, typed. An empty text is null; `safe` gives null where the
 * value does not exist after all (the 30th of February).
 *
 * @param text the term that holds the text; the column itself where absent
 */
export function textValue(column: FrozenColumn, safe: "safe" | "sure", text?: string): string {
  const name = trimmedText(column, text);
  const { kind, layout, words, notation } = acceptanceOf(column);
  const target = duckDbTypeOf(column.type);
  switch (kind) {
    case "string":
      return name;
    case "bool":
      return words === undefined ? `try_cast(${name} as boolean)` : boolValue(name, words);
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz": {
      const text = `nullif(${name}, '')`;
      const isPlain = layout !== undefined && (isCastable(layout) || (CASTABLE.test(layout) && kind !== "timestamptz"));
      if (isPlain) return `${safe === "safe" ? "try_cast" : "cast"}(${text} as ${target})`;
      return `cast(${safe === "safe" ? "try_strptime" : "strptime"}(${text}, ${quoteText(layout ?? "")}) as ${target})`;
    }
    case "bytes":
      return `unhex(regexp_replace(nullif(${name}, ''), '^\\\\x', ''))`;
    default:
      return `try_cast(${plainText(name, notation)} as ${target})`;
  }
}

function boolValue(name: string, words: readonly [readonly string[], readonly string[]]): string {
  const branches = words.map(
    (list, index) => `when lower(${name}) in (${list.map(quoteText).join(", ")}) then ${index === 0}`,
  );
  return `case ${branches.join(" ")} end`;
}
