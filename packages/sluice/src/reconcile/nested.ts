import { type LogicalType, parseType, type TypeText } from "@sluice/core";
import { sqlName } from "../quarantine/parquet-sql.ts";

const NESTED = ["list", "struct", "map"];

/** SQL of both sides of a column of which one is nested or JSON: their values as JSON. */
export interface NestedSides {
  readonly jsons: readonly [a: string, b: string];
  /** Whether whole numbers keep all of their digits. */
  readonly isExact: boolean;
}

/** Both sides as JSON, or why they are not compared. Undefined for columns that hold neither a nested value nor JSON. */
export function nestedSides(
  column: string,
  types: readonly [a: TypeText, b: TypeText],
): NestedSides | { readonly notCompared: string } | undefined {
  const parsed = types.map((type) => parseType(type));
  const kinds = parsed.map(({ kind }) => kind);
  if (!kinds.some((kind) => kind === "json" || NESTED.includes(kind))) return undefined;
  if (types[0] === types[1] && kinds[0] !== "json") return undefined;
  const shapes = new Set(kinds.filter((kind) => kind !== "json" && kind !== "string"));
  if (shapes.size > 1 || kinds.some((kind) => ![...NESTED, "json", "string"].includes(kind)) || parsed.some(isOpaque))
    return { notCompared: `${types[0]} with ${types[1]}` };
  // JSON and floats have one number for 1 and 1.0; only among integers all digits can be told apart.
  const isExact = shapes.size > 0 && !parsed.some(hasFractions);
  const [a = "", b = ""] = parsed.map((type, side) => jsonOf(column, type, parsed[1 - side] ?? type));
  return { jsons: [a, b], isExact };
}

/** Whether something in it is written in ways that JSON does not say. */
function isOpaque(type: LogicalType): boolean {
  return type.kind === "bytes" || type.kind === "interval" || innerOf(type).some(isOpaque);
}

const FRACTIONS = ["float32", "float64", "decimal"];

function hasFractions(type: LogicalType): boolean {
  return FRACTIONS.includes(type.kind) || innerOf(type).some(hasFractions);
}

function innerOf(type: LogicalType): readonly LogicalType[] {
  if (type.kind === "list") return [type.item];
  if (type.kind === "map") return [type.key, type.value];
  return type.kind === "struct" ? type.fields.map(([, field]) => field) : [];
}

function jsonOf(column: string, type: LogicalType, other: LogicalType): string {
  if (type.kind === "json") return `cast(${column} as json)`;
  // A text that is no JSON is one leaf.
  if (type.kind === "string") return `coalesce(try_cast(${column} as json), to_json(${column}))`;
  const texts = written(type, () => "varchar");
  const whole = `cast(${column} as ${texts})`;
  const narrow = written(type, (own, facing) => (isNarrowed(own, facing) ? "float" : "varchar"), other);
  // What a float32 cannot hold at all is compared as it is.
  return narrow === texts
    ? `to_json(${whole})`
    : `to_json(coalesce(try(cast(cast(${column} as ${narrow}) as ${texts})), ${whole}))`;
}

/** Of a number that the other side holds in 32 bits, no more can be told than these say. */
function isNarrowed(own: LogicalType, facing: LogicalType | undefined): boolean {
  return facing?.kind === "float32" && (own.kind === "float64" || own.kind === "decimal");
}

/**
 * The type as SQL writes it, with other types for its leaves. Texts keep what numbers in JSON would lose: the digits of decimals, and
 * NaN.
 */
function written(
  type: LogicalType,
  leaf: (type: LogicalType, facing: LogicalType | undefined) => string,
  facing?: LogicalType,
): string {
  if (type.kind === "list") return `${written(type.item, leaf, facing?.kind === "list" ? facing.item : undefined)}[]`;
  if (type.kind === "map") {
    return `map(varchar, ${written(type.value, leaf, facing?.kind === "map" ? facing.value : undefined)})`;
  }
  if (type.kind !== "struct") return type.kind === "json" ? "json" : leaf(type, facing);
  const others = new Map(facing?.kind === "struct" ? facing.fields : []);
  const fields = type.fields.map(([name, field]) => `${sqlName(name)} ${written(field, leaf, others.get(name))}`);
  return `struct(${fields.join(", ")})`;
}
