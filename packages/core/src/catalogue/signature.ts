import { SluiceError } from "../errors.ts";
import type { Family } from "../schema/types.ts";

export type ParameterWord = "self" | "item" | "key" | "real" | "shown" | "pattern" | "fields" | ConstantWord;
/** What takes a constant only. */
export type ConstantWord = "unit" | "layout" | "digits" | "path" | "zone" | "fraction" | "name" | "literal" | "ordinal";

/** What a parameter takes: families, or a word that says more than a family. */
export interface Parameter {
  readonly name: string;
  readonly families: readonly Family[];
  /** Of a list: the families that its items may have; any where absent. */
  readonly items?: readonly Family[];
  /** What is more than a family: see `FunctionEntry.signatures`. */
  readonly word?: ParameterWord;
  readonly optional: boolean;
  readonly rest: boolean;
}

/** A signature of a function, taken apart. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  /** Where self stands among the parameters; -1 for a function without. */
  readonly self: number;
  /** An exact type with or without words in it, or a word: see `FunctionEntry.signatures`. */
  readonly result: string;
  readonly text: string;
}

export const numberFamilies: readonly Family[] = ["int", "decimal", "float"];
export const allFamilies: readonly Family[] = [
  ...numberFamilies,
  "bool",
  "text",
  "bytes",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "interval",
  "uuid",
  "json",
  "list",
  "struct",
  "map",
];

/** What can be put in order: all but JSON and what is nested. */
export const orderedFamilies: readonly Family[] = allFamilies.filter(
  (family) => !["json", "list", "struct", "map"].includes(family),
);

const WORDS: Readonly<Record<ParameterWord, readonly Family[]>> = {
  self: allFamilies,
  item: allFamilies,
  key: allFamilies,
  fields: allFamilies,
  real: numberFamilies,
  shown: ["text", "int", "decimal", "bool", "date", "time", "timestamp", "uuid"],
  pattern: ["text"],
  unit: ["text"],
  layout: ["text"],
  path: ["text"],
  zone: ["text"],
  name: ["text"],
  literal: ["text"],
  digits: ["int"],
  ordinal: ["int"],
  fraction: numberFamilies,
};

const CONSTANTS: ReadonlySet<string> = new Set<ConstantWord>([
  "unit",
  "layout",
  "digits",
  "path",
  "zone",
  "fraction",
  "name",
  "literal",
  "ordinal",
]);

/** Whether the parameter takes a constant only. */
export function isConstantWord(word: ParameterWord | undefined): word is ConstantWord {
  return word !== undefined && CONSTANTS.has(word);
}

/** The units of `truncate` and `dateDiff`; those of a day and above fit dates. */
export const timeUnits: readonly string[] = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"];

/** Takes the text of a signature apart. */
export function parseSignature(text: string): Signature {
  const match = /^\((?<parameters>.*)\) -> (?<result>\S.*)$/.exec(text);
  if (match?.groups === undefined) throw new SluiceError("internal", `not a signature: ${text}`);
  const { parameters = "", result = "" } = match.groups;
  const parsed = parameters === "" ? [] : parameters.split(", ").map((part) => parseParameter(part, text));
  return { parameters: parsed, self: parsed.findIndex((parameter) => parameter.name === "self"), result, text };
}

function parseParameter(text: string, signature: string): Parameter {
  const match = /^(?<rest>\.\.\.)?(?<name>\w+)(?<optional>\?)?: (?<kinds>[\w|<>]+)$/.exec(text);
  if (match?.groups === undefined) throw new SluiceError("internal", `not a parameter: ${text} in ${signature}`);
  const { rest, name = "", optional, kinds = "" } = match.groups;
  return {
    name,
    optional: optional !== undefined,
    rest: rest !== undefined,
    ...kindOf(kinds, signature),
  };
}

function kindOf(kinds: string, signature: string): Pick<Parameter, "families" | "items" | "word"> {
  if (Object.hasOwn(WORDS, kinds)) return { families: WORDS[kinds as ParameterWord], word: kinds as ParameterWord };
  const items = /^list<(.*)>$/.exec(kinds)?.[1];
  if (items !== undefined) return { families: ["list"], items: allOf(items, signature) };
  return { families: allOf(kinds, signature) };
}

function allOf(kinds: string, signature: string): readonly Family[] {
  return kinds.split("|").flatMap((kind) => familiesOf(kind, signature));
}

function familiesOf(kind: string, signature: string): readonly Family[] {
  if (kind === "any") return allFamilies;
  if (kind === "ordered") return orderedFamilies;
  if (kind === "number") return numberFamilies;
  const family = allFamilies.find((candidate) => candidate === kind);
  if (family === undefined) throw new SluiceError("internal", `"${kind}" is no family in ${signature}`);
  return [family];
}
