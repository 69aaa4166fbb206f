import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "@sluice/core";
import type { Session } from "../composition.ts";
import type { LastRunReport } from "./report.ts";

/** How the last run of a pipeline went, and the steps that rows pass through; undefined where there was none. */
export async function lastRun(
  session: Session,
  plan: Plan,
  steps: readonly string[],
): Promise<LastRunReport | undefined> {
  // Asking for the state would make one.
  if (!existsSync(join(session.project.stateFolder, "state.db"))) return undefined;
  const store = await session.history();
  const { project } = session.project.config;
  const [run] = await store.listRuns({ project, pipeline: plan.definition.name, limit: 1 });
  if (run === undefined) return undefined;
  const records = await store.stagesOf(run.id);
  const statuses = Object.create(null) as Record<string, string>;
  for (const step of steps) {
    const stage = plan.stages.find((one) => one.steps.includes(step));
    const record = records.find((one) => one.stage === stage?.name);
    if (record !== undefined) statuses[step] = record.status;
  }
  const { error } = run;
  const message = error !== null && typeof error === "object" && "message" in error ? error.message : undefined;
  return {
    id: run.id,
    status: run.status,
    ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    ...(run.finishedAt === undefined ? {} : { finishedAt: run.finishedAt }),
    ...(typeof message === "string" ? { error: message } : {}),
    steps: statuses,
  };
}
