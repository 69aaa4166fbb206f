import { type Json, SluiceError } from "@sluice/core";
import type { RunContext } from "../run-context.ts";
import type { SliceRecord } from "./slice-plan.ts";

/** What was recorded of an incremental extract that has succeeded. */
export function sliceOf(context: RunContext, stage: string): SliceRecord {
  const output = context.outcomes.get(stage)?.output;
  if (output?.kind === "landed" && output.slice !== undefined) return output.slice as unknown as SliceRecord;
  throw new SluiceError("internal", `nothing was recorded of what stage "${stage}" found new`);
}

export function recordJson(record: SliceRecord): Json {
  return record as unknown as Json;
}
