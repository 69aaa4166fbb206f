import { dirname, isAbsolute, join, relative } from "node:path";
import { type ScannableInput, type Schema, SluiceError, type StageOutput } from "@sluice/core";
import { makeFolder, publishFile, sha256OfFile, sizeOf } from "./durable.ts";
import { throwIfStopped } from "./error-record.ts";
import { thisHost } from "./lease.ts";
import { type RunContext, stageOf } from "./run-context.ts";

export type LandedOutput = Extract<StageOutput, { kind: "landed" }>;

/** Where a landed output lies; records hold it relative to the `.sluice` folder, so that a project can be moved. */
export function pathOfLanded(stateFolder: string, output: LandedOutput): string {
  return isAbsolute(output.path) ? output.path : join(stateFolder, output.path);
}

/** Publishes a finished file and gives its record. Its hash is taken first: told to stop meanwhile, nothing is left. */
export async function publishLanded(
  context: RunContext,
  file: { readonly from: string; readonly to: string; readonly rows: number },
  signal: AbortSignal,
): Promise<LandedOutput> {
  const { from, to, rows } = file;
  const sha256 = await sha256OfFile(from, signal);
  const bytes = await sizeOf(from);
  if (bytes === undefined) throw new SluiceError("internal", `the engine has not written ${from}`);
  throwIfStopped(signal);
  await makeFolder(dirname(to));
  await publishFile(from, to);
  const path = relative(context.request.stateFolder, to).replaceAll("\\", "/");
  return { kind: "landed", path, bytes, sha256, host: thisHost(), rows };
}

/** Whether a recorded output is here and byte for byte what was recorded. */
export async function isStillThere(stateFolder: string, output: LandedOutput, signal: AbortSignal): Promise<boolean> {
  if (output.host !== thisHost()) return false;
  const path = pathOfLanded(stateFolder, output);
  return (await sizeOf(path)) === output.bytes && (await sha256OfFile(path, signal)) === output.sha256;
}

/** The landed output of a stage that has succeeded, as an input. */
export function landedInput(context: RunContext, stage: string): ScannableInput {
  const output = context.outcomes.get(stage)?.output;
  if (output?.kind !== "landed") throw new SluiceError("internal", `stage "${stage}" has landed nothing to read`);
  const path = pathOfLanded(context.request.stateFolder, output);
  return parquetInput(
    stageOf(context, stage).schema,
    { path, origin: output.path, bytes: output.bytes },
    output.sha256,
  );
}

/** One Parquet file with these columns; its rows were accepted when it was written. */
export function parquetInput(
  schema: Schema,
  file: { readonly path: string; readonly origin: string; readonly bytes: number },
  identity: string,
): ScannableInput {
  return {
    format: "parquet",
    groups: [{ order: schema.columns.map((column) => column.name), files: [file] }],
    columns: schema.columns,
    validate: "used",
    identity,
  };
}
