import type { Writable } from "node:stream";
import { type Column, SluiceError } from "@sluice/core";
import { isThere, openPiece, type Piece, pieceBlocks, piecePaths } from "./binary/plain-pieces.ts";
import { HEADER, TRAILER } from "./binary/row-blocks.ts";
import { end, type Follower, follow, write } from "./follower.ts";
import type { SentKeys } from "./sent-keys.ts";

/** What rows are sent as, and what notes their keys. */
export interface SentRows {
  readonly columns: readonly Column[];
  readonly keys: SentKeys | undefined;
}

/**
 * Sends the files of a folder while more of them are written, each as soon as it is whole. Parquet says at its end what is in
 * it, so a single file could not be followed.
 */
export function followPieces(folder: string, { columns, keys }: SentRows, start: () => Promise<Writable>): Follower {
  return follow(start, async (output) => {
    const sent = new Map<string, Piece>();
    let stream: Writable | undefined;
    /** Sends what is whole by now; gives whether there was any. */
    const sendWhole = async (): Promise<boolean> => {
      let isAny = false;
      for (const path of await piecePaths(folder)) {
        if (output.isStopped) return false;
        if (sent.has(path)) continue;
        await using piece = await openPiece(path);
        if (piece === undefined) continue;
        if (stream === undefined) {
          stream = await output.open();
          await write(stream, HEADER);
        }
        isAny = true;
        sent.set(path, piece.piece);
        for await (const block of pieceBlocks(piece, columns, keys)) {
          if (output.isStopped) return false;
          await write(stream, block);
        }
      }
      return isAny;
    };
    while (!output.isStopped) {
      const isLast = output.complete !== undefined;
      // A small output is written before anybody could be of use.
      if (isLast && stream === undefined) return false;
      const isAny = await sendWhole();
      if (isLast) break;
      if (!isAny && output.complete === undefined) await output.pause();
    }
    if (output.isStopped || stream === undefined) return false;
    let bytes = 0;
    for (const piece of sent.values()) {
      if (!(await isThere(piece))) return false;
      bytes += piece.bytes;
    }
    if (bytes !== output.complete) return false;
    await end(stream, TRAILER);
    return true;
  });
}

/** Sends all files of folders that are complete, and ends the stream. */
export async function sendPieces(
  folders: readonly string[],
  { columns, keys }: SentRows,
  stream: Writable,
): Promise<void> {
  await write(stream, HEADER);
  for (const folder of folders) {
    for (const path of await piecePaths(folder)) {
      await using piece = await openPiece(path);
      if (piece === undefined) throw new SluiceError("internal", `a file of rows is not whole: ${path}`);
      for await (const block of pieceBlocks(piece, columns, keys)) await write(stream, block);
    }
  }
  await end(stream, TRAILER);
}
