import { detailsOf, SluiceError } from "../errors.ts";
import type { Locations } from "./definition.ts";

/**
 * The same error, its path inside the definition turned into a place in the author's files: of the nearest member that
 * the locations know, else of its step, else of the pipeline.
 *
 * @example
 * placeError(error, locations).at; // { file: "pipelines/chicago.yaml", line: 9, column: 21, path: "steps.crash.query.filter" }
 */
export function placeError(error: SluiceError, locations: Locations): SluiceError {
  const path = error.at?.path;
  if (path === undefined || (error.at?.file ?? "") !== "") return error;
  const at = { ...placeOf(path, locations), path };
  const offending = error.offending ?? nearest(path, locations)?.text;
  return new SluiceError(error.code, error.message, {
    ...detailsOf(error),
    at,
    ...(offending === undefined ? {} : { offending }),
  });
}

function placeOf(path: string, locations: Locations): { file: string; line?: number; column?: number } {
  const found = nearest(path, locations);
  const step = locations.steps.get(stepOfPath(path) ?? "") ?? locations.steps.get("");
  if (found !== undefined) return { file: step?.file ?? locations.file, line: found.line, column: found.column };
  return step ?? { file: locations.file };
}

function nearest(path: string, { paths }: Locations): { line: number; column: number; text: string } | undefined {
  if (paths === undefined) return undefined;
  for (let part = path; part !== ""; part = part.replace(/(^|\.)[^.]*$/, "")) {
    const found = paths.get(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The step that a path is in, or undefined.
 *
 * @example
 * stepOfPath("steps.crash.query.filter"); // "crash"
 */
export function stepOfPath(path: string): string | undefined {
  return /^steps\.([^.]+)/.exec(path)?.[1];
}
