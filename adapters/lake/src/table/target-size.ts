import type { TableMetadata } from "../format/model.ts";
import { numberProperty } from "./table-context.ts";

const LEAST = 16_000_000;
const MOST = 128_000_000;
/** So many files, more or less, until they are as large as they get: what is planned in milliseconds. */
const FILES = 1000;

/**
 * How large the files of a table shall be, roughly: a thousandth of it, from 16 to 128 MB. A merge writes whole files anew, so that
 * small ones make it quick; too many are slow to plan. The table's own property `write.target-file-size-bytes` goes first, as in
 * Iceberg's libraries.
 *
 * @example
 * targetBytesOf(newTable); // 16000000
 */
export function targetBytesOf({ currentSnapshotId, properties, snapshots }: TableMetadata): number {
  const current = snapshots.find(({ snapshotId }) => snapshotId === currentSnapshotId);
  const bytes = Number(current?.summary["total-files-size"] ?? 0);
  const fitting = Math.min(MOST, Math.max(LEAST, bytes / FILES));
  const wanted = numberProperty(properties, "write.target-file-size-bytes", fitting);
  return Math.round(wanted > 0 ? wanted : fitting);
}
