import { SluiceError } from "@sluice/core";
import type { ColumnType, Field } from "../format/model.ts";
import type { NewField } from "../format/table.ts";

/** Gives ids that no field of the table ever had. */
export class FieldIds {
  #last: number;

  constructor(last: number) {
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

/** Fields with ids: those of one level first, then those inside of each. */
export function assignIds(fields: readonly NewField[], ids: FieldIds): readonly Field[] {
  assertNames(fields.map(({ name }) => name));
  const numbered = fields.map((field) => ({ field, id: ids.next() }));
  return numbered.map(({ field, id }) => ({
    id,
    name: field.name,
    required: field.required ?? false,
    type: assignInside(field.type, ids),
    ...(field.doc === undefined ? {} : { doc: field.doc }),
  }));
}

/** A type whose inner ids are given anew. */
export function assignInside(type: ColumnType, ids: FieldIds): ColumnType {
  switch (type.kind) {
    case "struct":
      if (type.fields.length === 0) throw new SluiceError("config", "a struct without fields cannot be stored");
      return { kind: "struct", fields: assignIds(type.fields, ids) };
    case "list": {
      const elementId = ids.next();
      return { ...type, elementId, element: assignInside(type.element, ids) };
    }
    case "map": {
      const keyId = ids.next();
      const valueId = ids.next();
      return { ...type, keyId, valueId, key: assignInside(type.key, ids), value: assignInside(type.value, ids) };
    }
    case "decimal":
      if (type.precision < 1 || type.precision > 38 || type.scale < 0 || type.scale > type.precision) {
        throw new SluiceError("config", `decimal(${type.precision}, ${type.scale}) cannot be stored`, {
          hint: "a precision is between 1 and 38, and a scale no more than it",
        });
      }
      return type;
    default:
      return type;
  }
}

export function assertNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (name === "") throw new SluiceError("config", "a column without a name cannot be stored");
    if (seen.has(name)) {
      throw new SluiceError("config", `two columns are named ${JSON.stringify(name)}`, { offending: name });
    }
    seen.add(name);
  }
}
