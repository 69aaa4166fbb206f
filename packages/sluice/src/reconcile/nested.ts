import { type LogicalType, parseType, type TypeText } from "@sluice/core";

const NESTED = ["list", "struct", "map"];

/**
 * SQL of both sides of a column of which one is nested or JSON: the leaves with their paths, so that the order of members and the
 * way of writing do not matter; or why they are not compared. Undefined for columns that hold neither.
 */
export function nestedSides(
  column: string,
  types: readonly [a: TypeText, b: TypeText],
): { readonly sides: readonly [string, string] } | { readonly notCompared: string } | undefined {
  const parsed = types.map((type) => parseType(type));
  const kinds = parsed.map(({ kind }) => kind);
  if (!kinds.some((kind) => kind === "json" || NESTED.includes(kind))) return undefined;
  if (types[0] === types[1] && kinds[0] !== "json") return undefined;
  const shapes = new Set(kinds.filter((kind) => kind !== "json" && kind !== "string"));
  if (shapes.size > 1 || kinds.some((kind) => ![...NESTED, "json", "string"].includes(kind)) || parsed.some(isOpaque))
    return { notCompared: `${types[0]} with ${types[1]}` };
  // JSON and floats have one number for 1 and 1.0; only among integers all digits can be told apart.
  const isExact = shapes.size > 0 && !parsed.some(hasFractions);
  const [a = "", b = ""] = parsed.map((type) => leaves(jsonOf(column, type), isExact));
  return { sides: [a, b] };
}

/** Whether something in it is written in ways that JSON does not say. */
function isOpaque(type: LogicalType): boolean {
  return type.kind === "bytes" || type.kind === "interval" || innerOf(type).some(isOpaque);
}

function hasFractions(type: LogicalType): boolean {
  return ["float32", "float64", "decimal"].includes(type.kind) || innerOf(type).some(hasFractions);
}

function innerOf(type: LogicalType): readonly LogicalType[] {
  if (type.kind === "list") return [type.item];
  if (type.kind === "map") return [type.key, type.value];
  return type.kind === "struct" ? type.fields.map(([, field]) => field) : [];
}

function jsonOf(column: string, type: LogicalType): string {
  if (type.kind === "json") return `cast(${column} as json)`;
  // A text that is no JSON is one leaf.
  if (type.kind === "string") return `coalesce(try_cast(${column} as json), to_json(${column}))`;
  return `to_json(cast(${column} as ${asTexts(type)}))`;
}

/** The type with texts for all leaves: as numbers, decimals would be rounded and NaN is no JSON. */
function asTexts(type: LogicalType): string {
  if (type.kind === "list") return `${asTexts(type.item)}[]`;
  if (type.kind === "map") return `map(varchar, ${asTexts(type.value)})`;
  if (type.kind === "struct") {
    return `struct(${type.fields.map(([name, field]) => `"${name.replaceAll('"', '""')}" ${asTexts(field)}`).join(", ")})`;
  }
  return type.kind === "json" ? "json" : "varchar";
}

const MOMENT =
  "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?";

/** A text for each path with a value, in order. A member that is null is none; an item that is null keeps its place. */
function leaves(json: string, isExact: boolean): string {
  const text = "(n.atom ->> '$')";
  const whole = isExact ? `when regexp_full_match(${text}, '-?[0-9]{16,18}') then ${text}` : "";
  const value = `case ${whole}
    when regexp_full_match(${text}, '[+-]?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]+)?') or lower(${text}) in ('nan', 'inf', '-inf', 'infinity', '-infinity')
      then cast(cast(${text} as double) + 0.0 as varchar)
    when regexp_full_match(${text}, '${MOMENT}') then coalesce(cast(try_cast(${text} as timestamptz) as varchar), ${text})
    when regexp_full_match(${text}, '[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?') then coalesce(cast(try_cast(${text} as time) as varchar), ${text})
    else ${text} end`;
  const shown = `n.fullkey || case when n.type in ('OBJECT', 'ARRAY') then ' ' || n.type when n.type = 'NULL' then ' null' else '=' || ${value} end`;
  const kept = `n.type <> 'NULL' or ends_with(n.fullkey, ']')`;
  return `(select cast(list(${shown} order by n.fullkey) filter (where ${kept}) as varchar) from json_tree(${json}) as n)`;
}
