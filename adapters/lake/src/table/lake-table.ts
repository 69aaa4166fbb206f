import { SluiceError } from "@sluice/core";
import { readMetadata } from "../format/metadata-file.ts";
import type { Snapshot, TableMetadata } from "../format/model.ts";
import type { Table, TableId } from "../format/table.ts";
import { expirableSnapshots, expireSnapshots } from "../upkeep/expire-snapshots.ts";
import { commitUpdate } from "./commit.ts";
import { planFiles } from "./live-files.ts";
import { numberProperty, type TableContext } from "./table-context.ts";
import { namespaceText, tableText } from "./table-name.ts";

/** How often the newest metadata may be gone when it is opened: another removed it after a hundred commits. */
const READ_ATTEMPTS = 5;

/** One version of a table. */
export function openTable(
  context: TableContext,
  id: TableId,
  metadataLocation: string,
  metadata: TableMetadata,
): Table {
  const table: Table = {
    id,
    metadata,
    metadataLocation,
    refresh: () => refreshTable(context, table),
    currentSnapshot: () => currentSnapshot(metadata),
    manifestsOf: (snapshot) => context.cache.list(snapshot),
    entriesOf: (manifest) => context.cache.entries(manifest, metadata),
    filesOf: async (snapshot, options) =>
      planFiles(
        {
          metadata,
          manifests: await context.cache.list(snapshot),
          entriesOf: (manifest) => context.cache.entries(manifest, metadata),
        },
        options,
      ),
    commit: async (build, options) => {
      const parts = {
        ...context,
        refresh: (of: Table) => refreshTable(context, of),
        open: (location: string, next: TableMetadata) => openTable(context, id, location, next),
      };
      return forgetOld(context, await commitUpdate(parts, table, build, options));
    },
  };
  return Object.freeze(table);
}

/** So many at least, so that few commits pay for many. */
const EXPIRE_AT_ONCE = 20;

/**
 * Expires old snapshots of a table that asks for it, as ours do, so that its metadata does not grow with every commit.
 * The commit stands whatever happens here: what fails is done after a later one.
 */
async function forgetOld(context: TableContext, table: Table): Promise<Table> {
  const { properties, snapshots } = table.metadata;
  const limit = numberProperty(properties, "sluice.history.max-snapshots", 0);
  if (limit === 0 || snapshots.length < EXPIRE_AT_ONCE) return table;
  const nowMs = context.now();
  const due = expirableSnapshots(table.metadata, nowMs).length;
  if (due < Math.max(EXPIRE_AT_ONCE, Math.floor(limit / 5))) return table;
  try {
    return (await expireSnapshots(table, context.files, nowMs)).table;
  } catch {
    return table;
  }
}

/** The newest version of the table with a name; undefined where there is none. */
export async function loadTable(context: TableContext, id: TableId): Promise<Table | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const location = await context.rows.find(namespaceText(id.namespace), id.name);
    if (location === undefined) return undefined;
    try {
      return openTable(context, id, location, await readMetadata(await context.files.read(location), location));
    } catch (error) {
      const isGone = error instanceof SluiceError && error.code === "missing";
      if (!isGone || attempt === READ_ATTEMPTS) throw error;
      // Unless another commit made it old meanwhile, it is lost.
      if ((await context.rows.find(namespaceText(id.namespace), id.name)) === location) throw error;
    }
  }
}

/** @throws SluiceError `missing` where it was dropped, `conflict` where another table has its name now */
export async function refreshTable(context: TableContext, table: Table): Promise<Table> {
  const location = await context.rows.find(namespaceText(table.id.namespace), table.id.name);
  if (location === table.metadataLocation) return table;
  const loaded = location === undefined ? undefined : await loadTable(context, table.id);
  if (loaded === undefined) {
    throw new SluiceError("missing", `the table ${tableText(table.id)} was dropped`, {
      offending: tableText(table.id),
    });
  }
  if (loaded.metadata.tableUuid !== table.metadata.tableUuid) {
    throw new SluiceError("conflict", `the table ${tableText(table.id)} was dropped, and another made with its name`, {
      offending: tableText(table.id),
      reason: "lake-changed",
      hint: "run it again",
    });
  }
  return loaded;
}

export function currentSnapshot(metadata: TableMetadata): Snapshot | undefined {
  return metadata.snapshots.find(({ snapshotId }) => snapshotId === metadata.currentSnapshotId);
}
