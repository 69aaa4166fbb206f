import { didYouMean } from "../infer/closest.ts";
import type { LiteralNode } from "../ir/expression.ts";
import { isNumberText } from "./literal.ts";
import { patternProblem } from "./pattern-problem.ts";
import { type ConstantWord, timeUnits } from "./signature.ts";

/** Why a constant cannot stand for an argument. */
export interface ConstantProblem {
  readonly problem: string;
  readonly hint?: string;
}

type Check = (text: string, literal: LiteralNode) => ConstantProblem | undefined;

const CHECKS: Readonly<Record<ConstantWord | "pattern", Check>> = {
  unit: (text) =>
    timeUnits.includes(text)
      ? undefined
      : { problem: `knows no unit ${quoted(text)}`, hint: didYouMean(text, timeUnits, "units") },
  layout: () => undefined,
  name: () => undefined,
  literal: () => undefined,
  digits: (text) => (/^-?\d+$/.test(text) ? undefined : { problem: `takes a whole number, not ${text}` }),
  ordinal: (text) =>
    /^0*[1-9]\d*$/.test(text) ? undefined : { problem: `takes a whole number from 1 on, not ${text}` },
  fraction: (text) =>
    isNumberText(text) && Number(text) >= 0 && Number(text) <= 1
      ? undefined
      : { problem: `takes a fraction from 0 to 1, not ${text}`, hint: "half of the rows lie below 0.5" },
  path: pathProblem,
  zone: (text) =>
    isZone(text)
      ? undefined
      : { problem: `knows no time zone '${text}'`, hint: "zones are named as in Europe/Oslo, or UTC" },
  pattern: patternProblem,
};

const IS_TEXT: ReadonlySet<string> = new Set(["unit", "layout", "path", "zone", "name", "literal", "pattern"]);

const SAID: Readonly<Record<string, string>> = {
  digits: "whole number of digits",
  ordinal: "whole number from 1 on",
  literal: "text",
};

/** What is wrong with a constant, as the end of a sentence that begins with the function; undefined where nothing is. */
export function constantProblem(word: ConstantWord | "pattern", literal: LiteralNode): ConstantProblem | undefined {
  const isText = IS_TEXT.has(word);
  const shown = literal.type === "string" ? quoted(String(literal.value)) : String(literal.value);
  if (literal.type !== (isText ? "string" : "number")) {
    if (word === "unit") return { problem: `knows no unit ${shown}`, hint: didYouMean(shown, timeUnits, "units") };
    return { problem: `takes a ${SAID[word] ?? word}, not ${shown}` };
  }
  return CHECKS[word](String(literal.value), literal);
}

const STEP = /\.(?:[A-Za-z_][A-Za-z0-9_]*|"(?:[^"\\*]|\\["\\])+")|\[\d{1,9}\]/y;

/** A path that all engines read alike: `$`, then names and places from 0. */
function pathProblem(text: string): ConstantProblem | undefined {
  const hint = `a path is written $.name, $."a name", $.list[0]; in quotes \\" is a quote and \\\\ a backslash`;
  if (!text.startsWith("$")) return { problem: `takes a path that begins with $, not '${text}'`, hint };
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const start = STEP.lastIndex;
    if (STEP.exec(text) === null) {
      return { problem: `does not understand the path '${text}' from character ${start + 1} on`, hint };
    }
  }
  return undefined;
}

function isZone(text: string): boolean {
  // An offset is a zone to some engines only.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function quoted(text: string): string {
  return `the text '${text}'`;
}
