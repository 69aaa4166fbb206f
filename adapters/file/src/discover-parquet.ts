import {
  type DiscoverRequest,
  diffSchemas,
  type FrozenColumn,
  type OpenContext,
  type SchemaDifference,
  SluiceError,
  type StreamInfo,
  unitedNames,
  widerType,
} from "@sluice/core";
import { chooseColumns } from "./choose-columns.ts";
import type { FoundFile } from "./find-files.ts";
import { linkParquet } from "./link-parquet.ts";
import { streamName } from "./stream-name.ts";

/** What Parquet files say of themselves; all must say the same. */
export async function discoverParquet(
  files: readonly FoundFile[],
  request: DiscoverRequest,
  {
    path,
    local,
    nextPath,
  }: { readonly path: string; readonly local: OpenContext["local"]; readonly nextPath: () => string },
): Promise<StreamInfo> {
  let columns: readonly FrozenColumn[] | undefined;
  const nanoseconds = new Set<string>();
  const holders = new Map<string, number>();
  for await (const { file, schema } of linkParquet(files, { local, nextPath, signal: request.signal })) {
    const { columns: found, nanoseconds: finer = [] } = schema;
    for (const name of finer) nanoseconds.add(name);
    for (const { name } of found) holders.set(name, (holders.get(name) ?? 0) + 1);
    const difference = columns === undefined ? undefined : diffSchemas(columns, found);
    const sentences = difference?.sentences.slice(0, difference.reordered ? -1 : undefined) ?? [];
    if (columns !== undefined && difference !== undefined && request.isUnion === true) {
      columns = unitedColumns(columns, found, difference, file.origin);
      continue;
    }
    if (sentences.length > 0) {
      throw new SluiceError("data", `${file.origin} differs from ${files[0]?.origin}: ${sentences.join("; ")}`, {
        reason: "drift",
        offending: file.origin,
        hint: "name files that hold the same columns",
      });
    }
    columns ??= found;
  }
  const lacking = (columns ?? []).flatMap(({ name }) => {
    const count = files.length - (holders.get(name) ?? 0);
    return count === 0
      ? []
      : [`column "${name}" is in ${files.length - count} of ${files.length} files, and null in the others`];
  });
  const required = new Set(request.required);
  const all = (columns ?? []).map((column): FrozenColumn => {
    const declared = request.types.get(column.name);
    if (declared !== undefined && declared !== column.type) {
      throw new SluiceError("config", `${path}: "${column.name}" is ${column.type} in the file, not ${declared}`, {
        offending: declared,
        hint: "a Parquet file has types of its own; cast the column in a step",
      });
    }
    return { ...column, nullable: !required.has(column.name), comment: column.type };
  });
  const bytes = files.reduce((total, file) => total + file.bytes, 0);
  const finer = [...nanoseconds].map((name) => `column "${name}" holds nanoseconds; sluice keeps microseconds`);
  return { name: streamName(path), ...chooseColumns(all, request), bytes, warnings: [...lacking, ...finer] };
}

/** The columns of files that differ, each of the type that holds all of its values. */
function unitedColumns(
  known: readonly FrozenColumn[],
  found: readonly FrozenColumn[],
  { retyped }: SchemaDifference,
  origin: string,
): readonly FrozenColumn[] {
  const wider = new Map<string, string>();
  for (const { from, to } of retyped) {
    const type = widerType(from.type, to.type);
    if (type !== undefined) wider.set(from.name, type);
    else {
      throw new SluiceError("data", `"${from.name}" is ${to.type} in ${origin} and ${from.type} in files before it`, {
        reason: "drift",
        offending: origin,
        hint: "no type holds both: name files that hold the same columns, or make two datasets of them",
      });
    }
  }
  const names = unitedNames(
    known.map(({ name }) => name),
    found.map(({ name }) => name),
  );
  return names.flatMap((name) => {
    const column = known.find((one) => one.name === name) ?? found.find((one) => one.name === name);
    return column === undefined ? [] : [{ ...column, type: wider.get(name) ?? column.type }];
  });
}
