import { SluiceError } from "../errors.ts";

/**
 * Fills a rendering with arguments: `$1` is the first, `$*` all and `$2*` the second and all behind it, separated by commas,
 * or by what stands in brackets behind (`$*[ and ]`); a part in braces is left out where its argument is absent.
 * Each argument must be a closed term (a name, a literal, a call, or in parentheses); the result is not one.
 *
 * @example
 * renderCall("substring($1, $2{, $3})", ["name", "1"]); // "substring(name, 1)"
 */
export function renderCall(template: string, renderedArguments: readonly string[]): string {
  const present = template.replace(/\{([^{}]*)\}/g, (_, part: string) => {
    const used = [...part.matchAll(/\$(\d+)/g)].map((match) => Number(match[1]));
    return used.every((index) => index <= renderedArguments.length) ? part : "";
  });
  return present.replace(
    /\$(\d*)\*(?:\[([^\]]*)\])?|\$(\d+)/g,
    (whole, from: string | undefined, separator: string | undefined, index: string | undefined) => {
      if (index === undefined) return renderedArguments.slice(Number(from || "1") - 1).join(separator ?? ", ");
      const argument = renderedArguments[Number(index) - 1];
      if (argument !== undefined) return argument;
      throw new SluiceError("internal", `the rendering "${template}" asks for ${whole}, which is not there`);
    },
  );
}
