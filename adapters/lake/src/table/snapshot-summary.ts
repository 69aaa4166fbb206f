import type { DataFile, Snapshot } from "../format/model.ts";
import { partitionKey } from "./live-files.ts";

/** What a snapshot adds and takes out. */
export interface SnapshotFiles {
  readonly added: readonly DataFile[];
  readonly removed: readonly DataFile[];
}

const TOTALS = [
  ["data-files", "added-data-files", "deleted-data-files"],
  ["records", "added-records", "deleted-records"],
  ["files-size", "added-files-size", "removed-files-size"],
  ["delete-files", "added-delete-files", "removed-delete-files"],
  ["position-deletes", "added-position-deletes", "removed-position-deletes"],
  ["equality-deletes", "added-equality-deletes", "removed-equality-deletes"],
] as const;

/** The counts that a snapshot's summary holds, and the totals after it (appendix F of the specification). */
export function summarize({ added, removed }: SnapshotFiles, parent: Snapshot | undefined): Record<string, string> {
  const counts = new Map<string, number>();
  const count = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
  for (const [files, word, gone] of [
    [added, "added", "added"],
    [removed, "deleted", "removed"],
  ] as const) {
    for (const file of files) {
      count(`${gone}-files-size`, file.sizeBytes);
      if (file.content === "data") {
        count(`${word}-data-files`, 1);
        count(`${word}-records`, file.recordCount);
        continue;
      }
      const kind = file.content === "position-deletes" ? "position" : "equality";
      count(`${gone}-delete-files`, 1);
      count(`${gone}-${kind}-delete-files`, 1);
      count(`${gone}-${kind}-deletes`, file.recordCount);
    }
  }
  const partitions = new Set([...added, ...removed].map(partitionKey));
  count("changed-partition-count", partitions.size);
  for (const [total, plus, minus] of TOTALS) {
    const before = parent === undefined ? 0 : Number(parent.summary[`total-${total}`] ?? Number.NaN);
    // Where the snapshot before says none, none is better than a wrong one.
    if (!Number.isSafeInteger(before)) continue;
    counts.set(`total-${total}`, Math.max(0, before + (counts.get(plus) ?? 0) - (counts.get(minus) ?? 0)));
  }
  return Object.fromEntries([...counts].map(([name, value]) => [name, String(value)]));
}
