import {
  type CommitResult,
  isSluiceError,
  type OpenContext,
  type Position,
  SluiceError,
  type StageRequest,
  type Staging,
  storedSchema,
  type WrittenFile,
} from "@sluice/core";
import { type LakeAddress, nameOf, tableOf } from "../config.ts";
import type { LiveFile, Table } from "../format/table.ts";
import type { OpenLake } from "../open-lake.ts";
import { tableInput } from "../scan/table-input.ts";
import { partitionKey } from "../table/live-files.ts";
import { typeTextOf } from "../types.ts";
import { findCommit } from "./commit-record.ts";
import { compare } from "./compare.ts";
import { dataFileOf } from "./data-file.ts";
import { isCompared } from "./load-inputs.ts";
import { overwriteWhere } from "./overwrite-where.ts";
import { type Change, publish } from "./publish.ts";
import { storedColumns } from "./rewrite.ts";
import { assertOwnPartitions, fieldOf, planTarget, type TargetPlan } from "./target-plan.ts";
import { assertWrittenFor } from "./written-shape.ts";

/** How often a load is compared anew with a table that others change meanwhile. */
const COMPARISONS = 10;

export interface LoadTarget {
  readonly address: LakeAddress;
  readonly lake: OpenLake;
}

/** The table of an address; undefined where there is none. */
export async function loadTarget({ address, lake }: LoadTarget): Promise<Table | undefined> {
  const catalog = await lake.existing();
  return catalog?.loadTable(tableOf(address.table).id);
}

/**
 * One load. Files of the table are written in scratch space, and become the table's when they are committed: until then
 * the table knows nothing of them.
 */
export function createStaging(target: LoadTarget, request: StageRequest, context: OpenContext): Staging {
  const files: WrittenFile[] = [];
  const sources: (() => Promise<void>)[] = [];
  let prepared: Promise<Change> | undefined;
  let isLookedAt = false;
  const shown = nameOf(target.address);
  const prepare = (): Promise<Change> => {
    if (request.signal.aborted) throw new SluiceError("cancelled", `stopped before ${shown} was loaded`);
    prepared ??= unlessChanged(sources, () => change(target, request, context, files));
    return prepared;
  };
  return {
    add: async (more, assertUnchanged) => {
      files.push(...more);
      if (assertUnchanged !== undefined) sources.push(assertUnchanged);
    },
    scan: async (columns) => {
      isLookedAt = true;
      const { plan, added, live, removed, removesAll } = await prepare();
      const gone = new Set(removed);
      const { columns: stored } = storedSchema(request.schema, request);
      const wanted = columns.map((name) => {
        const column = stored.find((one) => one.name === name);
        const field = fieldOf(plan.fields, name);
        if (column === undefined || field === undefined) {
          throw new SluiceError("config", `the load has no column "${name}"`, { offending: name });
        }
        return { column: { name, type: typeTextOf(field.type), nullable: true }, field };
      });
      return tableInput({
        shown,
        files: removesAll ? [] : live.filter(({ entry }) => !gone.has(entry.file.path)),
        staged: added,
        columns: wanted,
        properties: plan.metadata.properties,
        identity: request.commitId,
      });
    },
    commit: async (position?: Position): Promise<CommitResult> => {
      for (let comparison = 1; ; comparison += 1) {
        try {
          return await publish(await prepare(), { target, request, context, position });
        } catch (error) {
          // What was looked at is what is published, or nothing is.
          if (isLookedAt || comparison === COMPARISONS || !isChanged(error)) throw error;
          prepared = undefined;
        }
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** What is made of files that others may write to: a file that changed meanwhile is to blame for whatever came of reading it. */
async function unlessChanged<T>(sources: readonly (() => Promise<void>)[], make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } finally {
    for (const assertUnchanged of sources) await assertUnchanged();
  }
}

/** Whether others changed the table since the load was compared with it: it may be compared anew. */
function isChanged(error: unknown): boolean {
  return isSluiceError(error) && (error.reason === "lake-changed" || error.reason === "table-exists");
}

/** What the load changes, as of the table that there is now. */
async function change(
  target: LoadTarget,
  request: StageRequest,
  context: OpenContext,
  files: readonly WrittenFile[],
): Promise<Change> {
  const { address } = target;
  const table = await loadTarget(target);
  const stored = findCommit(table?.metadata, request);
  const plan = planTarget(table, request, address);
  if (!isCompared(request)) assertWrittenFor(plan, files, nameOf(address));
  const nothing = { plan, added: [], live: [], removed: [], removesAll: false };
  if (stored?.commitId === request.commitId) {
    return { ...nothing, repeated: { ...(stored.result as unknown as CommitResult), repeated: true }, counts: {} };
  }
  // Reading manifests waits, and so do questions about the rows that arrive.
  if (comparesRows(request)) {
    return { ...nothing, ...(await compare({ target, plan, live: filesOf(table), request, context, files })) };
  }
  const live = await filesOf(table);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  switch (request.mode) {
    case "append":
      return { ...nothing, added: files, live, counts: { inserted: rows } };
    case "replace": {
      const deleted = await countRows(live, plan, target, request, context);
      return { ...nothing, added: files, removesAll: true, live, counts: { inserted: rows, deleted } };
    }
    default: {
      const { where } = request;
      if (where !== undefined) {
        const changed = await overwriteWhere({ address, plan, where, live, request, context, files });
        return { ...nothing, live, ...changed };
      }
      return { ...nothing, live, ...(await overwriteParts(target, plan, live, request, context, files)) };
    }
  }
}

/** By keys, or by the values that arrive for columns. */
function comparesRows({ mode, partitions }: StageRequest): boolean {
  return isCompared({ mode }) || mode === "delete+insert" || (mode === "overwrite" && partitions !== undefined);
}

/** The live files of a table as it is. */
async function filesOf(table: Table | undefined): Promise<readonly LiveFile[]> {
  const snapshot = table?.currentSnapshot();
  return snapshot === undefined ? [] : ((await table?.filesOf(snapshot))?.files ?? []);
}

/** The table's own partitions: the files of those that arrive go, without a look into them. */
async function overwriteParts(
  target: LoadTarget,
  plan: TargetPlan,
  live: readonly LiveFile[],
  request: StageRequest,
  context: OpenContext,
  files: readonly WrittenFile[],
): Promise<Pick<Change, "added" | "removed" | "counts" | "partitions">> {
  const { spec, fields } = plan;
  assertOwnPartitions(plan, target.address);
  const other = live.find(({ entry }) => entry.file.specId !== spec.specId);
  if (other !== undefined) {
    throw new SluiceError("unsupported", `${nameOf(target.address)} holds files that are parted otherwise`, {
      offending: other.entry.file.path,
      hint: "name columns in `partitions` of the load, or compact the table",
    });
  }
  const partitions = new Set(files.map((file) => partitionKey(dataFileOf(file, "", { fields, spec }))));
  const gone = live.filter(({ entry }) => partitions.has(partitionKey(entry.file)));
  return {
    added: files,
    removed: gone.map(({ entry }) => entry.file.path),
    counts: {
      inserted: files.reduce((sum, { rows }) => sum + rows, 0),
      deleted: await countRows(gone, plan, target, request, context),
    },
    partitions,
  };
}

async function countRows(
  live: readonly LiveFile[],
  plan: TargetPlan,
  { address }: LoadTarget,
  request: StageRequest,
  { local }: OpenContext,
): Promise<number> {
  const whole = live.filter(({ deletes }) => deletes.length === 0);
  const holed = live.filter(({ deletes }) => deletes.length > 0);
  const rows = whole.reduce((sum, { entry }) => sum + entry.file.recordCount, 0);
  if (holed.length === 0) return rows;
  const columns = storedColumns(plan.fields);
  const { properties } = plan.metadata;
  const input = tableInput({ shown: nameOf(address), files: holed, columns, properties, identity: null });
  return rows + (await local.validate(input, request.signal));
}
