import type { RunEvent } from "@sluice/runtime";
import { jsonLines } from "../cli/sluice.ts";

/** The last line of `run --json`, which is always how the run finished. */
export function lastEvent(out: string): Extract<RunEvent, { event: "run.finished" }> {
  const last = jsonLines(out).at(-1) as unknown as RunEvent | undefined;
  if (last?.event !== "run.finished") throw new Error(`the last event is not run.finished: ${JSON.stringify(last)}`);
  return last;
}
