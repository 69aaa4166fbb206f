import {
  acceptHint,
  accepts,
  type ColumnDrift,
  type DiscoverRequest,
  type FrozenColumn,
  type FrozenDataset,
  type InputFile,
  type ScannableInput,
  SluiceError,
  type StreamInfo,
} from "@sluice/core";
import { createProfile } from "./column-profile.ts";
import type { FileAddress } from "./config.ts";
import { parsePattern } from "./file-pattern.ts";
import type { FoundFile } from "./find-files.ts";

/** What Hive and those after it write for a null. */
const NULL_VALUE = "__HIVE_DEFAULT_PARTITION__";

/**
 * The keys and values in the folders of a path.
 *
 * @example
 * partitionsOf("data/year=2024/city=S%C3%A3o/x.csv"); // [["year", "2024"], ["city", "São"]]
 */
export function partitionsOf(origin: string): readonly (readonly [key: string, value: string | null])[] {
  return origin
    .split(/[/!]/)
    .slice(0, -1)
    .flatMap((folder) => {
      const at = folder.indexOf("=");
      if (at < 1) return [];
      const value = decoded(folder.slice(at + 1));
      return [[decoded(folder.slice(0, at)), value === "" || value === NULL_VALUE ? null : value] as const];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that begins no byte stands for itself.
    return text;
  }
}

/**
 * The keys that the paths of a dataset have: where its author says so, or where it is a pattern and all paths agree.
 *
 * @throws SluiceError `data` with reason `drift` where the author says so and paths differ
 */
export function partitionKeys(files: readonly FoundFile[], { path, hive }: FileAddress): readonly string[] {
  const [first, ...others] = files;
  if (hive === false || first === undefined || (hive === undefined && parsePattern(path, undefined).isOne)) return [];
  const keys = partitionsOf(first.origin).map(([key]) => key);
  if (new Set(keys.map((key) => key.toLowerCase())).size < keys.length) return [];
  const other = others.find(
    ({ origin }) =>
      partitionsOf(origin)
        .map(([key]) => key)
        .join("/") !== keys.join("/"),
  );
  if (other === undefined && (keys.length > 0 || hive === undefined)) return keys;
  if (hive === undefined) return [];
  const says =
    other === undefined
      ? `${first.origin} has no folder such as year=2024`
      : `${other.origin} and ${first.origin} differ in the keys of their folders`;
  throw new SluiceError("data", says, {
    reason: "drift",
    offending: (other ?? first).origin,
    hint: "name files below the same keys",
  });
}

/** A request for what the files themselves hold. */
export function withoutPartitions(request: DiscoverRequest, keys: readonly string[]): DiscoverRequest {
  if (keys.length === 0) return request;
  const isOwn = (name: string): boolean => !keys.includes(name);
  const { columns, ...rest } = request;
  return {
    ...rest,
    types: new Map([...request.types].filter(([name]) => isOwn(name))),
    required: request.required.filter(isOwn),
    ...(columns === undefined ? {} : { columns: columns.filter(isOwn) }),
  };
}

/** What was found in files, and the columns that their paths say. */
export function discoverPartitions(
  found: StreamInfo,
  {
    files,
    keys,
    request,
    hive,
  }: {
    readonly files: readonly FoundFile[];
    readonly keys: readonly string[];
    readonly request: DiscoverRequest;
    readonly hive: boolean | undefined;
  },
): StreamInfo {
  if (keys.length === 0) return found;
  const own = found.columns.map(({ name }) => name.toLowerCase());
  const twice = keys.find((key) => own.includes(key.toLowerCase()));
  if (twice !== undefined && hive === undefined) {
    const doubt = `"${twice}" is a column of the files and a key of their folders, which are left out`;
    return { ...found, warnings: [...found.warnings, doubt] };
  }
  if (twice !== undefined) {
    throw new SluiceError("config", `"${twice}" is a column of the files and a key of their folders`, {
      offending: twice,
      hint: "leave the folders out with hive: false, or say nothing",
    });
  }
  const findings = keys.map((key) => {
    const profile = createProfile(key, {
      trim: false,
      type: request.types.get(key),
      format: request.formats?.get(key),
      isRequired: request.required.includes(key),
    });
    const values = new Set(files.map(({ origin }) => pathValue(origin, key) ?? null));
    for (const value of values) profile.add(value ?? "", false, 1);
    const finding = profile.finish("null");
    const coded = [...values].find((value) => value !== null && /^0[0-9]+$/.test(value));
    const isCoded =
      finding.column.type === "string" &&
      coded !== undefined &&
      [...values].every((it) => it === null || /^[0-9]+$/.test(it));
    const doubt = `"${key}" is string, since ${coded} begins with a zero: declare types: { ${key}: "int64" } to have numbers`;
    return { ...finding, warnings: isCoded ? [doubt] : finding.warnings };
  });
  const wanted = findings.filter(({ column }) => request.columns?.includes(column.name) ?? true);
  return {
    ...found,
    columns: [...found.columns, ...wanted.map(({ column }): FrozenColumn => ({ ...column, partition: true }))],
    ...(wanted.length < findings.length ? { partial: true as const } : {}),
    warnings: [...found.warnings, ...wanted.flatMap(({ warnings }) => warnings)],
  };
}

/** A dataset as its files hold it. */
export function ownColumns(dataset: FrozenDataset): FrozenDataset {
  const columns = dataset.columns.filter(({ partition }) => partition !== true);
  return columns.length === dataset.columns.length ? dataset : { ...dataset, columns };
}

/**
 * An input with what the paths of its files say.
 *
 * @throws SluiceError `data` with reason `drift` for a path without a frozen key, with another, or with a value that is none
 */
export function scanPartitions(
  input: ScannableInput,
  dataset: FrozenDataset,
  warn: (message: string) => void,
): ScannableInput {
  const partitions = dataset.columns.filter(({ partition }) => partition === true);
  if (partitions.length === 0) return input;
  const withValues = (file: InputFile): InputFile => ({
    ...file,
    values: partitions.map((column) => checkedValue(file.origin, column, dataset)),
  });
  const names = new Set(partitions.map(({ name }) => name));
  for (const { origin } of input.groups.flatMap(({ files }) => files)) {
    const more = partitionsOf(origin).find(([key]) => !names.has(key));
    if (more === undefined || dataset.partial === true) continue;
    const says = `its path has the key "${more[0]}", which is not frozen`;
    if (dataset.drift === "fail") throw drift(origin, dataset, says, { kind: "added", column: more[0] });
    warn(`${origin}: ${says} and not read`);
  }
  return {
    ...input,
    columns: dataset.columns,
    groups: input.groups.map((group) => ({ ...group, files: group.files.map(withValues) })),
  };
}

function pathValue(origin: string, key: string): string | null | undefined {
  return partitionsOf(origin).find(([name]) => name === key)?.[1];
}

function checkedValue(origin: string, column: FrozenColumn, dataset: FrozenDataset): string | null {
  const value = pathValue(origin, column.name);
  if (value === undefined)
    throw drift(origin, dataset, `its path has no "${column.name}="`, { kind: "removed", column: column.name });
  const rule = accepts(column, value);
  if (rule !== undefined)
    throw drift(origin, dataset, `"${column.name}" in its path ${rule}: ${JSON.stringify(value)}`, {
      kind: "values",
      column: column.name,
    });
  return value;
}

function drift(origin: string, { name }: FrozenDataset, says: string, change: ColumnDrift): SluiceError {
  return new SluiceError("data", `${origin} is not what was frozen as "${name}": ${says}`, {
    reason: "drift",
    offending: origin,
    hint: acceptHint(name),
    drift: { dataset: name, changes: [change] },
  });
}
