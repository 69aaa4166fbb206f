import { parseType, type TypeText } from "@sluice/core";
import { declaredType, type PostgresType } from "./types.ts";

/** What the catalogue of PostgreSQL calls the types that loads declare. */
const NAMES: Readonly<Record<string, string>> = {
  boolean: "bool",
  smallint: "int2",
  integer: "int4",
  bigint: "int8",
  real: "float4",
  "double precision": "float8",
  "time without time zone": "time",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
};

/**
 * The type of a column that a load makes, as the catalogue says it.
 *
 * @example
 * madeType("int64").name; // "int8"
 */
export function madeType(text: TypeText): PostgresType {
  const declared = declaredType(text);
  const common = { kind: "b", shown: declared, modifier: -1, isBuiltIn: true } as const;
  if (declared.endsWith("[]")) return { ...common, name: "_any", category: "A" };
  const numeric = /^numeric\((\d+),(\d+)\)$/.exec(declared);
  if (numeric !== null) {
    const modifier = Number(numeric[1]) * 65_536 + Number(numeric[2]) + 4;
    return { ...common, name: "numeric", category: "N", modifier };
  }
  const { kind } = parseType(text);
  return { ...common, name: NAMES[declared] ?? declared, category: kind === "string" ? "S" : "U" };
}
