import { isSluiceError } from "@sluice/core";

/**
 * The answer to a question, or something else where rows keep it from being answered: what a run would fail with is part of
 * the story, a disk that is full is not.
 */
export async function attempt<T>(ask: () => Promise<T>, otherwise: (message: string) => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    if (!isSluiceError(thrown) || thrown.code !== "data" || thrown.reason === "strict") throw thrown;
    return await otherwise(thrown.message);
  }
}
