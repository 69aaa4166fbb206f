import { join } from "node:path";
import { canonicalJson, frozenIdentity, isStageOrdered } from "@sluice/core";
import { executeAccepting } from "./accept.ts";
import { checkOutput, writeRemaining } from "./check-output.ts";
import { sha256OfText, sizeOf } from "./durable.ts";
import { parquetInput, publishLanded } from "./landed-output.ts";
import { datasetOf, type RunContext, scratchFolder } from "./run-context.ts";
import { fileNameOf } from "./run-folder.ts";
import type { AttemptResult, StageWork } from "./stage-work.ts";

/** Runs a stage whose output is a Parquet file of the run: written aside, checked, synced, named. */
export async function landStage(context: RunContext, work: StageWork): Promise<AttemptResult> {
  const { stage, opened, resources, signal, onCheck } = work;
  const folder = await scratchFolder(context, resources);
  const ordered = isStageOrdered(context.request.plan.stages, stage.name);
  const output = { format: "parquet", path: `${folder}/output.parquet`, ordered } as const;
  const { inputs } = opened;
  const execution = await executeAccepting(context, { ...work, inputs, output });
  context.checkpoint("stage.executed");
  const { rowsOut } = execution.result;
  const bytes = (await sizeOf(output.path)) ?? 0;
  const input = parquetInput(stage.schema, { path: output.path, origin: stage.name, bytes }, stage.name);
  const checking = { stage, checks: stage.checks, input, resources, signal, onCheck };
  const remaining = await checkOutput(context, checking);
  const rows = remaining?.rows ?? rowsOut;
  let finished: string = output.path;
  if (remaining !== undefined) {
    finished = `${folder}/remaining.parquet`;
    await writeRemaining(context, checking, remaining.relation, { ...output, path: finished });
  }
  const landed = await publishLanded(context, { from: finished, to: landingPath(context, work), rows }, signal);
  const { rowsIn, rejected } = execution;
  return { output: landed, rowsIn, rowsOut: rows, rejected };
}

/** A persistent extract lies where every run finds it, by what its source and its frozen schema were; others, in the run. */
function landingPath(context: RunContext, { stage, opened }: StageWork): string {
  const { folder, request } = context;
  const { writes } = stage;
  const file = `${fileNameOf(stage.name)}.parquet`;
  if (writes.kind !== "landed" || writes.persistent !== true) return join(folder.path, file);
  const key = canonicalJson([opened.identities[stage.name] ?? null, frozenIdentity(datasetOf(context, stage.name))]);
  const source = sha256OfText(key).slice(0, 32);
  return join(request.stateFolder, "stage", "persistent", fileNameOf(stage.name), source, file);
}
