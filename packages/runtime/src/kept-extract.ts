import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import {
  canonicalJson,
  type FrozenDataset,
  frozenIdentity,
  type Json,
  lagSeconds,
  type PlannedStage,
  templateParameters,
} from "@sluice/core";
import type { QuarantinedRejects, ToldRejects } from "./accept.ts";
import { linkOrCopy, makeFolder, publishFile, remove, sha256OfFile, sha256OfText, sizeOf } from "./durable.ts";
import { toSluiceError } from "./error-record.ts";
import { type LandedOutput, pathOfLanded } from "./landed-output.ts";
import { thisHost } from "./lease.ts";
import { datasetOf, instantOf, parameterTexts, type RunContext } from "./run-context.ts";
import { fileNameOf } from "./run-folder.ts";

/** So many copies of a dataset are kept where its author says nothing, the newest; older ones go when another is landed. */
const KEPT_COPIES = 3;

const ABANDONED_MS = 86_400_000;

/** What is known of a kept copy; written last, so that where it is, the rest is whole. */
export interface KeptExtract {
  readonly version: 1;
  readonly dataset: string;
  /** The hash of the frozen schema under which it was read. */
  readonly frozen: string;
  /** The values of the parameters in its address. */
  readonly parameters: readonly (readonly [name: string, value: string | null])[];
  readonly identity: Json;
  readonly landedAt: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
  readonly rowsIn: number | null;
  readonly rejects?: ToldRejects;
}

/** A copy and where it lies. */
export interface FoundExtract {
  readonly kept: KeptExtract;
  readonly output: LandedOutput;
  /** The Parquet file of its rejects; there where `kept.rejects` is. */
  readonly rejects: string;
}

/** Whether the output of a stage is kept for later runs. */
export function isKept({ writes }: PlannedStage): boolean {
  return writes.kind === "landed" && writes.persistent === true;
}

/** Where a copy lies: `.sluice/stage/persistent/<dataset>/<hash of the source's identity and the frozen schema>/`. */
export function keptPath(context: RunContext, dataset: string, identity: Json): string {
  return join(keptFolder(context, dataset, identity), `${fileNameOf(dataset)}.parquet`);
}

function allCopies(stateFolder: string, dataset: string): string {
  return join(stateFolder, "stage", "persistent", fileNameOf(dataset));
}

function keptFolder(context: RunContext, dataset: string, identity: Json): string {
  const key = canonicalJson([identity, frozenIdentity(datasetOf(context, dataset)), parametersOf(context, dataset)]);
  return join(allCopies(context.request.stateFolder, dataset), sha256OfText(key).slice(0, 32));
}

const MANIFEST = "extract.json";
const REJECTS = "rejects.parquet";

/** Makes a landed extract findable by later runs, and forgets the oldest copies. */
export async function keepExtract(
  context: RunContext,
  landed: {
    readonly dataset: string;
    readonly identity: Json;
    readonly output: LandedOutput;
    readonly rowsIn: number | null;
    /** With the file that holds the rejects. */
    readonly rejects?: QuarantinedRejects;
    /** On the disk of the state folder; goes with the attempt. */
    readonly scratch: string;
  },
): Promise<void> {
  const { dataset, identity, output, rowsIn, scratch } = landed;
  const folder = keptFolder(context, dataset, identity);
  const { file, ...rejects } = landed.rejects ?? { file: undefined };
  if (file !== undefined) {
    await linkOrCopy(file, join(scratch, REJECTS));
    await publishFile(join(scratch, REJECTS), join(folder, REJECTS));
  }
  const kept: KeptExtract = {
    version: 1,
    dataset,
    frozen: frozenHash(context, dataset),
    parameters: parametersOf(context, dataset),
    identity,
    landedAt: new Date(context.request.clock.now()).toISOString(),
    bytes: output.bytes,
    sha256: output.sha256,
    rows: output.rows,
    rowsIn,
    ...(file === undefined ? {} : { rejects: rejects as ToldRejects }),
  };
  await writeFile(join(scratch, MANIFEST), `${JSON.stringify(kept, null, 2)}\n`);
  await makeFolder(folder);
  await publishFile(join(scratch, MANIFEST), join(folder, MANIFEST));
  await forgetOldCopies(context, dataset);
}

async function forgetOldCopies(context: RunContext, dataset: string): Promise<void> {
  const { stateFolder, clock } = context.request;
  const copies = await copiesOf(stateFolder, dataset);
  const { keep = KEPT_COPIES } = datasetOf(context, dataset);
  const oldest = typeof keep === "number" ? undefined : instantOf(clock.now() - 1000 * (lagSeconds(keep) ?? 0));
  for (const [index, { folder, kept }] of copies.entries()) {
    // The newest one stays, however old: it is what there is where the source is gone.
    const isOld = oldest === undefined ? index >= Number(keep) : kept.landedAt < oldest;
    if (index > 0 && isOld) await remove(folder);
  }
  // A copy without a manifest may be landed by another pipeline at this moment; one of yesterday is not.
  const whole = new Set(copies.map(({ folder }) => folder));
  const all = allCopies(stateFolder, dataset);
  for (const name of await namesIn(all)) {
    const folder = join(all, name);
    if (!whole.has(folder) && (await stat(folder)).mtimeMs < Date.now() - ABANDONED_MS) await remove(folder);
  }
}

/** The copy of a dataset as its source is now, read under the schema of now; undefined where none is whole. */
export async function findKept(
  context: RunContext,
  dataset: string,
  identity: Json,
  signal: AbortSignal,
): Promise<FoundExtract | undefined> {
  const folder = keptFolder(context, dataset, identity);
  const kept = await readManifest(folder);
  if (kept === undefined || canonicalJson(kept.identity) !== canonicalJson(identity)) return undefined;
  return wholeCopy(context, { folder, kept }, signal);
}

/** The newest copy that was read under the schema and the parameters of now, whatever its source was. */
export async function newestKept(
  context: RunContext,
  dataset: string,
  signal: AbortSignal,
  isMeant: (id: string, kept: KeptExtract) => boolean = () => true,
): Promise<FoundExtract | undefined> {
  const frozen = frozenHash(context, dataset);
  const parameters = canonicalJson(parametersOf(context, dataset));
  for (const copy of await copiesOf(context.request.stateFolder, dataset)) {
    if (copy.kept.frozen !== frozen || canonicalJson(copy.kept.parameters) !== parameters) continue;
    if (!isMeant(basename(copy.folder), copy.kept)) continue;
    const found = await wholeCopy(context, copy, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A copy of a persistent dataset, as people see it. */
export interface KeptCopy {
  /** The name of its folder: its first letters are enough to name it. */
  readonly id: string;
  readonly landedAt: string;
  readonly rows: number;
  readonly bytes: number;
  /** Whether it was read under the schema of now. */
  readonly isCurrent: boolean;
}

/** The copies of a persistent dataset, newest first. */
export async function keptCopies(stateFolder: string, dataset: FrozenDataset): Promise<readonly KeptCopy[]> {
  const current = sha256OfText(canonicalJson(frozenIdentity(dataset)));
  return (await copiesOf(stateFolder, dataset.name)).map(({ folder, kept }) => {
    const { landedAt, rows, bytes, frozen } = kept;
    return { id: basename(folder), landedAt, rows, bytes, isCurrent: frozen === current };
  });
}

interface Copy {
  readonly folder: string;
  readonly kept: KeptExtract;
}

/** Newest first; without those that are not whole. */
async function copiesOf(stateFolder: string, dataset: string): Promise<readonly Copy[]> {
  const all = allCopies(stateFolder, dataset);
  const copies: Copy[] = [];
  for (const name of await namesIn(all)) {
    const folder = join(all, name);
    const kept = await readManifest(folder);
    if (kept?.dataset === dataset) copies.push({ folder, kept });
  }
  return copies.sort((a, b) => (a.kept.landedAt < b.kept.landedAt ? 1 : a.kept.landedAt > b.kept.landedAt ? -1 : 0));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (toSluiceError(error).code === "missing") return [];
    throw error;
  }
}

async function readManifest(folder: string): Promise<KeptExtract | undefined> {
  try {
    const kept = JSON.parse(await readFile(join(folder, MANIFEST), "utf8")) as KeptExtract;
    return kept.version === 1 ? kept : undefined;
  } catch (error) {
    // Not there, or not ours: the source is read again.
    if (error instanceof SyntaxError || toSluiceError(error).code === "missing") return undefined;
    throw error;
  }
}

/** A copy that is byte for byte what was landed, its rejects among it. */
async function wholeCopy(
  context: RunContext,
  { folder, kept }: Copy,
  signal: AbortSignal,
): Promise<FoundExtract | undefined> {
  const { bytes, sha256, rows } = kept;
  const path = relative(context.request.stateFolder, join(folder, `${fileNameOf(kept.dataset)}.parquet`));
  const output: LandedOutput = {
    kind: "landed",
    path: path.replaceAll("\\", "/"),
    bytes,
    sha256,
    host: thisHost(),
    rows,
  };
  const file = pathOfLanded(context.request.stateFolder, output);
  if ((await sizeOf(file)) !== bytes || (await sha256OfFile(file, signal)) !== sha256) return undefined;
  const rejects = join(folder, REJECTS);
  if (kept.rejects !== undefined && (await sizeOf(rejects)) === undefined) return undefined;
  return { kept, output, rejects };
}

function frozenHash(context: RunContext, dataset: string): string {
  return sha256OfText(canonicalJson(frozenIdentity(datasetOf(context, dataset))));
}

function parametersOf(context: RunContext, dataset: string): KeptExtract["parameters"] {
  const texts = parameterTexts(context.parameters);
  return templateParameters(datasetOf(context, dataset).source).map((name) => [name, texts.get(name) ?? null]);
}
