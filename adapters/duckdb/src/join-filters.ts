import { isSluiceError } from "@sluice/core";
import type { Chunk, RunOptions, Session } from "./client.ts";

/**
 * DuckDB 1.5.6 tells the scan of one side of a join what it has seen of the other, and fails where the scan reads a file whose
 * column has another type than the query asks for: `Can't convert TableFilterType (BLOOM_FILTER) from global to local indexes`.
 */
const FAILURE = /Can't convert TableFilterType/;

const GIVE_UP = "set global disabled_optimizers = 'join_filter_pushdown'";

/**
 * Runs what may fail so, and where it does runs it once more without that. The engine does without from then on: a process that
 * met such files meets them again.
 *
 * @param undo takes away what the first try left, where it can
 */
export async function unlessJoinFilters<T>(
  session: Session,
  work: () => Promise<T>,
  undo: () => Promise<{ readonly isGone: boolean }>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFailure(error) || !(await undo()).isGone) throw error;
    await session.run(GIVE_UP);
    return await work();
  }
}

/** As `unlessJoinFilters` for rows as they come: nobody can take back what was given, so only before the first of them. */
export async function* streamUnlessJoinFilters(
  session: Session,
  sql: string,
  options: RunOptions,
): AsyncIterable<Chunk> {
  let isBegun = false;
  try {
    for await (const chunk of session.stream(sql, options)) {
      isBegun = true;
      yield chunk;
    }
    return;
  } catch (error) {
    if (isBegun || !isFailure(error)) throw error;
  }
  await session.run(GIVE_UP);
  yield* session.stream(sql, options);
}

/** Does without from now on: for rows that are given on before the last file is opened. */
export async function giveUpJoinFilters(session: Session): Promise<void> {
  await session.run(GIVE_UP);
}

function isFailure(error: unknown): boolean {
  return isSluiceError(error) && FAILURE.test(`${error.message} ${String(error.cause)}`);
}
