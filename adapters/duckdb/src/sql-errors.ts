import { closest } from "@sluice/core";

/** What DuckDB says of SQL that is wrong, and how sluice says it. */
export interface SqlRule {
  readonly pattern: RegExp;
  readonly message: (found: RegExpExecArray, text: string) => string;
  /** In place of what DuckDB proposes. */
  readonly hint?: (found: RegExpExecArray, text: string) => string | undefined;
  readonly offending?: (found: RegExpExecArray) => string | undefined;
}

const OF_ENVIRONMENT = "a query sees no environment: give the value with --param name=value, and write $name";

/** `'upper(BIGINT, INTEGER_LITERAL)'` as it would be written: the engine's own kinds of constants are types too. */
function callText(written: string): string {
  return written.replaceAll("_LITERAL", "").replace(/\((.*)\)$/s, (_, types: string) => `(${types.toLowerCase()})`);
}

/** The calls that there are, of the function that was called. */
function candidates(text: string): string | undefined {
  const [, list = ""] = /Candidate functions:\n([\s\S]*?)(?:\n\n|\nLINE|$)/.exec(text) ?? [];
  const calls = list.split("\n").map((line) => callText(line.replace(/ -> .*/, "").trim()));
  // Of an operator there are too many to name.
  const known = [...new Set(calls.filter((call) => /^\w+\(/.test(call)))].slice(0, 4);
  return known.length === 0 ? undefined : `it is ${known.join(", ")}: cast the values to one of these`;
}

/** In the order in which they are tried; what none of them knows is said in the words of DuckDB. */
export const SQL_RULES: readonly SqlRule[] = [
  {
    pattern: /^Catalog Error: [\w ]*Function with name "?([^"\s]+)"? does not exist!/,
    message: ([, name]) => `there is no function ${name}`,
    hint: ([, name = ""], text) => {
      if (name.toLowerCase() === "getenv") return OF_ENVIRONMENT;
      const meant = /^Did you mean "([^"]+)"\?/m.exec(text)?.[1];
      const near = meant === undefined ? undefined : closest(name, [meant]);
      return near === undefined ? "a query calls the functions of DuckDB" : `did you mean "${near}"?`;
    },
  },
  {
    pattern: /^Binder Error: Referenced column "((?:[^"]|"")*)" not found in FROM clause!/,
    message: ([, name]) => `there is no column "${name}"`,
  },
  {
    pattern: /^Binder Error: Table "([^"]*)" does not have a column named "([^"]*)"/,
    message: ([, table, name]) => `"${table}" has no column "${name}"`,
  },
  {
    pattern: /^Binder Error: Referenced table "([^"]*)" not found!/,
    message: ([, name]) => `nothing that is read here is named "${name}"`,
  },
  {
    pattern: /^Binder Error: Ambiguous reference to column name "([^"]*)" \(use: (.*)\)/,
    message: ([, name]) => `several of what is read here have a column "${name}"`,
    hint: ([, , uses = ""]) => `say which: ${uses.replaceAll('"', "")}`,
  },
  {
    pattern: /^Binder Error: column "?([^"]*?)"? must appear in the GROUP BY clause/,
    message: ([, name]) => `"${name}" is neither grouped by nor in an aggregate`,
  },
  {
    pattern: /^Binder Error: No function matches the given name and argument types '([\s\S]*?)'\. You might/,
    message: ([, written = ""]) => `there is no ${callText(written)}`,
    hint: (_, text) => candidates(text) ?? "cast the values to types that it takes",
    offending: ([, written = ""]) => written.split("(")[0],
  },
  {
    pattern: /^Binder Error: Cannot compare values of type (.+?) and (?:values )?(?:of )?type (.+?)(?: -|$)/m,
    message: ([, one = "", other = ""]) => `${one.toLowerCase()} and ${other.toLowerCase()} cannot be compared`,
    hint: () => "cast one of them to the type of the other",
  },
  {
    pattern: /^Binder Error: Set operations can only apply to expressions with the same number of result columns/,
    message: () => "both sides of a union, intersect or except give as many columns",
    hint: () => "name the same columns on both sides, or write union by name",
  },
  {
    pattern: /^Binder Error: (ORDER|GROUP BY) term out of range - should be between 1 and (\d+)/,
    message: ([, what, most]) =>
      `${what === "ORDER" ? "order" : "group"} by names columns by numbers from 1 to ${most}`,
  },
  {
    pattern: /^Permission Error/,
    message: () => "a query may not reach outside of what it reads",
    hint: () => "name files in from: from 'data/x.csv'",
  },
];
