import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type Expression,
  type OpenContext,
  type PartitionTransform,
  type Relation,
  type ScannableInput,
  SluiceError,
  type WrittenFile,
} from "@sluice/core";
import type { DataFile, Field, PartitionSpec, SnapshotOperation } from "../format/model.ts";
import type { LiveFile, Table } from "../format/table.ts";
import { assertWritable } from "../load/assert-writable.ts";
import { isNotTrue } from "../load/is-not-true.ts";
import { moveIn, removeFiles } from "../load/move-in.ts";
import { storedColumns } from "../load/rewrite.ts";
import { engineTransform } from "../partition-text.ts";
import { pruneFiles } from "../pruning/prune-files.ts";
import { assertFiles } from "../scan/assert-files.ts";
import { tableInput } from "../scan/table-input.ts";
import { currentSchema } from "../schema/evolve-schema.ts";
import { partitionKey } from "../table/live-files.ts";
import { targetBytesOf } from "../table/target-size.ts";
import { fieldIdOf } from "../types.ts";

/** What upkeep of a table needs of its surroundings. */
export type Upkeep = Pick<OpenContext, "local" | "now" | "scratch" | "signal">;

export interface Compaction {
  /** How large files shall be, roughly; as loads make them where absent: see `targetBytesOf`. */
  readonly targetBytes?: number;
  /** Columns by which the rows of the new files are sorted, so that filters on them skip more. */
  readonly sortBy?: readonly string[];
}

/** What was written anew, in files and bytes. */
export interface Rewritten {
  readonly table: Table;
  readonly removedFiles: number;
  readonly addedFiles: number;
  /** The rows that were there: without those that deletes had taken out of the files before. */
  readonly removedRows: number;
  readonly addedRows: number;
}

/** Only what is much smaller is worth writing anew. */
const SMALL = 0.75;

/**
 * Puts small files together, and writes files anew of which rows were deleted or that are parted in an old way. The rows
 * stay the same.
 *
 * @example
 * await compactTable(table, context); // { removedFiles: 200, addedFiles: 1, … }
 * @throws SluiceError `conflict` where others changed one of the files meanwhile
 */
export async function compactTable(table: Table, upkeep: Upkeep, options: Compaction = {}): Promise<Rewritten> {
  const { targetBytes = targetBytesOf(table.metadata), sortBy = [] } = options;
  const live = await liveFiles(table);
  const groups = new Map<string, LiveFile[]>();
  for (const file of live) {
    const isCurrent = file.entry.file.specId === table.metadata.defaultSpecId;
    const key = isCurrent ? partitionKey(file.entry.file) : "";
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const chosen = [...groups].flatMap(([key, files]) => {
    const small = files.filter(({ entry }) => entry.file.sizeBytes < targetBytes * SMALL);
    const holed = files.filter(({ deletes }) => deletes.length > 0);
    if (key === "" || sortBy.length > 0) return files;
    return small.length > 1 ? [...new Set([...small, ...holed])] : holed;
  });
  const by = sortBy.map((name) => ({ expression: { kind: "column", name } as const }));
  const rows = (input: Relation): Relation => (by.length === 0 ? input : { kind: "sort", input, by });
  return rewrite(table, upkeep, { chosen, live, rows, targetBytes, operation: "replace" });
}

/**
 * Deletes the rows that meet a condition; only files that hold some are written anew.
 *
 * @throws SluiceError `conflict` where others changed one of the files meanwhile, or added rows that meet it
 */
export async function deleteRows(table: Table, upkeep: Upkeep, condition: Expression): Promise<Rewritten> {
  const { fields } = currentSchema(table.metadata);
  const live = await liveFiles(table);
  const { keepFile } = pruneFiles(condition, currentSchema(table.metadata));
  const candidates = live.filter(({ entry: { file } }) => keepFile(file, specOf(table, file.specId)));
  await assertFiles(shownOf(table), candidates);
  const input = tableInput({
    shown: shownOf(table),
    files: candidates,
    columns: storedColumns(fields),
    fileColumn: FILE,
    properties: table.metadata.properties,
    identity: null,
  });
  const meeting: Relation = { kind: "filter", input: SCAN, condition };
  const touched = await locations(
    { kind: "distinct", input: { kind: "keep", input: meeting, columns: [FILE] } },
    input,
    upkeep,
  );
  const chosen = candidates.filter(({ entry }) => touched.has(entry.file.path));
  return rewrite(table, upkeep, {
    ...{ chosen, live, targetBytes: targetBytesOf(table.metadata), operation: "overwrite" },
    rows: (rest) => ({ kind: "filter", input: rest, condition: isNotTrue(condition) }),
    matters: (file) => keepFile(file, specOf(table, file.specId)),
  });
}

const FILE = "\u0001file";
const STORED = "stored";
const SCAN: Relation = { kind: "scan", source: { dataset: STORED } };

interface Work {
  readonly chosen: readonly LiveFile[];
  readonly live: readonly LiveFile[];
  readonly rows: (stored: Relation) => Relation;
  readonly targetBytes: number;
  readonly operation: SnapshotOperation;
  readonly matters?: (file: DataFile) => boolean;
}

async function rewrite(table: Table, upkeep: Upkeep, work: Work): Promise<Rewritten> {
  const { chosen, live, rows, targetBytes, operation, matters } = work;
  const { fields } = currentSchema(table.metadata);
  const nothing = { table, removedFiles: 0, addedFiles: 0, removedRows: 0, addedRows: 0 };
  if (chosen.length === 0) return nothing;
  assertWritable(fields, shownOf(table));
  await assertFiles(shownOf(table), chosen);
  const spec = specOf(table, table.metadata.defaultSpecId);
  const { properties } = table.metadata;
  const columns = storedColumns(fields);
  const input = tableInput({ shown: shownOf(table), files: chosen, columns, properties, identity: null });
  const written = await writeFiles(rows(SCAN), input, upkeep, fields, spec, targetBytes);
  const files = await moveIn(written.files, table, { fields, spec });
  const removed = chosen.map(({ entry }) => entry.file.path);
  const taken = new Set(removed);
  try {
    const after = await table.commit(
      async () => ({
        snapshot: {
          operation: files.length === 0 ? "delete" : operation,
          add: files,
          remove: [...removed, ...spentDeletes(chosen, live, taken)],
          // Rows that were deleted from one of the files meanwhile would be there again.
          since: {
            snapshotId: table.metadata.currentSnapshotId,
            matters: (file) => file.content !== "data" || matters?.(file) === true,
          },
        },
      }),
      { signal: upkeep.signal },
    );
    return {
      table: after,
      removedFiles: removed.length,
      addedFiles: files.length,
      removedRows: written.rowsIn,
      addedRows: files.reduce((sum, { recordCount }) => sum + recordCount, 0),
    };
  } catch (error) {
    const now = await table.refresh();
    const snapshot = now.currentSnapshot();
    const there = new Set(
      (snapshot === undefined ? [] : (await now.filesOf(snapshot)).files).map(({ entry }) => entry.file.path),
    );
    await removeFiles(files.filter(({ path }) => !there.has(path)));
    throw error;
  }
}

/** Delete files that are about nothing but files that go. */
function spentDeletes(
  chosen: readonly LiveFile[],
  live: readonly LiveFile[],
  taken: ReadonlySet<string>,
): readonly string[] {
  const needed = new Set(
    live
      .filter(({ entry }) => !taken.has(entry.file.path))
      .flatMap(({ deletes }) => deletes.map(({ file }) => file.path)),
  );
  const applied = new Set(chosen.flatMap(({ deletes }) => deletes.map(({ file }) => file.path)));
  return [...applied].filter((path) => !needed.has(path));
}

let outputs = 0;

async function writeFiles(
  relation: Relation,
  input: ScannableInput,
  upkeep: Upkeep,
  fields: readonly Field[],
  spec: PartitionSpec,
  targetBytes: number,
): Promise<{ readonly files: readonly WrittenFile[]; readonly rowsIn: number }> {
  const path = join(upkeep.scratch, `upkeep-${++outputs}`);
  await mkdir(path, { recursive: true });
  const partitions = spec.fields.map(({ sourceId, transform }): PartitionTransform => {
    const column = fields.find(({ id }) => id === sourceId);
    const found = column === undefined ? undefined : engineTransform(column.name, transform);
    if (found !== undefined) return found;
    throw new SluiceError("unsupported", "the table is parted in a way that is not written here", {
      hint: "rewrite it with the program that made it",
    });
  });
  const { query, request } = asked(relation, input, upkeep);
  const { files, rowsIn } = await upkeep.local.execute(query, {
    ...request,
    output: {
      ...{ format: "parquet", path, ordered: relation.kind === "sort", compression: "zstd" },
      table: { fieldIds: fields.map(fieldIdOf), partitions, targetBytes },
    },
  });
  return { files, rowsIn: rowsIn.get(STORED) ?? 0 };
}

async function locations(relation: Relation, input: ScannableInput, upkeep: Upkeep): Promise<ReadonlySet<string>> {
  const { query, request } = asked(relation, input, upkeep);
  const found = new Set<string>();
  for await (const rows of upkeep.local.rows(query, request)) for (const [path] of rows) found.add(String(path));
  return found;
}

function asked(relation: Relation, input: ScannableInput, { local, now, signal }: Upkeep) {
  const query = local.compile(relation, { schemaOf: () => ({ columns: input.columns }), parameters: new Map() });
  const time = new Date(now()).toISOString();
  const columns = input.columns.map(({ name }) => name);
  return {
    query,
    request: {
      inputs: new Map([[STORED, { input, columns }]]),
      parameters: new Map(),
      constants: { now: time, today: time.slice(0, 10) },
      signal,
    },
  };
}

async function liveFiles(table: Table): Promise<readonly LiveFile[]> {
  const snapshot = table.currentSnapshot();
  return snapshot === undefined ? [] : (await table.filesOf(snapshot)).files;
}

function specOf(table: Table, id: number): PartitionSpec {
  const found = table.metadata.partitionSpecs.find(({ specId }) => specId === id);
  if (found !== undefined) return found;
  throw new SluiceError("data", `the table has no partition spec ${id}, which one of its files names`);
}

function shownOf({ id }: Table): string {
  return ["lake", ...id.namespace, id.name].join(".");
}
