import { isSluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";

/** What is told of a try whose types may be those of the start of a text. */
export interface EarlyTry {
  readonly onEarly: () => void;
  readonly checkpoint: (name: string) => void;
}

/**
 * Does a work with the types that the start of each long text shows, and reads each text once: the strict read refuses whatever
 * a look at all of it would have typed otherwise. Where the work fails, for whatever reason, it is done again with the types of
 * all values, and what comes of that counts. Nothing of the first try is seen: it is given back, or written, when all was read.
 */
export async function withEarlyTypes<Result>(
  session: Pick<Session, "signal">,
  work: (early: EarlyTry | undefined) => Promise<Result>,
): Promise<Result> {
  let isEarly = false;
  let isRead = false;
  const early: EarlyTry = {
    onEarly: () => {
      isEarly = true;
    },
    checkpoint: (name) => {
      // All was read, so the types are right; a commit that failed may still have been done, and is not tried twice.
      isRead ||= name === "load.staged";
    },
  };
  try {
    return await work(early);
  } catch (error) {
    if (!isEarly || isRead || session.signal.aborted || isLasting(error)) throw error;
  }
  return await work(undefined);
}

/** What other types do not change: a full disk, missing rights. */
function isLasting(error: unknown): boolean {
  return isSluiceError(error) && (error.code === "denied" || error.code === "cancelled");
}
