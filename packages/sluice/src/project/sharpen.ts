import { readFileSync } from "node:fs";
import { detailsOf, type Locations, SluiceError, type SourceLocation } from "@sluice/core";
import { findWord, type WordPlace } from "./find-word.ts";
import { isYaml } from "./list-files.ts";

/** How far below the start of a step its text is looked for. */
const MOST_LINES = 300;

/**
 * The same error at the offending text itself, where the step it is in is known and the text stands below its start: a
 * definition in TypeScript knows where a step was made, not where each of its columns is named. Where several places fit
 * it stays at the step: a wrong place is worse than a wide one.
 */
export function sharpen(error: SluiceError, locations: Locations): SluiceError {
  const { at, offending } = error;
  if (at?.line === undefined) return error;
  if (isYaml(at.file)) return atColumn(error, at, locations);
  if (offending === undefined || offending === "") return error;
  const text = textOf(at.file);
  if (text === undefined) return error;
  const start = at.line - 1;
  const starts = [...locations.steps.values()].filter((place) => place.file === at.file).map(({ line }) => line - 1);
  const end = Math.min(start + MOST_LINES, ...starts.filter((line) => line > start));
  const inStep = findWord(text, offending, { from: start, to: end });
  // A relation may be written before the step that reads it; a text that stands there once can only be the one meant.
  const places = inStep.length > 0 ? inStep : findWord(text, offending, { from: 0, to: Number.POSITIVE_INFINITY });
  const [first, second] = places;
  return first === undefined || second !== undefined ? error : movedTo(error, at, first);
}

/** In YAML: at the expression of a column, where the error is said of all columns together and names what is in one. */
function atColumn(error: SluiceError, at: SourceLocation, { paths }: Locations): SluiceError {
  const { path } = at;
  if (path === undefined || paths === undefined) return error;
  const columns = [...paths].filter(([key]) => key.startsWith(`${path}.`) && !key.slice(path.length + 1).includes("."));
  const { offending = "", message } = error;
  const word = new RegExp(`(?<![\\w$])${offending.replace(/[^\w]/g, "\\$&")}(?![\\w$])`);
  const holding = offending === "" ? [] : columns.filter(([, { text }]) => word.test(text));
  const named = columns.filter(([key]) => message.includes(`"${key.slice(path.length + 1)}"`));
  const only = [holding, named].find((found) => found.length === 1)?.[0]?.[1];
  return only === undefined ? error : movedTo(error, at, { row: only.line - 1, column: only.column - 1 });
}

function movedTo(error: SluiceError, at: SourceLocation, { row, column }: WordPlace): SluiceError {
  const place = { ...at, line: row + 1, column: column + 1 };
  return new SluiceError(error.code, error.message, { ...detailsOf(error), at: place });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
