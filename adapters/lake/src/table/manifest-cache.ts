import { detailsOf, isSluiceError, SluiceError } from "@sluice/core";
import { readManifestList } from "../format/manifest-list.ts";
import { readManifest } from "../format/manifest-read.ts";
import type { ManifestEntry, ManifestFile, Snapshot, TableMetadata } from "../format/model.ts";
import { partitionTypes, specOf } from "../format/partition-type.ts";
import type { LakeFiles } from "./lake-files.ts";

/** Expanded entries need some ten times the bytes of their manifests. */
const MAX_BYTES = 64 * 1024 * 1024;
/** A list that was read is small beside the manifests that it names. */
const LIST_BYTES = 16 * 1024;

/** Manifests and manifest lists that were read. They never change, so what was read once stays right. */
export interface ManifestCache {
  list(snapshot: Snapshot): Promise<readonly ManifestFile[]>;
  entries(manifest: ManifestFile, metadata: TableMetadata): Promise<readonly ManifestEntry[]>;
}

/** A cache that forgets what was not used for longest when it holds too much. */
export function createManifestCache(files: LakeFiles, maxBytes = MAX_BYTES): ManifestCache {
  const held = new Map<string, { readonly value: Promise<unknown>; readonly sizeBytes: number }>();
  let total = 0;
  const forget = (key: string) => {
    total -= held.get(key)?.sizeBytes ?? 0;
    held.delete(key);
  };
  const remember = <T>(key: string, sizeBytes: number, read: () => Promise<T>): Promise<T> => {
    const known = held.get(key);
    if (known !== undefined) {
      held.delete(key);
      held.set(key, known);
      return known.value as Promise<T>;
    }
    const value = read();
    held.set(key, { value, sizeBytes });
    total += sizeBytes;
    // What could not be read may be readable later.
    value.catch(() => forget(key));
    for (const oldest of held.keys()) {
      if (total <= maxBytes || oldest === key) break;
      forget(oldest);
    }
    return value;
  };
  return {
    list: (snapshot) =>
      remember(`list ${snapshot.manifestList}`, LIST_BYTES, () =>
        naming(`the manifest list ${snapshot.manifestList}`, async () =>
          readManifestList(await files.read(snapshot.manifestList)),
        ),
      ),
    entries: (manifest, metadata) =>
      // Types may have been widened since: entries are read as the current schema has them.
      remember(`entries ${metadata.currentSchemaId} ${manifest.path}`, manifest.sizeBytes, () =>
        naming(`the manifest ${manifest.path}`, async () => {
          if (manifest.keyMetadata !== undefined) {
            throw new SluiceError("unsupported", "it is encrypted", { hint: "write the table without encryption" });
          }
          const spec = specOf(metadata, manifest.specId);
          const bytes = await files.read(manifest.path);
          return readManifest({ bytes, manifest, spec, types: partitionTypes(metadata, spec) });
        }),
      ),
  };
}

/** Errors of the formats know no file: they are told with it. */
async function naming<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isSluiceError(error) || error.code === "missing") throw error;
    throw new SluiceError(error.code, `${what} cannot be read: ${error.message}`, {
      ...detailsOf(error),
      cause: error,
    });
  }
}
