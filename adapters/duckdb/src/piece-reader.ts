import { type FileHandle, open } from "node:fs/promises";
import type { InputFile } from "@sluice/core";

const CHUNK_BYTES = 1024 * 1024;

/** Reads text files piece by piece; many that lie in one file are read from one piece of it. */
export class PieceReader {
  private path: string | undefined;
  private handle: FileHandle | undefined;
  private from = 0;
  private chunk: Buffer = Buffer.alloc(0);

  /** The bytes of a file, in buffers that nothing is written to any more. */
  async *piecesOf({ path, start, bytes }: InputFile): AsyncGenerator<Buffer> {
    const handle = await this.use(path);
    const end = start === undefined ? Number.POSITIVE_INFINITY : start + bytes;
    for (let at = start ?? 0; at < end; ) {
      if (at < this.from || at >= this.from + this.chunk.length) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
        if (bytesRead === 0) return;
        this.from = at;
        this.chunk = buffer.subarray(0, bytesRead);
      }
      const piece = this.chunk.subarray(at - this.from, Math.min(end - this.from, this.chunk.length));
      yield piece;
      at += piece.length;
    }
  }

  async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close();
  }

  private async use(path: string): Promise<FileHandle> {
    if (this.handle !== undefined && this.path === path) return this.handle;
    await this.close();
    this.handle = await open(path);
    this.path = path;
    this.from = 0;
    this.chunk = Buffer.alloc(0);
    return this.handle;
  }
}
