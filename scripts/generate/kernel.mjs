import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The module in `adapters/duckdb/kernel`, compiled, as a text that code can hold. */
export async function generateKernel(root) {
  const { default: asc } = await import("assemblyscript/asc");
  const source = readFileSync(join(root, "adapters/duckdb/kernel/accept-text.ts"), "utf8");
  const { binary, stderr, error } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: "stub",
    noAssert: true,
    importMemory: true,
    enable: ["simd"],
  });
  if (error !== null || binary === null) throw new Error(`the kernel does not compile: ${stderr}`);
  return `// Generated from adapters/duckdb/kernel/accept-text.ts: npm run generate
export const KERNEL: string =
  "${Buffer.from(binary).toString("base64")}";
`;
}
