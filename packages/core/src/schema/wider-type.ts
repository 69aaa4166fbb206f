import { commonType, exactCommonType } from "../catalogue/common-type.ts";
import { familyOf, formatType, type LogicalType, parseType, type TypeText } from "./types.ts";

/**
 * The names of both lists: in the order of the second where it has them all, each that only one has behind the one that stands
 * before it there.
 *
 * @example
 * unitedNames(["id", "name"], ["id", "mail", "name"]); // ["id", "mail", "name"]
 */
export function unitedNames(known: readonly string[], found: readonly string[]): readonly string[] {
  const united = [...known];
  const own = new Set(known);
  for (const [index, name] of found.entries()) {
    if (own.has(name)) continue;
    own.add(name);
    const before = found[index - 1];
    united.splice(before === undefined ? 0 : united.indexOf(before) + 1, 0, name);
  }
  return united;
}

/**
 * The type that a column takes where its values now are of another: the least one that holds both. An integer or a decimal
 * becomes a float only where a float came. Fields of structs are matched by name: new ones go behind, those that are gone stay.
 * Undefined where nothing but text holds both.
 *
 * @example
 * widerType("int32", "int64"); // "int64"
 * widerType("int64", "float64"); // "float64"
 * widerType("struct{a: int64}", "struct{a: int64, b: bool}"); // "struct{a: int64, b: bool}"
 * widerType("int64", "date"); // undefined
 */
export function widerType(frozen: TypeText, found: TypeText): TypeText | undefined {
  const wider = wide(parseType(frozen), parseType(found));
  return wider === undefined ? undefined : formatType(wider);
}

function wide(frozen: LogicalType, found: LogicalType): LogicalType | undefined {
  const [before, after] = [formatType(frozen), formatType(found)];
  if (before === after) return frozen;
  if (frozen.kind === "struct" && found.kind === "struct") return wideStruct(frozen, found);
  if (frozen.kind === "list" && found.kind === "list") {
    const item = wide(frozen.item, found.item);
    return item === undefined ? undefined : { kind: "list", item };
  }
  if (frozen.kind === "map" && found.kind === "map") {
    const value = wide(frozen.value, found.value);
    const isSameKey = formatType(frozen.key) === formatType(found.key);
    return value === undefined || !isSameKey ? undefined : { ...frozen, value };
  }
  const exact = exactCommonType(before, after);
  if (exact !== undefined) return parseType(exact);
  const families = [familyOf(frozen), familyOf(found)];
  const isNumber = families.every((family) => family === "int" || family === "decimal" || family === "float");
  if (!isNumber || !families.includes("float")) return undefined;
  const common = commonType([before, after]);
  return common === undefined ? undefined : parseType(common);
}

type StructType = Extract<LogicalType, { kind: "struct" }>;

function wideStruct(frozen: StructType, found: StructType): LogicalType | undefined {
  const fields: [string, LogicalType][] = [];
  const now = new Map(found.fields);
  for (const [name, before] of frozen.fields) {
    const after = now.get(name);
    const type = after === undefined ? before : wide(before, after);
    if (type === undefined) return undefined;
    fields.push([name, type]);
  }
  const known = new Set(fields.map(([name]) => name));
  return { kind: "struct", fields: [...fields, ...found.fields.filter(([name]) => !known.has(name))] };
}
