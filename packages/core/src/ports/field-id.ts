import type { TypeText } from "../schema/types.ts";

/** A number for a column or a nested field; `children` of a struct are its fields, of a list `element`, of a map `key` and `value`. */
export interface FieldId {
  readonly name: string;
  readonly id: number;
  /** For a column: the type as which it is stored, where that may be another than its rows have. */
  readonly type?: TypeText;
  readonly children?: readonly FieldId[];
}

/** What files without numbers call a column or a nested field. */
export interface FieldNames {
  readonly id: number;
  readonly names: readonly string[];
}
