import {
  acceptHint,
  columnDrifts,
  diffSchemas,
  type InputFile,
  type OpenContext,
  type ReadRequest,
  type ScannableInput,
  SluiceError,
  widerType,
} from "@sluice/core";
import { type FoundFile, identityOf } from "./find-files.ts";
import { linkParquet } from "./link-parquet.ts";
import { mayEvolve, mayLack } from "./match-header.ts";

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
  const groups = new Map<string, { readonly order: readonly string[]; readonly files: InputFile[] }>();
  for await (const { file, path, schema: found } of linkParquet(files, { local, nextPath, signal })) {
    // Every column of a Parquet file may be null as far as its schema says; what was frozen as required stays so.
    const comparable = found.columns.map((column) => {
      const frozen = dataset.columns.find(({ name }) => name === column.name);
      return { ...column, nullable: frozen?.nullable ?? column.nullable };
    });
    const difference = diffSchemas(dataset.columns, comparable);
    const gone = [...difference.removed, ...difference.renamed.map(({ from }) => from)];
    const absent = new Set(gone.map(({ name }) => name));
    const isNarrower = ({ from, to }: (typeof difference.retyped)[number]): boolean =>
      mayEvolve(dataset, from.name) && widerType(from.type, to.type) === from.type;
    const isFatal =
      gone.some(({ name }) => !mayLack(dataset, name)) ||
      gone.length === dataset.columns.length ||
      difference.retyped.some((one) => !isNarrower(one));
    const more = [...difference.added, ...difference.renamed.map(({ to }) => to)];
    const mayBeMore = dataset.partial === true || dataset.drift !== "fail";
    const sentences = difference.reordered ? difference.sentences.slice(0, -1) : difference.sentences;
    if (isFatal || (more.length > 0 && !mayBeMore)) {
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
    if (more.length > 0 && dataset.partial !== true) {
      const added = more.map((column) => `"${column.name}"`).join(", ");
      warn(`${file.origin} has columns that are not frozen and are not read: ${added}`);
    }
    // The engine takes files that are read together to have the columns of the first.
    const key = JSON.stringify([[...absent], difference.retyped.map(({ to }) => [to.name, to.type])]);
    const order = dataset.columns.map(({ name }) => name).filter((name) => !absent.has(name));
    const group = groups.get(key) ?? { order, files: [] };
    group.files.push({ path, origin: file.origin, bytes: file.bytes });
    groups.set(key, group);
  }
  return {
    format: "parquet",
    groups: [...groups.values()],
    columns: dataset.columns,
    validate: dataset.validate,
    identity: identityOf(files),
  };
}
