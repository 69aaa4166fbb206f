import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { type Column, SluiceError } from "@sluice/core";
import { isThere, openPiece, type Piece, pieceBlocks, piecePaths } from "./binary/plain-pieces.ts";
import { HEADER, TRAILER } from "./binary/row-blocks.ts";
import { type FileFollower, write } from "./file-follower.ts";

const LOOK_MS = 20;

/**
 * Sends the files of a folder while more of them are written, each as soon as it is whole: rows travel while later ones are made.
 * Parquet says at its end what is in it, so a single file could not be followed.
 */
export function followPieces(folder: string, columns: readonly Column[], start: () => Promise<Writable>): FileFollower {
  let timer: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;
  let stopped = false;
  let complete: number | undefined;
  let stream: Writable | undefined;
  const sent = new Map<string, Piece>();

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, LOOK_MS);
      // A load that nobody waits for does not keep the process.
      timer.unref();
    });
  /** Sends what is whole by now; gives whether there was any. */
  const sendWhole = async (): Promise<boolean> => {
    let isAny = false;
    for (const path of await piecePaths(folder)) {
      if (stopped) return false;
      if (sent.has(path)) continue;
      await using piece = await openPiece(path);
      if (piece === undefined) continue;
      if (stream === undefined) {
        stream = await start();
        await write(stream, HEADER);
      }
      isAny = true;
      sent.set(path, piece.piece);
      for await (const block of pieceBlocks(piece, columns)) {
        if (stopped) return false;
        await write(stream, block);
      }
    }
    return isAny;
  };
  const follow = async (): Promise<boolean> => {
    while (!stopped) {
      const isLast = complete !== undefined;
      // A small output is written before anybody could be of use.
      if (isLast && stream === undefined) return false;
      const isAny = await sendWhole();
      if (isLast) break;
      if (!isAny && complete === undefined) await pause();
    }
    if (stopped || stream === undefined) return false;
    let bytes = 0;
    for (const piece of sent.values()) {
      if (!(await isThere(piece))) return false;
      bytes += piece.bytes;
    }
    if (bytes !== complete) return false;
    stream.end(TRAILER);
    await finished(stream);
    return true;
  };
  const following = follow();
  // Whoever finishes is told.
  following.catch(() => undefined);
  return {
    finish: async (bytes) => {
      complete = bytes;
      wake?.();
      return await following;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      wake?.();
      stream?.destroy();
      await following.catch(() => undefined);
    },
  };
}

/** Sends all files of folders that are complete, and ends the stream. */
export async function sendPieces(
  folders: readonly string[],
  columns: readonly Column[],
  stream: Writable,
): Promise<void> {
  await write(stream, HEADER);
  for (const folder of folders) {
    for (const path of await piecePaths(folder)) {
      await using piece = await openPiece(path);
      if (piece === undefined) throw new SluiceError("internal", `a file of rows is not whole: ${path}`);
      for await (const block of pieceBlocks(piece, columns)) await write(stream, block);
    }
  }
  stream.end(TRAILER);
  await finished(stream);
}
