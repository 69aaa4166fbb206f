import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, isSluiceError, type OpenContext, type ScannableInput, type Source } from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { discoverLines } from "./discover-lines.ts";
import { discoverParquet } from "./discover-parquet.ts";
import { discoverText } from "./discover-text.ts";
import { throwIfStopped } from "./errors.ts";
import { findFiles, identityOf } from "./find-files.ts";
import { scanParquet } from "./scan-parquet.ts";
import { scanText } from "./scan-text.ts";
import { readHead } from "./text-stream.ts";

/** Files as a source: the engine reads them itself, by links in scratch space. */
export function createSource(address: FileAddress, context: OpenContext): Source {
  const { root, scratch, local } = context;
  const { path, format } = address;
  let count = 0;
  const folder = join(scratch, "in");
  /** The parameters with which each input was found: a glob or template is matched again in the same way. */
  const scanned = new WeakMap<ScannableInput, ReadonlyMap<string, string>>();
  const nextPath = (): string => {
    count += 1;
    return join(folder, String(count).padStart(4, "0"));
  };
  return {
    async check(signal) {
      throwIfStopped(signal);
      // Reading one byte says whether we may.
      for (const file of await findFiles({ root, path, parameters: undefined })) await readHead(file, 1);
    },

    async *discover(request) {
      await mkdir(folder, { recursive: true });
      const parameters = request.parameters.size === 0 ? undefined : request.parameters;
      const files = await findFiles({ root, path, parameters });
      if (format === "parquet") yield await discoverParquet(files, request, { path, local, nextPath });
      else if (format === "csv") yield await discoverText(files, request, { address, nextPath });
      else yield await discoverLines(files, request, { address, nextPath });
    },

    async scan(request) {
      await mkdir(folder, { recursive: true });
      const files = await findFiles({ root, path, parameters: request.parameters });
      const input =
        format === "parquet"
          ? await scanParquet(files, request, { local, nextPath })
          : await scanText(files, request, nextPath);
      scanned.set(input, request.parameters);
      return input;
    },

    async isUnchanged(input) {
      try {
        const files = await findFiles({ root, path, parameters: scanned.get(input) });
        return canonicalJson(identityOf(files)) === canonicalJson(input.identity);
      } catch (error) {
        // Gone, or no file any more.
        if (isSluiceError(error) && (error.code === "missing" || error.code === "config")) return false;
        throw error;
      }
    },

    // Its files lie in the scratch folder of this opening, which its owner removes.
    async [Symbol.asyncDispose]() {},
  };
}
