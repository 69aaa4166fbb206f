import { type Address, type LoadDefinition, type LoadSettings, loadSettingsOf } from "@sluice/core";
import type { RunEvent } from "@sluice/runtime";
import { openStateIn, type Session, sha256 } from "../composition.ts";
import { inlineName } from "../project/used-sources.ts";
import { type EarlyTry, withEarlyTypes } from "./early-types.ts";
import { planRelation, type RelationRequest } from "./land-relation.ts";
import { failureOf, runAlone } from "./land-step.ts";

export interface WriteRequest extends RelationRequest, LoadSettings {
  readonly into: Address;
  readonly mode: LoadDefinition["mode"];
}

/** What was written, and what happened meanwhile. */
export interface WrittenRelation {
  readonly rows: number;
  readonly rejected: number;
  readonly commit: Extract<RunEvent, { event: "stage.finished" }>["commit"];
  readonly events: readonly RunEvent[];
}

/**
 * Writes the rows of a relation, whole or not at all: a run of one load, remembered in a state that goes with it.
 *
 * @throws SluiceError what the run failed with
 */
export function writeRelation(session: Session, request: WriteRequest): Promise<WrittenRelation> {
  return withEarlyTypes(session, (early) => writeOnce(session, request, early));
}

/** A database remembers by the name of the step which tables are sluice's own, so two of its tables never share one. */
function stepInto(into: Address, taken: ReadonlySet<string>): string {
  const name = inlineName(into, taken);
  const { type, table } = into;
  return type === "lake" || typeof table !== "string" || table === name ? name : `${name}_${sha256(table).slice(0, 8)}`;
}

async function writeOnce(
  session: Session,
  request: WriteRequest,
  early: EarlyTry | undefined,
): Promise<WrittenRelation> {
  const { into, mode } = request;
  const { plan, datasets, bound, step } = await planRelation(session, { ...request, early }, (taken, from) => ({
    kind: "load",
    name: stepInto(into, new Set([taken, ...Object.keys(session.project.config.datasets)])),
    from,
    into,
    mode,
    ...loadSettingsOf(request),
  }));
  const stateFolder = session.scratchFolder();
  await using store = await openStateIn(stateFolder);
  const events: RunEvent[] = [];
  const { onEvent } = request;
  const asked = { plan, datasets, parameters: bound, store, stateFolder, events, onEvent };
  const result = await runAlone(session, { ...asked, checkpoint: early?.checkpoint });
  if (result.status !== "succeeded") throw failureOf(result, session.signal);
  const loaded = events.findLast((event) => event.event === "stage.finished" && event.commit !== undefined);
  return {
    rows: result.finished.steps[step]?.rowsOut ?? 0,
    rejected: events.reduce((sum, event) => sum + (event.event === "stage.rejects" ? event.rejected : 0), 0),
    commit: loaded?.event === "stage.finished" ? loaded.commit : undefined,
    events,
  };
}
