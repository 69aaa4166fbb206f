import {
  acceptHint,
  type Column,
  columnDrifts,
  diffSchemas,
  type FrozenDataset,
  type SchemaDifference,
  SluiceError,
} from "@sluice/core";
import { columnNames } from "./column-names.ts";

/**
 * The order in which a file holds the frozen columns, found from its own header: an engine that goes by position would
 * read a reordered file with the values swapped.
 *
 * @throws SluiceError `data` with reason `drift`, listing what was added, removed, renamed or moved
 */
export function matchHeader(
  dataset: FrozenDataset,
  header: readonly string[],
  { origin, warn }: { readonly origin: string; readonly warn: (message: string) => void },
): readonly string[] {
  const { names } = columnNames(dataset.partial === true ? header : withoutEmptyTail(header, dataset.columns.length));
  const difference = diffSchemas(dataset.columns, foundColumns(dataset, names));
  const gone = [...difference.removed, ...difference.renamed.map(({ from }) => from)];
  const missing = gone.filter(({ name }) => !mayLack(dataset, name)).length;
  const isMore = missing === 0 && difference.added.length + difference.renamed.length > 0;
  const mayBeMore = dataset.partial === true || dataset.drift !== "fail";
  const isOther = gone.length === dataset.columns.length;
  if (missing > 0 || isOther || (isMore && !mayBeMore)) {
    throw drift(dataset, origin, difference, acceptHint(dataset.name));
  }
  if (isMore && dataset.partial !== true) {
    const more = [...difference.added, ...difference.renamed.map(({ to }) => to)];
    const added = more.map((column) => `"${column.name}"`).join(", ");
    warn(`${origin} has columns that are not frozen and are not read: ${added}`);
  }
  if (!difference.reordered || dataset.reordered === "accept") return names;
  const moved = difference.sentences.at(-1) ?? "the columns stand in another order";
  if (dataset.reordered === "warn") {
    warn(`${origin}: ${moved}; it is read by its own header`);
    return names;
  }
  throw drift(
    dataset,
    origin,
    { ...difference, added: [], sentences: [moved] },
    'allow it with reordered: "warn" or "accept"; each file is then read by its own header',
  );
}

/** Whether a column may be other than it was frozen, where that is no loss. */
export function mayEvolve({ columns }: FrozenDataset, name: string): boolean {
  return columns.find((one) => one.name === name)?.evolves === true;
}

/** Whether a column is null in a file that does not have it. */
export function mayLack({ columns }: FrozenDataset, name: string): boolean {
  const column = columns.find((one) => one.name === name);
  return column?.evolves === true && column.nullable;
}

function drift(dataset: FrozenDataset, origin: string, difference: SchemaDifference, hint: string): SluiceError {
  const { sentences } = difference;
  const shown = sentences.slice(0, 10).join("; ");
  const more = sentences.length > 10 ? `; and ${sentences.length - 10} more differences` : "";
  return new SluiceError("data", `${origin} is not what was frozen as "${dataset.name}": ${shown}${more}`, {
    reason: "drift",
    offending: origin,
    hint,
    drift: { dataset: dataset.name, changes: columnDrifts(difference) },
  });
}

/** A header tells names only: a column has the type that was frozen under its name, else at its place. */
function foundColumns(dataset: FrozenDataset, names: readonly string[]): readonly Column[] {
  const frozen = new Map(dataset.columns.map((column) => [column.name, column]));
  return names.map((name, index) => {
    const same = frozen.get(name);
    const inPlace = same ?? dataset.columns[index];
    return { name, type: inPlace?.type ?? "string", nullable: same?.nullable ?? true };
  });
}

/** Delimiters at the end of a header name nothing, as empty fields at the end of a record hold nothing. */
function withoutEmptyTail(header: readonly string[], count: number): readonly string[] {
  const last = header.findLastIndex((name) => name.trim() !== "");
  return header.slice(0, Math.max(last + 1, count));
}
