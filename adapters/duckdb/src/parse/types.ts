import { formatType, isTypeText, type LogicalType, parseType, type SimpleKind, type TypeText } from "@sluice/core";
import { nodeOf, nodesOf, type Tree, textOf } from "./tree.ts";

/** The names DuckDB's parser gives to types; `int8` is not among them, since DuckDB takes it for eight bytes. */
const SIMPLE: ReadonlyMap<string, SimpleKind> = new Map<string, SimpleKind>([
  ["BOOLEAN", "bool"],
  ["TINYINT", "int8"],
  ["SMALLINT", "int16"],
  ["INTEGER", "int32"],
  ["BIGINT", "int64"],
  ["UTINYINT", "uint8"],
  ["USMALLINT", "uint16"],
  ["UINTEGER", "uint32"],
  ["UBIGINT", "uint64"],
  ["FLOAT", "float32"],
  ["DOUBLE", "float64"],
  ["VARCHAR", "string"],
  ["BLOB", "bytes"],
  ["DATE", "date"],
  ["TIME", "time"],
  ["TIMESTAMP", "timestamp"],
  ["TIMESTAMP WITH TIME ZONE", "timestamptz"],
  ["INTERVAL", "interval"],
  ["UUID", "uuid"],
]);

const HINTS: ReadonlyMap<string, string> = new Map([
  ["HUGEINT", "use int64 or decimal(38,0)"],
  ["UHUGEINT", "use uint64 or decimal(38,0)"],
  ["TIMESTAMP_S", "use timestamp"],
  ["TIMESTAMP_MS", "use timestamp"],
  ["TIMESTAMP_NS", "use timestamp, which holds microseconds"],
  ["TIME WITH TIME ZONE", "use time or timestamptz"],
  ["ARRAY", "use a list, for example int64[]"],
]);

export interface UnknownType {
  readonly unknown: string;
  readonly hint: string | undefined;
}

/**
 * The sluice type of a `cast_type` node, or what it is called where sluice has no such type.
 *
 * @param original gives back the author's spelling of a name that was put aside before parsing
 */
export function typeOf(tree: Tree, original: (name: string) => string): TypeText | UnknownType {
  try {
    return formatType(logicalType(tree, original));
  } catch (problem) {
    if (problem instanceof NoSuchType) return { unknown: problem.name, hint: HINTS.get(problem.name) };
    throw problem;
  }
}

class NoSuchType extends Error {
  override readonly name: string;

  constructor(name: string) {
    super(name);
    this.name = name;
  }
}

function logicalType(tree: Tree, original: (name: string) => string): LogicalType {
  const id = textOf(tree, "id");
  const simple = SIMPLE.get(id);
  if (simple !== undefined) return { kind: simple };
  const details = nodeOf(tree, "type_info") ?? {};
  switch (id) {
    case "DECIMAL":
      return { kind: "decimal", precision: Number(details.width), scale: Number(details.scale) };
    case "LIST":
      return { kind: "list", item: logicalType(nodeOf(details, "child_type") ?? {}, original) };
    case "MAP": {
      const [key, value] = fieldsOf(nodeOf(nodeOf(details, "child_type") ?? {}, "type_info") ?? {}, original);
      if (key === undefined || value === undefined) throw new NoSuchType(id);
      return { kind: "map", key: key[1], value: value[1] };
    }
    case "STRUCT":
      return { kind: "struct", fields: fieldsOf(details, original) };
    case "UNBOUND":
      return unbound(details, original);
    default:
      throw new NoSuchType(id);
  }
}

function fieldsOf(details: Tree, original: (name: string) => string): readonly (readonly [string, LogicalType])[] {
  return nodesOf(details, "child_types").map(
    (field) => [original(textOf(field, "first")), logicalType(nodeOf(field, "second") ?? {}, original)] as const,
  );
}

function unbound(details: Tree, original: (name: string) => string): LogicalType {
  const name = original(textOf(details, "name"));
  const modifiers = nodesOf(details, "user_type_modifiers");
  if (name.toLowerCase() === "enum" && modifiers.length > 0) {
    return { kind: "enum", values: modifiers.map((modifier) => textOf(modifier, "value")) };
  }
  const own = isTypeText(name) ? name : name.toLowerCase();
  if (modifiers.length > 0 || !isTypeText(own)) throw new NoSuchType(name);
  return parseType(own);
}
