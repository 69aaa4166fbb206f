import { SluiceError } from "@sluice/core";
import type { ColumnType, Field } from "../format/model.ts";

/**
 * Refuses to write columns that the engine cannot: of bytes of a fixed length it makes ones of any, for which other readers refuse
 * the whole table.
 *
 * @throws SluiceError `unsupported`
 */
export function assertWritable(fields: readonly Pick<Field, "name" | "type">[], shown: string): void {
  for (const { name, type } of fields) {
    const length = fixedIn(type);
    if (length === undefined) continue;
    throw new SluiceError(
      "unsupported",
      `${shown}: its column "${name}" holds fixed[${length}], which is read here and not written`,
      { offending: name, hint: "change the table with the program that made it, or load its rows into another table" },
    );
  }
}

function fixedIn(type: ColumnType): number | undefined {
  switch (type.kind) {
    case "fixed":
      return type.length;
    case "struct":
      return type.fields.map((field) => fixedIn(field.type)).find((length) => length !== undefined);
    case "list":
      return fixedIn(type.element);
    case "map":
      return fixedIn(type.key) ?? fixedIn(type.value);
    default:
      return undefined;
  }
}
