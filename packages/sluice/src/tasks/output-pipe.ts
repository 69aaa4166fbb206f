import { spawnSync } from "node:child_process";
import { closeSync, constants, createWriteStream, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { pipeline } from "node:stream/promises";

/** The end that a command writes to, and the copying of what it writes into a file. */
export interface OutputPipe {
  readonly writing: number;
  /** Ends when nobody holds the writing end; rejected where the file cannot be written, which a command may not notice. */
  readonly written: Promise<void>;
}

/**
 * A named pipe whose other end is written into the file. A command that opens `/dev/stdout` once more would begin a file anew,
 * and a socket, which is what Node calls a pipe, it cannot open at all.
 *
 * @returns nothing where the system makes no named pipes
 */
export function openOutputPipe(file: string): OutputPipe | undefined {
  const path = `${file}.pipe`;
  if (process.platform === "win32" || spawnSync("mkfifo", ["-m", "600", path]).status !== 0) return undefined;
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let writing: number;
  try {
    writing = openSync(path, constants.O_WRONLY);
  } catch (thrown) {
    closeSync(reading);
    throw thrown;
  } finally {
    rmSync(path, { force: true });
  }
  const socket = new Socket({ fd: reading, readable: true, writable: false });
  return { writing, written: pipeline(socket, createWriteStream(file)) };
}
