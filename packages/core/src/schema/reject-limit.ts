/**
 * Whether a limit of rejects can be read: a count, or a share of all records.
 *
 * @example
 * isRejectLimit("0.5%"); // true
 */
export function isRejectLimit(limit: number | string): boolean {
  if (typeof limit === "number") return Number.isSafeInteger(limit) && limit >= 0;
  const share = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*%\s*$/.exec(limit)?.[1];
  return share !== undefined && Number(share) <= 100;
}
