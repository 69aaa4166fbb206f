import { type Address, type Column, parseType, placeOf, type ReadBack } from "@sluice/core";
import { declaredType, type Reading, readingOf } from "./types.ts";

/** How rows of these columns are read from a table that a load wrote them to: what is declared, as it is read. */
export function readBack(into: Address, columns: readonly Column[]): ReadBack {
  return {
    source: placeOf(into),
    columns: columns.map(({ name, type, nullable }) => {
      const { type: read, format, words } = readingOfDeclared(declaredType(type), type);
      return {
        name,
        type: read,
        nullable,
        ...(format === undefined ? {} : { format }),
        ...(words === undefined ? {} : { words }),
      };
    }),
  };
}

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

function readingOfDeclared(declared: string, text: string): Reading {
  const common = { kind: "b", shown: declared, modifier: -1, isBuiltIn: true } as const;
  if (declared.endsWith("[]")) return readingOf({ ...common, name: "_any", category: "A" });
  const numeric = /^numeric\((\d+),(\d+)\)$/.exec(declared);
  if (numeric !== null) {
    const modifier = Number(numeric[1]) * 65_536 + Number(numeric[2]) + 4;
    return readingOf({ ...common, name: "numeric", category: "N", modifier });
  }
  const { kind } = parseType(text);
  return readingOf({ ...common, name: NAMES[declared] ?? declared, category: kind === "string" ? "S" : "U" });
}
