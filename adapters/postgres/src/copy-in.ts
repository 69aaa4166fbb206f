import { Writable } from "node:stream";
import type { Connection, Submittable } from "pg";

const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
const COPY_FAIL = 0x66;
/** A byte that says what a message is, and four of its length, which counts itself. */
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
const CHUNK_BYTES = 1_048_576;

type Done = (error?: Error | null) => void;

/**
 * The rows of a `COPY … FROM STDIN`. It is finished when the server has taken them all, and breaks, wherever it is, when the
 * server answers with an error or the connection is lost. The stream of pg-copy-streams 7.0.0 waits for ever then for a server that
 * reads on (2026-11).
 */
export class CopyIn extends Writable implements Submittable {
  /** How many rows the server took, once it is finished. */
  rowCount = 0;
  private readonly text: string;
  private connection: Connection | undefined;
  /** Why there will be no more answer. */
  private failed: Error | undefined;
  private isAnswered = false;
  /** Who waits for the server: to be asked for rows, to read on, to have taken all, or to have given up. */
  private waiting: Done | undefined;

  constructor(text: string) {
    super({ highWaterMark: CHUNK_BYTES });
    this.text = text;
  }

  submit(connection: Connection): Error | null {
    if (this.destroyed) return new Error("given up before it was sent");
    this.connection = connection;
    connection.query(this.text);
    return null;
  }

  handleCopyInResponse(): void {
    this.isAnswered = true;
    this.go();
  }

  handleCommandComplete(message: { readonly text?: string }): void {
    this.rowCount = Number(/^COPY (\d+)/.exec(message.text ?? "")?.[1] ?? 0);
  }

  handleReadyForQuery(): void {
    this.go();
  }

  handleError(error: Error): void {
    this.failed = error;
    if (this.waiting === undefined) this.destroy(error);
    else this.go(error);
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.writev([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.writev(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: Done): void {
    this.whenAsked(done, () => {
      this.waiting = done;
      this.connection?.stream.write(message(COPY_DONE, 0));
    });
  }

  /** The server is told to forget the rows, and has done so when this ends. */
  override _destroy(error: Error | null, done: Done): void {
    const ended = (): void => done(error);
    if (this.failed !== undefined || this.writableFinished || this.connection === undefined) {
      ended();
      return;
    }
    const waited = this.waiting;
    this.waiting = undefined;
    waited?.(error ?? new Error("told to stop"));
    this.whenAsked(ended, () => {
      this.waiting = ended;
      const reason = Buffer.from(`${error?.message ?? "told to stop"}\0`);
      this.connection?.stream.write(Buffer.concat([message(COPY_FAIL, reason.length), reason]));
    });
  }

  private writev(chunks: readonly Buffer[], done: Done): void {
    this.whenAsked(done, () => {
      const stream = this.connection?.stream;
      if (stream === undefined) return done();
      stream.cork();
      let isTaken = true;
      for (const chunk of chunks) {
        stream.write(message(COPY_DATA, chunk.length));
        isTaken = stream.write(chunk);
      }
      stream.uncork();
      if (isTaken) return done();
      this.waiting = done;
      stream.once("drain", () => {
        if (this.waiting === done) this.go();
      });
    });
  }

  /** Rows may come before the server asks for the first. */
  private whenAsked(done: Done, act: () => void): void {
    if (this.failed !== undefined) done(this.failed);
    else if (this.isAnswered) act();
    else {
      this.waiting = (error) => {
        if (error === undefined || error === null) act();
        else done(error);
      };
    }
  }

  private go(error?: Error): void {
    const next = this.waiting;
    this.waiting = undefined;
    next?.(error);
  }
}

function message(code: number, bytes: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header[0] = code;
  header.writeUInt32BE(LENGTH_BYTES + bytes, 1);
  return header;
}
