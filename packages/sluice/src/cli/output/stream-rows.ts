import { createReadStream } from "node:fs";
import type { LandedRows } from "../../query/land-step.ts";
import type { PipeWriter } from "./pipe-writer.ts";
import { rowEncoder, type StreamFormat } from "./row-encoders.ts";

/** Writes rows as fast as they are taken, a batch at a time; Parquet as the file that they lie in. */
export async function streamRows(
  landed: LandedRows,
  format: StreamFormat | "parquet",
  writer: PipeWriter,
): Promise<void> {
  if (format === "parquet") {
    const files = landed.input.groups.flatMap((group) => group.files);
    for (const { path } of files) for await (const chunk of createReadStream(path)) await writer.write(chunk as Buffer);
    return;
  }
  const encoder = rowEncoder(format, landed.columns);
  await writer.write(encoder.start);
  for await (const batch of landed.batches()) await writer.write(encoder.batch(batch));
  await writer.write(encoder.end());
}
