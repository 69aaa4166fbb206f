import { SluiceError, type StageRequest } from "@sluice/core";
import { type Asked, from, joined, quoted, sql } from "./ask-engine.ts";

/** No column can be called so. */
const WRONG = quoted("\u0001wrong");

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
  const isNull = names.map((name) => `${name} is null`).join(" or ");
  const nulls = sql`(select 'null' as ${WRONG}, ${list} from ${from(batch)} where ${isNull} limit 1)`;
  const twice = sql`(select 'twice' as ${WRONG}, ${list} from ${from(batch)} group by ${list} having count(*) > 1 limit 1)`;
  const found = await asked.rows(mode === "delete+insert" ? nulls : joined([nulls, twice], " union all "));
  const rowOf = (wrong: string): readonly unknown[] | undefined => found.find(([what]) => what === wrong)?.slice(1);
  const [none, same] = [rowOf("null"), rowOf("twice")];
  if (none !== undefined) {
    const keys = textOf(key, none);
    throw keyError(`the key ${keys} is null in the rows to load into ${shown}`, "null-key", keys);
  }
  if (same !== undefined) {
    const keys = textOf(key, same);
    throw keyError(`the key ${keys} comes more than once in the rows to load into ${shown}`, "duplicate-key", keys);
  }
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
