import type { LiteralNode } from "../ir/expression.ts";
import { type Family, familyOf, parseType, type TypeText } from "../schema/types.ts";
import { constantProblem } from "./constant-arguments.ts";
import {
  beyondInt64Hint,
  decimalTypeOf,
  isBeyondInt64,
  isNumberText,
  literalProblem,
  typeOfLiteral,
} from "./literal.ts";
import type { Misfit } from "./result-type.ts";
import { isConstantWord, numberFamilies, type Parameter } from "./signature.ts";

/** The type in which an argument goes in, or why it does not. */
export type Fitted = TypeText | Omit<Misfit, "argument">;

/** What a literal stands beside: the value whose type it takes. */
export interface Neighbour {
  readonly type: TypeText;
  readonly literal?: LiteralNode;
}

/** The type that a literal takes as an argument; `like` is what it stands beside. */
export function fitLiteral(
  name: string,
  parameter: Parameter,
  literal: LiteralNode,
  like: Neighbour | undefined,
): Fitted {
  const { word } = parameter;
  const shown = show(literal);
  if (isConstantWord(word) || (word === "pattern" && literal.type === "string")) {
    const found = constantProblem(word, literal);
    if (found !== undefined) {
      return { ...found, problem: `${name} ${found.problem}`, offending: String(literal.value) };
    }
    return word === "digits" || word === "ordinal" ? "int64" : word === "fraction" ? "float64" : "string";
  }
  if (word === "shown" && !isPlainText(literal)) {
    return { problem: `${name} takes text and whole numbers as constants, not ${shown}`, hint: "write it as text" };
  }
  const target = like?.literal?.type === "null" ? undefined : like;
  if (literal.type === "null") return target === undefined ? firstType(parameter) : target.type;
  if (target !== undefined && target.literal === undefined && parameter.families.includes(familyAt(target))) {
    return meet(name, literal, target.type);
  }
  const own = typeOfLiteral(literal) ?? "string";
  const family = familyOf(parseType(own));
  if (isBeyondInt64(literal) && word !== "real") {
    return { problem: `${shown} does not fit int64, the type of a whole number alone`, hint: beyondInt64Hint(shown) };
  }
  if (parameter.families.includes(family)) return word === "real" ? "float64" : word === "shown" ? "string" : own;
  if (own === "int64" && parameter.families.includes("float")) return "float64";
  if (own === "int64" && parameter.families.includes("decimal"))
    return decimalTypeOf(String(literal.value)) ?? "float64";
  const [only] = parameter.families;
  if (literal.type === "string" && parameter.families.length === 1 && only !== undefined && only !== "int") {
    const wanted = firstType(parameter);
    if (literalProblem(literal.value, parseType(wanted)) === undefined) return wanted;
  }
  return { problem: `${name} takes ${said(parameter.families)}${placeOf(parameter)}, not ${shown}` };
}

function isPlainText({ type, value }: LiteralNode): boolean {
  return type === "string" || type === "null" || (type === "number" && /^-?\d+$/.test(String(value)));
}

function familyAt(argument: Neighbour): Family {
  return familyOf(parseType(argument.type));
}

/** The type a literal takes beside a value of the type. */
function meet(name: string, literal: LiteralNode, type: TypeText): Fitted {
  const shown = show(literal);
  const target = parseType(type);
  const family = familyOf(target);
  const own = typeOfLiteral(literal) ?? type;
  if (literal.type === "number") return meetNumber(name, literal, type, family);
  if (own === type) return type;
  if (literal.type === "string" && family === "text") return "string";
  const isText = literal.type === "string" && !numberFamilies.includes(family) && family !== "bool";
  const isDecimalText = literal.type === "string" && family === "decimal" && isNumberText(String(literal.value));
  if (isDecimalText) return decimalTypeOf(String(literal.value)) ?? { problem: `${shown} has more than 38 digits` };
  if (!isText) {
    return {
      problem: `${name} takes values of one kind, not ${type} and ${shown}`,
      ...(literal.type === "string" && isNumberText(String(literal.value))
        ? { hint: `write the number without quotes: ${literal.value}` }
        : {}),
    };
  }
  const problem = literalProblem(literal.value, target);
  return problem === undefined ? type : { problem: `${shown} ${problem}, and it meets a value of type ${type}` };
}

function meetNumber(name: string, literal: LiteralNode, type: TypeText, family: Family): Fitted {
  const text = String(literal.value);
  if (family === "float") return type;
  if (family === "decimal") return decimalTypeOf(text) ?? { problem: `${text} has more than 38 digits` };
  if (family !== "int") {
    const hint = family === "text" ? { hint: `write it as text: '${text}'` } : {};
    return { problem: `${name} takes values of one kind, not ${type} and ${text}`, ...hint };
  }
  if (literalProblem(text, parseType(type)) === undefined) return type;
  const problem = literalProblem(text, { kind: "int64" });
  if (problem === undefined) return "int64";
  return {
    problem: `${text} ${problem}, and it meets a value of type ${type}`,
    hint: "compute with floats: cast(x as double), in TypeScript .toFloat() behind the column",
  };
}

/** What a family is where nothing says more. */
const NESTED: Partial<Readonly<Record<Family, TypeText>>> = {
  decimal: "decimal(38,0)",
  list: "list<string>",
  struct: "struct{value: string}",
  map: "map<string,string>",
};

function firstType(parameter: Parameter): TypeText {
  const family = parameter.families.length === 1 ? parameter.families[0] : "text";
  if (family === "text" || family === undefined) return "string";
  if (family === "int") return "int64";
  if (family === "float") return "float64";
  return NESTED[family] ?? family;
}

/** Families in words: `number, date or timestamp`. */
export function said(families: readonly Family[]): string {
  const isNumber = numberFamilies.every((family) => families.includes(family));
  const rest = isNumber ? families.filter((family) => !numberFamilies.includes(family)) : families;
  const words = isNumber ? ["number", ...rest] : [...rest];
  const last = words.pop() ?? "nothing";
  return words.length === 0 ? last : `${words.join(", ")} or ${last}`;
}

/** Which argument is meant, where it is not the first. */
export function placeOf(parameter: Parameter): string {
  return parameter.name === "self" ? "" : ` as its ${parameter.name}`;
}

/** A constant in words. */
export function show(literal: LiteralNode): string {
  return literal.type === "string" ? `the text '${literal.value}'` : String(literal.value);
}
