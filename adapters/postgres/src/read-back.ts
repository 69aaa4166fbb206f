import { type Address, type Column, placeOf, type ReadBack } from "@sluice/core";
import { madeType } from "./made-type.ts";
import { readingOf } from "./types.ts";

/** How rows of these columns are read from a table that a load wrote them to: what is declared, as it is read. */
export function readBack(into: Address, columns: readonly Column[]): ReadBack {
  return {
    source: placeOf(into),
    columns: columns.map(({ name, type, nullable }) => {
      const { type: read, format, words } = readingOf(madeType(type));
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
