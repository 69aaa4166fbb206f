import {
  type Address,
  type Column,
  type FrozenColumn,
  formatType,
  parseType,
  placeOf,
  type ReadBack,
} from "@sluice/core";

/** How rows of these columns are read from a table that a load wrote them to: see the table in `types.ts`. */
export function readBack(into: Address, columns: readonly Column[]): ReadBack {
  return {
    source: placeOf(into),
    columns: columns.map(({ name, type, nullable }) => ({ name, nullable, ...readingOf(type) })),
  };
}

function readingOf(text: string): Pick<FrozenColumn, "type" | "format" | "words"> {
  const type = parseType(text);
  switch (type.kind) {
    case "bool":
      return { type: "bool", words: [["1"], ["0"]] };
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
      return { type: "int64" };
    case "uint64":
      return { type: "decimal(20,0)" };
    case "float32":
    case "float64":
      return { type: "float64" };
    case "decimal":
      return { type: formatType(type) };
    case "date":
      return { type: "date", format: "%Y-%m-%d" };
    // As a load writes them: a fraction only where there is one.
    case "time":
      return { type: "time", format: "%H:%M:%S%.f" };
    case "timestamp":
      return { type: "timestamp", format: "%Y-%m-%d %H:%M:%S%.f" };
    case "timestamptz":
      return { type: "timestamptz", format: "%Y-%m-%d %H:%M:%S%.f%z" };
    case "string":
    case "enum":
    case "interval":
    case "uuid":
    case "json":
    case "list":
    case "struct":
    case "map":
    case "bytes":
      return { type: "string" };
    default:
      return type satisfies never;
  }
}
