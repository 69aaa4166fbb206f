import { type LogicalType, parseType, type TypeText } from "../schema/types.ts";
import { printName } from "./print-name.ts";

/**
 * A type as it is written in a cast. SQL's parser reads lists, maps and structs in its own form; an enum inside one of
 * them it does not, so that is written as sluice writes it, quoted.
 *
 * @example
 * printTypeName("list<decimal(10,2)>"); // "decimal(10,2)[]"
 */
export function printTypeName(type: TypeText): string {
  const parsed = parseType(type);
  const nested = parsed.kind === "enum" ? false : hasEnum(parsed);
  return nested ? `"${type.replaceAll('"', '""')}"` : print(parsed);
}

function hasEnum(type: LogicalType): boolean {
  switch (type.kind) {
    case "enum":
      return true;
    case "list":
      return hasEnum(type.item);
    case "map":
      return hasEnum(type.key) || hasEnum(type.value);
    case "struct":
      return type.fields.some(([, field]) => hasEnum(field));
    default:
      return false;
  }
}

function print(type: LogicalType): string {
  switch (type.kind) {
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "list":
      return `${print(type.item)}[]`;
    case "map":
      return `map(${print(type.key)}, ${print(type.value)})`;
    case "struct":
      return `struct(${type.fields.map(([name, field]) => `${printName(name)} ${print(field)}`).join(", ")})`;
    case "enum":
      return `enum(${type.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")})`;
    default:
      return type.kind;
  }
}
