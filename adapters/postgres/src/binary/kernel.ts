import { WASM_PAGE_BYTES, wasmModule } from "@sluice/core";
import { KERNEL } from "./kernel.generated.ts";

/** What `../../kernel/take-rows.ts` exports; places in memory are bytes from its start, and come as signed numbers. */
interface KernelExports {
  count(at: number, end: number, table: number, columns: number, most: number): number;
  stoppedAt(): number;
  isOver(): number;
  take(at: number, rows: number, table: number, columns: number): number;
}

/** Below, the kernel keeps what it needs itself. */
export const FIRST_FREE: number = WASM_PAGE_BYTES;

const open = wasmModule(() => Buffer.from(KERNEL, "base64"));

/** A kernel and its memory, which may grow. */
export class Kernel {
  readonly calls: KernelExports;
  bytes: Buffer;
  private readonly grow: (pages: number) => ArrayBuffer;

  constructor(memoryBytes: number) {
    const { exports, memory } = open(memoryBytes);
    this.calls = exports as KernelExports;
    this.bytes = Buffer.from(memory.buffer);
    this.grow = (pages) => {
      memory.grow(pages);
      return memory.buffer;
    };
  }

  /** Makes the memory at least so large; what it holds stays where it is. */
  reserve(bytes: number): void {
    const missing = bytes - this.bytes.length;
    if (missing > 0) this.bytes = Buffer.from(this.grow(Math.ceil(missing / WASM_PAGE_BYTES)));
  }
}
