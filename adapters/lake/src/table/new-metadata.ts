import { randomUUID } from "node:crypto";
import type { TableMetadata } from "../format/model.ts";
import type { CreateTable } from "../format/table.ts";
import { assignIds, FieldIds } from "../schema/assign-ids.ts";
import { createSpec, FIRST_PARTITION_ID } from "../schema/new-spec.ts";

/** What a table of ours says of its upkeep; a table that others made has none of it, and none is done to it unasked. */
const PROPERTIES: Readonly<Record<string, string>> = {
  "write.metadata.previous-versions-max": "100",
  "write.metadata.delete-after-commit.enabled": "true",
  "history.expire.max-snapshot-age-ms": String(7 * 24 * 60 * 60 * 1000),
  "history.expire.min-snapshots-to-keep": "50",
  "sluice.history.max-snapshots": "500",
  "commit.manifest.min-count-to-merge": "100",
  // Programs with the usual four lose against a writer that streams.
  "commit.retry.num-retries": "20",
};

/** The first metadata of a table. */
export function newMetadata(request: CreateTable, location: string, nowMs: number): TableMetadata {
  const ids = new FieldIds(0);
  const fields = assignIds(request.schema, ids);
  const spec = createSpec(fields, request.spec ?? []);
  return {
    formatVersion: 2,
    tableUuid: randomUUID(),
    location,
    lastSequenceNumber: 0,
    lastUpdatedMs: nowMs,
    lastColumnId: ids.last,
    schemas: [{ schemaId: 0, fields, identifierFieldIds: [] }],
    currentSchemaId: 0,
    partitionSpecs: [spec],
    defaultSpecId: 0,
    lastPartitionId: FIRST_PARTITION_ID - 1 + spec.fields.length,
    sortOrders: [{ orderId: 0, fields: [] }],
    defaultSortOrderId: 0,
    properties: { ...PROPERTIES, ...request.properties },
    snapshots: [],
    snapshotLog: [],
    metadataLog: [],
    refs: {},
    rest: {},
  };
}
