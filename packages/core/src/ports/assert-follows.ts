import { SluiceError } from "../errors.ts";
import type { StageRequest } from "./sink.ts";

/**
 * Refuses a load whose rows begin where a commit ended that is not the last one any more: a run that was taken for dead
 * has committed meanwhile, and some of the rows are there. Every sink asks it where nobody can commit in between.
 *
 * @param stored what the target holds for this step and slice now
 * @example
 * assertFollows({ ...request, follows: "a" }, { commitId: "b" }, "warehouse.crash");
 * // SluiceError conflict: another run has loaded warehouse.crash since this one read its position
 */
export function assertFollows(
  { follows, commitId, goesOn }: Pick<StageRequest, "follows" | "commitId" | "goesOn">,
  stored: { readonly commitId: string; readonly isGone?: true } | undefined,
  target: string,
): void {
  if (goesOn && stored?.isGone && stored.commitId !== commitId) {
    throw new SluiceError("conflict", `${target} is gone since this run read its position`, {
      reason: "position",
      hint: "start a new run, which says what can be done",
    });
  }
  if (follows === undefined || stored?.commitId === commitId || (stored?.commitId ?? null) === follows) return;
  throw new SluiceError("conflict", `another run has loaded ${target} since this one read its position`, {
    reason: "position",
    hint: "start a new run",
  });
}
