import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  createRecordSplitter,
  type ExpectedRecord,
  expectedRecord,
  type FileGroup,
  type InputFile,
  type ScannableInput,
  SluiceError,
  type TextRecord,
} from "@sluice/core";
import { PieceReader } from "./piece-reader.ts";
import type { PlaceWriter } from "./record-places.ts";
import { SoundWriter, type SplitFiles } from "./sound-writer.ts";

/** The records of a group, told apart, and the order of their columns. */
export interface SplitPart extends SplitFiles {
  readonly order: readonly string[];
}

/**
 * The records of text files, told apart in Node: sound ones go into copies that DuckDB reads, the others into lists of
 * rejects. A part for each group that has files.
 */
export async function splitFiles(
  { groups, columns, dialect }: ScannableInput,
  { folder, places, signal }: { readonly folder: string; readonly places: PlaceWriter; readonly signal: AbortSignal },
): Promise<readonly SplitPart[]> {
  if (dialect === undefined) throw new SluiceError("internal", "a text without a dialect cannot be split");
  const isPartitioned = columns.some(({ partition }) => partition === true);
  const parts: SplitPart[] = [];
  let first = 0;
  for (const [index, group] of groups.entries()) {
    if (group.files.length === 0) continue;
    const own = join(folder, String(index));
    await mkdir(own);
    // A blank line of a file of one column is a record; DuckDB would pass over one at the end.
    const isNumbered = isPartitioned || (group.order.length === 1 && dialect.delimiter !== "");
    const writer = new SoundWriter({ folder: own, dialect, columns, group, places, isNumbered });
    const reader = new PieceReader();
    const expected = expectedRecord(dialect, columns, group.order.length);
    try {
      await splitGroup(group, first, { dialect, expected, writer, reader, signal });
      parts.push({ ...(await writer.finish()), order: group.order });
    } finally {
      await reader.close();
      await writer.close();
    }
    first += group.files.length;
  }
  return parts;
}

interface Work {
  readonly dialect: NonNullable<ScannableInput["dialect"]>;
  readonly expected: ExpectedRecord;
  readonly writer: SoundWriter;
  readonly reader: PieceReader;
  readonly signal: AbortSignal;
}

async function splitGroup({ files }: FileGroup, first: number, work: Work): Promise<void> {
  for (const [index, file] of files.entries()) {
    work.writer.beginFile(first + index);
    await splitFile(file, work);
  }
}

async function splitFile(file: InputFile, { dialect, expected, writer, reader, signal }: Work): Promise<void> {
  const splitter = createRecordSplitter({
    dialect,
    header: dialect.header && file.start === undefined,
    firstLine: file.firstLine ?? 1,
    ...expected,
  });
  const emit = (record: TextRecord): void => {
    if (record.record > 0) writer.add(record);
  };
  for await (const piece of reader.piecesOf(file)) {
    if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
    writer.beginPiece(piece);
    splitter.push(piece, emit);
    await writer.endPiece();
  }
  splitter.end(emit);
  await writer.endPiece();
}
