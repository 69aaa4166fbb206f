import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import type { LiteralNode } from "../ir/expression.ts";
import { type Family, familyOf, formatType, parseType, type TypeText } from "../schema/types.ts";
import { catalogue, entryOf } from "./catalogue.ts";
import { asDecimal, commonDecimal, commonType } from "./common-type.ts";
import type { FunctionEntry } from "./entry.ts";
import {
  beyondInt64Hint,
  decimalTypeOf,
  isBeyondInt64,
  isNumberText,
  literalProblem,
  typeOfLiteral,
} from "./literal.ts";
import { numberFamilies, type Parameter, parseSignature, type Signature, timeUnits } from "./signature.ts";

/** An argument of a call: its type (of a literal, the one it has by itself; of a null, any text), whether it may be null. */
export interface CallArgument {
  readonly type: TypeText;
  readonly nullable: boolean;
  readonly literal?: LiteralNode;
}

/** What a call of the catalogue gives, and as what its arguments go in. */
export interface ResolvedCall {
  /** Exact; an engine casts the rendered call to it. */
  readonly type: TypeText;
  readonly nullable: boolean;
  /** The type in which each argument goes in: an engine writes a literal in it, and casts anything of another type to it. */
  readonly arguments: readonly TypeText[];
}

/**
 * The result of a call of the catalogue: its exact type and whether it may be null. Literals take the type they meet.
 *
 * @example
 * resolveCall("plus", [{ type: "int32", nullable: true }, { type: "int64", nullable: false }]);
 * // { type: "int64", nullable: true, arguments: ["int64", "int64"] }
 * @throws SluiceError `config` where no function has the name, or none of its signatures takes the arguments
 */
export function resolveCall(name: string, args: readonly CallArgument[]): ResolvedCall {
  const entry = entryOf(name);
  if (entry === undefined) {
    throw new SluiceError("config", `no function is named "${name}"`, {
      hint: didYouMean(name, Object.keys(catalogue), "functions"),
      offending: name,
    });
  }
  const shape = checkCount(name, entry, args);
  const attempts = shape.map((signature) => fit(name, signature, args));
  for (const attempt of attempts) {
    if (!("problem" in attempt)) return { ...attempt, nullable: isNullable(entry, args) };
  }
  throw bestProblem(name, shape, attempts as readonly Misfit[], args);
}

interface Fit {
  readonly type: TypeText;
  readonly arguments: readonly TypeText[];
}

/** Why a signature does not take the arguments; the more of them it takes, the better it explains. */
interface Misfit {
  readonly problem: string;
  readonly hint?: string;
  readonly argument: number;
}

function isNullable(entry: FunctionEntry, args: readonly CallArgument[]): boolean {
  const may = args.map((argument) => argument.nullable || argument.literal?.type === "null");
  switch (entry.nulls) {
    case "propagate":
      return may.some(Boolean);
    case "last":
      return may.every(Boolean);
    case "never":
      return false;
    case "always":
    case "empty":
      return true;
  }
}

function checkCount(name: string, entry: FunctionEntry, args: readonly CallArgument[]): readonly Signature[] {
  const signatures = entry.signatures.map(parseSignature);
  const fitting = signatures.filter(({ parameters }) => {
    const least = parameters.filter((parameter) => !parameter.optional).length;
    return args.length >= least && (args.length <= parameters.length || parameters.at(-1)?.rest === true);
  });
  if (fitting.length > 0) return fitting;
  const wanted = [...new Set(signatures.map(countOf))].join(" or ");
  throw new SluiceError("config", `${name} takes ${wanted}, not ${args.length}`, {
    hint: `it is ${name}${signatures.map((signature) => signature.text).join(" or ")}`,
    offending: name,
  });
}

function countOf({ parameters }: Signature): string {
  const most = parameters.length;
  const least = parameters.filter((parameter) => !parameter.optional).length;
  if (parameters.at(-1)?.rest) return `${least} arguments or more`;
  if (least !== most) return `${least} or ${most} arguments`;
  return most === 0 ? "no argument" : most === 1 ? "1 argument" : `${most} arguments`;
}

function parameterAt(signature: Signature, index: number): Parameter {
  const parameter = signature.parameters[Math.min(index, signature.parameters.length - 1)];
  if (parameter === undefined) throw new SluiceError("internal", `no parameter ${index} in ${signature.text}`);
  return parameter;
}

function fit(name: string, signature: Signature, args: readonly CallArgument[]): Fit | Misfit {
  const isLike = (index: number): boolean => index === signature.self || parameterAt(signature, index).word === "self";
  const reference = args.find((argument, index) => isLike(index) && argument.literal === undefined);
  const types: TypeText[] = [];
  for (const [index, argument] of args.entries()) {
    const parameter = parameterAt(signature, index);
    const fitted =
      argument.literal === undefined
        ? fitTyped(name, parameter, argument, isLike(index) ? reference : undefined)
        : fitLiteral(
            name,
            parameter,
            argument.literal,
            isLike(index) ? (reference ?? args[signature.self]) : undefined,
          );
    if (typeof fitted !== "string") return { ...fitted, argument: index };
    types.push(fitted);
  }
  return resultOf(name, signature, types, args);
}

type Fitted = TypeText | Omit<Misfit, "argument">;

function fitTyped(name: string, parameter: Parameter, argument: CallArgument, like: CallArgument | undefined): Fitted {
  const family = familyOf(parseType(argument.type));
  if (parameter.word === "unit" || parameter.word === "layout" || parameter.word === "digits") {
    return { problem: `${name} takes a constant as its ${parameter.name}, not a computed value` };
  }
  if (!parameter.families.includes(family)) {
    return { problem: `${name} takes ${said(parameter.families)}${placeOf(parameter)}, not ${argument.type}` };
  }
  if (like !== undefined && !areAlike(argument.type, like.type)) {
    return {
      problem: `${name} takes values of one kind, not ${like.type} and ${argument.type}`,
      hint: `cast one of them, for example .cast("${like.type}")`,
    };
  }
  return parameter.word === "real" ? "float64" : argument.type;
}

function areAlike(a: TypeText, b: TypeText): boolean {
  const [first, second] = [parseType(a), parseType(b)];
  const families = [familyOf(first), familyOf(second)];
  if (families[0] !== families[1]) return families.every((family) => numberFamilies.includes(family as Family));
  const isNested = families[0] === "list" || families[0] === "struct" || families[0] === "map";
  return isNested ? commonType([a, b]) !== undefined : true;
}

function fitLiteral(name: string, parameter: Parameter, literal: LiteralNode, like: CallArgument | undefined): Fitted {
  if (parameter.word === "unit") return fitUnit(name, literal);
  const shown = show(literal);
  const target = like?.literal?.type === "null" ? undefined : like;
  if (literal.type === "null") return target === undefined ? firstType(parameter) : target.type;
  if (target !== undefined && target.literal === undefined && parameter.families.includes(familyAt(target))) {
    return meet(name, literal, target.type);
  }
  const own = typeOfLiteral(literal) ?? "string";
  const family = familyOf(parseType(own));
  if (isBeyondInt64(literal) && parameter.word !== "real") {
    return { problem: `${shown} does not fit int64, the type of a whole number alone`, hint: beyondInt64Hint(shown) };
  }
  if (parameter.word === "digits" && own !== "int64")
    return { problem: `${name} takes a whole number of digits, not ${shown}` };
  if (parameter.families.includes(family)) return parameter.word === "real" ? "float64" : own;
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

function familyAt(argument: CallArgument): Family {
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
    hint: "write .toFloat() behind the column to compute with floats",
  };
}

function fitUnit(name: string, literal: LiteralNode): Fitted {
  const unit = String(literal.value);
  if (literal.type === "string" && timeUnits.includes(unit)) return "string";
  return { problem: `${name} knows no unit ${show(literal)}`, hint: didYouMean(unit, timeUnits, "units") };
}

function firstType(parameter: Parameter): TypeText {
  const family = parameter.families.length === 1 ? parameter.families[0] : "text";
  if (family === "text" || family === undefined) return "string";
  if (family === "int") return "int64";
  return family === "float" ? "float64" : family === "decimal" ? "decimal(38,0)" : family;
}

function resultOf(
  name: string,
  signature: Signature,
  types: readonly TypeText[],
  args: readonly CallArgument[],
): Fit | Misfit {
  const self = types[signature.self] ?? "bool";
  switch (signature.result) {
    case "same":
      return { type: self, arguments: types };
    case "common": {
      const common = commonType(types);
      if (common !== undefined) return { type: common, arguments: types.map(() => common) };
      return {
        problem: `${name} takes values of one kind, not ${types.join(" and ")}: no type holds all of both`,
        hint: 'cast one of them, for example .cast("decimal(20,0)")',
        argument: 1,
      };
    }
    case "promote":
      return arithmetic(types, args);
    case "product":
      return product(types, args);
    case "rounded": {
      const { precision, scale } = asDecimal(parseType(self));
      const type = formatType({ kind: "decimal", precision: Math.min(38, precision + 1), scale });
      return { type, arguments: [type, ...types.slice(1)] };
    }
    case "decimal38":
      return {
        type: formatType({ kind: "decimal", precision: 38, scale: asDecimal(parseType(self)).scale }),
        arguments: types,
      };
    default:
      return { type: signature.result, arguments: types };
  }
}

/** Whole numbers are computed as int64 and floats as float64; a sum of decimals gets one digit more. */
function arithmetic(types: readonly TypeText[], args: readonly CallArgument[]): Fit {
  const parsed = types.map(parseType);
  const families = parsed.map(familyOf);
  const all = (type: TypeText): Fit => ({ type, arguments: args.map(() => type) });
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

function product(types: readonly TypeText[], args: readonly CallArgument[]): Fit | Misfit {
  const decimals = types.map((type) => asDecimal(parseType(type)));
  if (!types.some((type) => type.startsWith("decimal")) || types.some((type) => type.startsWith("float"))) {
    return arithmetic(types, args);
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

function bestProblem(
  name: string,
  signatures: readonly Signature[],
  misfits: readonly Misfit[],
  args: readonly CallArgument[],
): SluiceError {
  const furthest = Math.max(...misfits.map((misfit) => misfit.argument));
  const [best, ...others] = misfits.filter((misfit) => misfit.argument === furthest);
  if (best === undefined) return new SluiceError("internal", `no signature of ${name} was tried`);
  const argument = args[furthest];
  let problem = best.problem;
  if (others.length > 0 && argument !== undefined && best.hint === undefined) {
    const families = signatures.flatMap((signature) => parameterAt(signature, furthest).families);
    const shown = argument.literal === undefined ? argument.type : show(argument.literal);
    problem = `${name} takes ${said([...new Set(families)])}, not ${shown}`;
  }
  return new SluiceError("config", problem, {
    hint: best.hint ?? `it is ${signatures.map((signature) => name + signature.text).join(" or ")}`,
    offending: name,
  });
}

function said(families: readonly Family[]): string {
  const isNumber = numberFamilies.every((family) => families.includes(family));
  const rest = isNumber ? families.filter((family) => !numberFamilies.includes(family)) : families;
  const words = isNumber ? ["number", ...rest] : [...rest];
  const last = words.pop() ?? "nothing";
  return words.length === 0 ? last : `${words.join(", ")} or ${last}`;
}

function placeOf(parameter: Parameter): string {
  return parameter.name === "self" ? "" : ` as its ${parameter.name}`;
}

function show(literal: LiteralNode): string {
  return literal.type === "string" ? `the text '${literal.value}'` : String(literal.value);
}
