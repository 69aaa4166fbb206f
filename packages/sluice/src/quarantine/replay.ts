import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type FrozenDataset, type Json, SluiceError } from "@sluice/core";
import { recordedPlan } from "@sluice/runtime";
import type { Session } from "../composition.ts";
import type { LoadedPipeline } from "../project/pick-pipeline.ts";
import { type PlannedPipeline, planPipeline } from "../project/plan-pipeline.ts";
import { requireFrozen } from "../project/read-frozen.ts";
import { withPolicies } from "../project/staleness.ts";
import type { QuarantineEntry } from "./find-entries.ts";
import { foundRows, rowText, stepColumns, WHOLE_BYTES } from "./found-rows.ts";
import { type ParquetFile, parquetFile, rowsOf, sqlName, sqlText, writeRows } from "./parquet-sql.ts";
import { asRecords, inProject, makeFolderOf, readFrom, writeRawFiles } from "./raw-files.ts";
import { replayDefinition } from "./replay-definition.ts";
import { type KnownReplay, type Replay, replayFolder, takenFiles } from "./replayed.ts";

/** Rows of one dataset or step, ready to be run through the pipeline as it is now. */
export interface PreparedReplay {
  readonly replay: Replay;
  readonly pipeline: LoadedPipeline;
  readonly planned: PlannedPipeline;
  readonly rows: number;
  /** Rejects whose raw text was cut: they can only be given by a file. */
  readonly tooLong: number;
  /** The run to go on with, of a replay that did not finish. */
  readonly resume?: string;
}

export interface ReplayOptions {
  /** A corrected file. */
  readonly from?: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Takes the rows of entries that no replay has taken, and plans their way. A replay that did not finish is taken up first: with
 * the same rows and the same commits, so that a load that it has done is not done again.
 *
 * @throws SluiceError `unsupported` for what cannot be replayed
 */
export async function prepareReplay(
  session: Session,
  pipeline: LoadedPipeline,
  entries: readonly QuarantineEntry[],
  known: readonly KnownReplay[],
  options: ReplayOptions,
): Promise<PreparedReplay | undefined> {
  const [first] = entries;
  if (first === undefined) return undefined;
  const { name, kind } = first;
  const rowsName = kind === "diverted" ? freeName(session, pipeline, name) : name;
  const origin = kind === "diverted" ? { step: name } : { dataset: name };
  // First of all: what cannot be replayed is said before anything is written.
  const definition = replayDefinition(pipeline.definition, origin, rowsName);
  const open = known.find(({ isDone, replay }) => !isDone && replay.name === name);
  const isOpen = open !== undefined && existsSync(`${open.replay.folder}.parquet`);
  const mayHaveWritten = isOpen && (await mayHaveLoaded(session, open));
  const slice = open?.replay.slice ?? `replay-${randomBytes(8).toString("hex")}`;
  const folder = join(replayFolder(session, pipeline.name), slice);
  if (mayHaveWritten && options.from !== open.replay.from) {
    throw new SluiceError(
      "conflict",
      `a replay of "${name}" did not finish (run ${open.last?.id ?? ""}), and it had another file`,
      {
        reason: "replay",
        hint: `finish it first: sluice quarantine replay ${pipeline.name}${open.replay.from === undefined ? "" : ` --from ${open.replay.from}`}`,
      },
    );
  }
  const from = options.from === undefined ? {} : { from: options.from };
  const replay: Replay = { slice, pipeline: pipeline.name, name, runs: open?.replay.runs ?? [], ...from, folder };
  let tooLong = 0;
  if (!mayHaveWritten) {
    tooLong = await takeRows(session, { entries, known, replay });
    const taken = await parquetFile(session, `${folder}.parquet`);
    if ((await countOf(session, taken)) > 0 && options.from === undefined)
      await writeRowFiles(session, entries, taken, folder);
  }
  const taken = await parquetFile(session, `${folder}.parquet`);
  const rows = await countOf(session, taken);
  if (rows === 0) {
    if (open === undefined) rmSync(`${folder}.parquet`);
    return undefined;
  }
  const substitute = await substituteFor(session, {
    name,
    rowsName,
    kind,
    folder,
    from: options.from,
    entry: first,
    entries,
  });
  const changed: LoadedPipeline = {
    name: pipeline.name,
    file: pipeline.file,
    locations: pipeline.locations,
    definition,
  };
  const planned = await planPipeline(session, changed, {
    frozen: false,
    parameters: options.parameters,
    substitutes: new Map([[rowsName, substitute]]),
  });
  if (kind === "diverted") assertSameColumns(planned, first, name);
  const resume = mayHaveWritten ? await resumable(session, open, planned, pipeline.name) : undefined;
  return { replay, pipeline: changed, planned, rows, tooLong, ...(resume === undefined ? {} : { resume }) };
}

/** Which rows are taken: remembered before anything of them is loaded. Gives how many were left for their length. */
async function takeRows(
  session: Session,
  {
    entries,
    known,
    replay,
  }: {
    readonly entries: readonly QuarantineEntry[];
    readonly known: readonly KnownReplay[];
    readonly replay: Replay;
  },
): Promise<number> {
  const found = foundRows(entries, await takenFiles(session, known), true);
  const isWhole = `coalesce(bytes, 0) <= ${WHOLE_BYTES}`;
  const path = `${replay.folder}.parquet`;
  makeFolderOf(path);
  const wanted = replay.from === undefined ? ` and ${isWhole}` : "";
  const columns = "run, name, place, raw, nth, file, record";
  await writeRows(
    session,
    [`select ${columns} from (`, ...found, `) where replayed is null${wanted} order by run, place, record, raw, nth`],
    path,
  );
  if (replay.from !== undefined) return 0;
  for await (const [row] of rowsOf(session, [
    "select count(*) from (",
    ...found,
    `) where replayed is null and not (${isWhole})`,
  ]))
    return Number(row?.[0] ?? 0);
  return 0;
}

async function writeRowFiles(
  session: Session,
  entries: readonly QuarantineEntry[],
  taken: ParquetFile,
  folder: string,
): Promise<void> {
  const [first] = entries;
  if (first === undefined) return;
  if (first.kind === "reject") {
    const dataset = asRecords(currentDataset(session, first.name), entries);
    const parted = dataset.columns.filter(({ partition }) => partition === true).map(({ name }) => `"${name}"`);
    if (parted.length > 0) {
      throw new SluiceError(
        "unsupported",
        `the rejects of "${first.name}" cannot be replayed: ${parted.join(", ")} stands in the names of its folders`,
        {
          reason: "replay",
          hint: "correct the source and run the pipeline",
        },
      );
    }
    await writeRawFiles(session, { dataset, entries, taken, folder });
    return;
  }
  makeFolderOf(join(folder, "1.parquet"));
  const columns = stepColumns(first).map(sqlName).join(", ");
  const parts: (string | ParquetFile)[] = [];
  for (const [index, entry] of entries.entries()) {
    const text = rowText(entry);
    parts.push(
      `${index === 0 ? "" : " union all "}select ${columns} from (select *, ${text} as "raw of row", row_number() over (partition by ${text}) as "nth of row" from `,
      entry.file,
      `) as numbered where exists (select 1 from `,
      taken,
      ` as taken where taken.run = ${sqlText(entry.run.id)} and taken.raw = "raw of row" and taken.nth = "nth of row")`,
    );
  }
  await writeRows(session, parts, join(folder, "1.parquet"));
}

async function countOf(session: Session, file: ParquetFile): Promise<number> {
  for await (const [row] of rowsOf(session, ["select count(*) from ", file])) return Number(row?.[0] ?? 0);
  return 0;
}

/** The dataset as it is frozen now, under the policies of now. */
export function currentDataset(session: Session, name: string): FrozenDataset {
  const { config, schemasFolder } = session.project;
  const frozen = requireFrozen(schemasFolder, name, { configured: Object.keys(config.datasets) });
  const source = config.datasets[name];
  return source === undefined ? frozen : withPolicies(frozen, source);
}

async function substituteFor(
  session: Session,
  {
    name,
    rowsName,
    kind,
    folder,
    from,
    entry,
    entries,
  }: {
    readonly name: string;
    readonly rowsName: string;
    readonly kind: QuarantineEntry["kind"];
    readonly folder: string;
    readonly from: string | undefined;
    readonly entry: QuarantineEntry;
    readonly entries: readonly QuarantineEntry[];
  },
): Promise<FrozenDataset> {
  if (kind === "reject") {
    const path = from ?? `${inProject(session, folder)}/*`;
    return readFrom(asRecords(currentDataset(session, name), entries), path, from === undefined);
  }
  if (from !== undefined) {
    throw new SluiceError(
      "unsupported",
      `"${name}" is a step, whose rows are no text: a file cannot take their place`,
      {
        reason: "replay",
        hint: "leave out --from, or correct the step or its check",
      },
    );
  }
  return {
    version: 1,
    name: rowsName,
    source: { type: "file", path: `${inProject(session, folder)}/1.parquet`, format: "parquet" },
    columns: entry.file.columns.slice(0, -1).map(({ name: column, type }) => ({ name: column, type, nullable: true })),
    validate: "used",
    drift: "fail",
    reordered: "accept",
    stage: "volatile",
    warnings: [],
  };
}

function assertSameColumns(planned: PlannedPipeline, entry: QuarantineEntry, name: string): void {
  const before = recordedPlan(entry.run).plan.stages.find((stage) => stage.name === name)?.schema.columns ?? [];
  const now = planned.plan.stages.find((stage) => stage.name === name)?.schema.columns ?? [];
  const shape = (columns: typeof now): string => canonicalJson(columns.map((column) => [column.name, column.type]));
  if (shape(before) === shape(now)) return;
  throw new SluiceError(
    "unsupported",
    `the diverted rows of "${name}" cannot be replayed: its columns are not what they were`,
    {
      reason: "replay",
      hint: "run the pipeline as a whole",
    },
  );
}

/** The run of a replay that did not finish, where the pipeline is what it was and no later run came in between. */
async function resumable(
  session: Session,
  open: KnownReplay,
  planned: PlannedPipeline,
  pipeline: string,
): Promise<string | undefined> {
  const { last } = open;
  if (last === undefined) return undefined;
  const store = await session.store();
  if (last.planHash !== planned.plan.hash) {
    throw new SluiceError(
      "conflict",
      `pipeline "${pipeline}" changed since the replay of "${open.replay.name}" (run ${last.id}) began, and it may have loaded some rows`,
      {
        reason: "plan-changed",
        hint: "take back the change, replay once more, then change it",
      },
    );
  }
  const later = await store.latestRun(session.project.config.project, pipeline);
  return later === undefined || later.id === last.id || (later.epoch ?? 0) <= (last.epoch ?? 0) ? last.id : undefined;
}

/** What nobody can have committed: an error in the data, or in what was written. */
const CLEAR: readonly Json[] = ["data", "config", "unsupported", "missing", "cancelled"];

/** Whether a load of a replay that did not finish may have been committed; then its rows stay the ones they were. */
async function mayHaveLoaded(session: Session, { last }: KnownReplay): Promise<boolean> {
  if (last === undefined) return false;
  const store = await session.store();
  const { stages } = recordedPlan(last).plan;
  const targets = new Set(stages.flatMap(({ name, writes }) => (writes.kind === "target" ? [name] : [])));
  return (await store.stagesOf(last.id)).some(({ stage, status, error }) => {
    if (!targets.has(stage) || status === "skipped" || status === "cancelled") return false;
    const { code } = (error ?? {}) as { readonly code?: Json };
    return !(status === "failed" && code !== undefined && CLEAR.includes(code as Json));
  });
}

function freeName(session: Session, { definition }: LoadedPipeline, step: string): string {
  const taken = new Set([...Object.keys(session.project.config.datasets), ...definition.steps.map(({ name }) => name)]);
  for (let name = `${step}_diverted`; ; name += "_") if (!taken.has(name)) return name;
}
