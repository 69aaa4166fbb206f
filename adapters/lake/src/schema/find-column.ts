import { SluiceError } from "@sluice/core";
import type { ColumnType, Field } from "../format/model.ts";

/** A place in a schema: a field, or the element of a list, or the key or value of a map. */
export interface Place {
  readonly id: number;
  readonly type: ColumnType;
  readonly required: boolean;
  /** The names that lead to it; `element`, `key` and `value` stand for what is inside of lists and maps. */
  readonly steps: readonly string[];
  readonly kind: PlaceKind;
  /** What lies around it, from the outside. */
  readonly around: readonly PlaceKind[];
}

type PlaceKind = "field" | "element" | "key" | "value";

/**
 * The place that a dotted path names. A name may hold dots itself: the whole rest is tried as a name first.
 *
 * @throws SluiceError `config` where there is none
 */
export function findColumn(fields: readonly Field[], path: string): Place {
  const found = search({ kind: "struct", fields }, path, undefined);
  if (found !== undefined) return found;
  const names = fields.map(({ name }) => JSON.stringify(name)).join(", ");
  throw new SluiceError("config", `the table has no column ${JSON.stringify(path)}`, {
    offending: path,
    hint: `its columns are ${names}; fields inside are named as in "address.city", "tags.element", "sizes.value"`,
  });
}

function search(type: ColumnType, path: string, before: Place | undefined): Place | undefined {
  for (const place of placesIn(type, before)) {
    const name = place.steps.at(-1) ?? "";
    if (path === name) return place;
  }
  for (const place of placesIn(type, before)) {
    const name = place.steps.at(-1) ?? "";
    if (!path.startsWith(`${name}.`)) continue;
    const found = search(place.type, path.slice(name.length + 1), place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function placesIn(type: ColumnType, before: Place | undefined): readonly Place[] {
  const around = before === undefined ? [] : [...before.around, before.kind];
  const place = (name: string, kind: PlaceKind, id: number, inner: ColumnType, required: boolean): Place => ({
    id,
    type: inner,
    required,
    steps: [...(before?.steps ?? []), name],
    kind,
    around,
  });
  switch (type.kind) {
    case "struct":
      return type.fields.map((field) => place(field.name, "field", field.id, field.type, field.required));
    case "list":
      return [place("element", "element", type.elementId, type.element, type.elementRequired)];
    case "map":
      return [
        place("key", "key", type.keyId, type.key, true),
        place("value", "value", type.valueId, type.value, type.valueRequired),
      ];
    default:
      return [];
  }
}

/** The fields with the struct that holds an id changed; an undefined id is the top. */
export function changeFields(
  fields: readonly Field[],
  structId: number | undefined,
  change: (fields: readonly Field[]) => readonly Field[],
): readonly Field[] {
  if (structId === undefined) return change(fields);
  return fields.map((field) => ({ ...field, type: changeType(field.type, field.id, structId, change) }));
}

function changeType(
  type: ColumnType,
  id: number,
  structId: number,
  change: (fields: readonly Field[]) => readonly Field[],
): ColumnType {
  switch (type.kind) {
    case "struct":
      return {
        kind: "struct",
        fields: id === structId ? change(type.fields) : changeFields(type.fields, structId, change),
      };
    case "list":
      return { ...type, element: changeType(type.element, type.elementId, structId, change) };
    case "map":
      return {
        ...type,
        key: changeType(type.key, type.keyId, structId, change),
        value: changeType(type.value, type.valueId, structId, change),
      };
    default:
      return type;
  }
}

/** The id of the struct that holds a field; undefined at the top. */
export function structOf(fields: readonly Field[], place: Place): number | undefined {
  if (place.steps.length <= 1) return undefined;
  let type: ColumnType = { kind: "struct", fields };
  let id: number | undefined;
  for (const step of place.steps.slice(0, -1)) {
    const next: Place | undefined = placesIn(type, undefined).find(({ steps }) => steps[0] === step);
    if (next === undefined) return id;
    type = next.type;
    id = next.id;
  }
  return id;
}
