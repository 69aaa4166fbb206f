import { join } from "node:path";
import { isStageOrdered } from "@sluice/core";
import { executeAccepting } from "./accept.ts";
import { checkOutput, writeRemaining } from "./check-output.ts";
import { sizeOf } from "./durable.ts";
import { isKept, keepExtract, keptPath } from "./kept-extract.ts";
import { parquetInput, publishLanded } from "./landed-output.ts";
import { type RunContext, scratchFolder } from "./run-context.ts";
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
  const isExtractKept = isKept(stage);
  const identity = opened.identities[stage.name] ?? null;
  const to = isExtractKept
    ? keptPath(context, stage.name, identity)
    : join(context.folder.path, `${fileNameOf(stage.name)}.parquet`);
  const landed = await publishLanded(context, { from: finished, to, rows }, signal);
  const { rowsIn, rejected } = execution;
  if (isExtractKept) {
    const rejects = execution.rejects.get(stage.name);
    const dataset = stage.name;
    await keepExtract(context, {
      dataset,
      identity,
      output: landed,
      rowsIn,
      scratch: folder,
      ...(rejects === undefined ? {} : { rejects }),
    });
  }
  return { output: landed, rowsIn, rowsOut: rows, rejected };
}
