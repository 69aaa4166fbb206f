import type { DataFile, PartitionValue } from "../format/model.ts";
import type { Catalog, CreateTable, NewField, Table, Update } from "../format/table.ts";

/** A table that is partitioned by region, whose data files are only named: nothing of the format reads rows. */
export const SCHEMA: readonly NewField[] = [
  { name: "id", type: { kind: "long" }, required: true },
  { name: "region", type: { kind: "string" } },
  { name: "amount", type: { kind: "decimal", precision: 9, scale: 2 } },
];
export const ID = { namespace: ["shop"], name: "orders" };

export function newTable(catalog: Catalog, request: Partial<CreateTable> = {}): Promise<Table> {
  return catalog.createTable(ID, {
    schema: SCHEMA,
    spec: [{ column: "region", transform: { kind: "identity" } }],
    ...request,
  });
}

/** A data file with ten rows. */
export function dataFile(path: string, region: PartitionValue = "north", changes: Partial<DataFile> = {}): DataFile {
  return {
    content: "data",
    path,
    format: "parquet",
    specId: 0,
    partition: [region],
    recordCount: 10,
    sizeBytes: 1000,
    valueCounts: new Map([[1, 10]]),
    lowerBounds: new Map([[1, Buffer.from("0100000000000000", "hex")]]),
    upperBounds: new Map([[1, Buffer.from("0a00000000000000", "hex")]]),
    ...changes,
  };
}

export const append =
  (...files: readonly DataFile[]) =>
  async (): Promise<Update> => ({
    snapshot: { operation: "append", add: files },
  });

/** The paths of the live files, sorted. */
export async function livePaths(table: Table): Promise<readonly string[]> {
  const snapshot = table.currentSnapshot();
  if (snapshot === undefined) return [];
  const { files } = await table.filesOf(snapshot);
  return files.map(({ entry }) => entry.file.path).sort();
}
