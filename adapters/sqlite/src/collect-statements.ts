import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Lets the driver close what was closed. It does so when the statements of a connection are collected, and has no other way to end one
 * (libsql 0.5.29): a process that goes on would keep the file of a load that failed open, deleted or not, and where a statement
 * failed its locks too.
 */
export async function collectStatements(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  collect();
  // What is collected is let go of in a later turn.
  await turn();
}

/** Until its trace is written out, an error holds what its calls were made on and from, statements among them. */
export function writeOutTrace(thrown: unknown): void {
  for (let error = thrown; error instanceof Error; error = error.cause) void error.stack;
}
