import type { FrozenDataset } from "@sluice/core";
import { type KeptCopy, keptCopies } from "@sluice/runtime";
import type { Session } from "../composition.ts";

/** What is kept of a persistent dataset, in sentences for people: what a run would do, and what --from-stage can name. */
export async function stagedText(session: Session, dataset: FrozenDataset): Promise<readonly string[]> {
  if (dataset.stage !== "persistent") return [];
  const copies = await keptCopies(session.project.stateFolder, dataset);
  const { keep = 3 } = dataset;
  const held = typeof keep === "number" ? (keep === 1 ? "one copy" : `${keep} copies`) : `copies of ${keep}`;
  const usable = copies.filter(({ isCurrent }) => isCurrent);
  const other = copies.length - usable.length;
  const old = other === 0 ? "" : `, and ${other} under another schema, which no run uses`;
  if (usable.length === 0)
    return [`${dataset.name}: nothing is kept yet${old}; the next run lands a copy (${held} are kept)`];
  return [
    `${dataset.name}: a source that is what it was is not read, one that is gone is the newest copy; ${held} are kept${old}`,
    ...usable.map((copy, index) => `${dataset.name}: ${copyText(copy)}${index === 0 ? ", the latest" : ""}`),
  ];
}

function copyText({ id, landedAt, rows }: KeptCopy): string {
  return `copy ${id.slice(0, 8)} of ${landedAt}, ${rows} ${rows === 1 ? "row" : "rows"}`;
}
