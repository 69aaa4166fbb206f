import { SluiceError } from "@sluice/core";

/** A schema as it stands in the header of an Avro file, with every attribute that its writer gave. */
export type AvroSchema = string | readonly AvroSchema[] | AvroObject;

export interface AvroObject {
  readonly type: AvroSchema;
  readonly name?: string;
  readonly namespace?: string;
  readonly fields?: readonly AvroField[];
  readonly items?: AvroSchema;
  readonly values?: AvroSchema;
  readonly symbols?: readonly string[];
  readonly size?: number;
  readonly logicalType?: string;
  readonly [attribute: string]: unknown;
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  readonly "field-id"?: number;
  readonly default?: unknown;
  readonly [attribute: string]: unknown;
}

/** A schema whose names are resolved: what the codec walks. */
export type AvroType =
  | { readonly kind: "null" | "boolean" | "int" | "long" | "float" | "double" | "bytes" | "string" }
  | { readonly kind: "fixed"; readonly size: number }
  | { readonly kind: "enum"; readonly symbols: readonly string[] }
  | { readonly kind: "array"; readonly items: AvroType }
  | { readonly kind: "map"; readonly values: AvroType }
  | { readonly kind: "union"; readonly branches: readonly AvroType[] }
  | { readonly kind: "record"; readonly name: string; readonly fields: readonly ResolvedField[] };

export interface ResolvedField {
  readonly name: string;
  readonly id: number | undefined;
  readonly type: AvroType;
}

const PRIMITIVES = new Set(["null", "boolean", "int", "long", "float", "double", "bytes", "string"]);
/** Schemas nest as deep as columns do; a file that says more is damaged or hostile. */
const MAX_DEPTH = 200;

/**
 * Resolves names and drops logical types, which say nothing about bytes. Types that hold themselves are refused:
 * no table has one.
 *
 * @example
 * resolveSchema(["null", "long"]); // { kind: "union", branches: [{ kind: "null" }, { kind: "long" }] }
 */
export function resolveSchema(schema: AvroSchema): AvroType {
  return resolve(schema, { names: new Map(), namespace: "" }, 0);
}

interface Scope {
  readonly names: Map<string, AvroType>;
  readonly namespace: string;
}

function resolve(schema: AvroSchema, scope: Scope, depth: number): AvroType {
  if (depth > MAX_DEPTH) throw damaged("a schema nested deeper than 200 levels");
  if (typeof schema === "string") return resolveName(schema, scope);
  if (isUnion(schema)) {
    return { kind: "union", branches: schema.map((branch) => resolve(branch, scope, depth + 1)) };
  }
  if (typeof schema !== "object" || schema === null) throw damaged(`the schema ${JSON.stringify(schema)}`);
  const { type } = schema;
  if (typeof type !== "string") return resolve(type, scope, depth + 1);
  switch (type) {
    case "record":
    case "error": {
      const inner = { names: scope.names, namespace: namespaceOf(schema, scope) };
      const fields = (schema.fields ?? []).map((field) => ({
        name: field.name,
        id: typeof field["field-id"] === "number" ? field["field-id"] : undefined,
        type: resolve(field.type, inner, depth + 1),
      }));
      return declare(schema, scope, { kind: "record", name: schema.name ?? "", fields });
    }
    case "fixed": {
      if (!Number.isSafeInteger(schema.size) || (schema.size ?? -1) < 0) throw damaged("a fixed type without a size");
      return declare(schema, scope, { kind: "fixed", size: schema.size ?? 0 });
    }
    case "enum":
      return declare(schema, scope, { kind: "enum", symbols: schema.symbols ?? [] });
    case "array":
      return { kind: "array", items: resolve(schema.items ?? "", scope, depth + 1) };
    case "map":
      return { kind: "map", values: resolve(schema.values ?? "", scope, depth + 1) };
    default:
      return resolveName(type, scope);
  }
}

function isUnion(schema: AvroSchema): schema is readonly AvroSchema[] {
  return Array.isArray(schema);
}

function resolveName(name: string, scope: Scope): AvroType {
  if (PRIMITIVES.has(name)) return { kind: name as "long" };
  const found = scope.names.get(name) ?? scope.names.get(`${scope.namespace}.${name}`);
  if (found === undefined) throw damaged(`the unknown type ${JSON.stringify(name)}`);
  return found;
}

function declare(schema: AvroObject, scope: Scope, type: AvroType): AvroType {
  if (schema.name !== undefined) {
    const namespace = namespaceOf(schema, scope);
    scope.names.set(schema.name, type);
    if (namespace !== "" && !schema.name.includes(".")) scope.names.set(`${namespace}.${schema.name}`, type);
  }
  return type;
}

function namespaceOf(schema: AvroObject, scope: Scope): string {
  if (schema.name?.includes(".") === true) return schema.name.slice(0, schema.name.lastIndexOf("."));
  return schema.namespace ?? scope.namespace;
}

function damaged(what: string): SluiceError {
  return new SluiceError("data", `an Avro file has ${what}`, {
    hint: "it is damaged, or written by a program that does not keep to Avro",
  });
}
