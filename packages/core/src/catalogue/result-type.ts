import { didYouMean } from "../infer/closest.ts";
import type { LiteralNode } from "../ir/expression.ts";
import { familyOf, formatType, isTypeText, type LogicalType, parseType, type TypeText } from "../schema/types.ts";
import { asDecimal, commonDecimal, commonType, ROUNDED_HINT, roundedBeside } from "./common-type.ts";
import { isConstantWord, type Signature } from "./signature.ts";

/** What a call gives and as what its arguments go in. */
export interface Fit {
  readonly type: TypeText;
  readonly arguments: readonly TypeText[];
}

/** Why a signature does not take the arguments; the more of them it takes, the better it explains. */
export interface Misfit {
  readonly problem: string;
  readonly hint?: string;
  /** What of the text is wrong, where it is less than the whole call. */
  readonly offending?: string;
  readonly argument: number;
}

/** What a list holds, or the keys or values of a map; undefined where it is neither. */
export function partOf(type: TypeText, part: string): TypeText | undefined {
  const parsed = parseType(type);
  if (parsed.kind === "list" && part === "item") return formatType(parsed.item);
  if (parsed.kind === "map" && part === "key") return formatType(parsed.key);
  if (parsed.kind === "map" && part === "value") return formatType(parsed.value);
  return undefined;
}

/**
 * The result of a call by its signature, from the types of its arguments.
 *
 * @param literals the arguments that are constants, each in its place
 */
export function resultOf(
  name: string,
  signature: Signature,
  types: readonly TypeText[],
  literals: readonly (LiteralNode | undefined)[],
): Fit | Misfit {
  const self = types[signature.self] ?? "bool";
  switch (signature.result) {
    case "same":
      return { type: self, arguments: types };
    case "common":
    case "list<common>": {
      // Constants such as an offset are not among them.
      const isOne = types.map((_, index) => !isConstantWord(signature.parameters[index]?.word));
      const common = commonType(types.filter((_, index) => isOne[index]));
      if (common === undefined) {
        return {
          problem: `${name} takes values of one kind, not ${types.join(" and ")}: no type holds all of both`,
          hint: 'cast one of them, for example .cast("decimal(20,0)")',
          argument: 1,
        };
      }
      const rounded = roundedBeside(types.filter((_, index) => isOne[index]));
      if (rounded !== undefined) {
        return {
          problem: `${name} takes values of one kind, not ${types.join(" and ")}: a ${common} would round values of ${rounded}`,
          hint: ROUNDED_HINT,
          argument: types.indexOf(rounded),
        };
      }
      return {
        type: signature.result.replace("common", common),
        arguments: types.map((type, index) => (isOne[index] ? common : type)),
      };
    }
    case "promote":
      return arithmetic(types);
    case "product":
      return product(types);
    case "field":
      return field(name, self, types, literals[1]);
    case "struct":
      return struct(name, types, literals);
    case "rounded": {
      const { precision, scale } = asDecimal(parseType(self));
      const type = formatType({ kind: "decimal", precision: Math.min(38, precision + 1), scale });
      return { type, arguments: [type, ...types.slice(1)] };
    }
    case "decimal38":
      return {
        type: formatType({
          kind: "decimal",
          precision: 38,
          scale: asDecimal(parseType(partOf(self, "item") ?? self)).scale,
        }),
        arguments: types,
      };
    default:
      return { type: worded(signature, types), arguments: types };
  }
}

/** An exact type, its words replaced: `list<self>`, `map<keys.item,values.item>`. */
function worded(signature: Signature, types: readonly TypeText[]): TypeText {
  if (isTypeText(signature.result)) return signature.result;
  return signature.result.replace(
    /(?:(\w+)\.)?\b(self|item|key|value)\b/g,
    (_, of: string | undefined, part: string) => {
      const index = of === undefined ? signature.self : signature.parameters.findIndex((one) => one.name === of);
      const type = types[index] ?? "string";
      return part === "self" ? type : (partOf(type, part) ?? "string");
    },
  );
}

function field(
  name: string,
  self: TypeText,
  types: readonly TypeText[],
  literal: LiteralNode | undefined,
): Fit | Misfit {
  const parsed = parseType(self);
  const fields = parsed.kind === "struct" ? parsed.fields : [];
  const wanted = String(literal?.value);
  const found =
    fields.find(([one]) => one === wanted) ?? fields.find(([one]) => one.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return { type: formatType(found[1]), arguments: types };
  return {
    problem: `${name} finds no "${wanted}" in ${self}`,
    offending: wanted,
    hint: didYouMean(
      wanted,
      fields.map(([one]) => one),
      "fields",
    ),
    argument: 1,
  };
}

function struct(
  name: string,
  types: readonly TypeText[],
  literals: readonly (LiteralNode | undefined)[],
): Fit | Misfit {
  const fields: [string, LogicalType][] = [];
  for (let index = 0; index < types.length; index += 2) {
    const [named, type] = [String(literals[index]?.value), types[index + 1]];
    if (type === undefined) {
      return { problem: `${name} takes names and values in turn, and "${named}" has no value`, argument: index };
    }
    if (named === "") return { problem: `${name} takes names, and one is empty`, argument: index };
    if (fields.some(([one]) => one.toLowerCase() === named.toLowerCase())) {
      return { problem: `${name} was given two fields named "${named}"`, argument: index, hint: "name each once" };
    }
    fields.push([named, parseType(type)]);
  }
  return { type: formatType({ kind: "struct", fields }), arguments: types };
}

/** Whole numbers are computed as int64 and floats as float64; a sum of decimals gets one digit more. */
function arithmetic(types: readonly TypeText[]): Fit {
  const parsed = types.map(parseType);
  const families = parsed.map(familyOf);
  const all = (type: TypeText): Fit => ({ type, arguments: types.map(() => type) });
  if (families.includes("float")) return all("float64");
  if (!families.includes("decimal")) return all("int64");
  const [first, second] = parsed.map(asDecimal);
  if (first === undefined) return all("float64");
  if (second === undefined) return { type: formatType(first), arguments: [formatType(first)] };
  const type = formatType(commonDecimal(first, second, 1));
  const common = commonDecimal(first, second);
  // Beyond 38 digits engines turn to doubles on their own, unless both have the type already.
  const isCut = common.precision === 38;
  return { type, arguments: [first, second].map((each) => formatType(isCut ? common : each)) };
}

function product(types: readonly TypeText[]): Fit | Misfit {
  const decimals = types.map((type) => asDecimal(parseType(type)));
  if (!types.some((type) => type.startsWith("decimal")) || types.some((type) => type.startsWith("float"))) {
    return arithmetic(types);
  }
  const precision = decimals.reduce((sum, type) => sum + type.precision, 0);
  const scale = decimals.reduce((sum, type) => sum + type.scale, 0);
  if (scale > 38) {
    return {
      problem: `times gives more than 38 decimal places for ${types.join(" and ")}`,
      hint: "cast one of them",
      argument: 1,
    };
  }
  const type = formatType({ kind: "decimal", precision: Math.min(38, precision), scale });
  return { type, arguments: decimals.map(formatType) };
}
