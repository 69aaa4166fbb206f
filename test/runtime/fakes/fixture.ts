import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FrozenDataset, Plan, PlannedStage, Relation, Schema } from "@sluice/core";
import type { RunEvent, RunRequest } from "@sluice/runtime";
import { type FakeWorld, fakeAdapter, fakeWorld } from "./fake-adapter.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { fakeEngine } from "./fake-engine.ts";
import { type FakeStore, fakeStore } from "./fake-store.ts";

export const schema: Schema = { columns: [{ name: "value", type: "int64", nullable: true }] };

export const scanDataset = (dataset: string): Relation => ({ kind: "scan", source: { dataset } });
export const scanStage = (stage: string): Relation => ({ kind: "scan", source: { stage } });

/** A stage that lands what it reads. */
export function transformStage(name: string, from: string, more: Partial<PlannedStage> = {}): PlannedStage {
  return stageOf(name, "transform", from, { writes: { kind: "landed" }, ...more });
}

/** A stage that loads what it reads into the target of its name. */
export function loadStage(name: string, from: string, more: Partial<PlannedStage> = {}): PlannedStage {
  const writes = { kind: "target", into: { type: "memory", name }, mode: "append" } as const;
  return stageOf(name, "load", from, { writes, ...more });
}

/** `from` is a stage where it begins with `@`, else a dataset. */
function stageOf(
  name: string,
  kind: PlannedStage["kind"],
  from: string,
  more: Partial<PlannedStage> & Pick<PlannedStage, "writes">,
): PlannedStage {
  const isStage = from.startsWith("@");
  const input = isStage ? from.slice(1) : from;
  return {
    name,
    kind,
    steps: [name],
    reads: isStage ? [{ stage: input }] : [{ dataset: input, columns: ["value"], uses: 1 }],
    endsBecause: "it is a test",
    after: [],
    relation: isStage ? scanStage(input) : scanDataset(input),
    schema,
    sql: "",
    checks: [],
    ...more,
  };
}

export function planOf(stages: readonly PlannedStage[], more: Partial<Plan["definition"]> = {}): Plan {
  const definition = { name: "test", steps: [], ...more };
  return { planVersion: 1, definition, datasets: {}, stages, lineage: [], warnings: [], hash: "0123456789abcdef" };
}

export function datasetNamed(name: string, more: Partial<FrozenDataset> = {}): FrozenDataset {
  return {
    version: 1,
    name,
    source: { type: "memory", name },
    columns: schema.columns,
    validate: "all",
    drift: "fail",
    reordered: "fail",
    stage: "volatile",
    warnings: [],
    ...more,
  };
}

/** Everything that runs of a test share: the disk, the state, the sources and targets, what was said. */
export interface Bench extends Disposable {
  readonly root: string;
  readonly stateFolder: string;
  readonly clock: FakeClock;
  readonly store: FakeStore;
  readonly world: FakeWorld;
  readonly events: RunEvent[];
  request(plan: Plan, more?: Partial<RunRequest>): RunRequest;
  said<Name extends RunEvent["event"]>(name: Name): readonly Extract<RunEvent, { event: Name }>[];
}

export function bench(datasets: readonly FrozenDataset[] = [datasetNamed("numbers")]): Bench {
  const root = mkdtempSync(join(tmpdir(), "sluice-runtime-"));
  const stateFolder = join(root, ".sluice");
  const clock = fakeClock();
  const store = fakeStore();
  const world = fakeWorld();
  const events: RunEvent[] = [];
  const adapter = fakeAdapter(world);
  const engine = fakeEngine();
  let runs = 0;
  for (const { name } of datasets) world.sources.set(name, { lines: ["1", "2", "3"], version: 1 });
  return {
    root,
    stateFolder,
    clock,
    store,
    world,
    events,
    request: (plan, more = {}) => ({
      plan,
      datasets: new Map(datasets.map((dataset) => [dataset.name, dataset])),
      parameters: new Map(),
      project: "project",
      root,
      stateFolder,
      adapter: async () => adapter,
      connection: () => undefined,
      engine,
      store,
      clock,
      random: () => 0.5,
      newRunId: () => `run-${++runs}`,
      onEvent: (event) => void events.push(event),
      parallel: 2,
      signal: new AbortController().signal,
      ...more,
    }),
    said: <Name extends RunEvent["event"]>(name: Name) =>
      events.filter((event): event is Extract<RunEvent, { event: Name }> => event.event === name),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
