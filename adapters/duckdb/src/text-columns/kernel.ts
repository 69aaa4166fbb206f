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

const PAGE_BYTES = 65_536;
/** Below, the kernel keeps what it needs itself. */
export const FIRST_FREE: number = PAGE_BYTES;

/** What is used of it: Node has it, and its types do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

let compiled: object | undefined;

/** A kernel with so much memory of its own. */
export function openKernel(memoryBytes: number): Kernel {
  compiled ??= new WebAssembly.Module(Buffer.from(KERNEL, "base64"));
  const pages = Math.ceil(memoryBytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return Object.assign(Object.create(null), exports, { bytes: Buffer.from(memory.buffer) }) as Kernel;
}
