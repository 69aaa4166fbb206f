import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createLineSplitter, JsonScanner, type TextLine } from "@sluice/core";
import { withName } from "./errors.ts";
import type { PreparedJson } from "./prepare-json.ts";

/** Why a line is no record at all: no JSON, no object, or a key that stands twice. */
export function problemOf(text: string): string | undefined {
  const scanner = new JsonScanner(text);
  const kind = scanner.kind();
  if (kind === undefined || (scanner.value() !== undefined && !scanner.end()) || scanner.problem !== undefined) {
    return scanner.problem ?? "is not JSON";
  }
  return kind === "object" ? undefined : `is no object`;
}

/** @param bytes only so much of the file, without the line in which that ends */
export async function eachLine(
  json: PreparedJson,
  signal: AbortSignal,
  take: (text: string, line: () => number, problem: string | undefined) => void,
  bytes?: number,
): Promise<void> {
  const splitter = createLineSplitter();
  const places = json.lines === undefined ? undefined : openSync(json.lines, "r");
  const emit = ({ bytes, line, problem }: TextLine): void =>
    take(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(),
      () => (places === undefined ? line : placeOf(places, line)),
      problem,
    );
  try {
    await withName(json.origin, async () => {
      const end = bytes === undefined ? {} : { end: bytes - 1 };
      for await (const chunk of createReadStream(json.path, { highWaterMark: 1 << 20, signal, ...end })) {
        splitter.push(chunk as Buffer, emit);
      }
      if (bytes === undefined) splitter.end(emit);
    });
  } finally {
    if (places !== undefined) closeSync(places);
  }
}

/** The line of the document on which a record begins that was cut out of it. */
function placeOf(places: number, record: number): number {
  const place = new Float64Array(1);
  readSync(places, place, 0, place.byteLength, (record - 1) * place.byteLength);
  return place[0] ?? record;
}
