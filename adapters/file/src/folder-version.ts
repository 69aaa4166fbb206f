import { open, readFile, readlink, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CommitResult, Position, StageRequest, WriteIdentity } from "@sluice/core";
import { z } from "zod";
import { systemCode, toSluiceError } from "./errors.ts";
import { removeQuietly, syncFolder } from "./sidecar.ts";

const count = z.number().optional();
const commitSchema = z.object({
  project: z.string(),
  pipeline: z.string(),
  step: z.string(),
  slice: z.string(),
  epoch: z.number(),
  commitId: z.string(),
  result: z.object({ inserted: count, deleted: count }),
  /** Where the load that wrote it will go on reading. */
  position: z.custom<Position>().optional(),
});
const schema = z.object({
  /** Names and types, as they were when the version was written. */
  columns: z.array(z.tuple([z.string(), z.string()])),
  partitions: z.array(z.string()),
  /** Of all its files, where that is known. */
  rows: count,
  /** What every step committed here last, slice by slice. */
  commits: z.array(commitSchema),
});

/** `<version>.json` beside a version: what its files hold, and who wrote them. The link that publishes the one publishes the other. */
export type FolderVersion = z.infer<typeof schema>;
export type FolderCommit = z.infer<typeof commitSchema>;

/** Where a target of many files keeps them: `out/sales` is a link to one folder in `out/.sales.sluice`. */
export interface FolderPlaces {
  /** The link that readers follow. */
  readonly target: string;
  readonly versions: string;
  /** Of one commit, as a run of one epoch makes it. */
  readonly version: string;
  /** What it is called while it is written. */
  readonly aside: string;
  readonly epoch: number;
}

/** The version that the link leads to. */
export interface CurrentVersion {
  /** Its folder. */
  readonly path: string;
  /** Absent where its description is gone, or was written by an older sluice. */
  readonly described?: FolderVersion;
}

/** What readers see now, or undefined where there is nothing. */
export async function currentVersion(
  { target, versions }: Pick<FolderPlaces, "target" | "versions">,
  shown: string,
): Promise<CurrentVersion | undefined> {
  let name: string;
  try {
    name = basename(await readlink(target));
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EINVAL"].includes(systemCode(error))) return undefined;
    throw toSluiceError(error, shown);
  }
  const path = join(versions, name);
  try {
    const described = schema.safeParse(JSON.parse(await readFile(`${path}.json`, "utf8"))).data;
    return described === undefined ? { path } : { path, described };
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === "ENOENT") return { path };
    throw toSluiceError(error, shown);
  }
}

/** Writes the description of a version that nobody can see yet, so that it is there when the link is. */
export async function describeVersion(version: string, described: FolderVersion): Promise<void> {
  const aside = `${version}.json.tmp`;
  try {
    const handle = await open(aside, "w");
    try {
      await handle.writeFile(`${JSON.stringify(described, undefined, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, `${version}.json`);
    await syncFolder(dirname(version));
  } catch (error) {
    await removeQuietly(aside);
    throw error;
  }
}

/** What was committed last for a step and slice. */
export function commitOf(current: CurrentVersion | undefined, identity: WriteIdentity): FolderCommit | undefined {
  return current?.described?.commits.find((one) => isSlot(one, identity));
}

/** The commits of a new version: its own in the place of the one before, the others as they were. */
export function withCommit(current: CurrentVersion | undefined, commit: FolderCommit): FolderCommit[] {
  return [...(current?.described?.commits ?? []).filter((one) => !isSlot(one, commit)), commit];
}

/** The highest epoch of a pipeline that wrote here. */
export function epochSeen(current: CurrentVersion | undefined, { project, pipeline }: WriteIdentity): number {
  const own = (current?.described?.commits ?? []).filter((one) => one.project === project && one.pipeline === pipeline);
  return Math.max(0, ...own.map((one) => one.epoch));
}

/** As `StageRequest` says it, and as it is stored. */
export function columnsOf({ schema: { columns } }: Pick<StageRequest, "schema">): FolderVersion["columns"] {
  return columns.map(({ name, type }) => [name, type]);
}

/** What a commit did, for who asks. */
export function resultOfCommit({ result }: FolderCommit, repeated: boolean): CommitResult {
  const { inserted, deleted } = result;
  return {
    repeated,
    ...(inserted === undefined ? {} : { inserted }),
    ...(deleted === undefined ? {} : { deleted }),
  };
}

function isSlot(one: WriteIdentity, other: WriteIdentity): boolean {
  return (["project", "pipeline", "step", "slice"] as const).every((member) => one[member] === other[member]);
}
