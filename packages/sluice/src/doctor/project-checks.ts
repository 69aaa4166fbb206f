import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FrozenDataset, isSluiceError, type OpenContext, type SluiceError } from "@sluice/core";
import { isAlive, type Session } from "../composition.ts";
import type { DatasetSource } from "../dataset-options.ts";
import { errorsOf } from "../failures.ts";
import { interruptedRuns } from "../project/interrupted.ts";
import { staleness } from "../project/staleness.ts";
import { readFrozen } from "../sync/frozen-file.ts";
import { generateIndex } from "../sync/generate-index.ts";
import { type Finding, fail, ok, warn } from "./check.ts";

/** Whether every connection can be reached. */
export async function connectionFindings(session: Session): Promise<readonly Finding[]> {
  const { connections } = session.project.config;
  const findings: Finding[] = [];
  for (const [name, { type }] of Object.entries(connections)) {
    findings.push(await guarded(`connection ${name}`, () => connectionFinding(session, name, type)));
  }
  return findings;
}

async function connectionFinding(session: Session, name: string, type: string): Promise<Finding> {
  const title = `connection ${name}`;
  const adapter = await session.adapter(type);
  const config = session.connection(name);
  if (config !== undefined) adapter.parseConnection?.(config);
  if (adapter.openSource === undefined) return warn(title, `${type} is no source, and was not looked at`, "run a load");
  const address = { type, connection: name };
  try {
    await using source = await adapter.openSource(address, config, await contextOf(session));
    await source.check(session.signal);
    return ok(title, `${adapter.nameOf(address)} can be reached`);
  } catch (thrown) {
    if (!isSluiceError(thrown) || thrown.code !== "missing") throw thrown;
    return warn(title, thrown.message, "where it is only a target, the first load makes it; else mend its path");
  }
}

/** Whether every dataset is frozen, as the configuration says, and its source is there and has the frozen names. */
export async function datasetFindings(session: Session): Promise<readonly Finding[]> {
  const { config, schemasFolder } = session.project;
  const findings: Finding[] = [];
  const frozen: FrozenDataset[] = [];
  for (const [name, source] of Object.entries(config.datasets)) {
    findings.push(
      await guarded(`dataset ${name}`, async () => {
        const found = readFrozen(schemasFolder, name);
        if (found !== undefined) frozen.push(found);
        return await datasetFinding(session, { name, source, found });
      }),
    );
  }
  if (frozen.length === Object.keys(config.datasets).length && frozen.length > 0) {
    findings.push(indexFinding(schemasFolder, frozen));
  }
  return findings;
}

async function datasetFinding(
  session: Session,
  {
    name,
    source,
    found,
  }: { readonly name: string; readonly source: DatasetSource; readonly found: FrozenDataset | undefined },
): Promise<Finding> {
  const title = `dataset ${name}`;
  if (found === undefined) return fail(title, "its schema is not frozen", `run "sluice sync ${name}"`);
  const stale = staleness(found, source);
  if (stale !== undefined) return fromError(title, stale);
  const adapter = await session.adapter(source.address.type);
  const { connection } = adapter.parseAddress(source.address);
  const config = connection === undefined ? undefined : session.connection(connection);
  await using opened = await adapter.openSource?.(
    adapter.parseAddress(source.address),
    config,
    await contextOf(session),
  );
  if (opened === undefined) return fail(title, `${source.address.type} is no source`, "name another source");
  const columns = found.columns.map((column) => column.name);
  const frozen = `frozen, ${columns.length} ${columns.length === 1 ? "column" : "columns"}`;
  // What depends on a parameter is known when a pipeline gives it a value.
  if (/\{\w+\}/.test(String(source.address.path ?? ""))) return ok(title, frozen);
  await opened.check(session.signal);
  // Others compare their columns when they are read, which takes as long as that.
  if (opened.scan === undefined || !isCheapToScan(found)) return ok(title, `${frozen}, and its source is there`);
  const { signal } = session;
  await opened.scan({ dataset: found, columns, parameters: new Map(), signal, warn: () => undefined });
  return ok(title, `${frozen}, and its source has them`);
}

/** What is expanded or transcoded first would be copied whole. */
function isCheapToScan({ dialect }: FrozenDataset): boolean {
  if (dialect === undefined) return true;
  return dialect.compression === "none" && /^utf-?8$/i.test(dialect.encoding) && dialect.newline !== "mixed";
}

function indexFinding(schemasFolder: string, frozen: readonly FrozenDataset[]): Finding {
  const file = join(schemasFolder, "index.ts");
  const isCurrent = existsSync(file) && readFileSync(file, "utf8") === generateIndex(frozen);
  if (isCurrent) return ok("schemas/index.ts", "holds what is frozen");
  return warn("schemas/index.ts", "is not what the frozen schemas give", 'run "sluice sync"');
}

/** What earlier runs left: those that nobody ended, and when the latest one began. */
export async function runFindings(
  session: Session,
): Promise<{ readonly findings: readonly Finding[]; readonly latest: number | undefined }> {
  const { config, stateFolder } = session.project;
  if (!existsSync(join(stateFolder, "state.db")))
    return { findings: [ok("runs", "there are none yet")], latest: undefined };
  let latest: number | undefined;
  const finding = await guarded("runs", async () => {
    const store = await session.store();
    const runs = await store.listRuns({ project: config.project, limit: 200 });
    latest = runs.reduce<number | undefined>((most, run) => Math.max(most ?? 0, Date.parse(run.createdAt)), undefined);
    const open = await interruptedRuns(store, runs, { now: session.clock.now(), isAlive });
    const [first] = runs.filter((run) => open.has(run.id));
    if (first === undefined) return ok("runs", "no run was left open, and no lease is held by a process that is gone");
    return warn(
      "runs",
      `${open.size} ${open.size === 1 ? "run was" : "runs were"} left open by a process that is gone`,
      `go on with: sluice run ${first.pipeline} --resume ${first.id}; a new run takes the lease over`,
    );
  });
  return { findings: [finding], latest };
}

async function guarded(name: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (thrown) {
    const [error] = errorsOf(thrown);
    if (error === undefined || error.code === "cancelled") throw thrown;
    return fromError(name, error);
  }
}

/** An error as a finding. */
export function fromError(name: string, { message, hint, at }: SluiceError): Finding {
  const place =
    at === undefined || at.file === "" ? "" : ` (${[at.file, at.line, at.column].filter(Boolean).join(":")})`;
  return fail(name, `${message}${place}`, hint ?? "mend it, and run sluice doctor again");
}

async function contextOf(session: Session): Promise<OpenContext> {
  return await session.openContext(() => undefined);
}
