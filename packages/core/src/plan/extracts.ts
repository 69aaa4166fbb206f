import {
  type IncrementalNode,
  inputsOf,
  mapInputs,
  type Relation,
  type ScanNode,
  walkRelation,
} from "../ir/relation.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import type { DraftStage } from "./draft-stages.ts";
import { readsWhole } from "./incremental-problems.ts";

/** A dataset that is landed before the stages that read it. */
export interface Extract {
  readonly dataset: string;
  /** In frozen order: all if it is persistent, else those that its readers use. */
  readonly columns: readonly string[];
  readonly isPersistent: boolean;
  /** Present where what is new is read: how; `isWhole` where another reader needs all of it. */
  readonly incremental?: { readonly node: IncrementalNode; readonly isWhole: boolean };
  readonly readers: readonly string[];
  readonly reasons: readonly string[];
}

/**
 * Which datasets are landed as Parquet first: those to be kept (persistent), those that several stages read, and text
 * that is deduplicated. Of the blocking operators only deduplication counts: at 1 GB of memory it failed over CSV in 4 of
 * 4 runs and never over Parquet, while sorting and grouping spill to disk.
 */
export function chooseExtracts(
  drafts: readonly DraftStage[],
  datasets: ReadonlyMap<string, FrozenDataset>,
  used: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>,
): ReadonlyMap<string, Extract> {
  const extracts = new Map<string, Extract>();
  for (const name of [...datasets.keys()].sort()) {
    const dataset = datasets.get(name);
    const readers = drafts.filter((draft) => used.get(draft.name)?.has(name) === true);
    if (dataset === undefined || readers.length === 0) continue;
    const names = readers.map((draft) => draft.name).sort();
    const isPersistent = dataset.stage === "persistent";
    const deduplicated = readers.find((draft) => dataset.dialect !== undefined && isDeduplicated(draft.relation, name));
    const incremental = incrementalOf(name, readers);
    const reasons = [
      ...(incremental === undefined ? [] : ["what is new in it is told from what was landed"]),
      ...(isPersistent ? ["it is kept (stage: persistent)"] : []),
      ...(names.length > 1 ? [`${names.length} stages read it: ${names.join(", ")}`] : []),
      ...(deduplicated === undefined ? [] : [`${deduplicated.name} deduplicates it, which text has no memory for`]),
    ];
    if (reasons.length === 0) continue;
    const wanted = new Set(readers.flatMap((draft) => [...(used.get(draft.name)?.get(name) ?? [])]));
    const all = dataset.columns.map((column) => column.name);
    const columns = isPersistent ? all : all.filter((column) => wanted.has(column));
    // A file has to have a column, also where its readers only count rows.
    extracts.set(name, {
      dataset: name,
      columns: columns.length === 0 ? all.slice(0, 1) : columns,
      isPersistent,
      ...(incremental === undefined ? {} : { incremental }),
      readers: names,
      reasons,
    });
  }
  return extracts;
}

/** Scans of landed datasets read the extract. */
export function overExtracts(relation: Relation, extracts: ReadonlyMap<string, Extract>): Relation {
  if (relation.kind !== "scan") {
    const { kind } = relation;
    return mapInputs(relation, (input) =>
      kind === "incremental" && input.kind === "scan" ? overExtract(input, extracts) : overExtracts(input, extracts),
    );
  }
  const { source } = relation;
  const extract = "dataset" in source ? extracts.get(source.dataset) : undefined;
  const landed = overExtract(relation, extracts);
  // Who reads all of it does not see by what the others tell rows apart.
  return extract?.incremental === undefined ? landed : { kind: "keep", input: landed, columns: extract.columns };
}

function overExtract(scan: ScanNode, extracts: ReadonlyMap<string, Extract>): ScanNode {
  const { source } = scan;
  if (!("dataset" in source) || !extracts.has(source.dataset)) return scan;
  return { kind: "scan", source: { stage: source.dataset } };
}

function incrementalOf(dataset: string, readers: readonly DraftStage[]): Extract["incremental"] {
  let node: IncrementalNode | undefined;
  for (const { relation } of readers) {
    walkRelation(relation, (one) => {
      if (one.kind !== "incremental" || one.input.kind !== "scan") return;
      if ("dataset" in one.input.source && one.input.source.dataset === dataset) node ??= one;
    });
  }
  if (node === undefined) return undefined;
  return { node, isWhole: readers.some(({ relation }) => readsWhole(relation, dataset)) };
}

/** Whether rows of the dataset reach a deduplication without having been grouped or limited before. */
function isDeduplicated(relation: Relation, dataset: string, inside: boolean = false): boolean {
  if (relation.kind === "scan") return inside && "dataset" in relation.source && relation.source.dataset === dataset;
  const isCompact = relation.kind === "aggregate" || relation.kind === "limit";
  const below = relation.kind === "deduplicate" || (inside && !isCompact);
  return inputsOf(relation).some((input) => isDeduplicated(input, dataset, below));
}
