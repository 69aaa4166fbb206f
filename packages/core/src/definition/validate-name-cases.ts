import type { PipelineDefinition } from "./definition.ts";
import type { Problems } from "./problems.ts";
import { relationsOf, scansOf } from "./step-graph.ts";

interface Named {
  readonly what: string;
  readonly name: string;
  readonly path: string;
}

/**
 * Reports names that only case tells apart, which an engine takes for one: it would bind one value to both parameters, and
 * read one input for both names.
 *
 * @example
 * validateNameCases({ name: "p", parameters: [who, Who], steps }, problems);
 * // parameters.Who: the parameter "who" and the parameter "Who" differ only by case, which engines ignore
 */
export function validateNameCases({ parameters = [], steps }: PipelineDefinition, problems: Problems): void {
  refuseSimilar(
    parameters.map(({ name }) => ({ what: "the parameter", name, path: `parameters.${name}` })),
    problems,
  );
  const scanned = steps.flatMap((step) =>
    relationsOf(step)
      .flatMap(({ relation }) => scansOf(relation))
      .flatMap((source) =>
        "dataset" in source ? [{ what: "the dataset", name: source.dataset, path: `steps.${step.name}` }] : [],
      ),
  );
  const own = steps.map(({ name }) => ({ what: "the step", name, path: `steps.${name}` }));
  // A step and a dataset are compared when planned: there each dataset is known, those that no scan names too.
  refuseSimilar(scanned, problems);
  refuseSimilar(own, problems);
}

function refuseSimilar(all: readonly Named[], problems: Problems): void {
  const seen = new Map<string, Named>();
  const told = new Set<string>();
  for (const one of all) {
    const before = seen.get(one.name.toLowerCase());
    if (before === undefined) seen.set(one.name.toLowerCase(), one);
    if (before === undefined || before.name === one.name || told.has(one.name)) continue;
    told.add(one.name);
    problems.add(
      one.path,
      `${before.what} "${before.name}" and ${one.what} "${one.name}" differ only by case, which engines ignore`,
      { offending: one.name, hint: "give one of them another name" },
    );
  }
}
