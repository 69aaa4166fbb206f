import { detailsOf, driftWithReach, reachesText, SluiceError } from "@sluice/core";
import type { RunContext } from "./run-context.ts";

/** A drift with what its columns reach in the plan of the run; any other error as it is. */
export async function withReach(context: RunContext, error: SluiceError): Promise<SluiceError> {
  if (error.drift === undefined) return error;
  const { plan, datasets, adapter } = context.request;
  const names = new Map<string, string>();
  for (const { writes } of plan.stages) {
    if (writes.kind !== "target") continue;
    names.set(JSON.stringify(writes.into), (await adapter(writes.into.type)).nameOf(writes.into));
  }
  const nameOf = (into: object): string => names.get(JSON.stringify(into)) ?? "";
  const drift = driftWithReach({ plan, datasets, nameOf }, error.drift);
  const says = reachesText(drift);
  return new SluiceError(error.code, `${error.message}${says === "" ? "" : `; ${says}`}`, {
    ...detailsOf(error),
    drift,
  });
}
