import {
  type ColumnDrift,
  type DiscoverRequest,
  didYouMean,
  type FrozenColumn,
  type OpenContext,
  type ReadRequest,
  SluiceError,
  type Source,
  type StreamInfo,
  typeDrift,
} from "@sluice/core";
import { type LakeAddress, nameOf, tableOf, type Version } from "./config.ts";
import type { Field, Snapshot, TableMetadata, TableSchema } from "./format/model.ts";
import type { LiveFiles, Table } from "./format/table.ts";
import { cursorsOf, figuresOf, keysOf } from "./list-lake.ts";
import type { OpenLake } from "./open-lake.ts";
import { pruneFiles } from "./pruning/prune-files.ts";
import { assertFiles } from "./scan/assert-files.ts";
import { snapshotAt } from "./scan/snapshot-at.ts";
import { tableInput } from "./scan/table-input.ts";
import { currentSchema } from "./schema/evolve-schema.ts";
import { typeTextOf } from "./types.ts";

/** A table, at one snapshot, as a source. Files that cannot hold a row of the filter are not read. */
export function createSource(address: LakeAddress, lake: OpenLake, _context: OpenContext): Source {
  const shown = nameOf(address);
  const { id, version } = tableOf(address.table);
  const load = async (): Promise<Table> => {
    const catalog = await lake.existing();
    const table = await catalog?.loadTable(id);
    if (table !== undefined) return table;
    const names = (await catalog?.listTables())?.map(({ namespace, name }) => [...namespace, name].join(".")) ?? [];
    throw new SluiceError("missing", `there is no table ${shown}`, {
      offending: address.table,
      hint:
        names.length === 0
          ? `the lake in ${lake.shown} holds no table yet`
          : didYouMean(address.table, names, "tables"),
    });
  };
  const looked = async (request: ReadRequest): Promise<Looked> => {
    if (request.signal.aborted) throw new SluiceError("cancelled", `stopped before ${shown} was read`);
    return look(await load(), version, request, shown);
  };
  return {
    check: async () => {
      await load();
    },
    async *discover(request: DiscoverRequest): AsyncIterable<StreamInfo> {
      const table = await load();
      const { snapshot, schema } = versionOf(table, version, shown);
      yield discovered(id.name, schema, request, shown, snapshot);
    },
    async scan(request) {
      const { table, snapshot, columns, live } = await looked(request);
      const identity = {
        table: table.metadata.tableUuid,
        snapshot: snapshot === undefined ? null : String(snapshot.snapshotId),
      };
      const files = enough(live, request);
      await assertFiles(shown, files);
      const input = tableInput({ shown, files, columns, properties: table.metadata.properties, identity });
      const absent = request.dataset.columns.filter(({ name }) => !columns.some(({ column }) => column.name === name));
      if (absent.length === 0) return input;
      const fieldIds = [...(input.fieldIds ?? []), ...absent.map(() => ABSENT)];
      return { ...input, columns: [...input.columns, ...absent], fieldIds };
    },
    async explain(request) {
      const { live } = await looked(request);
      const { files, skippedFiles, skippedManifests } = live;
      const all = files.length + skippedFiles;
      const deleted = files.filter(({ deletes }) => deletes.length > 0).length;
      return [
        `reads ${files.length} of ${all} files${skippedManifests === 0 ? "" : `, and skips ${skippedManifests} manifests`}`,
        ...(deleted === 0 ? [] : [`rows were deleted from ${deleted} of them`]),
      ];
    },
    // What a snapshot holds never changes.
    isUnchanged: () => Promise.resolve(true),
    [Symbol.asyncDispose]: () => lake[Symbol.asyncDispose](),
  };
}

/** The number of a column that no file has, and that is not read. */
const ABSENT = -1;

interface Looked {
  readonly table: Table;
  readonly snapshot: Snapshot | undefined;
  readonly columns: readonly { readonly column: FrozenColumn; readonly field: Field }[];
  readonly live: LiveFiles;
}

async function look(table: Table, version: Version | undefined, request: ReadRequest, shown: string): Promise<Looked> {
  const { snapshot, schema } = versionOf(table, version, shown);
  const columns = matched(schema, request, shown);
  const live =
    snapshot === undefined
      ? { files: [], skippedFiles: 0, skippedManifests: 0 }
      : await table.filesOf(snapshot, pruneFiles(request.filter, schema, request.dataset.columns));
  return { table, snapshot, columns, live };
}

/** The snapshot that is meant, with the columns that the table had then. */
function versionOf(
  table: Table,
  version: Version | undefined,
  shown: string,
): { readonly snapshot: Snapshot | undefined; readonly schema: TableSchema } {
  const { metadata } = table;
  if (version === undefined) return { snapshot: table.currentSnapshot(), schema: currentSchema(metadata) };
  const snapshot = snapshotAt(metadata, version, shown);
  return { snapshot, schema: schemaAt(metadata, snapshot) };
}

function schemaAt(metadata: TableMetadata, { schemaId }: Snapshot): TableSchema {
  return metadata.schemas.find((schema) => schema.schemaId === schemaId) ?? currentSchema(metadata);
}

/** Where any rows will do, only as many files as have them. */
function enough({ files }: LiveFiles, { limit, filter }: ReadRequest): LiveFiles["files"] {
  if (limit === undefined || filter !== undefined) return files;
  let rows = 0;
  return files.filter(({ entry, deletes }) => {
    if (rows >= limit) return false;
    if (deletes.length === 0) rows += entry.file.recordCount;
    return true;
  });
}

function matched(schema: TableSchema, { dataset, warn }: ReadRequest, shown: string): Looked["columns"] {
  const drift = (message: string, changes: readonly ColumnDrift[], hint: string): SluiceError =>
    new SluiceError("data", `${shown} ${message}`, {
      reason: "drift",
      offending: changes[0]?.column ?? "",
      hint,
      drift: { dataset: dataset.name, changes },
    });
  const again = `run \`sluice sync ${dataset.name}\` and review what changed`;
  const isOther = !dataset.columns.some(({ name }) => schema.fields.some((field) => field.name === name));
  const columns = dataset.columns.flatMap((column) => {
    const field = schema.fields.find(({ name }) => name === column.name);
    if (field === undefined && column.evolves === true && column.nullable && !isOther) return [];
    if (field === undefined) {
      throw drift(
        `no longer has "${column.name}", which "${dataset.name}" was frozen with`,
        [{ kind: "removed", column: column.name, from: column.type }],
        again,
      );
    }
    return [{ column, field }];
  });
  const added = schema.fields.filter(({ name }) => !dataset.columns.some((column) => column.name === name));
  const [first] = added;
  if (first !== undefined && dataset.partial !== true) {
    const message = `has ${added.map(({ name }) => `"${name}"`).join(", ")}, which "${dataset.name}" was not frozen with`;
    if (dataset.drift === "fail")
      throw drift(
        message,
        added.map(({ name }) => ({ kind: "added", column: name })),
        `${again}, or set drift to "warn"`,
      );
    warn(`${shown} ${message}; it is not read`);
  }
  const retyped = typeDrift(dataset, shown, (column) => {
    const field = schema.fields.find(({ name }) => name === column.name);
    return field === undefined ? undefined : { type: typeTextOf(field.type) };
  });
  if (retyped !== undefined) throw retyped;
  return columns;
}

function discovered(
  name: string,
  schema: TableSchema,
  request: DiscoverRequest,
  shown: string,
  snapshot: Snapshot | undefined,
): StreamInfo {
  const chosen =
    request.columns === undefined
      ? schema.fields
      : schema.fields.filter((field) => request.columns?.includes(field.name));
  const gone = request.columns?.find((column) => !schema.fields.some((field) => field.name === column));
  if (gone !== undefined) {
    throw new SluiceError("config", `${shown} has no column "${gone}"`, {
      offending: gone,
      hint: didYouMean(
        gone,
        schema.fields.map((field) => field.name),
        "columns",
      ),
    });
  }
  const columns = chosen.map((field): FrozenColumn => {
    const nullable = !field.required && !request.required.includes(field.name);
    return {
      name: field.name,
      type: request.types.get(field.name) ?? typeTextOf(field.type),
      nullable,
      ...(field.doc === undefined ? {} : { comment: field.doc }),
    };
  });
  const keys = keysOf(schema);
  const cursors = cursorsOf(schema);
  return {
    name,
    columns,
    ...(keys.length === 0 ? {} : { keys }),
    ...(cursors.length === 0 ? {} : { cursors }),
    ...figuresOf(snapshot),
    ...(chosen.length < schema.fields.length ? { partial: true as const } : {}),
    warnings: [],
  };
}
