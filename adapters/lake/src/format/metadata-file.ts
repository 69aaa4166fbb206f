import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { isSluiceError, SluiceError } from "@sluice/core";
import { joinLocation } from "./location.ts";
import { parseMetadata, printMetadata } from "./metadata-json.ts";
import type { TableMetadata } from "./model.ts";

const expand = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);
const compress = promisify<Buffer, Buffer>(gzip);
const MAX_METADATA_BYTES = 1024 ** 3;
const DAMAGED = "it was cut or damaged: restore it, or drop the table and load it anew";

/** The content of a metadata file, gzipped or not: what it begins with tells, not its name. */
export async function readMetadata(bytes: Buffer, location: string): Promise<TableMetadata> {
  try {
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const content = isGzip ? await expand(bytes, { maxOutputLength: MAX_METADATA_BYTES }) : bytes;
    return parseMetadata(content.toString("utf8"));
  } catch (error) {
    const code = isSluiceError(error) ? error.code : "data";
    const message = error instanceof Error ? error.message : String(error);
    throw new SluiceError(code, `the metadata ${location} cannot be read: ${message}`, {
      cause: error,
      hint: (isSluiceError(error) ? error.hint : undefined) ?? DAMAGED,
    });
  }
}

/** The bytes of a metadata file, gzipped where the table's property asks for it. */
export async function writeMetadata(metadata: TableMetadata): Promise<Buffer> {
  const bytes = Buffer.from(printMetadata(metadata));
  return isCompressed(metadata) ? compress(bytes) : bytes;
}

function isCompressed({ properties }: TableMetadata): boolean {
  return properties["write.metadata.compression-codec"]?.toLowerCase() === "gzip";
}

/**
 * Where the version after `previous` is written.
 *
 * @example
 * nextMetadataLocation(metadata, "file:///t/metadata/00017-….gz.metadata.json");
 * // "file:///t/metadata/00018-<uuid>.metadata.json"
 */
export function nextMetadataLocation(metadata: TableMetadata, previous: string | undefined): string {
  const version = previous === undefined ? 0 : versionOf(previous) + 1;
  const ending = isCompressed(metadata) ? "gz.metadata.json" : "metadata.json";
  return joinLocation(metadataFolder(metadata), `${String(version).padStart(5, "0")}-${randomUUID()}.${ending}`);
}

/** Where metadata and manifests of a table are written. */
export function metadataFolder(metadata: TableMetadata): string {
  return metadata.properties["write.metadata.path"] ?? joinLocation(metadata.location, "metadata");
}

/** The number that a metadata file's name begins with (`00017-…`, `v17.…`); 0 where it has none. */
export function versionOf(location: string): number {
  const name = location.slice(location.lastIndexOf("/") + 1);
  const digits = /^v?(\d{1,15})/.exec(name)?.[1];
  return digits === undefined ? 0 : Number(digits);
}
