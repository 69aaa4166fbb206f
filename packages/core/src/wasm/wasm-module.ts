/** What is used of it: every runtime has it, and the types of Node do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number; readonly maximum?: number }) => WasmMemory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** The memory of a module. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** By so many pages of 64 KB; `buffer` is another one then. */
  grow(pages: number): number;
}

/** What a module gives once it has a memory. */
export interface WasmInstance {
  readonly exports: object;
  readonly memory: WasmMemory;
}

/** By so much a memory grows. */
export const WASM_PAGE_BYTES = 65_536;

/**
 * A module that takes its memory from outside, compiled when it is first opened.
 *
 * @example
 * const open = wasmModule(() => Buffer.from(KERNEL, "base64"));
 * const { exports, memory } = open(1_048_576); // a memory of its own
 */
export function wasmModule(binary: () => Uint8Array): (memoryBytes: number) => WasmInstance {
  let compiled: object | undefined;
  return (memoryBytes) => {
    compiled ??= new WebAssembly.Module(binary());
    const memory = new WebAssembly.Memory({ initial: Math.ceil(memoryBytes / WASM_PAGE_BYTES) });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    return { exports, memory };
  };
}
