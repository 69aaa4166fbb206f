import { SluiceError } from "../errors.ts";

/** What an aggregate is called with besides its arguments. */
export interface CallClauses {
  /** `distinct ` or nothing: the `$distinct` of a rendering, or before its first argument. */
  readonly distinct?: string;
  /** The terms after `order by`: `$order`. */
  readonly order?: string;
  /** ` filter (where …)`: `$filter`, or at the end. */
  readonly filter?: string;
}

/**
 * Fills a rendering with arguments: `$1` is the first, `$*` all and `$2*` the second and all behind it, separated by commas,
 * or by what stands in brackets behind (`$*[ and ]`), `$2**` the second and every other one behind it; a part in braces is
 * left out where its argument is absent. An aggregate that is more than one call says where its clauses stand: `$distinct`,
 * `$order`, `$filter`.
 * Each argument must be a closed term (a name, a literal, a call, or in parentheses); the result is not one.
 *
 * @example
 * renderCall("substring($1, $2{, $3})", ["name", "1"]); // "substring(name, 1)"
 */
export function renderCall(
  template: string,
  renderedArguments: readonly string[],
  { distinct = "", order = "", filter = "" }: CallClauses = {},
): string {
  const isPlaced = template.includes("$distinct");
  const terms = isPlaced
    ? renderedArguments
    : renderedArguments.map((term, index) => (index === 0 ? distinct : "") + term);
  const present = template.replace(/\{([^{}]*)\}/g, (_, part: string) => {
    const used = [...part.matchAll(/\$(\d+)/g)].map((match) => Number(match[1]));
    return used.every((index) => index <= terms.length) ? part : "";
  });
  const clauses: Readonly<Record<string, string>> = { distinct, order, filter };
  const text = present.replace(
    /\$(\d*)(\*\*?)(?:\[([^\]]*)\])?|\$(\d+)|\$(distinct|order|filter)/g,
    (whole, from: string | undefined, stars: string | undefined, separator: string | undefined, index, clause) => {
      if (clause !== undefined) return clauses[clause] ?? "";
      if (stars !== undefined) {
        const rest = terms.slice(Number(from || "1") - 1);
        const taken = stars === "**" ? rest.filter((_, place) => place % 2 === 0) : rest;
        return taken.join(separator ?? ", ");
      }
      const argument = terms[Number(index) - 1];
      if (argument !== undefined) return argument;
      throw new SluiceError("internal", `the rendering "${template}" asks for ${whole}, which is not there`);
    },
  );
  return template.includes("$filter") ? text : text + filter;
}
