import { isPipeline, type Locations, type Pipeline, SluiceError, type SourceLocation } from "@sluice/core";
import { authorFrame } from "./author-error.ts";
import type { LoadedPipeline } from "./pick-pipeline.ts";
import { findSecret } from "./secrets.ts";

/**
 * The pipeline that a module exports by default, with where its steps were written.
 *
 * @throws SluiceError `config` where it exports something else
 */
export function pipelineOf(value: unknown, file: string, root: string): LoadedPipeline {
  if (!isPipeline(value)) {
    const what = value === undefined ? "has no default export" : "exports something else than a pipeline by default";
    throw new SluiceError("config", `the file ${what}`, {
      at: { file },
      hint: "write: export default definePipeline({ … })",
    });
  }
  const { definition } = value;
  const misplaced = findSecret(definition);
  if (misplaced !== undefined) {
    throw new SluiceError("config", `a secret stands in "${misplaced.path}"; secrets are legal in connections only`, {
      at: placeOf(value, "", { file, root }),
      offending: misplaced.name,
      hint: "put it under connections in sluice.config.ts",
    });
  }
  const tasks = new Map(
    definition.steps.flatMap(({ kind, name }) => (kind === "task" ? [[name, value.taskFunction(name)] as const] : [])),
  );
  return { name: definition.name, file, definition, locations: locationsOf(value, { file, root }), tasks };
}

function locationsOf(pipeline: Pipeline, place: { readonly file: string; readonly root: string }): Locations {
  const names = ["", ...pipeline.definition.steps.map((step) => step.name)];
  const steps = names.map((name) => [name, placeOf(pipeline, name, place)] as const);
  return { file: place.file, steps: new Map(steps) };
}

function placeOf(
  pipeline: Pipeline,
  step: string,
  { file, root }: { readonly file: string; readonly root: string },
): { readonly file: string; readonly line: number; readonly column: number } {
  const found: SourceLocation | undefined = authorFrame(pipeline.callSite(step), root);
  return { file: found?.file ?? file, line: found?.line ?? 1, column: found?.column ?? 1 };
}
