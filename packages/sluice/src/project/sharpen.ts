import { readFileSync } from "node:fs";
import { detailsOf, type Locations, SluiceError, type SourceLocation } from "@sluice/core";

/** How far below the start of a step its text is looked for. */
const MOST_LINES = 300;

/**
 * The same error at the offending text itself, where the step it is in is known and the text stands below its start:
 * a definition in TypeScript knows where a step was made, not where each of its columns is named.
 */
export function sharpen(error: SluiceError, { steps }: Locations): SluiceError {
  const { at, offending } = error;
  if (at?.line === undefined || offending === undefined || offending === "") return error;
  const lines = textOf(at.file)?.split(/\r\n|\n|\r/);
  if (lines === undefined || lines[at.line - 1]?.includes(offending) === true) return error;
  const starts = [...steps.values()].filter((place) => place.file === at.file).map((place) => place.line);
  const end = Math.min(
    at.line + MOST_LINES,
    lines.length,
    ...starts.filter((line) => line > (at.line ?? 0)).map((line) => line - 1),
  );
  const word = new RegExp(`(?<![\\w$])${offending.replace(/[^\w]/g, "\\$&")}(?![\\w$])`);
  for (let row = at.line; row < end; row++) {
    const column = lines[row]?.search(word) ?? -1;
    if (column === -1) continue;
    return movedTo(error, at, row, column);
  }
  // A relation may be written before the step that reads it; a text that stands there once can only be the one meant.
  const [first, second] = lines.flatMap((line, row) => (word.test(line) ? [row] : []));
  if (first === undefined || second !== undefined) return error;
  return movedTo(error, at, first, lines[first]?.search(word) ?? 0);
}

function movedTo(error: SluiceError, at: SourceLocation, row: number, column: number): SluiceError {
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
