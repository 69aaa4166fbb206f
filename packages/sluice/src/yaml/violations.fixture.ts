import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";

type Schema = { readonly [member: string]: unknown };

/**
 * What of a JSON Schema a document breaks: as much of draft 2020-12 as `jsonSchema` uses, so that an editor would see the
 * same. Anything in a schema that is not known here is a violation too.
 */
export function violations(schema: Schema, yaml: string): readonly string[] {
  const definitions = (schema.$defs ?? {}) as Record<string, Schema>;
  return check(schema, plainValue(parseDocument(yaml).contents), definitions, "");
}

/** Maps as `Map`, since a plain object has no own `__proto__`. */
function plainValue(node: unknown): unknown {
  if (isAlias(node)) throw new Error("aliases are not checked");
  if (isMap(node))
    return new Map(node.items.map((pair) => [String((pair.key as { value: unknown }).value), plainValue(pair.value)]));
  if (isSeq(node)) return node.items.map(plainValue);
  return isScalar(node) ? node.value : node;
}

function check(schema: Schema, value: unknown, definitions: Record<string, Schema>, path: string): string[] {
  return Object.entries(schema).flatMap(([rule, limit]) => applyRule(rule, limit, schema, value, definitions, path));
}

function applyRule(
  rule: string,
  limit: unknown,
  schema: Schema,
  value: unknown,
  definitions: Record<string, Schema>,
  path: string,
): string[] {
  const below = (inner: unknown, of: unknown, at: string): string[] => check(inner as Schema, of, definitions, at);
  switch (rule) {
    case "$schema":
    case "$defs":
    case "title":
    case "description":
      return [];
    case "$ref": {
      const part = definitions[String(limit).replace("#/$defs/", "")];
      return part === undefined ? [`${path}: there is no ${String(limit)}`] : check(part, value, definitions, path);
    }
    case "type": {
      const types = Array.isArray(limit) ? limit : [limit];
      return types.some((type) => isOfType(value, String(type))) ? [] : [`${path}: is not ${types.join(" or ")}`];
    }
    case "enum":
      return (limit as unknown[]).includes(value) ? [] : [`${path}: is none of ${String(limit)}`];
    case "pattern":
      return typeof value !== "string" || new RegExp(String(limit)).test(value)
        ? []
        : [`${path}: does not fit ${limit}`];
    case "minLength":
      return typeof value !== "string" || value.length >= Number(limit) ? [] : [`${path}: is too short`];
    case "minimum":
      return typeof value !== "number" || value >= Number(limit) ? [] : [`${path}: is below ${String(limit)}`];
    case "properties":
      if (!(value instanceof Map)) return [];
      return Object.entries(limit as object).flatMap(([key, inner]) =>
        value.has(key) ? below(inner, value.get(key), `${path}.${key}`) : [],
      );
    case "additionalProperties": {
      if (!(value instanceof Map) || limit === true) return [];
      const known = Object.keys((schema.properties ?? {}) as object);
      const others = [...value].filter(([key]) => !known.includes(key as string));
      return others.flatMap(([key, of]) =>
        limit === false ? [`${path}: has no ${key}`] : below(limit, of, `${path}.${key}`),
      );
    }
    case "required":
      return !(value instanceof Map)
        ? []
        : (limit as string[]).filter((key) => !value.has(key)).map((key) => `${path}: lacks ${key}`);
    case "items":
      return Array.isArray(value) ? value.flatMap((item, index) => below(limit, item, `${path}[${index}]`)) : [];
    case "allOf":
      return (limit as unknown[]).flatMap((inner) => below(inner, value, path));
    case "anyOf":
    case "oneOf": {
      const results = (limit as unknown[]).map((inner) => below(inner, value, path));
      const fitting = results.filter((result) => result.length === 0).length;
      if (rule === "anyOf" ? fitting > 0 : fitting === 1) return [];
      return [`${path}: fits ${fitting} of ${rule}`, ...results.flat()];
    }
    default:
      return [`${path}: the rule ${rule} is not known`];
  }
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "object":
      return value instanceof Map;
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null || value === undefined;
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
