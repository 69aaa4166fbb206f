import {
  acceptHint,
  type DatasetDrift,
  detailsOf,
  driftWithReach,
  type FrozenColumn,
  type FrozenDataset,
  isSluiceError,
  locate,
  type ReachRequest,
  reachesText,
  reachText,
  SluiceError,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import type { DatasetSource } from "../dataset-options.ts";
import { type Evolution, evolveFrozen, mayEvolve } from "../sync/evolve-frozen.ts";
import { formatFrozen, frozenFile, readFrozen, writeFrozen } from "../sync/frozen-file.ts";
import { writeIndex } from "./write-index.ts";

/** A dataset whose source is not what was frozen, where its policy lets that be. */
export interface EvolvedDataset extends Evolution {
  /** As it was frozen before. */
  readonly before: FrozenDataset;
  readonly drift: DatasetDrift;
}

export interface EvolveRequest {
  /** The datasets that are read, with their places in the definition. */
  readonly names: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  /** What is frozen must stay as it is. */
  readonly isFixed: boolean;
}

/**
 * Looks at the sources of datasets that may evolve, and gives those that are not what was frozen. Nothing is written.
 *
 * @throws SluiceError `data` with reason `drift` for what no policy lets be
 */
export async function evolveDatasets(
  session: Session,
  { names, parameters, isFixed }: EvolveRequest,
): Promise<readonly EvolvedDataset[]> {
  const { config, schemasFolder } = session.project;
  const evolved: EvolvedDataset[] = [];
  for (const [name, path] of names) {
    const source = config.datasets[name];
    const before = readFrozen(schemasFolder, name);
    if (source === undefined || before === undefined || !mayEvolve(source.options)) continue;
    try {
      const found = await lookAgain(session, { name, source, before, parameters });
      if (found === undefined) continue;
      const evolution = evolveFrozen(before, found, source.options);
      const changes = evolution.changes.map((change) =>
        isFixed && change.does === "taken" ? { ...change, does: "fail" as const } : change,
      );
      const refused = evolution.sentences.filter((_, index) => changes[index]?.does === "fail");
      const drift = { dataset: name, changes };
      if (refused.length > 0) throw await refusal(session, { source, drift, refused, isFixed });
      if (changes.length > 0) evolved.push({ ...evolution, before, drift });
    } catch (thrown) {
      throw isSluiceError(thrown) ? locate(thrown, { file: "", path }) : thrown;
    }
  }
  return evolved;
}

async function refusal(
  session: Session,
  {
    source,
    drift,
    refused,
    isFixed,
  }: {
    readonly source: DatasetSource;
    readonly drift: DatasetDrift;
    readonly refused: readonly string[];
    readonly isFixed: boolean;
  },
): Promise<SluiceError> {
  const shown = (await session.adapter(source.address.type)).nameOf(source.address);
  const more = refused.length > MOST_SENTENCES ? `; and ${refused.length - MOST_SENTENCES} more differences` : "";
  const says = refused.slice(0, MOST_SENTENCES).map((sentence) => sentence.replace(/, and taken up$/, ""));
  return new SluiceError("data", `${shown} is not what was frozen as "${drift.dataset}": ${says.join("; ")}${more}`, {
    reason: "drift",
    offending: drift.changes.find(({ does }) => does === "fail")?.column ?? "",
    hint: isFixed
      ? `with --frozen, and on a build server, nothing is taken up: ${acceptHint(drift.dataset)}, and commit it`
      : acceptHint(drift.dataset),
    drift: { ...drift, changes: drift.changes.filter(({ does }) => does === "fail") },
  });
}

const MOST_SENTENCES = 10;

/** The columns that the source has now, read as it was frozen; undefined where it is not there, which whoever reads it says. */
async function lookAgain(
  session: Session,
  {
    name,
    source: { address, options },
    before,
    parameters,
  }: {
    readonly name: string;
    readonly source: DatasetSource;
    readonly before: FrozenDataset;
    readonly parameters: ReadonlyMap<string, string>;
  },
): Promise<readonly FrozenColumn[] | undefined> {
  const adapter = await session.adapter(address.type);
  if (adapter.openSource === undefined) return undefined;
  const parsed = adapter.parseAddress(address);
  const connection = parsed.connection === undefined ? undefined : session.connection(parsed.connection);
  await using opened = await adapter.openSource(parsed, connection, await session.openContext(() => undefined));
  const { fixed: _fixed, compression: _compression, newline: _newline, ...dialect } = before.dialect ?? {};
  const isNamed = before.dialect?.header === false && options.columns !== undefined;
  const request = {
    types: new Map(Object.entries(options.types ?? {})),
    required: options.required ?? [],
    dialect,
    parameters,
    isUnion: true as const,
    signal: session.signal,
    ...(isNamed && options.columns !== undefined ? { columns: options.columns } : {}),
    ...(options.formats === undefined ? {} : { formats: new Map(Object.entries(options.formats)) }),
  };
  try {
    for await (const found of opened.discover(request)) return found.columns;
  } catch (thrown) {
    if (!isSluiceError(thrown) || thrown.code !== "missing") throw thrown;
    return undefined;
  }
  throw new SluiceError("missing", `${adapter.nameOf(address)} holds nothing that dataset "${name}" could read`);
}

/** A drift of a dataset with what its columns reach in a plan, in its message too. */
export function withReach(error: SluiceError, request: ReachRequest): SluiceError {
  if (error.drift === undefined) return error;
  const drift = driftWithReach(request, error.drift);
  const says = reachesText(drift);
  return new SluiceError(error.code, `${error.message}${says === "" ? "" : `; ${says}`}`, {
    ...detailsOf(error),
    drift,
  });
}

/** What a run says of what it takes up, with what that reaches in its plan. */
export interface DriftNotice {
  readonly message: string;
  readonly drift: DatasetDrift;
}

const MOST_NOTICES = 20;

/** A notice for each column that drifted; of very many, one for the rest. */
export function driftNotices({ drift, sentences }: EvolvedDataset, request: ReachRequest): readonly DriftNotice[] {
  const { dataset, changes } = driftWithReach(request, drift);
  const notices = changes.map((change, index): DriftNotice => {
    const reach = change.reaches === undefined ? "" : `; it reaches ${reachText(change.reaches)}`;
    return {
      message: `dataset "${dataset}": ${sentences[index] ?? ""}${reach}`,
      drift: { dataset, changes: [change] },
    };
  });
  const rest = notices.slice(MOST_NOTICES);
  if (rest.length === 0) return notices;
  const message = `dataset "${dataset}": ${rest.length} more columns drifted`;
  const others = rest.flatMap((notice) => notice.drift.changes);
  return [...notices.slice(0, MOST_NOTICES), { message, drift: { dataset, changes: others } }];
}

/**
 * Freezes what a run takes up, before it begins.
 *
 * @throws SluiceError `conflict` where somebody else has changed the frozen schema since it was read
 */
export function freezeEvolved(session: Session, evolved: readonly EvolvedDataset[]): void {
  const { schemasFolder } = session.project;
  const taken = evolved.filter(({ before, frozen }) => textOf(before) !== textOf(frozen));
  for (const { before, frozen } of taken) {
    const now = readFrozen(schemasFolder, frozen.name);
    const isSame = [before, frozen].some((one) => textOf(one) === textOf(now));
    if (!isSame) {
      throw new SluiceError(
        "conflict",
        `the frozen schema of "${frozen.name}" was changed while its source was looked at`,
        {
          at: { file: frozenFile(schemasFolder, frozen.name) },
          hint: "run again",
        },
      );
    }
    writeFrozen(schemasFolder, frozen);
  }
  if (taken.length > 0) writeIndex(session.project);
}

function textOf(dataset: FrozenDataset | undefined): string {
  return dataset === undefined ? "" : formatFrozen(dataset);
}
