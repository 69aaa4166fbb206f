import type { RunEvent } from "@sluice/runtime";
import { linesOf } from "./run-report.ts";
import type { Terminal } from "./terminal.ts";

/** Rejects and warnings of a query, on standard error: its rows alone stand on standard output. */
export function printNotices(events: readonly RunEvent[], terminal: Terminal): void {
  for (const event of events) {
    if (event.event !== "stage.rejects" && event.event !== "warning") continue;
    // The quarantine goes with the query, so its place is not said.
    const [first = "", ...rest] = linesOf(event, terminal);
    terminal.printError([first.replace(/; kept in .*$/, ""), ...rest].join("\n"));
  }
}
