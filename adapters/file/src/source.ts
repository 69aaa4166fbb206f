import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { OpenContext, Source } from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { discoverParquet } from "./discover-parquet.ts";
import { discoverText } from "./discover-text.ts";
import { throwIfStopped } from "./errors.ts";
import { findFiles } from "./find-files.ts";
import { scanParquet } from "./scan-parquet.ts";
import { scanText } from "./scan-text.ts";
import { readHead } from "./text-stream.ts";

/** Files as a source: the engine reads them itself, by links in scratch space. */
export function createSource(address: FileAddress, context: OpenContext): Source {
  const { root, scratch, local } = context;
  const { path, format } = address;
  let count = 0;
  const folder = join(scratch, "in");
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
      yield format === "parquet"
        ? await discoverParquet(files, request, { path, local, nextPath })
        : await discoverText(files, request, { address, nextPath });
    },

    async scan(request) {
      await mkdir(folder, { recursive: true });
      const files = await findFiles({ root, path, parameters: request.parameters });
      if (format === "parquet") return await scanParquet(files, request, { local, nextPath });
      return await scanText(files, request, nextPath);
    },

    // Its files lie in the scratch folder of this opening, which its owner removes.
    async [Symbol.asyncDispose]() {},
  };
}
