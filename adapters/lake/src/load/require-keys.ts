import { SluiceError, type StageRequest } from "@sluice/core";
import { type Asked, from, joined, quoted, sql } from "./ask-engine.ts";
import type { KeyEnds } from "./key-range.ts";

/** No column can be called so. */
const WRONG = quoted("\u0001wrong");

/** Each thread keeps so many bits for a row at most: a sixth of what a table of the keys takes. */
const BITS_PER_ROW = 16;
/** Of more the engine makes no bits. */
const MOST_BITS = 1_000_000_000;

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
  { ends, arrived }: { readonly ends: readonly KeyEnds[]; readonly arrived: number },
): Promise<void> {
  if (isToldByBits({ key, mode }, ends, arrived) && (await areNumbersApart(asked, batch, ends, arrived))) return;
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

/** Whether the keys are numbers that lie so near that a bit for each of them tells the rows apart: in little time and memory. */
export function isToldByBits(
  { key, mode }: Pick<StageRequest, "key" | "mode">,
  [end, ...others]: readonly KeyEnds[],
  arrived: number,
): boolean {
  if (mode === "delete+insert" || key.length !== 1 || end === undefined || others.length > 0) return false;
  const { low, high } = end;
  const span = high - low + 1n;
  const isLong = low < -(2n ** 63n) || high >= 2n ** 63n;
  return !isLong && span <= MOST_BITS && span <= BITS_PER_ROW * arrived;
}

/**
 * Whether each row is known to have a number of its own: then as many bits are set as there are rows. Of a million rows that
 * takes 0.04 s of processor time, where putting equal keys together takes 0.2 (2026-11).
 */
async function areNumbersApart(
  asked: Asked,
  batch: string,
  [end]: readonly KeyEnds[],
  arrived: number,
): Promise<boolean> {
  if (end === undefined) return false;
  const { name, low, high } = end;
  const bits = `bitstring_agg(cast(${quoted(name)} as bigint), ${low}, ${high})`;
  const question = sql`select cast(bit_count(${bits}) as varchar) as n from ${from(batch)}`;
  const [[set = null] = []] = await asked.rows({
    ...question,
    columns: [{ name: "n", type: "string", nullable: true }],
  });
  return set !== null && Number(set) === arrived;
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
