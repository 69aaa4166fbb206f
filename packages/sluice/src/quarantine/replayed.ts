import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunRecord } from "@sluice/core";
import { fileNameOf } from "@sluice/runtime";
import type { Session } from "../composition.ts";
import { type ParquetFile, parquetFile } from "./parquet-sql.ts";

/** Rows that a replay took: they count as replayed when one of its runs has succeeded. */
export interface Replay {
  /** The part of the targets' commits that is its own. */
  readonly slice: string;
  readonly pipeline: string;
  /** The dataset or step whose rows they are. */
  readonly name: string;
  readonly runs: readonly string[];
  /** What is given in their place. */
  readonly from?: string;
  /** `.sluice/replayed/<pipeline>/<slice>`; with `.parquet`, which rows they are. */
  readonly folder: string;
}

/** A replay and what its last run came to. */
export interface KnownReplay {
  readonly replay: Replay;
  readonly isDone: boolean;
  /** The last run that was begun. */
  readonly last?: RunRecord;
}

/** All replays of a pipeline. */
export async function knownReplays(session: Session, pipeline: string): Promise<readonly KnownReplay[]> {
  const folder = replayFolder(session, pipeline);
  if (!existsSync(folder)) return [];
  const store = await session.store();
  const found: KnownReplay[] = [];
  for (const file of readdirSync(folder).toSorted()) {
    if (!file.endsWith(".json")) continue;
    const stored = JSON.parse(readFileSync(join(folder, file), "utf8")) as Omit<Replay, "folder">;
    const replay = { ...stored, folder: join(folder, stored.slice) };
    const records: RunRecord[] = [];
    for (const id of replay.runs) {
      const record = await store.getRun(session.project.config.project, id);
      if (record?.id === id) records.push(record);
    }
    const last = records.at(-1);
    const isDone = records.some(({ status }) => status === "succeeded");
    found.push({ replay, isDone, ...(last === undefined ? {} : { last }) });
  }
  return found;
}

/** Where a replay is remembered. Not with its run: what was replayed must be known as long as a source may hold it. */
export function replayFolder(session: Session, pipeline: string): string {
  return join(session.project.stateFolder, "replayed", fileNameOf(pipeline));
}

/** Remembers a replay, before its run begins. */
export function rememberReplay({ folder, ...stored }: Replay): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}.json.tmp`, `${JSON.stringify(stored)}\n`, { flush: true });
  renameSync(`${folder}.json.tmp`, `${folder}.json`);
}

/** Removes the rows of a replay that is done; which they were stays. */
export function forgetRows({ folder }: Replay): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The rows that replays have taken for good. */
export async function takenFiles(
  session: Session,
  known: readonly KnownReplay[],
): Promise<readonly { readonly replay: Replay; readonly file: ParquetFile }[]> {
  const done = known.filter(({ isDone, replay }) => isDone && existsSync(`${replay.folder}.parquet`));
  return Promise.all(
    done.map(async ({ replay }) => ({ replay, file: await parquetFile(session, `${replay.folder}.parquet`) })),
  );
}
