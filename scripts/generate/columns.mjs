// The typed methods of the builder: `packages/core/src/builder/columns.generated.ts`.
import { documentation, HEAD } from "./call-text.mjs";
import {
  CONSTANT_WORDS,
  columnOf,
  FAMILY_OF_TYPE,
  INTERFACES,
  isKnown,
  isNumber,
  NUMBERS,
  nameOf,
  quoted,
  unique,
} from "./families.mjs";

const CONSTANTS = {
  bool: ["boolean"],
  text: ["string"],
  int: ["number", "bigint"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  decimal: ["number", "bigint", "`${number}`"],
  float: ["number"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  date: ["`${number}-${number}-${number}`", "PlainDate"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  time: ["`${number}:${string}`", "PlainTime"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  timestamp: ["`${number}-${number}-${string}`", "PlainDateTime"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  timestamptz: ["`${number}-${number}-${string}`", "Instant", "Moment"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  interval: ["`P${string}`"],
  uuid: ["string"],
  bytes: ["Uint8Array"],
  json: [],
  list: [],
  struct: [],
  map: [],
};

const DAY_UNITS = ["year", "quarter", "month", "week", "day"];
const CLOCK_UNITS = ["hour", "minute", "second"];

/** What is not told apart before the pipeline is planned. */
const LOOSE = new Set(["item", "key", "shown"]);

/** Whether it is an argument of which a column can stand. */
export const isOperand = ({ word }) => word !== "unit" && CONSTANT_WORDS[word] === undefined && !LOOSE.has(word);

function isCondition({ word, families }) {
  return word === undefined && families.length === 1 && families[0] === "bool";
}

/** The type of one argument of a method on a family. */
export function argumentType(parameter, family, nulls, generic) {
  if (parameter.word === "unit") return quoted(family === "date" ? DAY_UNITS : [...DAY_UNITS, ...CLOCK_UNITS]);
  if (CONSTANT_WORDS[parameter.word] !== undefined) return CONSTANT_WORDS[parameter.word];
  if (LOOSE.has(parameter.word)) return "AnyValue";
  const families = parameter.word === "self" ? (isNumber(family) ? NUMBERS : [family]) : parameter.families;
  // `!c.paid` is a boolean: where conditions are joined, a boolean is no constant.
  if (isCondition(parameter)) return `Operand<"bool", ${nulls}>`;
  const constants =
    parameter.word === "self"
      ? CONSTANTS[family]
      : unique(families.flatMap((one) => CONSTANTS[one])).filter(
          (one) => !(isNumber(families[0]) && one.startsWith("`")),
        );
  const operand = `Operand<${generic && parameter.word === "self" ? "F" : quoted(families)}, ${nulls}>`;
  return [...constants, operand].join(" | ");
}

const OF_SELF = new Set(["same", "common", "promote", "product"]);

function resultColumn({ result, parameters, self }, family, nulls) {
  if (OF_SELF.has(result)) return nameOf(family, nulls);
  // Of a list of numbers a number of the same kind, whatever its width.
  const [only, ...others] = parameters[self].items ?? [];
  if (others.length === 0 && isNumber(only) && FAMILY_OF_TYPE[result] === only) return "I";
  return columnOf(result, nulls);
}

/** A field of a struct has the type that the struct says. */
function fieldMethod(name, entry, signature) {
  return [...documentation(entry, signature, "  "), `  ${name}<K extends keyof F & string>(name: K): F[K];`];
}

function method(name, entry, signature, family) {
  if (signature.result === "field") return fieldMethod(name, entry, signature);
  const others = signature.parameters.filter((parameter) => parameter.name !== "self");
  const isGeneric =
    isNumber(family) &&
    ["promote", "product", "common"].includes(signature.result) &&
    others.some((parameter) => parameter.word === "self");
  const takesOperand = others.some(isOperand);
  const carries = takesOperand && ["propagate", "undecided", "last", "outside"].includes(entry.nulls);
  const generics = [
    ...(isGeneric ? [`F extends ${quoted(NUMBERS)} = "${family}"`] : []),
    ...(carries ? ["A extends Null = never"] : []),
  ];
  const parameters = others.map((parameter) => {
    const type = argumentType(parameter, family, carries ? "A" : "Null", isGeneric);
    if (!parameter.rest) return `${parameter.name}${parameter.optional ? "?" : ""}: ${type}`;
    const list = `readonly (${type})[]`;
    return entry.text.special === "in" ? `${parameter.name}: ${list}` : `...${parameter.name}: ${list}`;
  });
  const nulls = {
    propagate: carries ? "N | A" : "N",
    undecided: carries ? "N | A" : "N",
    last: carries ? "N & A" : "N",
    outside: carries ? "N | A" : "null",
    never: "never",
    always: "null",
    empty: "null",
  }[entry.nulls];
  const result = isGeneric ? `Promoted<"${family}", F, ${nulls}>` : resultColumn(signature, family, nulls);
  const typeParameters = generics.length === 0 ? "" : `<${generics.join(", ")}>`;
  return [...documentation(entry, signature, "  "), `  ${name}${typeParameters}(${parameters.join(", ")}): ${result};`];
}

function interfaceOf(family, scalars) {
  const { name, about, parameters = [] } = INTERFACES[family];
  const declared = [
    ...parameters.map(([one, bound]) => `out ${one} extends ${bound} = ${bound}`),
    "out N extends Null = never",
  ];
  const lines = [
    "",
    `/** ${about} */`,
    `export interface ${name}<${declared.join(", ")}> extends Column<"${family}", N> {`,
    `  readonly [required]: ${nameOf(family, "never")};`,
    `  readonly [optional]: ${nameOf(family, "null")};`,
  ];
  for (const [entryName, entry, signatures] of scalars) {
    const fitting = signatures.filter((signature) => signature.parameters[signature.self]?.families.includes(family));
    // Signatures that differ by the items of a list are one method.
    const methods = fitting.map((signature) => method(entryName, entry, signature, family));
    for (const one of unique(methods.map((text) => text.join("\n")))) lines.push(one);
  }
  return [...lines, "}"];
}

/** `Untyped` takes every method, and knows its result where that is the same for all types. */
function untyped(scalars) {
  const lines = [
    "",
    "/** A column or expression of which nothing is known until the pipeline is planned. */",
    "export interface Untyped extends Column<string, Null> {",
    "  // biome-ignore lint/suspicious/noExplicitAny: it fits wherever a column does",
    "  readonly [family]: any;",
    "  readonly [required]: Untyped;",
    "  readonly [optional]: Untyped;",
  ];
  for (const [name, entry, signatures] of scalars) {
    // Where a fallback is given the result may be another one: both ways to call it are written.
    for (const signature of entry.nulls === "outside" ? signatures : signatures.slice(0, 1)) {
      lines.push(...untypedMethod(name, entry, signature, signatures));
    }
  }
  return [...lines, "}"];
}

function untypedMethod(name, entry, signature, signatures) {
  const parameters = signature.parameters
    .filter((parameter) => parameter.name !== "self")
    .map((parameter) => {
      if (parameter.word === "unit") return `${parameter.name}: ${quoted([...DAY_UNITS, ...CLOCK_UNITS])}`;
      const constant = CONSTANT_WORDS[parameter.word];
      if (constant !== undefined) return `${parameter.name}${parameter.optional ? "?" : ""}: ${constant}`;
      if (!parameter.rest) return `${parameter.name}${parameter.optional ? "?" : ""}: AnyValue`;
      const one = isCondition(parameter) ? "AnyColumn" : "AnyValue";
      return `${entry.text.special === "in" ? "" : "..."}${parameter.name}: readonly ${one}[]`;
    });
  const results = unique(signatures.map((one) => one.result));
  const isOne = results.length === 1 && isKnown(results[0]);
  const result = isOne ? columnOf(results[0], entry.nulls === "never" ? "never" : "null") : "Untyped";
  return [...documentation(entry, signature, "  "), `  ${name}(${parameters.join(", ")}): ${result};`];
}

/** The text of `columns.generated.ts`. */
export function generateColumns(catalogue, parseSignature) {
  const scalars = Object.entries(catalogue)
    .map(([name, entry]) => [name, entry, entry.signatures.map(parseSignature)])
    .filter(([, entry, [first]]) => entry.kind !== "aggregate" && first.self >= 0);
  const lines = [
    HEAD,
    'import type { AnyColumn, AnyValue, Column, family, Instant, Moment, Null, Operand, Optional, optional, PlainDate, PlainDateTime, PlainTime, Promoted, required, Row } from "./columns.ts";',
  ];
  for (const family of Object.keys(INTERFACES)) lines.push(...interfaceOf(family, scalars));
  lines.push(...untyped(scalars), "");
  return lines.join("\n");
}
