import { join } from "node:path";
import type { OutputSpec, PlannedStage } from "@sluice/core";
import { executeAccepting } from "./accept.ts";
import { checkOutput, writeRemaining } from "./check-output.ts";
import { sizeOf } from "./durable.ts";
import { isKept, keepExtract, keptPath } from "./kept-extract.ts";
import { type LandedOutput, parquetInput, publishLanded } from "./landed-output.ts";
import { isOrderKept, type RunContext, scratchFolder } from "./run-context.ts";
import { fileNameOf } from "./run-folder.ts";
import type { AttemptResult, StageWork } from "./stage-work.ts";

/** Runs a stage whose output is a Parquet file of the run: written aside, checked, synced, named. */
export async function landStage(context: RunContext, work: StageWork): Promise<AttemptResult> {
  const { stage, opened, resources } = work;
  const folder = await scratchFolder(context, resources);
  const ordered = isOrderKept(context, stage);
  const output = { format: "parquet", path: `${folder}/output.parquet`, ordered } as const;
  const { inputs } = opened;
  const execution = await executeAccepting(context, { ...work, inputs, output });
  const isExtractKept = isKept(stage);
  const identity = opened.identities[stage.name] ?? null;
  const to = isExtractKept ? keptPath(context, stage.name, identity) : landedPath(context, stage);
  const { landed, rows } = await publishOutput(context, work, { folder, output, rows: execution.result.rowsOut, to });
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

/** Where the output of a stage lies that goes with its run. */
export function landedPath(context: RunContext, stage: PlannedStage): string {
  return join(context.folder.path, `${fileNameOf(stage.name)}.parquet`);
}

/** Checks a Parquet file that was written aside, takes diverted rows out of it, and gives it its name. */
export async function publishOutput(
  context: RunContext,
  { stage, resources, signal, onCheck }: Pick<StageWork, "stage" | "resources" | "signal" | "onCheck">,
  written: { readonly folder: string; readonly output: OutputSpec; readonly rows: number; readonly to: string },
): Promise<{ readonly landed: LandedOutput; readonly rows: number }> {
  const { folder, output, to } = written;
  context.checkpoint("stage.executed");
  const bytes = (await sizeOf(output.path)) ?? 0;
  const input = parquetInput(stage.schema, { path: output.path, origin: stage.name, bytes }, stage.name);
  const checking = { stage, checks: stage.checks, input, resources, signal, onCheck };
  const remaining = await checkOutput(context, checking);
  const rows = remaining?.rows ?? written.rows;
  let finished = output.path;
  if (remaining !== undefined) {
    finished = `${folder}/remaining.parquet`;
    await writeRemaining(context, checking, remaining.relation, { ...output, path: finished });
  }
  const landed = await publishLanded(context, { from: finished, to, rows }, signal);
  return { landed, rows };
}
