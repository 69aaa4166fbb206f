import { isDeepStrictEqual } from "node:util";
import { SluiceError } from "@sluice/core";
import type { ColumnType, Field, TableMetadata, TableSchema } from "../format/model.ts";
import { typeToJson } from "../format/schema-json.ts";
import type { SchemaChange } from "../format/table.ts";
import { assertNames, assignIds, FieldIds } from "./assign-ids.ts";
import { changeFields, findColumn, type Place, structOf } from "./find-column.ts";

/** The table's metadata with a schema that was changed; ids of fields are never given twice. */
export function evolveSchema(metadata: TableMetadata, changes: readonly SchemaChange[]): TableMetadata {
  const current = currentSchema(metadata);
  const ids = new FieldIds(metadata.lastColumnId);
  const fields = changes.reduce((before, change) => apply(before, change, ids, metadata, current), current.fields);
  if (isDeepStrictEqual(fields, current.fields)) return metadata;
  const lastColumnId = ids.last;
  const known = metadata.schemas.find(
    (schema) =>
      isDeepStrictEqual(schema.fields, fields) &&
      isDeepStrictEqual(schema.identifierFieldIds, current.identifierFieldIds),
  );
  if (known !== undefined) return { ...metadata, lastColumnId, currentSchemaId: known.schemaId };
  const schemaId = Math.max(...metadata.schemas.map((schema) => schema.schemaId)) + 1;
  const schema = { schemaId, fields, identifierFieldIds: current.identifierFieldIds };
  return { ...metadata, lastColumnId, currentSchemaId: schemaId, schemas: [...metadata.schemas, schema] };
}

/** The schema that the table has now. */
export function currentSchema(metadata: TableMetadata): TableSchema {
  const found = metadata.schemas.find(({ schemaId }) => schemaId === metadata.currentSchemaId);
  if (found === undefined) {
    throw new SluiceError(
      "data",
      `the table's metadata has no schema ${metadata.currentSchemaId}, which it says is current`,
    );
  }
  return found;
}

function apply(
  fields: readonly Field[],
  change: SchemaChange,
  ids: FieldIds,
  metadata: TableMetadata,
  schema: TableSchema,
): readonly Field[] {
  if (change.change === "add") return add(fields, change, ids);
  const place = findColumn(fields, change.column);
  assertOutsideKey(place, change.column);
  const here = structOf(fields, place);
  const edit = (edited: (field: Field) => Field) => {
    assertField(place, change);
    return changeFields(fields, here, (inside) =>
      inside.map((field) => (field.id === place.id ? edited(field) : field)),
    );
  };
  switch (change.change) {
    case "drop":
      assertField(place, change);
      assertUnused(place, change.column, metadata, schema);
      return changeFields(fields, here, (inside) => {
        if (inside.length === 1) throw refused(change.column, "is the only one of its row or struct", "drop the whole");
        return inside.filter(({ id }) => id !== place.id);
      });
    case "rename":
      if (here !== undefined) {
        throw refused(
          change.column,
          "lies inside of another, and cannot be renamed: in files that are written, engines find it by its name",
          "add a field with the new name, or rename the column at the top level",
          "unsupported",
        );
      }
      return rename(fields, place, change.to);
    case "makeOptional":
      if (schema.identifierFieldIds.includes(place.id)) {
        throw refused(change.column, "identifies rows, so it stays required", "leave it as it is");
      }
      return edit((field) => ({ ...field, required: false }));
    case "describe":
      return edit((field) => ({ ...field, doc: change.doc }));
    case "widen":
      return widen(fields, place, change.to, change.column);
    case "move":
      assertField(place, change);
      return changeFields(fields, here, (inside) => {
        const moved = inside.filter(({ id }) => id === place.id);
        return insert(
          inside.filter(({ id }) => id !== place.id),
          moved,
          change,
        );
      });
    default:
      return change satisfies never;
  }
}

function add(
  fields: readonly Field[],
  change: Extract<SchemaChange, { change: "add" }>,
  ids: FieldIds,
): readonly Field[] {
  if (change.field.required === true) {
    throw new SluiceError("config", `the new column ${JSON.stringify(change.field.name)} cannot be required`, {
      offending: change.field.name,
      hint: "rows that are in the table have no value for it; add it as an optional one",
    });
  }
  const parent = change.parent === undefined ? undefined : findColumn(fields, change.parent);
  if (parent !== undefined && parent.type.kind !== "struct") {
    throw refused(change.parent ?? "", `is a ${parent.type.kind}, which has no fields`, "name a struct");
  }
  if (parent !== undefined) assertOutsideKey(parent, change.parent ?? "");
  return changeFields(fields, parent?.id, (inside) => {
    assertNames([...inside.map(({ name }) => name), change.field.name]);
    return insert(inside, assignIds([change.field], ids), change);
  });
}

function insert(
  fields: readonly Field[],
  added: readonly Field[],
  { after, first }: { readonly after?: string; readonly first?: boolean },
): readonly Field[] {
  if (first === true) return [...added, ...fields];
  if (after === undefined) return [...fields, ...added];
  const index = fields.findIndex(({ name }) => name === after);
  if (index < 0) {
    throw new SluiceError("config", `there is no column ${JSON.stringify(after)} to put another after`, {
      offending: after,
      hint: `beside it are ${fields.map(({ name }) => JSON.stringify(name)).join(", ")}`,
    });
  }
  return [...fields.slice(0, index + 1), ...added, ...fields.slice(index + 1)];
}

function rename(fields: readonly Field[], place: Place, name: string): readonly Field[] {
  const renamed = fields.map((field) => (field.id === place.id ? { ...field, name } : field));
  assertNames(renamed.map((field) => field.name));
  return renamed;
}

function widen(fields: readonly Field[], place: Place, to: ColumnType, column: string): readonly Field[] {
  if (!canWiden(place.type, to)) {
    throw refused(
      column,
      `has the type ${shown(place.type)}, which cannot become ${shown(to)}`,
      "int becomes long, float becomes double, and a decimal gets more digits with the same scale",
    );
  }
  const change = (type: ColumnType, id: number): ColumnType => {
    if (id === place.id) return to;
    switch (type.kind) {
      case "struct":
        return {
          kind: "struct",
          fields: type.fields.map((field) => ({ ...field, type: change(field.type, field.id) })),
        };
      case "list":
        return { ...type, element: change(type.element, type.elementId) };
      case "map":
        return { ...type, value: change(type.value, type.valueId) };
      default:
        return type;
    }
  };
  return fields.map((field) => ({ ...field, type: change(field.type, field.id) }));
}

/**
 * Whether old files can be read as the new type.
 *
 * @example
 * canWiden({ kind: "int" }, { kind: "long" }); // true
 */
export function canWiden(from: ColumnType, to: ColumnType): boolean {
  if (from.kind === "decimal" && to.kind === "decimal") {
    return from.scale === to.scale && to.precision >= from.precision && to.precision <= 38;
  }
  if (from.kind === "int" && to.kind === "long") return true;
  if (from.kind === "float" && to.kind === "double") return true;
  return isDeepStrictEqual(from, to);
}

function assertField(place: Place, { change }: SchemaChange): void {
  if (place.kind === "field") return;
  const path = place.steps.join(".");
  throw refused(
    path,
    `is the ${place.kind} of a ${place.kind === "element" ? "list" : "map"}: ${change} is for fields`,
    "change the column that holds it",
  );
}

/** Keys of old rows would not be equal to keys of new ones any more. */
function assertOutsideKey(place: Place, column: string): void {
  if (![...place.around, place.kind].includes("key")) return;
  throw refused(column, "is, or lies in, the key of a map, which stays as it is", "make a new column");
}

/** Partitions, orders and keys find their columns by id: one that they use stays. */
function assertUnused(place: Place, column: string, metadata: TableMetadata, schema: TableSchema): void {
  const inside = idsIn(place);
  for (const spec of metadata.partitionSpecs) {
    const user = spec.fields.find(({ sourceId, transform }) => transform.kind !== "void" && inside.has(sourceId));
    if (user !== undefined) {
      throw refused(
        column,
        `is what the table is partitioned by (${JSON.stringify(user.name)})`,
        "make a new table from a query over this one",
      );
    }
  }
  if (metadata.sortOrders.some(({ fields }) => fields.some(({ sourceId }) => inside.has(sourceId)))) {
    throw refused(column, "is in a sort order of the table", "make a new table from a query over this one");
  }
  if (schema.identifierFieldIds.some((id) => inside.has(id))) {
    throw refused(column, "identifies rows", "take it out of the table's identifier fields first");
  }
}

function idsIn(place: Place): ReadonlySet<number> {
  const ids = new Set([place.id]);
  const visit = (type: ColumnType): void => {
    if (type.kind !== "struct") return;
    for (const field of type.fields) {
      ids.add(field.id);
      visit(field.type);
    }
  };
  visit(place.type);
  return ids;
}

function shown(type: ColumnType): string {
  const json = typeToJson(type);
  return typeof json === "string" ? json : type.kind;
}

function refused(column: string, why: string, hint: string, code: "config" | "unsupported" = "config"): SluiceError {
  return new SluiceError(code, `the column ${JSON.stringify(column)} ${why}`, { offending: column, hint });
}
