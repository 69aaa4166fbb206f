import { SluiceError } from "@sluice/core";
import { Members, misfit } from "./json-members.ts";
import { parseLossless, printLossless } from "./lossless-json.ts";
import type { JsonObject, Snapshot, SnapshotOperation, SnapshotReference, TableMetadata } from "./model.ts";
import {
  schemaFromJson,
  schemaToJson,
  sortOrderFromJson,
  sortOrderToJson,
  specFromJson,
  specToJson,
} from "./schema-json.ts";

const OPERATIONS: readonly SnapshotOperation[] = ["append", "overwrite", "delete", "replace"];
/** Java's word for "there is none". */
const NO_SNAPSHOT = -1n;
const KNOWN = new Set([
  "format-version",
  "table-uuid",
  "location",
  "last-sequence-number",
  "last-updated-ms",
  "last-column-id",
  "schemas",
  "current-schema-id",
  "partition-specs",
  "default-spec-id",
  "last-partition-id",
  "sort-orders",
  "default-sort-order-id",
  "properties",
  "current-snapshot-id",
  "snapshots",
  "snapshot-log",
  "metadata-log",
  "refs",
  // Left over by programs that upgraded the table from version 1; they would go stale.
  "schema",
  "partition-spec",
]);
const KNOWN_OF_SNAPSHOT = new Set([
  "snapshot-id",
  "parent-snapshot-id",
  "sequence-number",
  "timestamp-ms",
  "manifest-list",
  "summary",
  "schema-id",
]);

/** Reads the text of a metadata file. Other versions of the format than 2 are `unsupported`. */
export function parseMetadata(text: string): TableMetadata {
  const members = new Members(parseLossless(text), "");
  const version = members.whole("format-version");
  if (version !== 2) {
    throw new SluiceError("unsupported", `the table has format version ${version}, not 2`, {
      offending: String(version),
      hint:
        version < 2
          ? "set its property format-version to 2 with the program that made it"
          : "sluice reads and writes version 2; make the table with the property format-version=2",
    });
  }
  const current = members.optional("current-snapshot-id", members.long);
  const currentSnapshotId = current === undefined || current === NO_SNAPSHOT ? undefined : current;
  return {
    formatVersion: 2,
    tableUuid: members.text("table-uuid"),
    location: members.text("location"),
    lastSequenceNumber: members.whole("last-sequence-number"),
    lastUpdatedMs: members.whole("last-updated-ms"),
    lastColumnId: members.whole("last-column-id"),
    schemas: members.members("schemas").map(schemaFromJson),
    currentSchemaId: members.whole("current-schema-id"),
    partitionSpecs: members.members("partition-specs").map(specFromJson),
    defaultSpecId: members.whole("default-spec-id"),
    lastPartitionId: members.whole("last-partition-id"),
    sortOrders: members.members("sort-orders").map(sortOrderFromJson),
    defaultSortOrderId: members.whole("default-sort-order-id"),
    properties: members.optional("properties", members.texts) ?? {},
    ...(currentSnapshotId === undefined ? {} : { currentSnapshotId }),
    snapshots: (members.optional("snapshots", members.members) ?? []).map(snapshotFromJson),
    snapshotLog: (members.optional("snapshot-log", members.members) ?? []).map((entry) => ({
      timestampMs: entry.whole("timestamp-ms"),
      snapshotId: entry.long("snapshot-id"),
    })),
    metadataLog: (members.optional("metadata-log", members.members) ?? []).map((entry) => ({
      timestampMs: entry.whole("timestamp-ms"),
      metadataFile: entry.text("metadata-file"),
    })),
    refs: refsFromJson(members, currentSnapshotId),
    rest: members.without(KNOWN),
  };
}

function snapshotFromJson(members: Members): Snapshot {
  if (!members.has("manifest-list")) {
    throw new SluiceError("unsupported", `snapshot ${members.long("snapshot-id")} lists its manifests itself`, {
      hint: "it is of format version 1; rewrite the table with the program that made it",
    });
  }
  const parent = members.optional("parent-snapshot-id", members.long);
  const schemaId = members.optional("schema-id", members.whole);
  const { operation = "append", ...summary } = members.optional("summary", members.texts) ?? {};
  const known = OPERATIONS.find((word) => word === operation);
  if (known === undefined) throw misfit(`${members.path}.summary.operation`, operation, OPERATIONS.join(", "));
  const rest = members.without(KNOWN_OF_SNAPSHOT);
  return {
    snapshotId: members.long("snapshot-id"),
    ...(parent === undefined || parent === NO_SNAPSHOT ? {} : { parentSnapshotId: parent }),
    sequenceNumber: members.optional("sequence-number", members.whole) ?? 0,
    timestampMs: members.whole("timestamp-ms"),
    manifestList: members.text("manifest-list"),
    operation: known,
    summary,
    ...(schemaId === undefined ? {} : { schemaId }),
    ...(Object.keys(rest).length === 0 ? {} : { rest }),
  };
}

function refsFromJson(members: Members, current: bigint | undefined): Readonly<Record<string, SnapshotReference>> {
  const written = members.has("refs") ? members.member("refs") : undefined;
  const refs = Object.keys(written?.object ?? {}).map((name) => {
    const ref = (written as Members).member(name);
    const type = ref.text("type").toLowerCase();
    if (type !== "branch" && type !== "tag") throw misfit(`refs.${name}.type`, type, "branch or tag");
    const minSnapshotsToKeep = ref.optional("min-snapshots-to-keep", ref.whole);
    const maxSnapshotAgeMs = ref.optional("max-snapshot-age-ms", ref.whole);
    const maxRefAgeMs = ref.optional("max-ref-age-ms", ref.whole);
    return [
      name,
      {
        snapshotId: ref.long("snapshot-id"),
        type,
        ...(minSnapshotsToKeep === undefined ? {} : { minSnapshotsToKeep }),
        ...(maxSnapshotAgeMs === undefined ? {} : { maxSnapshotAgeMs }),
        ...(maxRefAgeMs === undefined ? {} : { maxRefAgeMs }),
      } satisfies SnapshotReference,
    ] as const;
  });
  const named = Object.fromEntries(refs);
  // The current snapshot is that of the branch main, which older writers leave out.
  if (current === undefined || named.main !== undefined) return named;
  return { main: { snapshotId: current, type: "branch" }, ...named };
}

/** Prints metadata; `parseMetadata` reads the same back. */
export function printMetadata(metadata: TableMetadata): string {
  return printLossless({
    "format-version": metadata.formatVersion,
    "table-uuid": metadata.tableUuid,
    location: metadata.location,
    "last-sequence-number": metadata.lastSequenceNumber,
    "last-updated-ms": metadata.lastUpdatedMs,
    "last-column-id": metadata.lastColumnId,
    "current-schema-id": metadata.currentSchemaId,
    schemas: metadata.schemas.map(schemaToJson),
    "default-spec-id": metadata.defaultSpecId,
    "partition-specs": metadata.partitionSpecs.map(specToJson),
    "last-partition-id": metadata.lastPartitionId,
    "default-sort-order-id": metadata.defaultSortOrderId,
    "sort-orders": metadata.sortOrders.map(sortOrderToJson),
    properties: metadata.properties,
    ...(metadata.currentSnapshotId === undefined ? {} : { "current-snapshot-id": metadata.currentSnapshotId }),
    refs: Object.fromEntries(Object.entries(metadata.refs).map(([name, ref]) => [name, refToJson(ref)])),
    snapshots: metadata.snapshots.map(snapshotToJson),
    "snapshot-log": metadata.snapshotLog.map((entry) => ({
      "timestamp-ms": entry.timestampMs,
      "snapshot-id": entry.snapshotId,
    })),
    "metadata-log": metadata.metadataLog.map((entry) => ({
      "timestamp-ms": entry.timestampMs,
      "metadata-file": entry.metadataFile,
    })),
    ...metadata.rest,
  });
}

function snapshotToJson(snapshot: Snapshot): JsonObject {
  return {
    "snapshot-id": snapshot.snapshotId,
    ...(snapshot.parentSnapshotId === undefined ? {} : { "parent-snapshot-id": snapshot.parentSnapshotId }),
    "sequence-number": snapshot.sequenceNumber,
    "timestamp-ms": snapshot.timestampMs,
    "manifest-list": snapshot.manifestList,
    summary: { operation: snapshot.operation, ...snapshot.summary },
    ...(snapshot.schemaId === undefined ? {} : { "schema-id": snapshot.schemaId }),
    ...snapshot.rest,
  };
}

function refToJson(ref: SnapshotReference): JsonObject {
  return {
    "snapshot-id": ref.snapshotId,
    type: ref.type,
    ...(ref.minSnapshotsToKeep === undefined ? {} : { "min-snapshots-to-keep": ref.minSnapshotsToKeep }),
    ...(ref.maxSnapshotAgeMs === undefined ? {} : { "max-snapshot-age-ms": ref.maxSnapshotAgeMs }),
    ...(ref.maxRefAgeMs === undefined ? {} : { "max-ref-age-ms": ref.maxRefAgeMs }),
  };
}
