import { landedPath, publishOutput } from "./land.ts";
import { compileOver, queryDefaults, type RunContext, scratchFolder } from "./run-context.ts";
import type { AttemptResult, StageWork } from "./stage-work.ts";
import { doWork } from "./work.ts";

/**
 * Runs a task or a command: its rows become a Parquet file of the run, like those of any stage that lands. An action has
 * none, and nothing of it can be committed: a run that ends before its record may run it again.
 */
export async function workStage(
  context: RunContext,
  work: Omit<StageWork, "query" | "opened">,
  attempt: number,
): Promise<AttemptResult> {
  const { stage, resources, signal, onProgress } = work;
  const { output: input, rowsIn, rejected } = await doWork(context, work, attempt);
  if (input === undefined) return { output: { kind: "none" }, rowsIn, rowsOut: null, rejected };
  const folder = await scratchFolder(context, resources);
  const query = compileOver(
    context,
    { kind: "scan", source: { stage: stage.name } },
    new Map([[stage.name, stage.schema]]),
  );
  // In the order in which they came, as far as that costs nothing: no order is promised.
  const output = { format: "parquet", path: `${folder}/output.parquet`, ordered: true } as const;
  const columns = stage.schema.columns.map(({ name }) => name);
  const result = await context.request.engine.execute(query, {
    ...queryDefaults(context),
    inputs: new Map([[stage.name, { input, columns }]]),
    output,
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const written = { folder, output, rows: result.rowsOut, to: landedPath(context, stage) };
  const { landed, rows } = await publishOutput(context, work, written);
  return { output: landed, rowsIn, rowsOut: rows, rejected };
}
