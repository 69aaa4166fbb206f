import { didYouMean } from "../infer/closest.ts";
import type { Address } from "../schema/frozen.ts";
import type { ParameterDefinition } from "./definition.ts";
import type { ProblemDetails } from "./problems.ts";
import { templateParameters } from "./targets.ts";

/**
 * What is wrong with the `{name}`s in an address: each has to be a parameter of the pipeline that always has a value.
 *
 * @example
 * templateProblems({ type: "file", path: "data/{dya}.csv" }, [{ name: "day", type: "date" }]);
 * // [["data/{dya}.csv needs the parameter \"dya\", which the pipeline does not declare", { offending: "{dya}", hint: 'did you mean "day"?' }]]
 */
export function templateProblems(
  address: Address,
  parameters: readonly ParameterDefinition[],
): readonly (readonly [message: string, details: ProblemDetails])[] {
  return templateParameters(address).flatMap((name) => {
    const parameter = parameters.find((one) => one.name === name);
    const offending = `{${name}}`;
    if (parameter === undefined) {
      const known = parameters.map((one) => one.name);
      const message = `${String(address.path)} needs the parameter "${name}", which the pipeline does not declare`;
      return [[message, { offending, hint: didYouMean(name, known, "parameters") }] as const];
    }
    if (parameter.default !== null) return [];
    const message = `${String(address.path)} needs a value of the parameter "${name}", whose default is null`;
    return [[message, { offending, hint: "give it another default, or none: then it has to be given" }] as const];
  });
}
