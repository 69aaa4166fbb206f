import { type FrozenDataset, SluiceError, type SplitResult } from "@sluice/core";

/** Throws `data` with reason `max-rejects` where a dataset lost more records than it may: a count, or a share of all. */
export function assertFewRejects(
  dataset: Pick<FrozenDataset, "name" | "maxRejects">,
  result: Pick<SplitResult, "accepted" | "rejected" | "reasons">,
): void {
  const { name, maxRejects } = dataset;
  const { accepted, rejected, reasons } = result;
  if (maxRejects === undefined || !isAbove(maxRejects, rejected, accepted + rejected)) return;
  const [first] = reasons;
  const most =
    first === undefined
      ? ""
      : `; most ${first.column === "" ? "as a whole" : `by column "${first.column}"`}, ${first.rule}: ${first.rows}`;
  throw new SluiceError(
    "data",
    `${rejected} of ${accepted + rejected} records of dataset "${name}" were rejected, at most ${maxRejects} may be${most}`,
    {
      reason: "max-rejects",
      hint: "look at the quarantined records; correct the source or the frozen schema, or raise maxRejects",
      ...(first === undefined ? {} : { offending: first.example }),
    },
  );
}

/** Exact, without floating point: "0.1%" of 1000 is 1, which is not above. */
function isAbove(limit: number | string, rejected: number, all: number): boolean {
  if (typeof limit === "number") return rejected > limit;
  const [, whole = "", fraction = ""] = /^\s*(\d*)(?:\.(\d*))?\s*%\s*$/.exec(limit) ?? [];
  if (`${whole}${fraction}` === "") {
    throw new SluiceError("config", `"${limit}" is not a limit of rejects`, {
      offending: limit,
      hint: 'give a count, or a share of all records such as "0.5%"',
    });
  }
  return BigInt(rejected) * 100n * 10n ** BigInt(fraction.length) > BigInt(`${whole}${fraction}`) * BigInt(all);
}
