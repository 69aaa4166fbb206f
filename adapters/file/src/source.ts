import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  canonicalJson,
  type FileMark,
  isSluiceError,
  type Json,
  type OpenContext,
  type ReadRequest,
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
import { type FoundFile, findFiles, identityOf, marksOf } from "./find-files.ts";
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

/** Files that came meanwhile are for the next read. */
function isRead([name]: FileMark, identity: Json): boolean {
  return Array.isArray(identity) && identity.some((file) => Array.isArray(file) && file[0] === name);
}

interface Located {
  /** What a person should know of what was not taken. */
  readonly warnings: readonly string[];
  readonly files: readonly FoundFile[];
  /** Of the files, or of the archives that hold them. */
  readonly marked: readonly FoundFile[];
}

/** The files that are new, as `ReadRequest.files` has it; a member of an archive goes with its archive. */
function select(
  { files, marked }: Located,
  { files: selection, warn }: ReadRequest,
): { readonly files: readonly FoundFile[]; readonly identity: Json } {
  if (selection === undefined) return { files, identity: identityOf(marked) };
  const known = new Map(selection.known.map((file) => [file[0], canonicalJson(file)]));
  const only = selection.only === undefined ? undefined : new Set(selection.only.map((file) => file[0]));
  const read = marksOf(marked).filter((file) => {
    const before = known.get(file[0]);
    if (only?.has(file[0]) === false) return false;
    if (before === undefined) return true;
    if (before === canonicalJson(file)) return false;
    if (selection.take === "changed") return true;
    warn(`${file[0]} changed since it was read; only files that are new are read`);
    return false;
  });
  const names = new Set(read.map(([name]) => name));
  const isNew = ({ origin }: FoundFile): boolean =>
    names.has(origin) || [...names].some((name) => origin.startsWith(`${name}!`));
  return { files: files.filter(isNew), identity: read };
}

/** Files as a source: the engine reads them itself, by links in scratch space. */
export function createSource(address: FileAddress, context: OpenContext): Source {
  const { root, scratch, local } = context;
  const { path, format } = address;
  assertReadable(address);
  let count = 0;
  const folder = join(scratch, "in");
  /** With what each input was found: a glob or template is matched again in the same way. */
  const scanned = new WeakMap<ScannableInput, Pick<ReadRequest, "parameters" | "files">>();
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
      return { files, marked: files, warnings: [] };
    }
    const archives = await findFiles({ root, path: parts.archive, parameters: given });
    const members: FoundFile[] = [];
    const warnings: string[] = [];
    for (const archive of archives) {
      const found = await findMembers(archive, parts.member, { parameters: given, nextPath, signal });
      for (const file of found.files) members.push(file);
      warnings.push(...found.warnings);
    }
    return { files: members, marked: archives, warnings };
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
      const { files, warnings } = await locate(parameters, request.signal);
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
      const all = warnings.length === 0 ? found : { ...found, warnings: [...warnings, ...(found.warnings ?? [])] };
      yield discoverPartitions(all, { files, keys, request, hive: address.hive });
    },

    async scan(request) {
      await mkdir(folder, { recursive: true });
      const located = await locate(request.parameters, request.signal);
      // What is frozen is said by who reads it.
      for (const warning of located.warnings) if (!request.dataset.warnings.includes(warning)) request.warn(warning);
      const { files, identity } = select(located, request);
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
      scanned.set(input, request);
      return input;
    },

    async isUnchanged(input) {
      try {
        const request = scanned.get(input);
        const files = await visible(request?.parameters);
        const now =
          request?.files === undefined
            ? identityOf(files)
            : marksOf(files).filter((file) => isRead(file, input.identity));
        return canonicalJson(now) === canonicalJson(input.identity);
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
