import type { TypeText } from "./types.ts";

/** A column: `type` is the canonical text of a logical type, for example `decimal(10,2)`. */
export interface Column {
  readonly name: string;
  readonly type: TypeText;
  readonly nullable: boolean;
}

/** Ordered columns with unique names (also when case is folded, since engines fold it). */
export interface Schema {
  readonly columns: readonly Column[];
}

/** The column of that exact name, or undefined. */
export function columnOf(schema: Schema, name: string): Column | undefined {
  return schema.columns.find((column) => column.name === name);
}
