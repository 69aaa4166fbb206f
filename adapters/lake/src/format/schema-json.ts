import { SluiceError } from "@sluice/core";
import { Members, misfit } from "./json-members.ts";
import type {
  ColumnType,
  Field,
  JsonObject,
  JsonValue,
  PartitionField,
  PartitionSpec,
  PlainTypeName,
  SortOrder,
  TableSchema,
  Transform,
} from "./model.ts";

const PLAIN_TYPES: ReadonlySet<string> = new Set<PlainTypeName>([
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "string",
  "uuid",
  "binary",
]);
const MAX_DEPTH = 100;

/** A schema as metadata and headers of manifests hold it. */
export function schemaToJson(schema: TableSchema): JsonObject {
  return {
    type: "struct",
    "schema-id": schema.schemaId,
    ...(schema.identifierFieldIds.length === 0 ? {} : { "identifier-field-ids": schema.identifierFieldIds }),
    fields: schema.fields.map(fieldToJson),
  };
}

function fieldToJson(field: Field): JsonObject {
  return {
    id: field.id,
    name: field.name,
    required: field.required,
    type: typeToJson(field.type),
    ...(field.doc === undefined ? {} : { doc: field.doc }),
  };
}

export function typeToJson(type: ColumnType): JsonValue {
  switch (type.kind) {
    case "decimal":
      return `decimal(${type.precision}, ${type.scale})`;
    case "fixed":
      return `fixed[${type.length}]`;
    case "struct":
      return { type: "struct", fields: type.fields.map(fieldToJson) };
    case "list":
      return {
        type: "list",
        "element-id": type.elementId,
        element: typeToJson(type.element),
        "element-required": type.elementRequired,
      };
    case "map":
      return {
        type: "map",
        "key-id": type.keyId,
        key: typeToJson(type.key),
        "value-id": type.valueId,
        value: typeToJson(type.value),
        "value-required": type.valueRequired,
      };
    default:
      return type.kind;
  }
}

export function schemaFromJson(members: Members): TableSchema {
  return {
    schemaId: members.optional("schema-id", members.whole) ?? 0,
    fields: members.members("fields").map((field) => fieldFromJson(field, 0)),
    identifierFieldIds: members.optional("identifier-field-ids", members.wholes) ?? [],
  };
}

function fieldFromJson(members: Members, depth: number): Field {
  for (const key of ["initial-default", "write-default"]) {
    if (members.has(key)) throw unsupported(`the ${key} of column ${JSON.stringify(members.text("name"))}`);
  }
  const doc = members.optional("doc", members.text);
  return {
    id: members.whole("id"),
    name: members.text("name"),
    required: members.flag("required"),
    type: typeFromJson(members.object.type, `${members.path}.type`, depth),
    ...(doc === undefined ? {} : { doc }),
  };
}

/**
 * @example
 * typeFromJson("decimal(12, 2)", "type"); // { kind: "decimal", precision: 12, scale: 2 }
 */
export function typeFromJson(value: JsonValue | undefined, path: string, depth = 0): ColumnType {
  if (depth > MAX_DEPTH) throw unsupported("columns nested deeper than 100 levels");
  if (typeof value === "string") return primitiveFromText(value, path);
  const members = new Members(value, path);
  switch (members.text("type")) {
    case "struct":
      return { kind: "struct", fields: members.members("fields").map((field) => fieldFromJson(field, depth + 1)) };
    case "list":
      return {
        kind: "list",
        elementId: members.whole("element-id"),
        element: typeFromJson(members.object.element, `${path}.element`, depth + 1),
        elementRequired: members.flag("element-required"),
      };
    case "map":
      return {
        kind: "map",
        keyId: members.whole("key-id"),
        key: typeFromJson(members.object.key, `${path}.key`, depth + 1),
        valueId: members.whole("value-id"),
        value: typeFromJson(members.object.value, `${path}.value`, depth + 1),
        valueRequired: members.flag("value-required"),
      };
    default:
      return primitiveFromText(members.text("type"), path);
  }
}

function primitiveFromText(text: string, path: string): ColumnType {
  if (PLAIN_TYPES.has(text)) return { kind: text as PlainTypeName };
  const decimal = /^decimal\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)$/.exec(text);
  if (decimal !== null) return { kind: "decimal", precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const fixed = /^fixed\[\s*(\d{1,9})\s*\]$/.exec(text);
  if (fixed !== null) return { kind: "fixed", length: Number(fixed[1]) };
  if (/^[a-z_]+(\(.*\)|\[.*\])?$/.test(text)) throw unsupported(`the column type ${text}, at ${path}`);
  throw misfit(path, text, "a type");
}

export function specFieldsToJson(spec: PartitionSpec): JsonValue {
  return spec.fields.map((field) => ({
    "source-id": field.sourceId,
    "field-id": field.fieldId,
    name: field.name,
    transform: transformText(field.transform),
  }));
}

export function specToJson(spec: PartitionSpec): JsonObject {
  return { "spec-id": spec.specId, fields: specFieldsToJson(spec) };
}

export function specFromJson(members: Members): PartitionSpec {
  return {
    specId: members.whole("spec-id"),
    fields: members.members("fields").map(partitionFieldFromJson),
  };
}

function partitionFieldFromJson(members: Members): PartitionField {
  return {
    sourceId: members.whole("source-id"),
    fieldId: members.whole("field-id"),
    name: members.text("name"),
    transform: parseTransform(members.text("transform")),
  };
}

export function sortOrderToJson(order: SortOrder): JsonObject {
  return {
    "order-id": order.orderId,
    fields: order.fields.map((field) => ({
      transform: transformText(field.transform),
      "source-id": field.sourceId,
      direction: field.direction,
      "null-order": field.nullOrder,
    })),
  };
}

export function sortOrderFromJson(members: Members): SortOrder {
  return {
    orderId: members.whole("order-id"),
    fields: members.members("fields").map((field) => ({
      sourceId: field.whole("source-id"),
      transform: parseTransform(field.text("transform")),
      direction: oneOf(field, "direction", ["asc", "desc"]),
      nullOrder: oneOf(field, "null-order", ["nulls-first", "nulls-last"]),
    })),
  };
}

function oneOf<T extends string>(members: Members, key: string, values: readonly T[]): T {
  const text = members.text(key).toLowerCase();
  const found = values.find((value) => value === text);
  if (found === undefined) throw misfit(`${members.path}.${key}`, text, values.join(" or "));
  return found;
}

/**
 * @example
 * parseTransform("bucket[16]"); // { kind: "bucket", buckets: 16 }
 */
export function parseTransform(text: string): Transform {
  const word = text.toLowerCase();
  switch (word) {
    case "identity":
    case "year":
    case "month":
    case "day":
    case "hour":
    case "void":
      return { kind: word };
    default: {
      const [, kind, number] = /^(bucket|truncate)\[(\d{1,10})\]$/.exec(word) ?? [];
      const argument = Number(number);
      if (kind === "bucket" && argument > 0) return { kind, buckets: argument };
      if (kind === "truncate" && argument > 0) return { kind, width: argument };
      return { kind: "unknown", text };
    }
  }
}

export function transformText(transform: Transform): string {
  switch (transform.kind) {
    case "bucket":
      return `bucket[${transform.buckets}]`;
    case "truncate":
      return `truncate[${transform.width}]`;
    case "unknown":
      return transform.text;
    default:
      return transform.kind;
  }
}

function unsupported(what: string): SluiceError {
  return new SluiceError("unsupported", `the table uses ${what}, which sluice does not read`, {
    hint: "it belongs to a newer version of the Iceberg format; tables of version 2 are read and written",
  });
}
