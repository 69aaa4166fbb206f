import type { Arguments } from "./arguments.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Terminal } from "./output/terminal.ts";

/** What a command works with. */
export interface CommandContext {
  readonly parsed: Arguments;
  readonly terminal: Terminal;
  /** Where the command was called; paths are shown relative to it. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Texts that errors point into and that are no files, by the name that stands in their place: `<query>`. */
  readonly texts: Map<string, string>;
  /** Aborted by the first Ctrl-C, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
}

export type Command = (context: CommandContext) => Promise<ExitCode>;
