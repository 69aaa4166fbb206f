import { readFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { SluiceError, SourceLocation } from "@sluice/core";
import { shortPath } from "../../project/short-path.ts";
import type { Paint } from "./terminal.ts";
import { padText, plainText, textWidth } from "./text-width.ts";

export interface RenderOptions {
  readonly paint: Paint;
  readonly verbose: boolean;
  /** What paths are shown relative to. */
  readonly folder: string;
  /** The text of a file, or undefined where it cannot be read. */
  readonly readText: (file: string) => string | undefined;
}

/** The text of a file of the author's, for showing the line an error is in. */
export function readTextFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * An error as a good compiler says it: what, where, the line with the offending text marked, what to do.
 *
 * ```
 * error[config]: no step is named "crahs"
 *   --> pipelines/chicago.yaml:9:21
 *    |
 *  9 |   load: { from: crahs, into: sqlite.chicago.crash }
 *    |                 ^^^^^
 *    = did you mean "crash"?
 * ```
 */
export function renderError(error: SluiceError, options: RenderOptions): string {
  const { paint } = options;
  const kind = error.reason === undefined ? error.code : `${error.code}: ${error.reason}`;
  const [first = "", ...rest] = error.message.split("\n");
  const lines = [`${paint("red", `error[${kind}]`)}${paint("bold", `: ${plainText(first)}`)}`];
  lines.push(...rest.map((line) => `  ${plainText(line)}`));
  const place = error.at === undefined ? undefined : renderPlace(error.at, error.offending, options);
  lines.push(...(place?.lines ?? []));
  if (error.hint !== undefined) {
    const margin = " ".repeat(place?.margin ?? 2);
    for (const [index, line] of error.hint.split("\n").entries()) {
      lines.push(`${margin} ${paint("blue", index === 0 ? "=" : " ")} ${plainText(line)}`);
    }
  }
  if (options.verbose) lines.push(...stackLines(error).map((line) => paint("dim", line)));
  return lines.join("\n");
}

function renderPlace(
  at: SourceLocation,
  offending: string | undefined,
  { paint, folder, readText }: RenderOptions,
): { readonly lines: readonly string[]; readonly margin: number } {
  const path = isAbsolute(at.file) ? at.file : resolve(folder, at.file);
  const shown = shortPath(path, folder);
  const where = [shown, ...(at.line === undefined ? [] : [at.line, ...(at.column === undefined ? [] : [at.column])])];
  const whole = at.line === undefined ? undefined : readText(path)?.split(/\r\n|\n|\r/)[at.line - 1];
  const { line, column } = excerptOf(whole, at.column, offending);
  const margin = line === undefined ? 2 : String(at.line).length + 1;
  const inside = at.path === undefined || at.line !== undefined ? "" : ` (${at.path})`;
  const lines = [`${" ".repeat(margin)}${paint("blue", "-->")} ${where.join(":")}${inside}`];
  if (line !== undefined && at.line !== undefined) {
    const bar = paint("blue", "|");
    const mark = markOf(line, column, offending);
    lines.push(`${" ".repeat(margin)} ${bar}`);
    lines.push(`${padText(String(at.line), margin)} ${bar} ${line.replaceAll("\t", "  ")}`);
    if (mark !== undefined) lines.push(`${" ".repeat(margin)} ${bar} ${mark.blanks}${paint("red", mark.carets)}`);
  }
  return { lines, margin };
}

/** A line so long is shown around what is meant: who wrote all of a definition in one finds nothing in it whole. */
const LONGEST = 160;
const BEFORE = 40;

function excerptOf(
  line: string | undefined,
  column: number | undefined,
  offending: string | undefined,
): { readonly line: string | undefined; readonly column: number | undefined } {
  if (line === undefined || line.length <= LONGEST) return { line, column };
  const { start } = spanOf(line, column, offending);
  // Not between the halves of a character.
  const isHalf = (index: number): boolean => /[\udc00-\udfff]/.test(line.charAt(index));
  let from = Math.max(0, Math.min(start - BEFORE, line.length - LONGEST));
  if (isHalf(from)) from += 1;
  let to = from + LONGEST;
  if (isHalf(to)) to -= 1;
  const [head, tail] = [from > 0 ? "…" : "", to < line.length ? "…" : ""];
  return {
    line: `${head}${line.slice(from, to)}${tail}`,
    column: column === undefined ? undefined : Math.max(1, column - from + head.length),
  };
}

/** The line's offending text underlined, looked for from the known column on. */
function markOf(
  line: string,
  column: number | undefined,
  offending: string | undefined,
): { readonly blanks: string; readonly carets: string } | undefined {
  const { start, wanted } = spanOf(line, column, offending);
  if (wanted === "" && column === undefined) return undefined;
  const length = wanted === "" ? 1 : textWidth(wanted);
  const before = line.slice(0, start).replaceAll("\t", "  ");
  return { blanks: " ".repeat(textWidth(before)), carets: "^".repeat(Math.max(1, length)) };
}

/** Where the offending text stands from the known column on; the column itself, and no text, where it does not. */
function spanOf(
  line: string,
  column: number | undefined,
  offending: string | undefined,
): { readonly start: number; readonly wanted: string } {
  const from = column === undefined ? 0 : Math.min(column - 1, line.length);
  const wanted = offending?.split("\n")[0] ?? "";
  const found = wanted === "" ? -1 : line.indexOf(wanted, from);
  return found === -1 ? { start: from, wanted: "" } : { start: found, wanted };
}

function stackLines(error: Error): readonly string[] {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const cause = error.cause;
  if (!(cause instanceof Error)) return lines;
  return [...lines, `  caused by ${cause.name}: ${cause.message}`, ...stackLines(cause)];
}
