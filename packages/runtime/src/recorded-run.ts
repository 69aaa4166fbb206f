import {
  type BoundValue,
  canonicalJson,
  type FrozenDataset,
  type Json,
  type Plan,
  type RunRecord,
  SluiceError,
} from "@sluice/core";
import { instantOf } from "./run-context.ts";
import type { ReplayRequest, RunRequest } from "./run-request.ts";

/** What a run's record keeps of what it was asked to do. */
export interface RecordedPlan {
  readonly plan: Plan;
  readonly datasets: readonly FrozenDataset[];
  readonly step?: string;
  /** Of a run over rows that earlier runs took out. */
  readonly replay?: ReplayRequest;
  /** Of a run over kept copies of its persistent datasets. */
  readonly fromStage?: string;
}

/** The plan in a run's record. */
export function recordedPlan(record: RunRecord): RecordedPlan {
  return record.plan as unknown as RecordedPlan;
}

/** The record of a run that begins, not stored yet. */
export function newRecord(request: RunRequest): RunRecord {
  const { plan, datasets, step, replay, fromStage, clock } = request;
  const now = instantOf(clock.now());
  const recorded: RecordedPlan = {
    plan,
    datasets: [...datasets.values()],
    ...(step === undefined ? {} : { step }),
    ...(replay === undefined ? {} : { replay }),
    ...(fromStage === undefined ? {} : { fromStage }),
  };
  return {
    id: request.newRunId(),
    project: request.project,
    pipeline: plan.definition.name,
    planHash: plan.hash,
    plan: recorded as unknown as Json,
    parameters: [...request.parameters].map(([name, { type, value }]) => ({ name, type, value })),
    now,
    status: "waiting",
    createdAt: now,
    generation: 0,
  };
}

/** The record of the run to resume. Throws where there is none, or where it is not a run of this plan. */
export async function recordToResume(request: RunRequest, id: string): Promise<RunRecord> {
  const record = await request.store.getRun(request.project, id);
  if (record === undefined) {
    throw new SluiceError("config", `there is no run "${id}"`, {
      offending: id,
      hint: "sluice runs lists the runs of this project",
    });
  }
  const pipeline = request.plan.definition.name;
  if (record.pipeline !== pipeline) {
    throw new SluiceError(
      "config",
      `run ${record.id} is a run of pipeline "${record.pipeline}", not of "${pipeline}"`,
      {
        offending: id,
      },
    );
  }
  if (recordedPlan(record).replay?.slice !== request.replay?.slice) {
    throw new SluiceError("conflict", `run ${record.id} is a replay of rows in the quarantine`, {
      reason: "replay",
      hint: `finish it with: sluice quarantine replay ${pipeline}`,
    });
  }
  if (record.planHash !== request.plan.hash) {
    throw new SluiceError(
      "conflict",
      `pipeline "${pipeline}" or a schema it reads changed since run ${record.id} began (its plan was ${record.planHash.slice(0, 12)}, now ${request.plan.hash.slice(0, 12)})`,
      { reason: "plan-changed", hint: "start a new run, or take back the change and resume" },
    );
  }
  const { step } = recordedPlan(record);
  if (request.step !== undefined && request.step !== step) {
    throw new SluiceError(
      "config",
      `run ${record.id} ran ${step === undefined ? "all steps" : `step "${step}"`}, not step "${request.step}"`,
      { offending: request.step, hint: "resume it without a step, or start a new run" },
    );
  }
  assertSameParameters(request, record);
  return record;
}

/** The parameters that a run was started with. */
export function recordedParameters(record: RunRecord): ReadonlyMap<string, BoundValue> {
  const recorded = record.parameters as unknown as readonly ({ readonly name: string } & BoundValue)[];
  return new Map(recorded.map(({ name, type, value }) => [name, { type, value }]));
}

/** The constants of a run: the instant it is for, and its day in the zone of the schedule. */
export function constantsOf(
  record: Pick<RunRecord, "now">,
  plan: Pick<Plan, "definition">,
): { readonly now: string; readonly today: string } {
  const timeZone = plan.definition.schedule?.zone ?? "UTC";
  // The first format of a process loads the tables of all zones: 40 ms of each run.
  if (timeZone === "UTC" && /^\d{4}-/.test(record.now)) return { now: record.now, today: record.now.slice(0, 10) };
  const format = new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const parts = new Map(format.formatToParts(new Date(record.now)).map(({ type, value }) => [type, value]));
  const year = (parts.get("year") ?? "").padStart(4, "0");
  return { now: record.now, today: `${year}-${parts.get("month")}-${parts.get("day")}` };
}

/** A parameter given now must be the one of then; what is not given is taken from the record. */
function assertSameParameters(request: RunRequest, record: RunRecord): void {
  const recorded = recordedParameters(record);
  for (const [name, given] of request.parameters) {
    const then = recorded.get(name);
    if (then !== undefined && canonicalJson(then.value) === canonicalJson(given.value)) continue;
    throw new SluiceError("config", `run ${record.id} was started with another value of parameter "${name}"`, {
      offending: name,
      hint: "leave it out to resume with the value of then, or start a new run",
    });
  }
}
