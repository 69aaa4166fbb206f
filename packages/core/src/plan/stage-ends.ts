import type { StepDefinition } from "../definition/definition.ts";
import { stepsMeasuredBy, stepsReadBy } from "../definition/step-graph.ts";

/** Why a step ends its stage, as parts of a sentence; a step without reasons is fused into the one that reads it. */
export type StageEnds = ReadonlyMap<string, readonly string[]>;

/**
 * Where stages end. A transform is fused into its single reader, unless something has to see its rows by themselves.
 *
 * @example
 * stageEnds(steps).get("crash"); // ["it has 2 checks", "2 steps read it: load_crash, report"]
 */
export function stageEnds(steps: readonly StepDefinition[]): StageEnds {
  const users: Users = {
    readers: usersBy(steps, stepsReadBy),
    measurers: usersBy(steps, (step) => stepsMeasuredBy(step.when)),
    waiters: usersBy(steps, (step) => step.after ?? []),
    workers: new Map(steps.flatMap(({ name, kind }) => (isWorker(kind) ? [[name, WORKERS[kind]] as const] : []))),
  };
  return new Map(
    steps.map((step) => [step.name, step.kind === "load" ? ["it is a load"] : reasonsOf(step, users)] as const),
  );
}

/** By step, the steps that refer to it: a reader as often as it scans it. */
interface Users {
  readonly readers: ReadonlyMap<string, readonly string[]>;
  readonly measurers: ReadonlyMap<string, readonly string[]>;
  readonly waiters: ReadonlyMap<string, readonly string[]>;
  /** Steps that run outside of the engine, and what each is. */
  readonly workers: ReadonlyMap<string, string>;
}

const WORKERS = { task: "a task", shell: "a command" } as const;

function isWorker(kind: StepDefinition["kind"]): kind is keyof typeof WORKERS {
  return kind in WORKERS;
}

function usersBy(
  steps: readonly StepDefinition[],
  usedBy: (step: StepDefinition) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const step of steps) {
    for (const name of usedBy(step)) {
      const before = users.get(name);
      if (before === undefined) users.set(name, [step.name]);
      else before.push(step.name);
    }
  }
  return users;
}

function reasonsOf(step: StepDefinition, users: Users): readonly string[] {
  const reads = users.readers.get(step.name) ?? [];
  const readers = [...new Set(reads)].sort();
  const [only] = readers;
  const measures = (users.measurers.get(step.name) ?? []).toSorted();
  const waits = (users.waiters.get(step.name) ?? []).filter((name) => !readers.includes(name)).toSorted();
  const checks = step.checks?.length ?? 0;
  const own = users.workers.get(step.name);
  if (own !== undefined) return [`it is ${own}`];
  const worker = readers.find((name) => users.workers.has(name));
  return [
    ...(worker === undefined ? [] : [`${users.workers.get(worker)} reads it: ${worker}`]),
    ...(checks > 0 ? [`it has ${checks === 1 ? "a check" : `${checks} checks`}`] : []),
    ...(step.when === undefined ? [] : ["it has a condition of its own (when)"]),
    ...(step.retry === undefined ? [] : ["it has a retry of its own"]),
    ...(step.timeoutMs === undefined ? [] : ["it has a timeout of its own"]),
    ...(readers.length > 1 ? [`${readers.length} steps read it: ${readers.join(", ")}`] : []),
    ...(only === undefined ? ["no step reads it"] : []),
    ...(readers.length === 1 && reads.length > 1 && worker === undefined
      ? [`${only} reads it ${reads.length} times`]
      : []),
    ...(measures.length > 0
      ? [`${measures.join(", ")} ${measures.length === 1 ? "looks" : "look"} at its counts`]
      : []),
    ...(waits.length > 0 ? [`${waits.join(", ")} ${waits.length === 1 ? "waits" : "wait"} for it`] : []),
  ];
}
