import { relative } from "node:path";
import type { SluiceError } from "@sluice/core";
import { readTextFile, renderError } from "./render-error.ts";
import type { Terminal } from "./terminal.ts";

/** Errors for a person, on standard error. */
export function printErrors(
  errors: readonly SluiceError[],
  terminal: Terminal,
  folder: string,
  texts: ReadonlyMap<string, string> = new Map(),
): void {
  if (errors.length === 0) return;
  const readText = (file: string): string | undefined => texts.get(relative(folder, file)) ?? readTextFile(file);
  const options = { paint: terminal.paintError, verbose: terminal.verbose, folder, readText };
  terminal.printError(errors.map((error) => renderError(error, options)).join("\n\n"));
  if (errors.length > 1) terminal.printError(`\n${errors.length} errors`);
}
