import { familyOf, formatType, type LogicalType, parseType, type TypeText } from "../schema/types.ts";
import { numberFamilies } from "./signature.ts";

/**
 * The least type for values of all the types, or undefined where there is none. Beside a float it is float64, which rounds what
 * `roundedBeside` names.
 *
 * @example
 * commonType(["int32", "uint32"]); // "int64"
 * commonType(["decimal(5,2)", "int16"]); // "decimal(7,2)"
 * commonType(["int64", "uint64"]); // undefined: no integer holds both
 */
export function commonType(types: readonly TypeText[]): TypeText | undefined {
  const [first, ...rest] = types;
  if (first === undefined) return undefined;
  let common = parseType(first);
  for (const text of rest) {
    const next = commonOfTwo(common, parseType(text));
    if (next === undefined) return undefined;
    common = next;
  }
  return formatType(common);
}

function commonOfTwo(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (formatType(a) === formatType(b)) return a;
  const families = [familyOf(a), familyOf(b)];
  if (families.every((family) => numberFamilies.includes(family))) return commonNumber(a, b);
  if (families.every((family) => family === "text")) return { kind: "string" };
  if (a.kind === "list" && b.kind === "list") {
    const item = commonOfTwo(a.item, b.item);
    return item === undefined ? undefined : { kind: "list", item };
  }
  return undefined;
}

/**
 * The first of the types whose values the float among them would round without a word: whole numbers beyond 2^53, decimals of
 * more than 15 digits. Undefined where nothing is lost.
 *
 * @example
 * roundedBeside(["int64", "float64"]); // "int64"
 * roundedBeside(["int32", "float64"]); // undefined
 */
export function roundedBeside(types: readonly TypeText[]): TypeText | undefined {
  if (!types.some((text) => familyOf(parseType(text)) === "float")) return undefined;
  return types.find((text) => {
    const type = parseType(text);
    return type.kind === "int64" || type.kind === "uint64" || (type.kind === "decimal" && type.precision > 15);
  });
}

/** What to do where `roundedBeside` finds something. */
export const ROUNDED_HINT =
  'cast it to "float64" where rounding is no matter, or the other to "decimal(38,6)" or "string" where every digit counts';

/**
 * The type that holds every value of both as it is, or undefined: unlike `commonType` it makes no float of an integer or a
 * decimal, and cuts no decimal. For keys.
 *
 * @example
 * exactCommonType("int32", "int64"); // "int64"
 * exactCommonType("int64", "float64"); // undefined
 */
export function exactCommonType(a: TypeText, b: TypeText): TypeText | undefined {
  const [first, second] = [parseType(a), parseType(b)];
  return isExact(first, second) ? commonType([a, b]) : undefined;
}

function isExact(a: LogicalType, b: LogicalType): boolean {
  if (a.kind === "list" && b.kind === "list") return isExact(a.item, b.item);
  const families = [familyOf(a), familyOf(b)];
  if (families[0] === families[1] && families[0] !== "decimal") return true;
  if (!families.every((family) => family === "int" || family === "decimal")) return false;
  const [first, second] = [asDecimal(a), asDecimal(b)];
  const whole = Math.max(first.precision - first.scale, second.precision - second.scale);
  return whole + Math.max(first.scale, second.scale) <= 38;
}

function commonNumber(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (familyOf(a) === "float" || familyOf(b) === "float") return { kind: "float64" };
  if (familyOf(a) === "decimal" || familyOf(b) === "decimal") return commonDecimal(asDecimal(a), asDecimal(b));
  return commonInteger(a.kind, b.kind);
}

function commonInteger(a: string, b: string): LogicalType | undefined {
  const bits = [a, b].map((kind) => Number(kind.replace(/\D/g, "")));
  const unsigned = [a, b].map((kind) => kind.startsWith("u"));
  if (unsigned[0] === unsigned[1]) return parseType(`${unsigned[0] ? "u" : ""}int${Math.max(...bits)}`);
  const needed = Math.max(...bits.map((width, index) => (unsigned[index] ? width * 2 : width)));
  return needed > 64 ? undefined : parseType(`int${needed}`);
}

interface Decimal {
  readonly kind: "decimal";
  readonly precision: number;
  readonly scale: number;
}

/** The decimal that holds every value of a number type that is no float. */
export function asDecimal(type: LogicalType): Decimal {
  if (type.kind === "decimal") return type;
  const digits: Readonly<Record<string, number>> = {
    int8: 3,
    uint8: 3,
    int16: 5,
    uint16: 5,
    int32: 10,
    uint32: 10,
    int64: 19,
    uint64: 20,
  };
  return { kind: "decimal", precision: digits[type.kind] ?? 38, scale: 0 };
}

/** The decimal that holds both, cut to 38 digits: what lies beyond is an error when it occurs. */
export function commonDecimal(a: Decimal, b: Decimal, extra: number = 0): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  return { kind: "decimal", precision: Math.min(38, whole + scale + extra), scale };
}
