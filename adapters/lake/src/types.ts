import { type FieldId, formatType, type LogicalType, parseType, type TypeText } from "@sluice/core";
import type { ColumnType, Field } from "./format/model.ts";

/**
 * Types, both ways.
 *
 * | type | stored | read back as | lost |
 * |---|---|---|---|
 * | bool | boolean | bool | |
 * | int8, int16, int32, uint8, uint16 | int | int32 | the width |
 * | int64, uint32 | long | int64 | the width |
 * | uint64 | decimal(20, 0) | decimal(20,0) | |
 * | float32, float64 | float, double | the same | |
 * | decimal(p,s) | decimal(p, s) | the same | |
 * | string | string | string | |
 * | enum, json, interval | string, as the engine prints them | string | the type |
 * | bytes | binary | bytes | |
 * | date, time, timestamp, timestamptz, uuid | the same | the same | |
 * | list, struct, map | list, struct, map | the same | |
 *
 * What others store as fixed[n] is read as bytes.
 */
export function columnTypeOf(text: TypeText): ColumnType {
  return stored(parseType(text));
}

/** Numbers inside of a type are given when a table takes it. */
const NO_ID = 0;

function stored(type: LogicalType): ColumnType {
  switch (type.kind) {
    case "bool":
      return { kind: "boolean" };
    case "int8":
    case "int16":
    case "int32":
    case "uint8":
    case "uint16":
      return { kind: "int" };
    case "int64":
    case "uint32":
      return { kind: "long" };
    case "uint64":
      return { kind: "decimal", precision: 20, scale: 0 };
    case "float32":
      return { kind: "float" };
    case "float64":
      return { kind: "double" };
    case "decimal":
      return { kind: "decimal", precision: type.precision, scale: type.scale };
    case "string":
    case "enum":
    case "json":
    case "interval":
      return { kind: "string" };
    case "bytes":
      return { kind: "binary" };
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
    case "uuid":
      return { kind: type.kind };
    case "list":
      return { kind: "list", elementId: NO_ID, element: stored(type.item), elementRequired: false };
    case "map":
      return {
        kind: "map",
        keyId: NO_ID,
        key: stored(type.key),
        valueId: NO_ID,
        value: stored(type.value),
        valueRequired: false,
      };
    case "struct":
      return {
        kind: "struct",
        fields: type.fields.map(([name, field]) => ({ id: NO_ID, name, required: false, type: stored(field) })),
      };
    default:
      return type satisfies never;
  }
}

/** The type as which a column is read. */
export function typeTextOf(type: ColumnType): TypeText {
  return formatType(logical(type));
}

function logical(type: ColumnType): LogicalType {
  switch (type.kind) {
    case "boolean":
      return { kind: "bool" };
    case "int":
      return { kind: "int32" };
    case "long":
      return { kind: "int64" };
    case "float":
      return { kind: "float32" };
    case "double":
      return { kind: "float64" };
    case "binary":
    case "fixed":
      return { kind: "bytes" };
    case "decimal":
      return { kind: "decimal", precision: type.precision, scale: type.scale };
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
    case "string":
    case "uuid":
      return { kind: type.kind };
    case "list":
      return { kind: "list", item: logical(type.element) };
    case "map":
      return { kind: "map", key: logical(type.key), value: logical(type.value) };
    case "struct":
      return { kind: "struct", fields: type.fields.map((field) => [field.name, logical(field.type)] as const) };
    default:
      return type satisfies never;
  }
}

/** The number of a column and of all that is nested in it, with the type as which it is stored. */
export function fieldIdOf({ name, id, type }: Field): FieldId {
  return { name, id, type: typeTextOf(type), ...childrenOf(type) };
}

function childrenOf(type: ColumnType): { readonly children?: readonly FieldId[] } {
  const child = (name: string, id: number, inner: ColumnType): FieldId => ({ name, id, ...childrenOf(inner) });
  switch (type.kind) {
    case "struct":
      return { children: type.fields.map((field) => child(field.name, field.id, field.type)) };
    case "list":
      return { children: [child("element", type.elementId, type.element)] };
    case "map":
      return { children: [child("key", type.keyId, type.key), child("value", type.valueId, type.value)] };
    default:
      return {};
  }
}
