import { join } from "node:path";
import {
  type CommitResult,
  isSluiceError,
  type OpenContext,
  type OutputSpec,
  type Position,
  SluiceError,
  type StageRequest,
  type Staging,
  storedSchema,
  type WrittenFile,
} from "@sluice/core";
import { bytesOf, type LakeAddress, nameOf, tableOf } from "../config.ts";
import type { LiveFile, Table } from "../format/table.ts";
import type { OpenLake } from "../open-lake.ts";
import type { Condition } from "../pruning/condition.ts";
import { keepBy } from "../pruning/prune-files.ts";
import { assertFiles } from "../scan/assert-files.ts";
import { tableInput } from "../scan/table-input.ts";
import { partitionKey } from "../table/live-files.ts";
import { typeTextOf } from "../types.ts";
import { askEngine } from "./ask-engine.ts";
import { findCommit } from "./commit-record.ts";
import { dataFileOf } from "./data-file.ts";
import { type KnownKeys, keyCondition } from "./key-condition.ts";
import { sharedRanges } from "./key-range.ts";
import { batchInput, inputsOf, isCompared } from "./load-inputs.ts";
import { knowsWithoutStored, mergeWhole } from "./merge-whole.ts";
import { type Change, publish } from "./publish.ts";
import { requireKeys } from "./require-keys.ts";
import { type AskedAbout, deleteMatching, insertNew, mergeRows, type Rewrite, storedColumns } from "./rewrite.ts";
import { assertOwnPartitions, fieldOf, outputOf, planTarget, type TargetPlan } from "./target-plan.ts";
import { assertWrittenFor } from "./written-shape.ts";

/** Large enough that a table has few files, small enough that one of them is quickly written anew. */
const TARGET_BYTES = 128_000_000;
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

/** Which files the engine shall write. */
export function outputFor(plan: TargetPlan, address: LakeAddress, path: string, isWhole: boolean): OutputSpec {
  const size = address.targetSize === undefined ? TARGET_BYTES : bytesOf(address.targetSize);
  return outputOf(plan, address, path, size, isWhole);
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
  const snapshot = table?.currentSnapshot();
  const live = snapshot === undefined ? [] : ((await table?.filesOf(snapshot))?.files ?? []);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  switch (request.mode) {
    case "append":
      return { ...nothing, added: files, live, counts: { inserted: rows } };
    case "replace": {
      const deleted = await countRows(live, plan, target, request, context);
      return { ...nothing, added: files, removesAll: true, live, counts: { inserted: rows, deleted } };
    }
    case "overwrite":
      if (request.partitions === undefined) {
        return { ...nothing, live, ...(await overwriteParts(target, plan, live, request, context, files)) };
      }
      return { ...nothing, live, ...(await compare(target, plan, live, request, context, files)) };
    default:
      return { ...nothing, live, ...(await compare(target, plan, live, request, context, files)) };
  }
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

async function compare(
  { address }: LoadTarget,
  plan: TargetPlan,
  live: readonly LiveFile[],
  request: StageRequest,
  context: OpenContext,
  files: readonly WrittenFile[],
): Promise<Pick<Change, "added" | "removed" | "counts" | "condition">> {
  const shown = nameOf(address);
  const { mode, missing, deleteFlag, partitions = [], signal } = request;
  const names = mode === "overwrite" ? partitions : request.key;
  const batch = batchInput(plan, request, files);
  const asked = askEngine(context, new Map([["batch", batch]]), signal);
  const arrived = files.reduce((sum, file) => sum + file.rows, 0);
  const keys = names.map((name) => {
    const found = plan.arriving.find((one) => one.name === name);
    if (found === undefined) throw new SluiceError("internal", `the rows have no column "${name}"`);
    return {
      name,
      stored: found.field.name,
      type: request.schema.columns.find((one) => one.name === name)?.type ?? "string",
    };
  });
  const known: Promise<KnownKeys> =
    missing === "delete"
      ? Promise.resolve({ condition: { kind: "maybe" }, ends: [] })
      : keyCondition(asked, "batch", keys, isCompared(request) ? arrived : undefined);
  const look = (ends: KnownKeys["ends"]): Promise<void> =>
    mode === "overwrite" ? Promise.resolve() : requireKeys(asked, request, "batch", shown, { ends, arrived });
  // Of rows to delete there are few as a rule: what their keys end with is not worth waiting for.
  const sound = deleteFlag === undefined ? known.then(({ ends }) => look(ends)) : look([]);
  const [{ condition, ends }, [isSimple]] = await together(
    known,
    together(knowsWithoutStored(asked, request, plan), sound),
  );
  const candidates = matching(live, plan, condition);
  await assertFiles(shown, candidates);
  const ask = (about: AskedAbout = {}) =>
    askEngine(context, inputsOf(plan, request, candidates, batch, shown, about), signal);
  let outputs = 0;
  const id = `${request.commitId.slice(0, 16)}-${++loads}`;
  const given = {
    request,
    shown,
    fields: plan.fields,
    arriving: plan.arriving,
    arrived,
    ranges: sharedRanges(
      ends,
      candidates.map(({ entry }) => entry.file),
      plan,
    ),
    ask,
    output: () =>
      outputFor(plan, address, join(context.scratch, `rewritten-${id}-${++outputs}`), mode !== "insert-only"),
    scratch: (name: string) => join(context.scratch, `${id}-${name}`),
  };
  if (mode === "merge") return { ...changed(await (isSimple ? mergeWhole : mergeRows)(given), []), condition };
  if (mode === "insert-only") return { ...changed(await insertNew(given), []), condition };
  const rewrite = await deleteMatching(given, names, mode === "overwrite");
  const inserted = files.reduce((sum, file) => sum + file.rows, 0);
  return { ...changed({ ...rewrite, counts: { ...rewrite.counts, inserted } }, files), condition };
}

let loads = 0;

/** Both, each to its end, also where the other fails; what the second says goes before what the first does. */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (b.status === "rejected") throw b.reason;
  if (a.status === "rejected") throw a.reason;
  return [a.value, b.value];
}

function changed(
  { added, removed, counts }: Rewrite,
  files: readonly WrittenFile[],
): Pick<Change, "added" | "removed" | "counts"> {
  return { added: [...files, ...added], removed, counts };
}

function matching(live: readonly LiveFile[], { table, fields }: TargetPlan, condition: Condition): readonly LiveFile[] {
  const { keepFile } = keepBy(condition, { schemaId: 0, fields, identifierFieldIds: [] });
  return live.filter(({ entry: { file } }) => {
    const spec = table?.metadata.partitionSpecs.find(({ specId }) => specId === file.specId);
    return spec === undefined || keepFile(file, spec);
  });
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
