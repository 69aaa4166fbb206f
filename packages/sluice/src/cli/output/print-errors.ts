import type { SluiceError } from "@sluice/core";
import { readTextFile, renderError } from "./render-error.ts";
import type { Terminal } from "./terminal.ts";

/** Errors for a person, on standard error. */
export function printErrors(errors: readonly SluiceError[], terminal: Terminal, folder: string): void {
  if (errors.length === 0) return;
  const options = { paint: terminal.paintError, verbose: terminal.verbose, folder, readText: readTextFile };
  terminal.printError(errors.map((error) => renderError(error, options)).join("\n\n"));
  if (errors.length > 1) terminal.printError(`\n${errors.length} errors`);
}
