import { constants } from "node:fs";
import { access, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import {
  assertFollows,
  assertStageRequest,
  isSluiceError,
  type SinkCapabilities,
  SluiceError,
  type StageRequest,
} from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { systemCode, toSluiceError } from "./errors.ts";
import { inPlace, isOf, isSameOwner, markOf, readSidecar } from "./sidecar.ts";

export const CAPABILITIES: SinkCapabilities = { modes: ["replace"], ordered: true };

/** Of a folder: who lists its files gets them in any order. Its files have one set of columns. */
const FOLDER: SinkCapabilities = { modes: ["replace", "append", "overwrite"], evolve: ["fail"], ordered: false };

/** What a target can do. */
export function capabilitiesOf(address: FileAddress): SinkCapabilities {
  return isFolderTarget(address) ? FOLDER : CAPABILITIES;
}

/** Whether a target is a folder of many files. */
export function isFolderTarget({ partitions, targetSize }: FileAddress): boolean {
  return partitions !== undefined || targetSize !== undefined;
}

const READING = ["hive", "comment", "skip", "skipEnd", "decimal", "thousands", "nulls", "trim", "ragged"] as const;

/** Refuses what is for reading only, or for another format. */
export function assertTarget(address: FileAddress): void {
  const refuse = (says: string, hint?: string): never => {
    throw new SluiceError("config", `${address.path}: ${says}`, {
      offending: address.path,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const { quote, compression, format, delimiter, path } = address;
  if (path === "-") refuse("standard output is no target of a pipeline", "name a file, or use: sluice copy <from> -");
  if (/\.(?:zip|tar|tgz|tar\.gz)!/i.test(path)) {
    refuse("members of archives are read, not written", "name a file of its own");
  }
  if (format === "fixed" || format === "lines") {
    refuse(`format: "${format}" is for reading, not for writing`, 'write it with format: "csv" or "parquet"');
  }
  // The engine's writer takes one byte: it cuts what is longer, and fails on the quote even where nothing is quoted.
  if (delimiter !== undefined && (delimiter.length !== 1 || delimiter > "\x7f" || delimiter === '"')) {
    refuse(
      `a target has a delimiter of one ASCII character that is not a quote, not ${JSON.stringify(delimiter)}`,
      'a longer one is for reading; write with delimiter: ",", ";", "|" or a tab',
    );
  }
  if (quote !== undefined && !["minimal", "all", "none"].includes(quote)) {
    refuse(
      `quote: ${JSON.stringify(quote)} is for reading`,
      'a target is written with quote: "minimal", "all" or "none"',
    );
  }
  if (address.newline !== undefined && address.newline !== "lf" && address.newline !== "crlf") {
    refuse(`newline: "${address.newline}" is for reading`, 'the lines of a target end with "lf" or "crlf"');
  }
  for (const option of ["escape", "encoding", "quotedEmpty", "at", ...READING] as const) {
    if (address[option] !== undefined) refuse(`"${option}" is for reading, not for writing`);
  }
  if (format !== "parquet" && (compression === "snappy" || compression === "zstd")) {
    refuse(`a text file is compressed with gzip, not ${compression}`);
  }
  const { level, nullText, bom, partitions, targetSize } = address;
  if (level !== undefined && compression !== undefined && compression !== "zstd") {
    refuse(`"level" is for zstd, and the compression is ${compression}`);
  }
  if (nullText?.includes(delimiter ?? ",") === true) {
    refuse(`nullText is ${JSON.stringify(nullText)}, which holds the delimiter`);
  }
  if (isFolderTarget(address) && bom === true) refuse("a byte order mark is for one file, not for a folder of them");
  if (format !== "parquet" && partitions !== undefined && targetSize !== undefined) {
    refuse(
      "targetSize together with partitions is for Parquet",
      "leave out targetSize: a file for each partition is written",
    );
  }
}

/** A run that lost its lease is refused before a row is read. */
export async function assertEpoch(target: string, shown: string, request: StageRequest): Promise<void> {
  const sidecar = await readSidecar(target, shown);
  if (sidecar === undefined || !isSameOwner(sidecar, request) || sidecar.epoch <= request.epoch) {
    // A sidecar whose file is not there, or is another, says nothing of what is.
    const found = inPlace(sidecar, await markOf(target, shown));
    assertFollows(request, found !== undefined && isOf(found, request) ? found : undefined, shown);
    return;
  }
  throw overtaken(shown, sidecar.epoch, request.epoch);
}

/** Whoever was stopped for longer than its lease finds the sidecar of another beside the target, and leaves both alone. */
export async function assertOwn(target: string, shown: string, request: StageRequest): Promise<void> {
  const sidecar = await readSidecar(target, shown);
  if (sidecar !== undefined && (sidecar.commitId !== request.commitId || sidecar.epoch !== request.epoch)) {
    throw overtaken(shown, sidecar.epoch, request.epoch);
  }
}

/** Whether an error is that of `overtaken`. */
export function isOvertaken(error: unknown): boolean {
  return isSluiceError(error) && error.code === "conflict" && error.reason === "epoch";
}

/** That a later run has written the target. */
export function overtaken(shown: string, seen: number, own: number): SluiceError {
  return new SluiceError("conflict", `${shown} was written by a later run (its epoch is ${seen}, ours ${own})`, {
    reason: "epoch",
    hint: "start a new run",
  });
}

/** Folders that were made for a file that never came: from the deepest up to the first, while they are empty. */
export async function removeEmpty(deepest: string, first: string): Promise<void> {
  for (let folder = deepest; folder.startsWith(first); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      // It holds something, or is gone: both end the clearing.
      return;
    }
  }
}

/** One file is replaced as a whole. */
export function assertMode(request: StageRequest, shown: string): void {
  const { mode } = request;
  if (mode === "replace") {
    assertStageRequest(request, CAPABILITIES, shown);
    return;
  }
  const folder =
    mode === "append" || mode === "overwrite"
      ? ', make it a folder of many files (partitions: ["day"] or targetSize: "128MB")'
      : "";
  throw new SluiceError("unsupported", `${shown} cannot be loaded with mode "${mode}": a file is replaced as a whole`, {
    offending: mode,
    hint: `use mode: "replace"${folder}, or load into a database`,
  });
}

/** Whether the folder of a target can be written to, or the first one above it that there is. */
export async function assertWritableFolder(target: string, shown: string): Promise<void> {
  for (let folder = dirname(target); ; folder = dirname(folder)) {
    try {
      await access(folder, constants.W_OK | constants.X_OK);
      return;
    } catch (error) {
      if (systemCode(error) === "ENOENT" && folder !== dirname(folder)) continue;
      throw toSluiceError(error, shown);
    }
  }
}
