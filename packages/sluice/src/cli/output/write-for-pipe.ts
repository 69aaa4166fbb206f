import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Session } from "../../composition.ts";
import { formatOptions } from "../../query/address-text.ts";
import { type WriteRequest, type WrittenRelation, writeRelation } from "../../query/write-relation.ts";
import type { CommandContext } from "../context.ts";
import { showAs } from "../show-as.ts";
import { pipeWriter } from "./pipe-writer.ts";

/** The formats of text that standard output is written in. */
export const STREAM_FORMATS = ["csv", "tsv", "json", "ndjson"] as const;

export type PipeFormat = (typeof STREAM_FORMATS)[number] | "parquet";

/**
 * Writes rows for standard output, as any file of the format is written, so that a pipe gives the bytes that a file would
 * hold. They are sent when whoever asks has said what there was to say of them.
 */
export async function writeForPipe(
  session: Session,
  context: CommandContext,
  { format, ...request }: Omit<WriteRequest, "into"> & { readonly format: PipeFormat },
): Promise<Pick<WrittenRelation, "events"> & { readonly send: () => Promise<void> }> {
  const path = join(session.scratchFolder(), "standard_output");
  showAs("standard output", path, { session, context });
  const into = { type: "file", path, ...formatOptions(format) };
  const { events } = await writeRelation(session, { ...request, into });
  return {
    events,
    async send() {
      const writer = pipeWriter(process.stdout, session.signal);
      for await (const chunk of createReadStream(path)) await writer.write(chunk as Buffer);
    },
  };
}
