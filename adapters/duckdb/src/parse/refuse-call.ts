import { catalogue, didYouMean, entryOf, functionWords, parseSignature } from "@sluice/core";
import { type Context, refuse } from "./context.ts";
import { functionAdvice } from "./lookup.ts";
import type { Tree } from "./tree.ts";

/** Says what to write instead of a function that is none of the catalogue. */
export function refuseFunction(context: Context, tree: Tree, written: string): never {
  const advice = functionAdvice.get(written);
  const known = [...functionWords(), "now", "today"];
  const own = Object.keys(catalogue).find((name) => name.toLowerCase() === written);
  const hint =
    advice ?? (own === undefined ? didYouMean(written, known, "functions") : `write it as in ${exampleOf(own)}`);
  return refuse(context, tree, `there is no function ${written}`, hint, written);
}

function exampleOf(name: string): string {
  return entryOf(name)?.example.text ?? name;
}

/** Refuses a call with more or fewer arguments than any signature takes. */
export function checkCount(context: Context, tree: Tree, written: string, name: string, count: number): void {
  const signatures = (entryOf(name)?.signatures ?? []).map(parseSignature);
  const fits = signatures.some(({ parameters }) => {
    const least = parameters.filter((parameter) => !parameter.optional && !parameter.rest).length;
    const most = parameters.some((parameter) => parameter.rest) ? Number.POSITIVE_INFINITY : parameters.length;
    return count >= least && count <= most;
  });
  if (fits) return;
  const shown = written === "count_star" ? "count" : written;
  const many = count === 1 ? "1 argument" : `${count} arguments`;
  refuse(context, tree, `${shown} does not take ${many}`, `for example ${exampleOf(name)}`, shown);
}
