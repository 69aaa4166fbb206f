import { didYouMean } from "@sluice/core";

/**
 * What DuckDB says beside its first line when SQL is wrong: the word that is, and the closest right one.
 *
 * @example
 * configDetails('Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "note"');
 * // { offending: "nope", hint: 'did you mean "note"?' }
 */
export function configDetails(text: string): { readonly offending?: string; readonly hint?: string } {
  const [first = ""] = text.split("\n");
  const offending = offendingIn(first);
  const hint = hintIn(text, offending);
  return { ...(offending === undefined ? {} : { offending }), ...(hint === undefined ? {} : { hint }) };
}

const NAMED: readonly RegExp[] = [
  /does not have a column named "([^"]+)"/,
  /with name "?([^"\s]+)"? does not exist/,
  /(?:column name|column|table|near|name) "([^"]+)"/i,
];

function offendingIn(line: string): string | undefined {
  for (const pattern of NAMED) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

function hintIn(text: string, offending: string | undefined): string | undefined {
  const candidates = /^Candidate (bindings|tables):(.*)$/m.exec(text);
  if (candidates !== null && offending !== undefined) {
    const [, bindings, list = ""] = candidates;
    const kind = bindings === "tables" ? "tables" : "columns";
    const names = [...list.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name = ""]) => name.replaceAll('""', '"'));
    // The engine names those that it takes for near, and not all.
    if (names.length > 0) return didYouMean(offending, names, `the nearest ${kind}`);
  }
  const meant = /^Did you mean "([^"]+)"\?/m.exec(text)?.[1];
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return /^Either add it to the GROUP BY list[^\n]*/m
    .exec(text)?.[0]
    ?.replace(/^Either/, "either")
    .replace(/\.$/, "");
}
