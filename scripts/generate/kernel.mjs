import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const OPTIONS = "--optimizeLevel 3 --runtime stub --noAssert --importMemory --enable simd --outFile kernel.wasm".split(
  " ",
);

/** The module in `adapters/duckdb/kernel`, compiled, as a text that code can hold. */
export async function generateKernel(root) {
  const { default: asc } = await import("assemblyscript/asc");
  const folder = join(root, "adapters/duckdb/kernel");
  let binary;
  const { error, stderr } = await asc.main(["accept-text.ts", ...OPTIONS], {
    readFile: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : null),
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`the kernel does not compile: ${stderr}`);
  return `// Generated from adapters/duckdb/kernel: npm run generate
export const KERNEL: string =
  "${Buffer.from(binary).toString("base64")}";
`;
}
