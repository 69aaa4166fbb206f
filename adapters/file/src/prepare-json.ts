import { createReadStream } from "node:fs";
import { open, stat, unlink } from "node:fs/promises";
import { DocumentCutter } from "./document-cutter.ts";
import { documentPath } from "./document-path.ts";
import { withName } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { type PreparedText, prepareText, writeChunks } from "./prepare-text.ts";
import { markedEncoding, readHead } from "./text-stream.ts";

/** A file of records, one to a line; `lines` holds the line of each in the document that it was cut out of. */
export interface PreparedJson extends PreparedText {
  readonly lines?: string;
}

export interface JsonReading {
  readonly format: "json" | "ndjson";
  readonly at: string | undefined;
  readonly encoding: string | undefined;
  readonly signal: AbortSignal;
}

const CHUNK_BYTES = 1 << 18;

/**
 * Puts a file of JSON into scratch space as NDJSON: expanded, UTF-8, without a byte order mark; a document is cut into its
 * records.
 *
 * @throws SluiceError `data` with reason `corrupt`, `binary`, `encoding`, `empty` or `document`
 */
export async function prepareJson(file: FoundFile, target: string, reading: JsonReading): Promise<PreparedJson> {
  const { format, at, encoding = "utf-8", signal } = reading;
  if (format === "json") {
    const text = await prepareText(file, `${target}.json`, { encoding, signal });
    return cutDocument(text, target, documentPath(at ?? "$"), signal);
  }
  const text = await prepareText(file, target, { encoding, signal });
  const head = await readHead({ ...text, changed: "" }, 3);
  if (markedEncoding(head) !== "utf-8") return text;
  const path = `${target}.unmarked`;
  const stream = createReadStream(text.path, { highWaterMark: CHUNK_BYTES, start: 3, signal });
  await writeChunks(path, stream as AsyncIterable<Uint8Array>, file.origin);
  return { ...text, path, bytes: (await stat(path)).size };
}

async function cutDocument(
  text: PreparedText,
  target: string,
  path: readonly string[],
  signal: AbortSignal,
): Promise<PreparedJson> {
  const lines = `${target}.lines`;
  const records = await open(target, "wx");
  const places = await open(lines, "wx");
  try {
    await withName(text.origin, async () => {
      let parts: Uint8Array[] = [];
      let starts: number[] = [];
      const cutter = new DocumentCutter(text.origin, path, {
        write: (bytes) => parts.push(bytes),
        begin: (line) => starts.push(line),
      });
      const head = await readHead({ ...text, changed: "" }, 3);
      const start = markedEncoding(head) === "utf-8" ? 3 : 0;
      for await (const chunk of createReadStream(text.path, { highWaterMark: CHUNK_BYTES, start, signal })) {
        cutter.push(chunk as Buffer);
        for (const part of parts) await records.writeFile(part);
        await places.writeFile(Buffer.from(Float64Array.from(starts).buffer));
        parts = [];
        starts = [];
      }
      cutter.end();
    });
  } finally {
    await records.close();
    await places.close();
  }
  // The whole document is not needed any more, and scratch space is short when files are long.
  await unlink(text.path);
  return { ...text, path: target, bytes: (await stat(target)).size, lines };
}
