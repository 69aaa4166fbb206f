import { SluiceError } from "@sluice/core";
import { joinLocation, locationOf, pathOf } from "../format/location.ts";
import { metadataFolder } from "../format/metadata-file.ts";
import type { Table } from "../format/table.ts";
import { inParallel } from "../table/in-parallel.ts";
import type { LakeFiles } from "../table/lake-files.ts";
import { assertOwnsFiles } from "./owns-files.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_AGE_MS = 3 * DAY_MS;
/** A load that is under way has written files that no snapshot names yet. */
const LEAST_AGE_MS = 60 * 60 * 1000;

export interface RemoveOrphans {
  /** Younger files are left alone: a load may still be writing them. Three days by default, an hour at least. */
  readonly olderThanMs?: number;
  /** Only says what would be removed. */
  readonly dryRun?: boolean;
}

export interface Orphans {
  readonly paths: readonly string[];
  readonly sizeBytes: number;
}

/**
 * Removes files of a table's folders that none of its snapshots and versions names: what killed processes left. Files
 * are compared by path, since programs write the location of one file in different ways.
 */
export async function removeOrphans(
  table: Table,
  files: LakeFiles,
  nowMs: number,
  options: RemoveOrphans = {},
): Promise<Orphans> {
  assertOwnsFiles(table);
  const olderThanMs = options.olderThanMs ?? DEFAULT_AGE_MS;
  if (olderThanMs < LEAST_AGE_MS) {
    throw new SluiceError("config", `orphans younger than an hour are not removed: ${olderThanMs} ms`, {
      offending: String(olderThanMs),
      hint: "a load that is under way may be writing them",
    });
  }
  // Folders first: what is committed while they are read is younger than what is removed, or is in the newest version.
  const { properties, location } = table.metadata;
  const folders = [metadataFolder(table.metadata), properties["write.data.path"] ?? joinLocation(location, "data")];
  const found: { readonly path: string; readonly sizeBytes: number }[] = [];
  for (const folder of new Set(folders.map(pathOf))) {
    for await (const file of files.list(locationOf(folder))) {
      if (nowMs - file.modifiedMs > olderThanMs) found.push(file);
    }
  }
  const reachable = await reachablePaths(await table.refresh());
  const orphans = found.filter(({ path }) => !reachable.has(path));
  if (options.dryRun !== true) {
    for (const { path } of orphans) await files.remove(locationOf(path));
  }
  return {
    paths: orphans.map(({ path }) => path).sort(),
    sizeBytes: orphans.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** Every file that a version of the table needs, or that its metadata names. */
async function reachablePaths(table: Table): Promise<ReadonlySet<string>> {
  const { metadata } = table;
  const paths = new Set<string>([pathOf(table.metadataLocation)]);
  const add = (location: string) => paths.add(pathOf(location));
  for (const { metadataFile } of metadata.metadataLog) add(metadataFile);
  for (const location of locationsIn(metadata.rest)) add(location);
  await inParallel(metadata.snapshots, async (snapshot) => {
    add(snapshot.manifestList);
    for (const manifest of await table.manifestsOf(snapshot)) {
      if (paths.has(pathOf(manifest.path))) continue;
      add(manifest.path);
      for (const { status, file } of await table.entriesOf(manifest)) if (status !== "deleted") add(file.path);
    }
  });
  return paths;
}

/** Locations in members that are not ours: files of statistics. */
function* locationsIn(value: unknown): Iterable<string> {
  if (typeof value === "string") {
    if (value.startsWith("file:") || value.startsWith("/")) yield value;
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) yield* locationsIn(member);
  }
}
