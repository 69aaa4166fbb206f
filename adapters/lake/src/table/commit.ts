import { isSluiceError, SluiceError } from "@sluice/core";
import { metadataFolder, nextMetadataLocation, writeMetadata } from "../format/metadata-file.ts";
import type { TableMetadata } from "../format/model.ts";
import type { CommitOptions, Table, Update } from "../format/table.ts";
import { addSnapshot, applyUpdate, makeCurrent, removeSnapshots } from "./apply-update.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { numberProperty, type TableContext } from "./table-context.ts";
import { namespaceText, tableText } from "./table-name.ts";

const RETRIES = 30;
const PREVIOUS_VERSIONS = 100;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 1000;

/** What a commit works with: versions of one table are read and made by its owner. */
export interface CommitContext extends TableContext {
  readonly refresh: (table: Table) => Promise<Table>;
  readonly open: (metadataLocation: string, metadata: TableMetadata) => Table;
}

/**
 * Commits by compare and swap: everything is written under names of its own, and the catalog's row is changed from the
 * old metadata to the new in one statement. Until then nothing refers to what was written, so a process may end
 * anywhere; what a lost attempt wrote is removed.
 */
export async function commitUpdate(
  context: CommitContext,
  table: Table,
  build: (table: Table) => Promise<Update | undefined>,
  options: CommitOptions = {},
): Promise<Table> {
  const { signal } = options;
  let base = table;
  for (let attempt = 0; ; attempt += 1) {
    if (signal?.aborted === true) throw new SluiceError("cancelled", "told to stop", { cause: signal.reason });
    base = await context.refresh(base);
    const update = await build(base);
    if (update === undefined) return base;
    const committed = await attemptCommit(context, base, update);
    if (committed !== undefined) return committed;
    const retries = options.retries ?? numberProperty(base.metadata.properties, "commit.retry.num-retries", RETRIES);
    if (attempt >= Math.max(retries, 0)) {
      throw new SluiceError("conflict", `others committed to ${tableText(base.id)} first, ${attempt + 1} times`, {
        offending: tableText(base.id),
        reason: "lake-contended",
        hint: "run it again when fewer write to the table, or raise its property commit.retry.num-retries",
      });
    }
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
    await context.sleep(longest * (0.5 + context.random() / 2), signal);
  }
}

/** One attempt; undefined where another was quicker. */
async function attemptCommit(context: CommitContext, base: Table, update: Update): Promise<Table | undefined> {
  const created: string[] = [];
  const removeCreated = async () => {
    for (const location of created) await context.files.remove(location);
  };
  let metadata: TableMetadata;
  let location: string;
  try {
    const next = await nextMetadata(context, base, update, (file) => created.push(file));
    if (next === base.metadata) return base;
    metadata = logPrevious(next, base, context.now());
    location = nextMetadataLocation(metadata, base.metadataLocation);
    created.push(location);
    await context.files.create(location, await writeMetadata(metadata));
    await context.files.syncFolder(metadataFolder(metadata));
  } catch (error) {
    await removeCreated().catch(() => undefined);
    throw error;
  }
  const committed = context.open(location, metadata);
  if (!(await swap(context, base, location))) {
    await removeCreated();
    return undefined;
  }
  await removeOldMetadata(context, base, metadata);
  return committed;
}

async function nextMetadata(
  context: CommitContext,
  base: Table,
  update: Update,
  created: (location: string) => void,
): Promise<TableMetadata> {
  const nowMs = context.now();
  let next = applyUpdate(base.metadata, update);
  if (update.currentSnapshotId !== undefined) next = makeCurrent(next, update.currentSnapshotId, nowMs);
  if (update.snapshot !== undefined) {
    const { files, cache } = context;
    const metadata = next;
    const snapshot = await buildSnapshot(
      {
        metadata,
        files,
        created,
        nowMs,
        manifestsOf: (of) => cache.list(of),
        entriesOf: (manifest) => cache.entries(manifest, metadata),
      },
      update.snapshot,
    );
    next = addSnapshot(next, snapshot);
  }
  if (update.removeSnapshotIds !== undefined && update.removeSnapshotIds.length > 0) {
    next = removeSnapshots(next, update.removeSnapshotIds);
  }
  return next;
}

/** The version before goes into the log, which is kept short. */
function logPrevious(next: TableMetadata, base: Table, nowMs: number): TableMetadata {
  const limit = Math.max(1, numberProperty(next.properties, "write.metadata.previous-versions-max", PREVIOUS_VERSIONS));
  const previous = { timestampMs: base.metadata.lastUpdatedMs, metadataFile: base.metadataLocation };
  const metadataLog = [...base.metadata.metadataLog, previous].slice(-limit);
  const lastUpdatedMs = Math.max(nowMs, base.metadata.lastUpdatedMs, next.lastUpdatedMs);
  return { ...next, lastUpdatedMs, metadataLog };
}

async function swap(context: CommitContext, base: Table, location: string): Promise<boolean> {
  const { rows } = context;
  const namespace = namespaceText(base.id.namespace);
  try {
    return await rows.swap(namespace, base.id.name, base.metadataLocation, location);
  } catch (error) {
    // The statement may have taken effect before its answer was lost: the catalog is asked, and nothing is removed.
    const current = await context.refresh(base).catch(() => undefined);
    if (current?.metadataLocation === location) return true;
    if (current?.metadata.metadataLog.some(({ metadataFile }) => metadataFile === location) === true) return true;
    if (!isSluiceError(error) || current !== undefined) throw error;
    throw new SluiceError(
      error.code,
      `whether the commit to ${tableText(base.id)} took effect is not known: ${error.message}`,
      {
        cause: error,
        reason: "commit-unknown",
        hint: "run it again: a load that took effect is not done twice",
      },
    );
  }
}

/** Versions that fell out of the log are removed where the table asks for it; what fails here is found by upkeep. */
async function removeOldMetadata(context: CommitContext, base: Table, metadata: TableMetadata): Promise<void> {
  if (metadata.properties["write.metadata.delete-after-commit.enabled"]?.toLowerCase() !== "true") return;
  const kept = new Set(metadata.metadataLog.map(({ metadataFile }) => metadataFile));
  for (const { metadataFile } of base.metadata.metadataLog) {
    if (!kept.has(metadataFile)) await context.files.remove(metadataFile).catch(() => false);
  }
}
