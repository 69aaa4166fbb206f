import { type Family, familyOf, formatType, type LogicalType, parseType, type TypeText } from "../schema/types.ts";

const NUMBERS: readonly Family[] = ["int", "decimal", "float"];

/** What each family can become besides itself and, for single values, text. */
const TARGETS: Readonly<Record<Family, readonly Family[]>> = {
  bool: ["int"],
  int: [...NUMBERS, "bool"],
  decimal: NUMBERS,
  float: NUMBERS,
  text: [...NUMBERS, "bool", "date", "time", "timestamp", "timestamptz", "interval", "uuid", "json"],
  bytes: [],
  date: ["timestamp", "timestamptz"],
  time: [],
  timestamp: ["date", "time", "timestamptz"],
  timestamptz: ["date", "time", "timestamp"],
  interval: [],
  uuid: [],
  json: [],
  list: [],
  struct: [],
  map: [],
};

/**
 * Whether values of one type can be cast to another at all; single values may still not fit.
 *
 * @example
 * isCastable("string", "int64"); // true
 * isCastable("date", "int64"); // false
 * isCastable("json", "list<int64>"); // true
 */
export function isCastable(from: TypeText, to: TypeText): boolean {
  const [source, target] = [parseType(from), parseType(to)];
  return castable(source, target) || (source.kind === "json" && isNested(target) && isOfJson(target));
}

function isNested({ kind }: LogicalType): boolean {
  return kind === "list" || kind === "struct" || kind === "map";
}

/** Whether values of JSON can be of this type: see `jsonRuleOf`. */
function isOfJson(type: LogicalType): boolean {
  switch (type.kind) {
    case "list":
      return isOfJson(type.item);
    case "map":
      return type.key.kind === "string" && isOfJson(type.value);
    case "struct":
      return type.fields.every(([, field]) => isOfJson(field));
    default:
      return type.kind !== "bytes" && type.kind !== "interval";
  }
}

function castable(from: LogicalType, to: LogicalType): boolean {
  if (formatType(from) === formatType(to)) return true;
  if (from.kind === "list" && to.kind === "list") return castable(from.item, to.item);
  if (from.kind === "map" && to.kind === "map") return castable(from.key, to.key) && castable(from.value, to.value);
  if (from.kind === "struct" && to.kind === "struct") return castableFields(from.fields, to.fields);
  const [source, target] = [familyOf(from), familyOf(to)];
  if (source === "list" || source === "struct" || source === "map") return target === "json";
  if (source === target) return true;
  if (target === "text") return source !== "bytes" && to.kind === "string";
  return TARGETS[source].includes(target);
}

type Fields = readonly (readonly [string, LogicalType])[];

function castableFields(from: Fields, to: Fields): boolean {
  return (
    from.length === to.length &&
    from.every(([name, type], index) => {
      const field = to[index];
      return field !== undefined && field[0] === name && castable(type, field[1]);
    })
  );
}

/** What can be said to someone whose cast is refused. */
export function castHint(from: TypeText, to: TypeText): string {
  const [source, target] = [familyOf(parseType(from)), familyOf(parseType(to))];
  if (source === "bytes" || target === "bytes") return "bytes have no text form of their own: decode or encode them";
  if (source === "json") return "json can become text, and a list, a struct or a map of what JSON holds";
  const places = TARGETS[source].length === 0 ? ["text"] : [...new Set([...TARGETS[source], "text"])];
  return `${from} can become ${places.filter((place) => place !== source).join(", ")}`;
}
