import { SluiceError, type StageRequest } from "@sluice/core";
import { type Asked, from, quoted, sql } from "./ask-engine.ts";

/**
 * The rows that arrive have keys, and where rows are told apart by them, each only once.
 *
 * @throws SluiceError `data` with the reason `null-key` or `duplicate-key`
 */
export async function requireKeys(
  asked: Asked,
  { key, mode }: StageRequest,
  batch: string,
  shown: string,
): Promise<void> {
  const names = key.map(quoted);
  const list = names.join(", ");
  const [row] = await asked.rows(
    sql`select ${list} from ${from(batch)} where ${names.map((name) => `${name} is null`).join(" or ")} limit 1`,
  );
  if (row !== undefined)
    throw keyError(
      `the key ${textOf(key, row)} is null in the rows to load into ${shown}`,
      "null-key",
      textOf(key, row),
    );
  if (mode === "delete+insert") return;
  const [twice] = await asked.rows(
    sql`select ${list} from ${from(batch)} group by ${list} having count(*) > 1 limit 1`,
  );
  if (twice === undefined) return;
  throw keyError(
    `the key ${textOf(key, twice)} comes more than once in the rows to load into ${shown}`,
    "duplicate-key",
    textOf(key, twice),
  );
}

function keyError(message: string, reason: string, offending: string): SluiceError {
  return new SluiceError("data", message, {
    reason,
    offending,
    hint:
      reason === "null-key"
        ? "filter such rows out before the load"
        : "keep one row for each key before the load (distinct, or unique with otherwise: divert)",
  });
}

function textOf(key: readonly string[], row: readonly unknown[]): string {
  return key.map((name, index) => `${name} = ${row[index] === null ? "null" : String(row[index])}`).join(", ");
}
