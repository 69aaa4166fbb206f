import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type RunRecord } from "@sluice/core";
import { contractName, quarantineFile, recordedPlan, runFolder } from "@sluice/runtime";
import type { Session } from "../composition.ts";
import { type ParquetFile, parquetFile } from "./parquet-sql.ts";

/** What one run took out of one extract or step. */
export interface QuarantineEntry {
  readonly run: RunRecord;
  /** The dataset or step. */
  readonly name: string;
  /** Records that were not accepted, rows of a task that broke its contract, rows that a check diverted. */
  readonly kind: "reject" | "contract" | "diverted";
  readonly file: ParquetFile;
  /** Of rejects: the file that says what the fields of their raw text are. */
  readonly orders: string;
}

const MOST_RUNS = 10_000;

/** Everything that runs took out and that is still there; newest runs first. */
export async function findEntries(session: Session, pipeline?: string): Promise<readonly QuarantineEntry[]> {
  const { project } = session;
  const folder = join(project.stateFolder, "stage");
  if (!existsSync(folder)) return [];
  const store = await session.history();
  const entries: QuarantineEntry[] = [];
  for (const id of readdirSync(folder).toSorted().toReversed()) {
    session.signal.throwIfAborted();
    if (!existsSync(join(folder, id, "quarantine"))) continue;
    const run = await store.getRun(project.config.project, id);
    if (run?.id !== id || (pipeline !== undefined && run.pipeline !== pipeline)) continue;
    entries.push(...(await entriesOf(session, run)));
  }
  return entries;
}

/** What one run took out. */
export async function entriesOf(session: Session, run: RunRecord): Promise<readonly QuarantineEntry[]> {
  const { quarantine } = runFolder(session.project.stateFolder, run.id);
  const { plan, datasets } = recordedPlan(run);
  const candidates = [
    ...datasets.map(({ name }) => ({ name, kind: "reject" as const, kept: name })),
    ...plan.definition.steps.flatMap(({ name }) => [
      { name, kind: "diverted" as const, kept: name },
      { name, kind: "contract" as const, kept: contractName(name) },
    ]),
  ];
  const entries: QuarantineEntry[] = [];
  for (const { name, kind, kept } of candidates) {
    const path = join(quarantine, quarantineFile(kept));
    if (!existsSync(path)) continue;
    const orders = path.replace(/\.parquet$/, ".json");
    entries.push({ run, name, kind, file: await parquetFile(session, path), orders });
  }
  return entries;
}

/**
 * The entries of which the rows are still missing in the targets. A run that failed counts for nothing: the next one reads the
 * same rows again. So does, where sources are read whole, a run after which another one with the same parameters has read
 * them; what that one took out is all that is missing.
 */
export async function pendingEntries(
  session: Session,
  entries: readonly QuarantineEntry[],
): Promise<readonly QuarantineEntry[]> {
  const store = await session.history();
  const latest = new Map<string, string>();
  const project = session.project.config.project;
  for (const pipeline of new Set(entries.map(({ run }) => run.pipeline))) {
    const runs = await store.listRuns({ project, pipeline, limit: MOST_RUNS });
    for (const run of runs.toReversed()) {
      const { replay, plan, datasets, step } = recordedPlan(run);
      if (run.status !== "succeeded" || replay !== undefined || step !== undefined) continue;
      for (const name of [...datasets.map((one) => one.name), ...plan.definition.steps.map((one) => one.name)])
        latest.set(keyOf(run, name), run.id);
    }
  }
  return entries.filter(({ run, name, kind }) => {
    if (run.status !== "succeeded" || kind === "contract") return false;
    if (recordedPlan(run).replay !== undefined || readsWhatIsNew(run)) return true;
    return (latest.get(keyOf(run, name)) ?? run.id) === run.id;
  });
}

function keyOf({ pipeline, parameters }: RunRecord, name: string): string {
  return canonicalJson([pipeline, parameters, name]);
}

function readsWhatIsNew(run: RunRecord): boolean {
  return recordedPlan(run).plan.stages.some(({ reads }) =>
    reads.some((read) => "dataset" in read && read.incremental !== undefined),
  );
}
