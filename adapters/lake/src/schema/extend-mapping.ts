import { isDeepStrictEqual } from "node:util";
import { isSluiceError } from "@sluice/core";
import { printLossless } from "../format/lossless-json.ts";
import type { ColumnType, Field, JsonValue, TableMetadata } from "../format/model.ts";
import { currentSchema } from "./evolve-schema.ts";
import { type Mapped, NAME_MAPPING, parseMapping } from "./name-mapping.ts";

/** A field, an element, a key or a value of a schema, with what it lies in; undefined for the row. */
interface Node extends Pick<Field, "id" | "name" | "type"> {
  readonly parent: number | undefined;
}

/**
 * A table whose schema was changed, with the names that files without numbers have for its fields changed with it, as Iceberg's
 * libraries do: a field keeps the names that it had and gets the new one, which no other beside it keeps. Where the table says no
 * names, or none that can be read, it stays so.
 */
export function extendMapping(before: TableMetadata, after: TableMetadata): TableMetadata {
  const text = after.properties[NAME_MAPPING];
  if (text === undefined || after.currentSchemaId === before.currentSchemaId) return after;
  const mapping = mappingOf(text);
  if (mapping === undefined) return after;
  const known = new Map(nodesOf(currentSchema(before).fields, undefined).map((node) => [node.id, node]));
  const nodes = nodesOf(currentSchema(after).fields, undefined);
  const renamed = new Map(
    nodes.flatMap(({ id, name }): readonly (readonly [number, string])[] =>
      [undefined, name].includes(known.get(id)?.name) ? [] : [[id, name]],
    ),
  );
  const added = new Map<number | undefined, Node[]>();
  for (const node of nodes) {
    const isInside = node.parent !== undefined && !known.has(node.parent);
    if (!known.has(node.id) && !isInside) added.set(node.parent, [...(added.get(node.parent) ?? []), node]);
  }
  const extended = withAdded(withRenamed(mapping, renamed, added), added.get(undefined));
  if (isDeepStrictEqual(extended, mapping)) return after;
  return { ...after, properties: { ...after.properties, [NAME_MAPPING]: printLossless(extended.map(toJson)) } };
}

function mappingOf(text: string): readonly Mapped[] | undefined {
  try {
    return parseMapping(text, "the table");
  } catch (error) {
    // Whoever reads a file that needs it is told.
    if (!isSluiceError(error)) throw error;
    return undefined;
  }
}

function withRenamed(
  level: readonly Mapped[],
  renamed: ReadonlyMap<number, string>,
  added: ReadonlyMap<number | undefined, readonly Node[]>,
): readonly Mapped[] {
  const named = level.map((one): Mapped => {
    const { id, names, fields } = one;
    if (id === undefined) return one;
    const name = renamed.get(id);
    return {
      id,
      names: name === undefined || names.includes(name) ? names : [...names, name],
      fields: withAdded(withRenamed(fields, renamed, added), added.get(id)),
    };
  });
  const taken = named.flatMap(({ id }): readonly (readonly [string, number])[] => {
    const name = id === undefined ? undefined : renamed.get(id);
    return id === undefined || name === undefined ? [] : [[name, id]];
  });
  return withoutTaken(named, new Map(taken));
}

function withAdded(level: readonly Mapped[], added: readonly Node[] = []): readonly Mapped[] {
  const fresh = added.map(({ id, name, type }): Mapped => ({ id, names: [name], fields: mappedIn(type) }));
  return [...withoutTaken(level, new Map(added.map(({ id, name }) => [name, id]))), ...fresh];
}

/** A name that another field has now is that one's alone. */
function withoutTaken(level: readonly Mapped[], taken: ReadonlyMap<string, number>): readonly Mapped[] {
  return level.flatMap((one) => {
    const names = one.names.filter((name) => (taken.get(name) ?? one.id) === one.id);
    return names.length === one.names.length ? [one] : names.length === 0 ? [] : [{ ...one, names }];
  });
}

function mappedIn(type: ColumnType): readonly Mapped[] {
  return childrenOf(type).map((child) => ({ id: child.id, names: [child.name], fields: mappedIn(child.type) }));
}

function nodesOf(fields: readonly Omit<Node, "parent">[], parent: number | undefined): readonly Node[] {
  return fields.flatMap(({ id, name, type }) => [{ id, name, type, parent }, ...nodesOf(childrenOf(type), id)]);
}

function childrenOf(type: ColumnType): readonly Omit<Node, "parent">[] {
  switch (type.kind) {
    case "struct":
      return type.fields;
    case "list":
      return [{ id: type.elementId, name: "element", type: type.element }];
    case "map":
      return [
        { id: type.keyId, name: "key", type: type.key },
        { id: type.valueId, name: "value", type: type.value },
      ];
    default:
      return [];
  }
}

function toJson({ id, names, fields }: Mapped): JsonValue {
  return {
    ...(id === undefined ? {} : { "field-id": id }),
    names,
    ...(fields.length === 0 ? {} : { fields: fields.map(toJson) }),
  };
}
