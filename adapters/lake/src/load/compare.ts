import { join } from "node:path";
import { type OpenContext, SluiceError, type StageRequest, type WrittenFile } from "@sluice/core";
import { nameOf } from "../config.ts";
import type { LiveFile } from "../format/table.ts";
import { assertFiles } from "../scan/assert-files.ts";
import { type Asked, askEngine } from "./ask-engine.ts";
import { type KnownKeys, keyCondition } from "./key-condition.ts";
import { type KeyColumn, sharedRanges } from "./key-range.ts";
import { batchInput, inputsOf, isCompared } from "./load-inputs.ts";
import { mayHold } from "./may-hold.ts";
import { knowsWithoutStored, mergeWhole } from "./merge-whole.ts";
import type { Change } from "./publish.ts";
import { isToldByBits, requireKeys } from "./require-keys.ts";
import { type AskedAbout, deleteMatching, insertNew, mergeRows, type Rewrite, type RewriteRequest } from "./rewrite.ts";
import type { LoadTarget } from "./staging.ts";
import { outputFor, type TargetPlan } from "./target-plan.ts";
import { together } from "./together.ts";

/** Rows that arrive, and the table whose rows they are compared with. */
export interface Comparison {
  readonly target: LoadTarget;
  readonly plan: TargetPlan;
  /** The live files of the table: while they are found, questions about the rows that arrive are asked already. */
  readonly live: Promise<readonly LiveFile[]>;
  readonly request: StageRequest;
  readonly context: OpenContext;
  /** The rows that arrive. */
  readonly files: readonly WrittenFile[];
}

type Compared = Pick<Change, "live" | "added" | "removed" | "counts" | "condition">;

/**
 * What a load changes whose rows are told apart by keys, or that takes the place of what has the values of some columns.
 *
 * @throws SluiceError `data` where a key is null, or comes twice
 */
export async function compare(comparison: Comparison): Promise<Compared> {
  const { target, plan, request, context, files } = comparison;
  const { mode, missing, partitions = [], signal } = request;
  const shown = nameOf(target.address);
  const names = mode === "overwrite" ? partitions : request.key;
  const asked = askEngine(context, new Map([["batch", batchInput(plan, request, files)]]), signal);
  const arrived = rowsOf(files);
  const known: Promise<KnownKeys> =
    missing === "delete"
      ? Promise.resolve({ condition: { kind: "maybe" }, ends: [] })
      : keyCondition(asked, "batch", keysOf(comparison, names), isCompared(request) ? arrived : undefined);
  const look = (ends: KnownKeys["ends"]): Promise<void> =>
    mode === "overwrite" ? Promise.resolve() : requireKeys(asked, request, "batch", shown, { ends, arrived });
  const sound = waitsForEnds(request) ? known.then(({ ends }) => look(ends)) : look([]);
  const [compared] = await together(rewritten(comparison, { names, asked, known, sound }), sound);
  return compared;
}

async function rewritten(
  { target: { address }, plan, live: reading, request, context, files }: Comparison,
  {
    names,
    asked,
    known,
    sound,
  }: {
    readonly names: readonly string[];
    readonly asked: Asked;
    readonly known: Promise<KnownKeys>;
    readonly sound: Promise<void>;
  },
): Promise<Compared> {
  const { mode, signal } = request;
  const shown = nameOf(address);
  const simple = knowsWithoutStored(asked, request, plan);
  const [[{ condition, ends }, isSimple], live] = await together(together(known, simple), reading);
  const isCandidate = mayHold(plan, condition);
  const candidates = live.filter(({ entry }) => isCandidate(entry.file));
  await assertFiles(shown, candidates);
  const batch = batchInput(plan, request, files);
  const ask = (about: AskedAbout = {}) =>
    askEngine(context, inputsOf(plan, request, candidates, batch, shown, about), signal);
  let outputs = 0;
  const id = `${request.commitId.slice(0, 16)}-${++loads}`;
  const given: RewriteRequest = {
    request,
    shown,
    fields: plan.fields,
    arriving: plan.arriving,
    arrived: rowsOf(files),
    ranges: sharedRanges(
      ends,
      candidates.map(({ entry }) => entry.file),
      plan,
    ),
    ask,
    output: () =>
      outputFor(plan, address, join(context.scratch, `rewritten-${id}-${++outputs}`), mode !== "insert-only"),
    scratch: (name) => join(context.scratch, `${id}-${name}`),
  };
  // A table of the keys takes memory that the comparison may need.
  if (!isSimple || !waitsForEnds(request) || !isToldByBits(request, ends, given.arrived)) await sound;
  if (mode === "merge" && isSimple) return { live, ...changed(await mergeWhole(given, sound), []), condition };
  if (mode === "merge") return { live, ...changed(await mergeRows(given), []), condition };
  if (mode === "insert-only") return { live, ...changed(await insertNew(given), []), condition };
  const rewrite = await deleteMatching(given, names, mode === "overwrite");
  const inserted = rowsOf(files);
  return { live, ...changed({ ...rewrite, counts: { ...rewrite.counts, inserted } }, files), condition };
}

let loads = 0;

/** Of rows to delete there are few as a rule: what their keys end with is not worth waiting for. */
function waitsForEnds({ deleteFlag }: StageRequest): boolean {
  return deleteFlag === undefined;
}

function keysOf({ plan, request }: Comparison, names: readonly string[]): readonly KeyColumn[] {
  return names.map((name) => {
    const found = plan.arriving.find((one) => one.name === name);
    if (found === undefined) throw new SluiceError("internal", `the rows have no column "${name}"`);
    return {
      name,
      stored: found.field.name,
      type: request.schema.columns.find((one) => one.name === name)?.type ?? "string",
    };
  });
}

function rowsOf(files: readonly WrittenFile[]): number {
  return files.reduce((sum, file) => sum + file.rows, 0);
}

function changed(
  { added, removed, counts }: Rewrite,
  files: readonly WrittenFile[],
): Pick<Change, "added" | "removed" | "counts"> {
  return { added: [...files, ...added], removed, counts };
}
