import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const OPTIONS = "--optimizeLevel 3 --runtime stub --noAssert --importMemory --enable simd --outFile kernel.wasm".split(
  " ",
);

/** The module of a folder with a kernel, as `adapters/duckdb/kernel`, compiled, as a text that code can hold. */
export async function generateKernel(root, kernel, entry) {
  const { default: asc } = await import("assemblyscript/asc");
  const folder = join(root, kernel);
  let binary;
  const { error, stderr } = await asc.main([entry, ...OPTIONS], {
    readFile: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : null),
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`${kernel} does not compile: ${stderr}`);
  return `// Generated from ${kernel}: npm run generate
export const KERNEL: string =
  "${Buffer.from(binary).toString("base64")}";
`;
}
