import { type Engine, type FileSchema, isSluiceError, SluiceError } from "@sluice/core";
import { dataError, throwIfStopped } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { linkOrCopy } from "./prepare-text.ts";
import { readHead } from "./text-stream.ts";

/** A Parquet file as the engine reads it: by a link in scratch space. */
export interface LinkedFile {
  readonly file: FoundFile;
  readonly path: string;
  readonly schema: FileSchema;
}

/** So many are asked about at once: few enough that a person who stops it does not wait. */
const TOGETHER = 1000;

/**
 * Links files that are Parquet by their first bytes, and tells what each holds. Errors name the file as people see it.
 *
 * @throws SluiceError `data` with reason `empty` or `corrupt`
 */
export async function* linkParquet(
  files: readonly FoundFile[],
  {
    local,
    nextPath,
    signal,
  }: { readonly local: Engine; readonly nextPath: () => string; readonly signal: AbortSignal },
): AsyncGenerator<LinkedFile> {
  for (let from = 0; from < files.length; from += TOGETHER) {
    const linked: { readonly file: FoundFile; readonly path: string }[] = [];
    for (const file of files.slice(from, from + TOGETHER)) {
      throwIfStopped(signal);
      const path = `${nextPath()}.parquet`;
      await linkFile(file, path);
      linked.push({ file, path });
    }
    const schemas = await schemasOf(linked, local);
    for (const [index, { file, path }] of linked.entries()) {
      yield { file, path, schema: schemas[index] ?? (await schemaOf(path, file.origin, local)) };
    }
  }
}

async function linkFile(file: FoundFile, target: string): Promise<void> {
  const head = await readHead(file, 4);
  if (file.bytes === 0) throw dataError(file.origin, "is empty: expected a Parquet file", "empty");
  if (head.toString("latin1") !== "PAR1") throw dataError(file.origin, "is not a Parquet file", "corrupt");
  await linkOrCopy(file, target);
}

/** None where one of them cannot be read: which one, is found by looking at each. */
async function schemasOf(linked: readonly { readonly path: string }[], local: Engine): Promise<readonly FileSchema[]> {
  try {
    return await local.schemasOfFiles(linked.map(({ path }) => path));
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return [];
  }
}

async function schemaOf(path: string, origin: string, local: Engine): Promise<FileSchema> {
  try {
    return await local.schemaOfFile(path);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    const { code, message, hint, reason } = error;
    const says = message.includes(path) ? message.split(path).join(origin) : `${origin}: ${message}`;
    throw new SluiceError(code, says, {
      offending: origin,
      cause: error,
      ...(hint === undefined ? {} : { hint }),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
