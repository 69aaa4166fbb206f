import { type Acceptance, acceptanceOf, BLANKS_RULE, type FrozenColumn, NULL_RULE } from "@sluice/core";
import { plainText } from "./number-text.ts";
import { quoteText } from "./sql-text.ts";
import { isCastable } from "./text-values.ts";
import { trimmedText } from "./trimmed-text.ts";
import { duckDbTypeOf } from "./types.ts";

/**
 * The exact rule of a column over its text: a condition that is true where the text is refused, else false; and the words
 * for why. The fast condition of `strict.ts` accepts only what this one does.
 */
export interface ExactRule {
  readonly column: string;
  readonly isBad: string;
  readonly rule: string;
}

/** @param found the term that holds the text; the column itself where absent */
export function exactRule(column: FrozenColumn, found?: string): ExactRule | undefined {
  const text = trimmedText(column, found);
  const acceptance = acceptanceOf(column);
  if (acceptance.kind === "string") {
    if (column.nullable) return undefined;
    return { column: column.name, isBad: `${text} is null`, rule: quoteText(NULL_RULE) };
  }
  const { notation } = acceptance;
  const isNull = acceptance.kind === "enum" ? `${text} is null` : `coalesce(${text}, '') = ''`;
  const isWritten = notation === undefined ? undefined : matches(text, notation.pattern);
  const plain = plainText(text, notation);
  const fits = acceptance.pattern === undefined ? undefined : matches(plain, acceptance.pattern);
  const isValue = valueCondition(plain, acceptance, column);
  const accepted = [isWritten, fits, isValue].filter((condition) => condition !== undefined).join(" and ") || "true";
  // Only `case` keeps DuckDB from evaluating what stands behind.
  const isBad = `case when ${isNull} then ${!column.nullable} else not (${accepted}) end`;
  const beyond = quoteText(acceptance.beyond ?? acceptance.misfit);
  const choose = (reasons: Acceptance["reasons"], over: string): string => {
    const misfits = reasons.map((reason) => `when ${matches(over, reason.pattern)} then ${quoteText(reason.rule)}`);
    return misfits.length === 0
      ? quoteText(acceptance.misfit)
      : `case ${misfits.join(" ")} else ${quoteText(acceptance.misfit)} end`;
  };
  const judged =
    fits === undefined ? beyond : `case when ${fits} then ${beyond} else ${choose(acceptance.reasons, plain)} end`;
  const blanks = acceptance.reasons.filter(({ rule }) => rule === BLANKS_RULE);
  const words =
    isWritten === undefined ? judged : `case when ${isWritten} then ${judged} else ${choose(blanks, text)} end`;
  return { column: column.name, isBad, rule: `case when ${isNull} then ${quoteText(NULL_RULE)} else ${words} end` };
}

function matches(text: string, pattern: string): string {
  return `regexp_full_match(${text}, ${quoteText(pattern)})`;
}

/** Whether a text that has the right letters is a value. */
function valueCondition(text: string, acceptance: Acceptance, column: FrozenColumn): string | undefined {
  const value = `try_cast(${text} as ${duckDbTypeOf(column.type)})`;
  if (acceptance.range !== undefined) return `${value} is not null`;
  if (acceptance.layout !== undefined && acceptance.beyond !== undefined) {
    if (isCastable(acceptance.layout)) return `${value} is not null`;
    return `try_strptime(${text}, ${quoteText(acceptance.layout)}) is not null`;
  }
  switch (acceptance.kind) {
    case "float32":
    case "float64":
      return `coalesce(isfinite(${value}) or regexp_matches(${text}, '[nN]'), false)`;
    case "json":
      return jsonCondition(text);
    default:
      return undefined;
  }
}

/** DuckDB's own test takes commas before a closing bracket, and NaN and infinity, outside of strings. */
export function jsonCondition(text: string): string {
  const bare = `regexp_replace(${text}, '"(?:[^"\\\\]|\\\\.)*"', '""', 'g')`;
  return `(json_valid(${text}) and not regexp_matches(${bare}, '(?i)nan|inf|,\\s*[\\]}]'))`;
}
