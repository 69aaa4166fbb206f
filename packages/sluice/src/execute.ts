import type { BoundValue } from "@sluice/core";
import { type ReplayRequest, type RunEvent, type RunRequest, type RunResult, runPlan } from "@sluice/runtime";
import { newRunId, type Session } from "./composition.ts";
import { reachRequest } from "./project/drift-reach.ts";
import { driftNotices } from "./project/evolve-datasets.ts";
import type { PlannedPipeline } from "./project/plan-pipeline.ts";

export interface ExecuteRequest {
  readonly planned: PlannedPipeline;
  readonly parameters: ReadonlyMap<string, BoundValue>;
  readonly onEvent: (event: RunEvent) => void;
  /** Whether `onEvent` wants to be told how far a stage is. */
  readonly progress: boolean;
  readonly step?: string | undefined;
  readonly resume?: string | undefined;
  readonly reread?: boolean;
  readonly checkpoint?: (name: string) => void;
  /** Which kept copies take the place of persistent datasets. */
  readonly fromStage?: string | undefined;
  /** A run over rows of the quarantine, and the name that it shall have. */
  readonly replay?: ReplayRequest & { readonly run: string };
}

/** Runs a plan with everything the session has. */
export async function execute(session: Session, request: ExecuteRequest): Promise<RunResult> {
  return await runPlan(await runRequest(session, request));
}

/** What the runtime is told of a plan, and given by the session. */
export async function runRequest(session: Session, request: ExecuteRequest): Promise<RunRequest> {
  const { project } = session;
  const { planned, step, resume, checkpoint, replay, fromStage } = request;
  const reaching = await reachRequest(planned.plan, planned.datasets, session.adapter);
  const drifts = planned.evolved.flatMap((one) => driftNotices(one, reaching));
  return {
    plan: planned.plan,
    datasets: planned.datasets,
    parameters: request.parameters,
    project: project.config.project,
    root: project.root,
    stateFolder: project.stateFolder,
    adapter: session.adapter,
    connection: session.connection,
    engine: await session.engine(),
    store: await session.store(),
    runner: session.runner,
    clock: session.clock,
    random: Math.random,
    newRunId: () => replay?.run ?? newRunId(session.clock.now()),
    onEvent: request.onEvent,
    progress: request.progress,
    parallel: project.config.parallel,
    ...(project.config.leaseMs === undefined ? {} : { leaseMs: project.config.leaseMs }),
    signal: session.signal,
    redact: project.secrets.redact,
    ...(drifts.length === 0 ? {} : { drifts }),
    ...(step === undefined ? {} : { step }),
    ...(resume === undefined ? {} : { resume }),
    ...(request.reread === true ? { reread: "allow" as const } : {}),
    ...(fromStage === undefined ? {} : { fromStage }),
    ...(replay === undefined ? {} : { replay: { slice: replay.slice, of: replay.of } }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
}
