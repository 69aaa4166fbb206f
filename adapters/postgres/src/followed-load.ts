import type { Writable } from "node:stream";
import type { OpenContext, OutputSpec, StageRequest, WrittenFile } from "@sluice/core";
import { followFile } from "./file-follower.ts";
import { beginLoading, type Loading, type LoadTarget } from "./loading.ts";
import { followPieces } from "./piece-follower.ts";
import { type SentKeys, sentKeys } from "./sent-keys.ts";

/** Rows that PostgreSQL has taken. */
export interface Sent {
  readonly rows: number;
  readonly keys: SentKeys | undefined;
}

/** A load that begins while its file is still written. */
export interface FollowedLoad {
  /** The load with all rows sent; undefined where it has to begin anew. */
  finish(files: readonly WrittenFile[]): Promise<Loading | undefined>;
  /** What PostgreSQL took, once it is finished. */
  sent(): Sent;
  stop(): Promise<void>;
}

/** Follows what the engine was told to write. Nothing is opened before there is something to send. */
export function followLoad(
  target: LoadTarget,
  request: StageRequest,
  context: OpenContext,
  { path, format }: Pick<OutputSpec, "path" | "format">,
): FollowedLoad {
  let loading: Loading | undefined;
  let copy: (Writable & { readonly rowCount: number }) | undefined;
  let given = false;
  const start = async (): Promise<Writable> => {
    loading = await beginLoading(target, request, context);
    // There is nothing to send, which the load itself finds out.
    if (loading.repeated !== undefined) throw new Error("committed before");
    copy = await loading.openCopy(format);
    return copy;
  };
  const keys = format === "parquet" ? sentKeys(request) : undefined;
  const follower =
    format === "parquet"
      ? followPieces(path, { columns: request.schema.columns, keys }, start)
      : followFile(path, start);
  const close = async (): Promise<void> => {
    const open = loading;
    loading = undefined;
    await open?.[Symbol.asyncDispose]();
  };
  return {
    finish: async (files) => {
      const [file] = files;
      if (file === undefined || files.length > 1 || file.path !== path) {
        await follower.stop();
        await close();
        return undefined;
      }
      try {
        if (await follower.finish(file.bytes)) {
          given = true;
          return loading;
        }
      } catch (error) {
        if (loading?.repeated !== undefined) {
          given = true;
          return loading;
        }
        await close();
        throw error;
      }
      await close();
      return undefined;
    },
    sent: () => ({ rows: copy?.rowCount ?? 0, keys }),
    stop: async () => {
      await follower.stop();
      if (!given) await close();
    },
  };
}
