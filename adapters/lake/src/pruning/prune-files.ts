import type { Expression, FrozenColumn } from "@sluice/core";
import type { DataFile, ManifestFile, PartitionSpec, TableSchema } from "../format/model.ts";
import type { FilesOptions } from "../format/table.ts";
import { type Condition, conditionOf } from "./condition.ts";
import {
  type KnownValues,
  knownInFile,
  knownInManifest,
  type PrimitiveField,
  primitiveFields,
} from "./known-values.ts";
import { type KnownColumn, mayMatch } from "./may-match.ts";

/**
 * Which manifests and files may hold rows that a filter keeps.
 *
 * @example
 * await table.filesOf(snapshot, pruneFiles(filter, schema)); // { files: […], skippedFiles: 12, skippedManifests: 1 }
 */
export function pruneFiles(
  filter: Expression | undefined,
  schema: TableSchema,
  columns: readonly Pick<FrozenColumn, "name" | "type">[] = [],
): Required<FilesOptions> {
  return keepBy(filter === undefined ? { kind: "maybe" } : conditionOf(filter), schema, columns);
}

/** As `pruneFiles`, for a condition. */
export function keepBy(
  condition: Condition,
  schema: TableSchema,
  columns: readonly Pick<FrozenColumn, "name" | "type">[] = [],
): Required<FilesOptions> {
  const fields = primitiveFields(schema.fields);
  // What is stored as text and is ordered otherwise tells nothing by its bounds.
  const other = new Set(columns.filter(({ type }) => /^(enum|json|interval)/.test(type)).map(({ name }) => name));
  const ask = (known: (field: PrimitiveField) => KnownValues): boolean => {
    const column: KnownColumn = (name) => {
      const field = other.has(name) ? undefined : fields.get(name);
      return field === undefined ? undefined : { type: field.type, known: known(field) };
    };
    return mayMatch(condition, column);
  };
  return {
    keepManifest: (manifest: ManifestFile, spec: PartitionSpec) => {
      // What was deleted has to be known of every file that is kept.
      if (manifest.content === "deletes") return true;
      const { partitions } = manifest;
      return partitions === undefined || ask((field) => knownInManifest(field, partitions, spec));
    },
    keepFile: (file: DataFile, spec: PartitionSpec) => ask((field) => knownInFile(field, file, spec)),
  };
}
