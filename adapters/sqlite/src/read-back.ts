import { type Address, type Column, type FrozenColumn, placeOf, type ReadBack, type TypeText } from "@sluice/core";
import { declaredType, typeDeclaredAs } from "./types.ts";

/** How rows of these columns are read from a table that a load wrote them to: see the table in `types.ts`. */
export function readBack(into: Address, columns: readonly Column[]): ReadBack {
  return {
    source: placeOf(into),
    columns: columns.map(({ name, type, nullable }) => ({ name, nullable, ...readingOf(type) })),
  };
}

type Reading = Pick<FrozenColumn, "type" | "format" | "words">;

/** What is not read as it is declared: times as a load writes them have a fraction only where there is one. */
const READINGS: Readonly<Record<TypeText, Reading>> = {
  bool: { type: "bool", words: [["1"], ["0"]] },
  bytes: { type: "string" },
  date: { type: "date", format: "%Y-%m-%d" },
  time: { type: "time", format: "%H:%M:%S%.f" },
  timestamp: { type: "timestamp", format: "%Y-%m-%d %H:%M:%S%.f" },
  timestamptz: { type: "timestamptz", format: "%Y-%m-%d %H:%M:%S%.f%z" },
};

function readingOf(text: TypeText): Reading {
  const type = typeDeclaredAs(declaredType(text));
  return READINGS[type] ?? { type };
}
