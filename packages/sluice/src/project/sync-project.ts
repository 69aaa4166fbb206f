import { didYouMean, type FrozenDataset, isSameSchema, locate, SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";
import { errorsOf, throwAll } from "../failures.ts";
import { withConfiguration } from "../sync/asked-for.ts";
import { diff } from "../sync/drift-report.ts";
import { evolveFrozen, mayEvolve } from "../sync/evolve-frozen.ts";
import { frozenFile, readFrozen, writeFrozen } from "../sync/frozen-file.ts";
import { syncDataset } from "../sync/sync-dataset.ts";
import { placeOf } from "./load-config.ts";
import { type DriftedDataset, type PipelineReach, syncReach } from "./sync-reach.ts";
import { writeIndex } from "./write-index.ts";

/** What a look at one source came to. */
export interface SyncedDataset {
  readonly name: string;
  /** `drift`: the source changed, and its policy is to fail: the file was left as it was. */
  readonly status: "new" | "unchanged" | "changed" | "drift";
  readonly file: string;
  readonly rows: number | undefined;
  readonly columns: number;
  /** Columns that tell rows apart, the primary key first, and those by which an incremental read may go. */
  readonly keys: readonly (readonly string[])[];
  readonly cursors: readonly string[];
  /** A sentence for each difference. */
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
  /** Where columns changed: what they reach in the pipelines of the project. */
  readonly reaches?: readonly PipelineReach[];
}

export interface SyncedProject {
  readonly datasets: readonly SyncedDataset[];
  /** Sources that could not be looked at; they hide no other. */
  readonly errors: readonly SluiceError[];
}

export interface SyncProjectRequest {
  /** All where empty. */
  readonly names: readonly string[];
  /** Take over also what is drift with the policy to fail. */
  readonly accept: boolean;
}

/**
 * Looks at sources and writes what was found into `schemas/`, with `schemas/index.ts` over all that is frozen.
 *
 * What the author changed in the configuration is written. What else is not as it was frozen is drift: with the policy
 * `fail` the file stays, so that a change of a source never slips into a commit unseen; `--accept` takes it over.
 */
export async function syncProject(session: Session, { names, accept }: SyncProjectRequest): Promise<SyncedProject> {
  const { config } = session.project;
  const configured = Object.keys(config.datasets);
  throwAll(
    names
      .filter((name) => !configured.includes(name))
      .map(
        (name) =>
          new SluiceError("config", `no dataset is named "${name}"`, {
            offending: name,
            hint: didYouMean(name, configured, "datasets"),
          }),
      ),
  );
  const datasets: SyncedDataset[] = [];
  const drifted: DriftedDataset[] = [];
  const errors: SluiceError[] = [];
  for (const name of names.length === 0 ? configured : new Set(names)) {
    try {
      const { before, after, ...synced } = await syncOne(session, name, accept);
      datasets.push(synced);
      if (before !== undefined && !isSameSchema(diff(before, after).columns)) drifted.push({ before, after });
    } catch (thrown) {
      // Several datasets may have one source, and its errors know nothing of them.
      const at = { ...placeOf(session.project.configFile, ["datasets", name]), path: `datasets.${name}` };
      errors.push(...errorsOf(thrown).map((error) => (error.code === "internal" ? error : locate(error, at))));
    }
  }
  const unreadable = writeIndex(session.project);
  const isNew = ({ message }: SluiceError): boolean => !errors.some((error) => error.message === message);
  const reaches = await syncReach(session, drifted);
  const withReach = (dataset: SyncedDataset): SyncedDataset => {
    const own = reaches.get(dataset.name);
    return own === undefined ? dataset : { ...dataset, reaches: own };
  };
  return { datasets: datasets.map(withReach), errors: [...errors, ...unreadable.filter(isNew)] };
}

async function syncOne(
  session: Session,
  name: string,
  accept: boolean,
): Promise<SyncedDataset & { readonly before: FrozenDataset | undefined; readonly after: FrozenDataset }> {
  const { config, schemasFolder } = session.project;
  const source = config.datasets[name];
  if (source === undefined) throw new SluiceError("internal", `the dataset "${name}" is not configured`);
  const adapter = await session.adapter(source.address.type);
  const { connection } = adapter.parseAddress(source.address);
  const warnings: string[] = [];
  // What cannot be read is not written over: what was frozen there would be lost, and a drift with it.
  const previous = readFrozen(schemasFolder, name);
  const { frozen, drift, found } = await syncDataset({
    name,
    source,
    adapter,
    connection: connection === undefined ? undefined : session.connection(connection),
    context: await session.openContext((message) => warnings.push(message)),
    previous,
  });
  const asked = previous === undefined ? undefined : withConfiguration(previous, source, frozen);
  const evolution =
    asked === undefined || accept || !mayEvolve(source.options)
      ? undefined
      : evolveFrozen(asked, frozen.columns, source.options);
  const isDrift = asked !== undefined && diff(asked, frozen).sentences.length > 0;
  const isRefused = evolution?.changes.some(({ does }) => does === "fail") ?? frozen.drift === "fail";
  const isKept = isDrift && isRefused && !accept;
  if (!isKept) writeFrozen(schemasFolder, evolution === undefined ? frozen : withFound(evolution.frozen, frozen));
  const changes = evolution?.sentences ?? drift?.sentences ?? [];
  return {
    name,
    status: previous === undefined ? "new" : isKept ? "drift" : changes.length > 0 ? "changed" : "unchanged",
    file: frozenFile(schemasFolder, name),
    rows: found.rows,
    columns: frozen.columns.length,
    keys: found.keys ?? [],
    cursors: found.cursors ?? [],
    changes,
    warnings: [...frozen.warnings, ...warnings],
    before: previous,
    after: frozen,
  };
}

/** What was frozen, evolved, with what the look says beside columns. */
function withFound(evolved: FrozenDataset, { dialect, warnings }: FrozenDataset): FrozenDataset {
  return { ...evolved, ...(dialect === undefined ? {} : { dialect }), warnings };
}
