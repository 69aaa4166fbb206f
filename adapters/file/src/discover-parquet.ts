import {
  type DiscoverRequest,
  diffSchemas,
  type FrozenColumn,
  type OpenContext,
  SluiceError,
  type StreamInfo,
} from "@sluice/core";
import { chooseColumns } from "./choose-columns.ts";
import { schemaOf, throwIfStopped } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { linkParquet } from "./scan-parquet.ts";
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
  for (const file of files) {
    throwIfStopped(request.signal);
    const link = `${nextPath()}.parquet`;
    await linkParquet(file, link);
    const { columns: found, nanoseconds: finer = [] } = await schemaOf(link, file.origin, local);
    for (const name of finer) nanoseconds.add(name);
    const difference = columns === undefined ? undefined : diffSchemas(columns, found);
    const sentences = difference?.sentences.slice(0, difference.reordered ? -1 : undefined) ?? [];
    if (sentences.length > 0) {
      throw new SluiceError("data", `${file.origin} differs from ${files[0]?.origin}: ${sentences.join("; ")}`, {
        reason: "drift",
        offending: file.origin,
        hint: "name files that hold the same columns",
      });
    }
    columns ??= found;
  }
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
  const warnings = [...nanoseconds].map((name) => `column "${name}" holds nanoseconds; sluice keeps microseconds`);
  return { name: streamName(path), ...chooseColumns(all, request), bytes, warnings };
}
