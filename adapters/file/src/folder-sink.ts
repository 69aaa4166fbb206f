import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  assertFollows,
  assertStageRequest,
  familyOf,
  type OpenContext,
  type OutputSpec,
  type Position,
  parseType,
  type Sink,
  SluiceError,
  type StageRequest,
} from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { throwIfStopped, toWriteError } from "./errors.ts";
import { parsePattern } from "./file-pattern.ts";
import { assertLink, ownerMark, removeDead } from "./folder-places.ts";
import { createFolderStaging } from "./folder-staging.ts";
import {
  columnsOf,
  commitOf,
  currentVersion,
  describeVersion,
  epochSeen,
  type FolderPlaces,
  resultOfCommit,
  withCommit,
} from "./folder-version.ts";
import { makeFolders } from "./make-folders.ts";
import { outputSpec, sizeInBytes } from "./output-spec.ts";
import { neverWritten } from "./sidecar.ts";
import { assertWritableFolder, capabilitiesOf, overtaken, removeEmpty } from "./sink-assertions.ts";

/**
 * A folder of files as a sink: each load writes a new folder of its own, and one link is renamed last, which is what
 * publishes it. The version before stays until the next load, for whoever reads it still.
 */
export function createFolderSink(address: FileAddress, context: OpenContext): Sink {
  const promised = new Set<string>();
  let bound: FolderPlaces | undefined;
  /** The first folder that had to be made. */
  let created: string | undefined;
  const capabilities = capabilitiesOf(address);
  const placesOf = (request: Pick<StageRequest, "parameters" | "commitId" | "epoch">): FolderPlaces => {
    const { shown } = parsePattern(address.path, request.parameters);
    const target = resolve(context.root, shown);
    const versions = join(dirname(target), `.${basename(target)}.sluice`);
    if (!/^[A-Za-z0-9_-]+$/.test(request.commitId)) {
      throw new SluiceError("internal", `${JSON.stringify(request.commitId)} cannot be a part of a file name`);
    }
    // Whoever was stopped past its lease and goes on writes into a folder of its own: its successor may be at the very same commit.
    const version = join(versions, `${request.commitId}-${request.epoch}`);
    return { target, versions, version, aside: `${version}.tmp`, epoch: request.epoch };
  };
  return {
    capabilities,

    async reposition(asked, position) {
      const current = await currentVersion(placesOf({ ...asked, commitId: "position" }), address.path);
      const found = commitOf(current, asked);
      if (current?.described === undefined || found === undefined) throw neverWritten(address.path, asked.step);
      const seen = epochSeen(current, asked);
      if (seen > asked.epoch) throw overtaken(address.path, seen, asked.epoch);
      const commits = withCommit(current, { ...found, epoch: asked.epoch, position });
      await describeVersion(current.path, { ...current.described, commits });
    },

    async check(signal) {
      throwIfStopped(signal);
      const [fixed = address.path] = address.path.split("{");
      await assertWritableFolder(resolve(context.root, fixed), address.path);
    },

    async committed(asked) {
      const found = commitOf(await currentVersion(placesOf(asked), address.path), asked);
      if (found === undefined) return undefined;
      const { commitId, epoch, position } = found;
      const result = { ...resultOfCommit(found, false) };
      return { commitId, epoch, result, ...(position === undefined ? {} : { position: position as Position }) };
    },

    async accepts(request) {
      assertStageRequest(request, capabilities, address.path);
      assertPartitions(address, request);
      const places = placesOf(request);
      await assertLink(places, address.path);
      await assertWritableFolder(places.target, address.path);
      await assertCurrent(places, address, request);
      try {
        bound = places;
        created ??= await makeFolders(places.versions);
        await removeDead(places);
        await mkdir(places.aside);
        await writeFile(ownerMark(places), "");
      } catch (error) {
        throw toWriteError(error, address.path);
      }
      promised.add(places.aside).add(ownerMark(places));
      return folderSpec(address, places.aside, request.commitId);
    },

    async stage(request) {
      assertStageRequest(request, capabilities, address.path);
      const places = placesOf(request);
      await assertCurrent(places, address, request);
      promised.add(places.aside);
      return createFolderStaging({ address, places, request, context });
    },

    async [Symbol.asyncDispose]() {
      for (const path of promised) await rm(path, { recursive: true, force: true });
      if (created !== undefined && bound !== undefined) await removeEmpty(bound.versions, created);
    },
  };
}

function folderSpec(address: FileAddress, path: string, commitId: string): OutputSpec {
  const spec = outputSpec(address, path);
  const { partitions = [], targetSize } = address;
  const ending = spec.compression === "gzip" && spec.format !== "parquet" ? `${spec.format}.gz` : spec.format;
  // Names that no other version has: whoever lists one and opens another finds nothing, instead of half of each.
  const name = `part-${commitId.slice(0, 16)}`;
  const targetBytes = targetSize === undefined ? {} : { targetBytes: sizeInBytes(targetSize) };
  return { ...spec, ordered: false, folder: { partitions, name, ending, ...targetBytes } };
}

/** Refuses a run that was overtaken, and rows that do not go with the files that are there. */
async function assertCurrent(places: FolderPlaces, address: FileAddress, request: StageRequest) {
  const { path, partitions = [] } = address;
  const current = await currentVersion(places, path);
  const seen = epochSeen(current, request);
  if (seen > request.epoch) throw overtaken(path, seen, request.epoch);
  assertFollows(request, commitOf(current, request), path);
  const { mode, evolve } = request;
  if (current === undefined || (mode === "replace" && evolve !== "fail")) return;
  const refuse = (says: string, offending: string): never => {
    throw new SluiceError("config", `${path}: ${says}`, {
      offending,
      hint: 'give the step the columns and partitions of the files that are there, or load once with mode: "replace"',
    });
  };
  if (current.described === undefined) return refuse("nothing says what the files there hold", path);
  const { columns, partitions: parted } = current.described;
  const [there, given] = [new Map(columns), new Map(columnsOf(request))];
  for (const [name, type] of given) {
    if (!there.has(name)) refuse(`its files have no column "${name}"`, name);
    if (there.get(name) !== type) refuse(`"${name}" is ${type}, and ${there.get(name)} in its files`, name);
  }
  for (const name of there.keys()) if (!given.has(name)) refuse(`its files have a column "${name}" besides`, name);
  // Whoever reads delimited text by its places would take one column for the other.
  const order = (names: Iterable<string>): string => [...names].filter((name) => !parted.includes(name)).join(", ");
  if (address.format === "csv" && mode !== "replace" && order(there.keys()) !== order(given.keys())) {
    refuse(`its files have their columns in the order ${order(there.keys())}, the rows ${order(given.keys())}`, path);
  }
  if (parted.join("/") !== partitions.join("/")) {
    refuse(
      `its files are parted by ${parted.join(", ") || "nothing"}, not by ${partitions.join(", ") || "nothing"}`,
      path,
    );
  }
}

function assertPartitions({ path, partitions = [] }: FileAddress, request: StageRequest): void {
  const { schema, partitions: asked, mode } = request;
  const refuse = (says: string, offending: string, hint: string): never => {
    throw new SluiceError("config", `${path}: ${says}`, { offending, hint });
  };
  if (mode === "overwrite" && partitions.length === 0) {
    refuse(
      "the load overwrites partitions, and the target has none",
      "overwrite",
      `say them of the target: file("${path}", { partitions: ["day"] })`,
    );
  }
  if (asked !== undefined && (asked.length !== partitions.length || asked.some((name) => !partitions.includes(name)))) {
    refuse(
      `its folders are parted by ${partitions.join(", ")}, and the load by ${asked.join(", ")}`,
      asked.join(", "),
      "leave partitions out of the load: the target has its own",
    );
  }
  for (const name of partitions) {
    const column = schema.columns.find((one) => one.name === name);
    if (column === undefined) {
      refuse(
        `partitions names "${name}", which is no column`,
        name,
        `the columns are ${schema.columns.map((one) => one.name).join(", ")}`,
      );
      continue;
    }
    if (["list", "struct", "map", "json", "bytes", "float", "interval"].includes(familyOf(parseType(column.type)))) {
      refuse(
        `partitions names "${name}", which is ${column.type}`,
        name,
        "a folder can be named after a number, a text, a date or a bool",
      );
    }
  }
  if (partitions.length === schema.columns.length) {
    refuse("every column is a partition, so that nothing is left for the files", path, "name fewer columns");
  }
}
