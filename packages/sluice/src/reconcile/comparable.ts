import { exactCommonType, familyOf, parseType, type TypeText } from "@sluice/core";
import { quoted } from "../query/column-stats.ts";
import { type NestedSides, nestedSides } from "./nested.ts";

/** SQL of both sides of a column that is equal where their values mean the same, and how it is summed up for people. */
export interface Comparable {
  readonly sides: readonly [a: string, b: string];
  readonly isNumber: boolean;
  /** Both sides as JSON, where `sides` are what `canonicalJson` makes of them under the column's name. */
  readonly nested?: NestedSides;
  /** Why only nulls are compared: the two types have no form in common. */
  readonly notCompared?: string;
}

const NUMBERS = ["int", "decimal", "float"];
const INSTANTS = ["date", "timestamp", "timestamptz"];

/**
 * A column of two sources made comparable: 1.50 and 1.5 are one number, a day and its midnight one instant, and a text is
 * what it says where the other side has a type.
 */
export function comparable(name: string, types: readonly [a: TypeText, b: TypeText]): Comparable {
  const column = quoted(name);
  const [a, b] = types.map((type) => familyOf(parseType(type))) as [string, string];
  const both = (sql: string): readonly [string, string] => [sql, sql];
  if (NUMBERS.includes(a) && NUMBERS.includes(b)) {
    const exact = a === "float" || b === "float" ? undefined : exactCommonType(...types);
    const whole = `cast(${column} as double)`;
    // Of a fraction that one side holds in 32 bits, no more can be told than these say; what they cannot hold at all stays.
    const isNarrow = types.includes("float32") && a !== "int" && b !== "int";
    const double = isNarrow ? `coalesce(cast(try_cast(${column} as float) as double), ${whole})` : whole;
    // Adding zero takes the sign from a negative one.
    if (exact === undefined) return { sides: both(`${double} + 0.0`), isNumber: true };
    return { sides: both(`cast(${column} as ${sqlType(exact)})`), isNumber: true };
  }
  if (INSTANTS.includes(a) && INSTANTS.includes(b)) {
    return { sides: both(`cast(${column} as ${a === b ? a : "timestamptz"})`), isNumber: false };
  }
  const nested = nestedSides(column, types);
  if (nested !== undefined && "jsons" in nested) return { sides: both(column), isNumber: false, nested };
  if (nested !== undefined) return { sides: both(`${column} is null`), isNumber: false, ...nested };
  if (a === b) return { sides: both(`cast(${column} as varchar)`), isNumber: false };
  const sides = types.map((type, side) => textOf(column, type, types[1 - side] ?? "string")) as [string, string];
  return { sides, isNumber: false };
}

/** A value as text: of a text, what the type of the other side would print for it, where it is a value of that. */
function textOf(column: string, own: TypeText, other: TypeText): string {
  const text = `cast(${column} as varchar)`;
  const families = [own, other].map((type) => familyOf(parseType(type)));
  if (families.some((family) => NUMBERS.includes(family))) {
    const bare = `regexp_replace(regexp_replace(${text}, '^[+]?(-?)0*([0-9])', '\\1\\2'), '([.][0-9]*?)0*$', '\\1')`;
    return `case when regexp_full_match(${text}, '[+-]?[0-9]+([.][0-9]+)?') then rtrim(${bare}, '.') else ${text} end`;
  }
  if (families[0] !== "text" || ["list", "struct", "map", "json", "bytes"].includes(families[1] ?? "")) return text;
  return `coalesce(cast(try_cast(${column} as ${sqlType(other)}) as varchar), ${text})`;
}

function sqlType(type: TypeText): string {
  const names: Readonly<Record<string, string>> = {
    int8: "tinyint",
    int16: "smallint",
    int32: "integer",
    int64: "bigint",
    uint8: "utinyint",
    uint16: "usmallint",
    uint32: "uinteger",
    uint64: "ubigint",
  };
  return names[type] ?? type;
}
