import { SluiceError } from "../errors.ts";
import type { Family } from "../schema/types.ts";

/** What a parameter takes: families, or a word that says more than a family. */
export interface Parameter {
  readonly name: string;
  readonly families: readonly Family[];
  /**
   * `self`: of the kind that self has. `real`: a number, computed as a float. `unit`, `layout`, `digits`: a constant.
   */
  readonly word?: "self" | "real" | "unit" | "layout" | "digits";
  readonly optional: boolean;
  readonly rest: boolean;
}

/** A signature of a function, taken apart. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  /** Where self stands among the parameters; -1 for a function without. */
  readonly self: number;
  /** An exact type, or `same`, `common`, `promote`, `product`, `rounded`, `decimal38`. */
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
  const match = /^(?<rest>\.\.\.)?(?<name>\w+)(?<optional>\?)?: (?<kinds>[\w|]+)$/.exec(text);
  if (match?.groups === undefined) throw new SluiceError("internal", `not a parameter: ${text} in ${signature}`);
  const { rest, name = "", optional, kinds = "" } = match.groups;
  return {
    name,
    optional: optional !== undefined,
    rest: rest !== undefined,
    ...kindOf(kinds, signature),
  };
}

function kindOf(kinds: string, signature: string): Pick<Parameter, "families" | "word"> {
  switch (kinds) {
    case "self":
      return { families: allFamilies, word: "self" };
    case "real":
      return { families: numberFamilies, word: "real" };
    case "unit":
    case "layout":
      return { families: ["text"], word: kinds };
    case "digits":
      return { families: ["int"], word: "digits" };
    default:
      return { families: kinds.split("|").flatMap((kind) => familiesOf(kind, signature)) };
  }
}

function familiesOf(kind: string, signature: string): readonly Family[] {
  if (kind === "any") return allFamilies;
  if (kind === "number") return numberFamilies;
  const family = allFamilies.find((candidate) => candidate === kind);
  if (family === undefined) throw new SluiceError("internal", `"${kind}" is no family in ${signature}`);
  return [family];
}
