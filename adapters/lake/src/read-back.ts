import { type Address, type Column, placeOf, type ReadBack } from "@sluice/core";
import { columnTypeOf, typeTextOf } from "./types.ts";

/** How rows of these columns are read from a table that a load wrote them to. */
export function readBack(into: Address, columns: readonly Column[]): ReadBack {
  return {
    source: placeOf(into),
    columns: columns.map(({ name, type, nullable }) => ({ name, type: typeTextOf(columnTypeOf(type)), nullable })),
  };
}
