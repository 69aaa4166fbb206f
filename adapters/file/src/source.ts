import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  canonicalJson,
  isSluiceError,
  type Json,
  type OpenContext,
  type ScannableInput,
  SluiceError,
  type Source,
} from "@sluice/core";
import { archivePath } from "./archive/archive-path.ts";
import { findMembers } from "./archive/find-members.ts";
import type { FileAddress } from "./config.ts";
import { discoverJson } from "./discover-json.ts";
import { discoverLines } from "./discover-lines.ts";
import { discoverParquet } from "./discover-parquet.ts";
import { discoverText } from "./discover-text.ts";
import { throwIfStopped } from "./errors.ts";
import { type FoundFile, findFiles, identityOf } from "./find-files.ts";
import {
  discoverPartitions,
  ownColumns,
  partitionKeys,
  partitionsOf,
  scanPartitions,
  withoutPartitions,
} from "./hive-paths.ts";
import { scanJson } from "./scan-json.ts";
import { scanParquet } from "./scan-parquet.ts";
import { scanText } from "./scan-text.ts";
import { readHead } from "./text-stream.ts";

const TARGET_ONLY = ["level", "rowGroupRows", "partitions", "targetSize", "nullText", "bom", "nonFinite"] as const;

function assertReadable(address: FileAddress): void {
  const option = TARGET_ONLY.find((name) => address[name] !== undefined);
  if (option === undefined) return;
  throw new SluiceError("config", `${address.path}: "${option}" is for writing, not for reading`, {
    offending: option,
  });
}

interface Located {
  readonly files: readonly FoundFile[];
  readonly identity: Json;
}

/** Files as a source: the engine reads them itself, by links in scratch space. */
export function createSource(address: FileAddress, context: OpenContext): Source {
  const { root, scratch, local } = context;
  const { path, format } = address;
  assertReadable(address);
  let count = 0;
  const folder = join(scratch, "in");
  /** The parameters with which each input was found: a glob or template is matched again in the same way. */
  const scanned = new WeakMap<ScannableInput, ReadonlyMap<string, string>>();
  const nextPath = (): string => {
    count += 1;
    return join(folder, String(count).padStart(4, "0"));
  };
  const visible = async (given: ReadonlyMap<string, string> | undefined): Promise<readonly FoundFile[]> => {
    const parts = await archivePath(root, path);
    return await findFiles({ root, path: parts?.archive ?? path, parameters: given });
  };
  /** The files that are meant, and what tells whether they are still the same; members of archives are expanded. */
  const locate = async (given: ReadonlyMap<string, string> | undefined, signal: AbortSignal): Promise<Located> => {
    const parts = await archivePath(root, path);
    if (parts === undefined) {
      const files = await visible(given);
      return { files, identity: identityOf(files) };
    }
    const archives = await findFiles({ root, path: parts.archive, parameters: given });
    const members: FoundFile[] = [];
    for (const archive of archives) {
      members.push(...(await findMembers(archive, parts.member, { parameters: given, nextPath, signal })));
    }
    return { files: members, identity: identityOf(archives) };
  };
  return {
    async check(signal) {
      throwIfStopped(signal);
      // Reading one byte says whether we may.
      for (const file of await visible(undefined)) await readHead(file, 1);
    },

    async *discover(request) {
      await mkdir(folder, { recursive: true });
      const parameters = request.parameters.size === 0 ? undefined : request.parameters;
      const { files } = await locate(parameters, request.signal);
      const keys = partitionKeys(files, address);
      const own = withoutPartitions(request, keys);
      const found =
        format === "parquet"
          ? await discoverParquet(files, own, { path, local, nextPath })
          : format === "csv"
            ? await discoverText(files, own, { address, nextPath, local })
            : format === "json" || format === "ndjson"
              ? await discoverJson(files, own, { address, nextPath })
              : await discoverLines(files, own, { address, nextPath });
      yield discoverPartitions(found, { files, keys, request, hive: address.hive });
    },

    async scan(request) {
      await mkdir(folder, { recursive: true });
      const { files, identity } = await locate(request.parameters, request.signal);
      const own = { ...request, dataset: ownColumns(request.dataset) };
      // What paths say is said of whole files.
      const keyOf = (origin: string): string =>
        own.dataset === request.dataset ? "" : JSON.stringify(partitionsOf(origin));
      const scan =
        format === "parquet"
          ? await scanParquet(files, own, { local, nextPath })
          : format === "json" || format === "ndjson"
            ? await scanJson(files, own, { address, nextPath })
            : await scanText(files, own, nextPath, keyOf);
      const input = { ...scanPartitions(scan, request.dataset, request.warn), identity };
      scanned.set(input, request.parameters);
      return input;
    },

    async isUnchanged(input) {
      try {
        const files = await visible(scanned.get(input));
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
