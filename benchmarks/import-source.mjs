// Takes what a TypeScript file of the tests exports, such as a real server or a Python that was made once.
import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** The module of a file, bundled beside it, since it finds others by where it lies. */
export async function importSource(path) {
  const outfile = join(dirname(path), `.bench-${process.pid}-${basename(path, ".ts")}.mjs`);
  try {
    await build({ entryPoints: [path], outfile, bundle: true, platform: "node", format: "esm" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
