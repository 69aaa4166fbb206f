/**
 * Iceberg tables in a folder with a SQL catalog, as source and sink. It knows `@sluice/core` and its drivers, which are
 * loaded when something is opened, and no other adapter. Read first: `format/model.ts` and `format/table.ts` (what a table
 * is), `table/commit.ts` (how a commit is published), then `load/staging.ts` (one load, one snapshot), `pruning/known-values.ts` (which files are read).
 */

import type { Adapter, Json } from "@sluice/core";
import { type LakeAddress, nameOf, parseAddress, parseConnection, placeOf } from "./config.ts";
import type { Catalog } from "./format/table.ts";
import { listLake } from "./list-lake.ts";
import { type OpenLake, openLake } from "./open-lake.ts";
import { readBack } from "./read-back.ts";
import { CAPABILITIES, createSink } from "./sink.ts";
import { createSource } from "./source.ts";

export { type OpenCatalog, openCatalog } from "./catalog/open-catalog.ts";
export { tableOf } from "./config.ts";
export { locationOf, pathOf } from "./format/location.ts";
export type * from "./format/model.ts";
export type * from "./format/table.ts";
export { snapshotAt } from "./scan/snapshot-at.ts";
export { localFiles } from "./table/lake-files.ts";
export { typeTextOf } from "./types.ts";
export { type Expiry, expirableSnapshots, expireSnapshots, type Retention } from "./upkeep/expire-snapshots.ts";
export { differenceOf, type HistoryEntry, historyOf, snapshotAsOf, snapshotNamed } from "./upkeep/history.ts";
export { type Orphans, removeOrphans } from "./upkeep/remove-orphans.ts";
export { type Compaction, compactTable, deleteRows, type Rewritten, type Upkeep } from "./upkeep/rewrite-files.ts";

/**
 * The adapter of type `lake`.
 *
 * @example
 * adapter.nameOf({ type: "lake", table: "chicago.crash" }); // "lake.chicago.crash"
 */
export const adapter: Adapter = {
  type: "lake",
  source: { pushesFilters: true, pushesLimits: true },
  sink: CAPABILITIES,
  parseAddress,
  parseConnection,
  nameOf,
  readBack,
  list: async (connection, request) => {
    await using lake = open(parseAddress({ type: "lake", table: "any.table" }), connection, request.root);
    return await listLake(lake, request);
  },
  openSource: async (address, connection, context) =>
    createSource(address as LakeAddress, open(address, connection, context.root), context),
  openSink: async (address, connection, context) =>
    createSink(address as LakeAddress, open(address, connection, context.root), context),
};

/** The lake of a connection, as it is; undefined where nothing was ever written to it. */
export async function existingLake(connection: Json, root: string): Promise<Catalog | undefined> {
  const address = parseAddress({ type: "lake", table: "any.table" });
  return open(address, connection, root).existing();
}

function open(address: Parameters<typeof placeOf>[0], connection: Json | undefined, root: string): OpenLake {
  const openCatalog = async ({ folder, catalog }: { readonly folder: string; readonly catalog?: Json }) => {
    const { openCatalog: openAt } = await import("./catalog/open-catalog.ts");
    return openAt({ folder, ...(catalog === undefined ? {} : { catalog: urlOf(catalog) }) });
  };
  return openLake({ ...placeOf(address, connection, root), openCatalog });
}

/** A connection to PostgreSQL as a URL. */
function urlOf(catalog: Json): string {
  const {
    url,
    host = "localhost",
    port = 5432,
    database = "",
    user,
    password,
  } = catalog as { readonly [name: string]: Json };
  if (typeof url === "string") return url;
  const place = new URL(`postgres://${String(host)}:${String(port)}/${encodeURIComponent(String(database))}`);
  if (typeof user === "string") place.username = encodeURIComponent(user);
  if (typeof password === "string") place.password = encodeURIComponent(password);
  return place.href;
}
