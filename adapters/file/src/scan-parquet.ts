import {
  acceptHint,
  columnDrifts,
  diffSchemas,
  type OpenContext,
  type ReadRequest,
  type ScannableInput,
  SluiceError,
} from "@sluice/core";
import { dataError, schemaOf, throwIfStopped } from "./errors.ts";
import { type FoundFile, identityOf } from "./find-files.ts";
import { linkOrCopy } from "./prepare-text.ts";
import { readHead } from "./text-stream.ts";

/**
 * Parquet files as an engine may read them, each compared with the frozen schema. Columns are found by name, so their
 * order means nothing.
 *
 * @throws SluiceError `data` with reason `drift` or `corrupt`
 */
export async function scanParquet(
  files: readonly FoundFile[],
  request: ReadRequest,
  { local, nextPath }: { readonly local: OpenContext["local"]; readonly nextPath: () => string },
): Promise<ScannableInput> {
  const { dataset, signal, warn } = request;
  const order = dataset.columns.map((column) => column.name);
  const linked: { path: string; origin: string; bytes: number }[] = [];
  for (const file of files) {
    throwIfStopped(signal);
    const path = `${nextPath()}.parquet`;
    await linkParquet(file, path);
    const found = await schemaOf(path, file.origin, local);
    // Every column of a Parquet file may be null as far as its schema says; what was frozen as required stays so.
    const comparable = found.columns.map((column) => {
      const frozen = dataset.columns.find(({ name }) => name === column.name);
      return { ...column, nullable: frozen?.nullable ?? column.nullable };
    });
    const difference = diffSchemas(dataset.columns, comparable);
    const isFatal = difference.removed.length + difference.renamed.length + difference.retyped.length > 0;
    const mayBeMore = dataset.partial === true || dataset.drift === "warn";
    const sentences = difference.reordered ? difference.sentences.slice(0, -1) : difference.sentences;
    if (isFatal || (difference.added.length > 0 && !mayBeMore)) {
      throw new SluiceError(
        "data",
        `${file.origin} is not what was frozen as "${dataset.name}": ${sentences.join("; ")}`,
        {
          reason: "drift",
          offending: file.origin,
          hint: acceptHint(dataset.name),
          drift: { dataset: dataset.name, changes: columnDrifts({ ...difference, reordered: false }) },
        },
      );
    }
    if (difference.added.length > 0 && dataset.partial !== true) {
      const added = difference.added.map((column) => `"${column.name}"`).join(", ");
      warn(`${file.origin} has columns that are not frozen and are not read: ${added}`);
    }
    linked.push({ path, origin: file.origin, bytes: file.bytes });
  }
  return {
    format: "parquet",
    groups: [{ order, files: linked }],
    columns: dataset.columns,
    validate: dataset.validate,
    identity: identityOf(files),
  };
}

/** Links a file that is Parquet by its first and last bytes. */
export async function linkParquet(file: FoundFile, target: string): Promise<void> {
  const head = await readHead(file, 4);
  if (file.bytes === 0) throw dataError(file.origin, "is empty: expected a Parquet file", "empty");
  if (head.toString("latin1") !== "PAR1") throw dataError(file.origin, "is not a Parquet file", "corrupt");
  await linkOrCopy(file.path, target, file.origin);
}
