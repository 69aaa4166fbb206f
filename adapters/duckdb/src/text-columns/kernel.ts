import { WASM_PAGE_BYTES, wasmModule } from "@sluice/core";
import { KERNEL } from "./kernel.generated.ts";

/** What `../../kernel/accept-text.ts` exports; places in memory are bytes from its start. */
interface KernelExports {
  take(
    text: number,
    end: number,
    rules: number,
    columns: number,
    index: number,
    most: number,
    delimiter: number,
    quote: number,
    isCrlf: number,
  ): number;
  stoppedAt(): number;
  gather(index: number, slot: number, slots: number, records: number, values: number, presence: number): number;
  gatherTyped(
    index: number,
    slot: number,
    slots: number,
    records: number,
    values: number,
    presence: number,
    width: number,
  ): number;
  nullsFound(): number;
}

export interface Kernel extends KernelExports {
  readonly bytes: Buffer;
}

/** Below, the kernel keeps what it needs itself. */
export const FIRST_FREE: number = WASM_PAGE_BYTES;

const open = wasmModule(() => Buffer.from(KERNEL, "base64"));

/** A kernel with so much memory of its own. */
export function openKernel(memoryBytes: number): Kernel {
  const { exports, memory } = open(memoryBytes);
  return Object.assign(Object.create(null), exports, { bytes: Buffer.from(memory.buffer) }) as Kernel;
}
