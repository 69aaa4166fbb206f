import { SluiceError } from "@sluice/core";
import { errorsOf } from "../failures.ts";

/** Writing what is read is said in words of the command: its load and its steps have names that nobody gave them. */
export async function refuseOwnSource<T>(target: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    if (!errorsOf(thrown).some(({ reason }) => reason === "own-source")) throw thrown;
    throw new SluiceError("config", `${target} is read here, and would be written: it would change its own source`, {
      reason: "usage",
      offending: target,
      hint: "write to another place, and move it there afterwards",
      cause: thrown,
    });
  }
}
