/**
 * Iceberg tables in a folder with a SQL catalog, as source and sink. It knows `@sluice/core` and its drivers, which are
 * loaded when something is opened, and no other adapter. Read first: `format/model.ts` for what the format holds,
 * `format/table.ts` for what tables and catalogs answer, `table/commit.ts` for how a commit is published.
 */
export const TYPE = "lake";

export { type OpenCatalog, openCatalog } from "./catalog/open-catalog.ts";
export { locationOf, pathOf } from "./format/location.ts";
export type * from "./format/model.ts";
export type * from "./format/table.ts";
export { localFiles } from "./table/lake-files.ts";
export { type Expiry, expirableSnapshots, expireSnapshots, type Retention } from "./upkeep/expire-snapshots.ts";
export { differenceOf, type HistoryEntry, historyOf, snapshotAsOf, snapshotNamed } from "./upkeep/history.ts";
export { type Orphans, removeOrphans } from "./upkeep/remove-orphans.ts";
