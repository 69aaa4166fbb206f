import { SluiceError } from "../errors.ts";
import type { Column } from "../schema/schema.ts";
import { canonicalType, isTypeText, withoutNullMarks } from "../schema/types.ts";
import { describe } from "./value.ts";

/** The type text of a declared type: without the `?`. */
export function typeOf(declared: unknown, place: string): string {
  const type = typeof declared === "string" && declared.endsWith("?") ? declared.slice(0, -1) : declared;
  if (typeof type === "string" && isTypeText(type)) return canonicalType(type);
  const bare = typeof type === "string" ? withoutNullMarks(type) : undefined;
  throw new SluiceError("config", `${place} takes a type, not ${describe(declared)}`, {
    hint:
      bare !== undefined
        ? `write "${bare}": what is nested may always be null`
        : 'types are written "int64", "string?", "decimal(10,2)" and so on; ? means that it may be null',
    offending: String(declared),
  });
}

/** The columns that an object of names and types declares, in order. */
export function declaredColumns(operation: string, columns: unknown): readonly Column[] {
  if (typeof columns !== "object" || columns === null) {
    throw new SluiceError("config", `${operation} takes an object of names and types, not ${describe(columns)}`);
  }
  const declared = Object.entries(columns).map(([name, type]) => {
    if (/^(0|[1-9]\d*)$/.test(name)) {
      throw new SluiceError(
        "config",
        `the column name "${name}" of ${operation} would be moved to the front by JavaScript`,
        {
          hint: `give it another name here, then rename({ name: "${name}" })`,
          offending: name,
        },
      );
    }
    const text = typeOf(type, `the column "${name}" of ${operation}`);
    return Object.freeze({ name, type: text, nullable: String(type).endsWith("?") });
  });
  if (declared.length === 0) throw new SluiceError("config", `${operation} declares no columns`);
  return Object.freeze(declared);
}
