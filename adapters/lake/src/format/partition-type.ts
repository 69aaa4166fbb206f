import { SluiceError } from "@sluice/core";
import type { ColumnType, Field, PartitionField, PartitionSpec, PrimitiveType, TableMetadata } from "./model.ts";

/** The type of the values that a transform makes. */
export function transformedType(field: PartitionField, source: PrimitiveType): PrimitiveType {
  switch (field.transform.kind) {
    case "year":
    case "month":
    case "hour":
    case "bucket":
      return { kind: "int" };
    // The reference implementation writes days as dates.
    case "day":
      return { kind: "date" };
    default:
      return source;
  }
}

/**
 * The types of a spec's partition values, in its order. A column that was dropped since has the type that it had last;
 * undefined where no schema of the table has the column.
 */
export function partitionTypes(metadata: TableMetadata, spec: PartitionSpec): readonly (PrimitiveType | undefined)[] {
  return spec.fields.map((field) => {
    const source = sourceType(metadata, field.sourceId);
    return source === undefined ? undefined : transformedType(field, source);
  });
}

function sourceType(metadata: TableMetadata, id: number): PrimitiveType | undefined {
  const current = metadata.schemas.find(({ schemaId }) => schemaId === metadata.currentSchemaId);
  for (const schema of [...(current === undefined ? [] : [current]), ...metadata.schemas.toReversed()]) {
    const type = findField(schema.fields, id)?.type;
    if (type !== undefined) return isPrimitive(type) ? type : undefined;
  }
  return undefined;
}

/** The field with an id, wherever it is nested in structs. */
export function findField(fields: readonly Field[], id: number): Field | undefined {
  for (const field of fields) {
    if (field.id === id) return field;
    const inner = field.type.kind === "struct" ? findField(field.type.fields, id) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

export function isPrimitive(type: ColumnType): type is PrimitiveType {
  return type.kind !== "struct" && type.kind !== "list" && type.kind !== "map";
}

/** The spec with an id. */
export function specOf(metadata: TableMetadata, specId: number): PartitionSpec {
  const found = metadata.partitionSpecs.find((spec) => spec.specId === specId);
  if (found === undefined) {
    throw new SluiceError("data", `a manifest names the partition spec ${specId}, which the table does not have`, {
      hint: "the table's metadata is damaged; roll it back to an older version",
    });
  }
  return found;
}
