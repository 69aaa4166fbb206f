import { type FieldId, type FrozenColumn, formatType, type LogicalType, parseType, type TypeText } from "@sluice/core";
import { quoteName, quoteText } from "./sql-text.ts";

/** What a file calls the nested fields of a table, by number: DuckDB finds them by name alone. */
export type NestedNames = ReadonlyMap<number, string>;

/** The names that the fields of structs have in the table, by number. */
export function nestedNamesOf(columns: readonly FrozenColumn[], nested: readonly FieldId[]): NestedNames {
  const names = new Map<number, string>();
  for (const { name, type } of columns) {
    const field = nested.find((one) => one.name === name);
    visit(parseType(type), field, (one) => names.set(one.id, one.name));
  }
  return names;
}

function visit(type: LogicalType, field: FieldId | undefined, found: (field: FieldId) => void): void {
  switch (type.kind) {
    case "struct":
      for (const [name, inner] of type.fields) {
        const child = childOf(field, name);
        if (child !== undefined) found(child);
        visit(inner, child, found);
      }
      return;
    case "list":
      visit(type.item, childOf(field, "element"), found);
      return;
    case "map":
      visit(type.key, childOf(field, "key"), found);
      visit(type.value, childOf(field, "value"), found);
      return;
  }
}

function childOf(field: FieldId | undefined, name: string): FieldId | undefined {
  return field?.children?.find((child) => child.name === name);
}

/**
 * The names that a file has, of the rows of its footer; undefined where they are the table's. A field that it does not have
 * gets a name that none has, since another field may have had its name.
 */
export function namesInFile(
  wanted: NestedNames,
  found: readonly (readonly [id: number | undefined, name: string])[],
): NestedNames | undefined {
  const byId = new Map(found.filter(([id]) => id !== undefined && wanted.has(id)) as [number, string][]);
  const others = new Set(found.filter(([id]) => id === undefined || !wanted.has(id)).map(([, name]) => name));
  const isUsual = [...wanted].every(([id, name]) => (byId.has(id) ? byId.get(id) === name : !others.has(name)));
  return isUsual ? undefined : new Map([...wanted.keys()].map((id) => [id, byId.get(id) ?? `\u0001${id}`]));
}

/** The type of a column with the names of a file. */
export function typeInFile(type: TypeText, field: FieldId | undefined, names: NestedNames): TypeText {
  return formatType(withNames(parseType(type), field, names));
}

function withNames(type: LogicalType, field: FieldId | undefined, names: NestedNames): LogicalType {
  switch (type.kind) {
    case "struct":
      return {
        kind: "struct",
        fields: type.fields.map(([name, inner]) => {
          const child = childOf(field, name);
          return [nameInFile(child, name, names), withNames(inner, child, names)] as const;
        }),
      };
    case "list":
      return { kind: "list", item: withNames(type.item, childOf(field, "element"), names) };
    case "map":
      return {
        kind: "map",
        key: withNames(type.key, childOf(field, "key"), names),
        value: withNames(type.value, childOf(field, "value"), names),
      };
    default:
      return type;
  }
}

function nameInFile(field: FieldId | undefined, name: string, names: NestedNames): string {
  return (field === undefined ? undefined : names.get(field.id)) ?? name;
}

/** A column of a file with the names of the table. */
export function renamedTerm(term: string, type: TypeText, field: FieldId | undefined, names: NestedNames): string {
  return renamed(term, parseType(type), field, names, 0);
}

function renamed(
  term: string,
  type: LogicalType,
  field: FieldId | undefined,
  names: NestedNames,
  depth: number,
): string {
  const item = `e${depth}`;
  switch (type.kind) {
    case "struct": {
      const fields = type.fields.map(([name, inner]) => {
        const child = childOf(field, name);
        const value = `struct_extract(${term}, ${quoteText(nameInFile(child, name, names))})`;
        return `${quoteName(name)} := ${renamed(value, inner, child, names, depth)}`;
      });
      return `case when ${term} is null then null else struct_pack(${fields.join(", ")}) end`;
    }
    case "list": {
      const inner = renamed(item, type.item, childOf(field, "element"), names, depth + 1);
      return inner === item ? term : `list_transform(${term}, lambda ${item}: ${inner})`;
    }
    case "map": {
      const key = renamed(item, type.key, childOf(field, "key"), names, depth + 1);
      const value = renamed(item, type.value, childOf(field, "value"), names, depth + 1);
      if (key === item && value === item) return term;
      const keys = `list_transform(map_keys(${term}), lambda ${item}: ${key})`;
      const values = `list_transform(map_values(${term}), lambda ${item}: ${value})`;
      return `case when ${term} is null then null else map(${keys}, ${values}) end`;
    }
    default:
      return term;
  }
}
