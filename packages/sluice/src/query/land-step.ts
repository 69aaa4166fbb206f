import { resolve } from "node:path";
import {
  type BoundValue,
  type Cell,
  type Column,
  type FrozenDataset,
  type Plan,
  type Relation,
  type ScannableInput,
  SluiceError,
} from "@sluice/core";
import { type RunEvent, type RunResult, runPlan } from "@sluice/runtime";
import { newRunId, openStateIn, type Session } from "../composition.ts";

export interface LandRequest {
  readonly plan: Plan;
  readonly datasets: ReadonlyMap<string, FrozenDataset>;
  /** The step whose rows are wanted. */
  readonly step: string;
  readonly parameters: ReadonlyMap<string, BoundValue>;
  /** Told what happens as it happens, how far the query is among it. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** The rows of a step, computed: a Parquet file in scratch space that goes with the session. */
export interface LandedRows {
  readonly columns: readonly Column[];
  readonly count: number;
  /** The name under which queries over them read `input`. */
  readonly name: string;
  readonly input: ScannableInput;
  /** What happened while the rows were computed: rejects, warnings. */
  readonly events: readonly RunEvent[];
  /** The rows as cells, read as fast as they are taken. */
  batches(): AsyncIterable<readonly (readonly Cell[])[]>;
}

/**
 * Computes the rows of a step as a run would, with a state of its own in scratch space: they are landed before the first
 * one is given, since a record that is not accepted may be the last one.
 *
 * @throws SluiceError what a run of the step would fail with
 */
export async function landStep(session: Session, request: LandRequest): Promise<LandedRows> {
  const { plan, step } = request;
  const stateFolder = session.scratchFolder();
  await using store = await openStateIn(stateFolder);
  const engine = await session.engine();
  const events: RunEvent[] = [];
  const result = await runAlone(session, { ...request, store, stateFolder, events });
  if (result.status !== "succeeded") throw failureOf(result, session.signal);
  const [stage] = (await store.stagesOf(result.run)).filter((one) => one.stage === step);
  if (stage?.output.kind !== "landed") throw new SluiceError("internal", `the query of "${step}" left no rows`);
  const path = resolve(stateFolder, stage.output.path);
  const { columns } = await engine.schemaOfFile(path);
  const input: ScannableInput = {
    format: "parquet",
    groups: [{ order: columns.map(({ name }) => name), files: [{ path, origin: step, bytes: stage.output.bytes }] }],
    columns,
    validate: "all",
    identity: null,
  };
  const scan: Relation = { kind: "scan", source: { stage: step } };
  const compiled = engine.compile(scan, { schemaOf: () => ({ columns }), parameters: new Map() });
  const finished = result.finished.steps[step];
  return {
    columns: plan.stages.find((one) => one.name === step)?.schema.columns ?? columns,
    count: finished?.rowsOut ?? 0,
    name: step,
    input,
    events,
    batches: () =>
      engine.rows(compiled, {
        inputs: new Map([[step, { input, columns: columns.map(({ name }) => name) }]]),
        parameters: new Map(),
        constants: { now: new Date(0).toISOString(), today: "1970-01-01" },
        signal: session.signal,
      }),
  };
}

/** Runs a plan that belongs to no pipeline of the project, remembered in a folder that goes with the session. */
export async function runAlone(
  session: Session,
  request: Omit<LandRequest, "step"> & {
    readonly store: Awaited<ReturnType<typeof openStateIn>>;
    readonly stateFolder: string;
    readonly events: RunEvent[];
    readonly checkpoint?: ((name: string) => void) | undefined;
  },
): Promise<RunResult> {
  const { project } = session;
  const { plan, datasets, parameters, store, stateFolder, events, onEvent, checkpoint } = request;
  return await runPlan({
    plan,
    datasets,
    parameters,
    project: project.config.project,
    root: project.root,
    stateFolder,
    adapter: session.adapter,
    connection: session.connection,
    engine: await session.engine(),
    store,
    clock: session.clock,
    random: Math.random,
    newRunId: () => newRunId(session.clock.now()),
    onEvent: (event) => {
      if (event.event !== "stage.progress") events.push(event);
      onEvent?.(event);
    },
    progress: onEvent !== undefined,
    parallel: 1,
    isOnItsOwn: true,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    signal: session.signal,
    redact: project.secrets.redact,
  });
}

/** The error that a run ended with. */
export function failureOf({ status, finished }: RunResult, signal: AbortSignal): SluiceError {
  if (status === "cancelled" && signal.reason instanceof SluiceError) return signal.reason;
  const { error: record } = finished;
  if (status === "cancelled") return new SluiceError("cancelled", record?.message ?? "the query was cancelled");
  if (record === undefined) return new SluiceError("internal", "the query failed without a reason");
  const { message, hint, reason, offending } = record;
  return new SluiceError(record.code as SluiceError["code"], message, {
    ...(hint === undefined ? {} : { hint }),
    ...(reason === undefined ? {} : { reason }),
    ...(offending === undefined ? {} : { offending }),
  });
}
