import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import type { LiteralNode } from "../ir/expression.ts";
import { type Family, familyOf, parseType, type TypeText } from "../schema/types.ts";
import { catalogue, entryOf } from "./catalogue.ts";
import { commonType } from "./common-type.ts";
import type { FunctionEntry } from "./entry.ts";
import { type Fitted, fitLiteral, placeOf, said, show } from "./literal-argument.ts";
import { type Fit, type Misfit, partOf, resultOf } from "./result-type.ts";
import { isConstantWord, numberFamilies, type Parameter, parseSignature, type Signature } from "./signature.ts";

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
  /** Which of the signatures of the entry it is. */
  readonly signature: number;
}

/**
 * The result of a call of the catalogue: its exact type and whether it may be null. Literals take the type they meet.
 *
 * @example
 * resolveCall("plus", [{ type: "int32", nullable: true }, { type: "int64", nullable: false }]);
 * // { type: "int64", nullable: true, arguments: ["int64", "int64"], signature: 0 }
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
  const misfits: Misfit[] = [];
  for (const signature of shape) {
    const attempt = fit(name, signature, args);
    if ("problem" in attempt) misfits.push(attempt);
    else {
      return { ...attempt, nullable: isNullable(entry, args), signature: entry.signatures.indexOf(signature.text) };
    }
  }
  throw bestProblem(name, shape, misfits, args);
}

function isNullable(entry: FunctionEntry, args: readonly CallArgument[]): boolean {
  const may = args.map((argument) => argument.nullable || argument.literal?.type === "null");
  switch (entry.nulls) {
    case "propagate":
    case "undecided":
      return may.some(Boolean);
    case "last":
      return may.every(Boolean);
    case "never":
      return false;
    case "outside":
      return args.length < 3 || may[0] === true || may[2] === true;
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
  if (parameter.word !== "fields") return parameter;
  // Names and values in turn.
  const { word: _, ...value } = parameter;
  return index % 2 === 0 ? { ...parameter, families: ["text"], word: "name" } : value;
}

function fit(name: string, signature: Signature, args: readonly CallArgument[]): Fit | Misfit {
  const isLike = (index: number): boolean => index === signature.self || parameterAt(signature, index).word === "self";
  const alike = args.filter((_, index) => isLike(index));
  const reference = alike.find(({ literal }) => literal === undefined);
  const valued = alike.find(({ literal }) => literal?.type !== "null");
  const types: TypeText[] = [];
  for (const [index, argument] of args.entries()) {
    const parameter = parameterAt(signature, index);
    const part = parameter.word === "item" || parameter.word === "key" ? parameter.word : undefined;
    const { literal } = argument;
    let fitted: Fitted;
    if (part !== undefined) {
      const type = partOf(types[signature.self] ?? "string", part) ?? "string";
      fitted =
        literal === undefined ? fitPart(name, part, type, argument) : fitLiteral(name, parameter, literal, { type });
      if (fitted === "int64" && type !== "int64" && familyOf(parseType(type)) === "int") {
        fitted = { problem: `${show(literal ?? NULL)} does not fit ${type}, the type of each ${part}` };
      }
    } else if (literal === undefined) {
      fitted = fitTyped(name, parameter, argument, isLike(index) ? reference : undefined);
    } else {
      fitted = fitLiteral(name, parameter, literal, isLike(index) ? (reference ?? valued) : undefined);
    }
    if (typeof fitted !== "string") return { ...fitted, argument: index };
    types.push(fitted);
  }
  return resultOf(
    name,
    signature,
    types,
    args.map(({ literal }) => literal),
  );
}

const NULL: LiteralNode = { kind: "literal", type: "null", value: null };

/** A computed value that goes among the items of a list, or is looked for in it. */
function fitPart(name: string, part: "item" | "key", type: TypeText, argument: CallArgument): Fitted {
  if (areAlike(argument.type, type) && (commonType([argument.type, type]) ?? type) === type) return type;
  return {
    problem: `${name} takes values of type ${type} as its ${part}, not ${argument.type}`,
    hint: `cast it: .cast("${type}")`,
  };
}

function fitTyped(name: string, parameter: Parameter, argument: CallArgument, like: CallArgument | undefined): Fitted {
  const family = familyOf(parseType(argument.type));
  if (isConstantWord(parameter.word)) {
    return { problem: `${name} takes a constant as its ${parameter.name}, not a computed value` };
  }
  if (!parameter.families.includes(family)) {
    return { problem: `${name} takes ${said(parameter.families)}${placeOf(parameter)}, not ${argument.type}` };
  }
  const item = parameter.items === undefined ? undefined : partOf(argument.type, "item");
  if (item !== undefined && parameter.items?.includes(familyOf(parseType(item))) === false) {
    return { problem: `${name} takes a list of ${said(parameter.items)}${placeOf(parameter)}, not ${argument.type}` };
  }
  if (like !== undefined && !areAlike(argument.type, like.type)) {
    return {
      problem: `${name} takes values of one kind, not ${like.type} and ${argument.type}`,
      hint: `cast one of them, for example .cast("${like.type}")`,
    };
  }
  if (parameter.word === "shown") return "string";
  // The functions of an engine take counts and places as int64, and no wider ones; sums go over any.
  const isInteger =
    parameter.families.length === 1 && parameter.families[0] === "int" && entryOf(name)?.kind === "scalar";
  return parameter.word === "real" ? "float64" : isInteger ? "int64" : argument.type;
}

function areAlike(a: TypeText, b: TypeText): boolean {
  const [first, second] = [parseType(a), parseType(b)];
  const families = [familyOf(first), familyOf(second)];
  if (families[0] !== families[1]) return families.every((family) => numberFamilies.includes(family as Family));
  const isNested = families[0] === "list" || families[0] === "struct" || families[0] === "map";
  return isNested ? commonType([a, b]) !== undefined : true;
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
    offending: best.offending ?? name,
  });
}
