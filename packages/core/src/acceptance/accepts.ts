import type { FrozenColumn } from "../schema/frozen.ts";
import { trimmed } from "../text/trimmed.ts";
import { type Acceptance, acceptanceOf, BLANKS_RULE, NULL_RULE } from "./acceptance.ts";
import { createLayoutCheck } from "./layout.ts";
import { plainNumber } from "./notation.ts";

/** Whether a text is accepted: `undefined` where it is, else the rule that refused it. Null is the empty field. */
export type Accepter = (text: string | null) => string | undefined;

const accepters = new WeakMap<FrozenColumn, Accepter>();

/**
 * Whether a column of a text source accepts a text: `undefined`, or the rule that refuses it. Null is the empty field;
 * empty text is null in every column but those of text.
 *
 * @example
 * accepts({ name: "n", type: "int64", nullable: true }, "1.7"); // "is not an int64"
 * accepts({ name: "n", type: "int64", nullable: true }, "17"); // undefined
 */
export function accepts(column: FrozenColumn, text: string | null): string | undefined {
  let accepter = accepters.get(column);
  if (accepter === undefined) {
    accepter = createAccepter(column);
    accepters.set(column, accepter);
  }
  return accepter(text);
}

/** `accepts` for one column, prepared once: for a source that reads row by row. */
export function createAccepter(column: FrozenColumn): Accepter {
  const acceptance = acceptanceOf(column);
  const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
  const pattern = acceptance.pattern === undefined ? undefined : whole(acceptance.pattern);
  const reasons = acceptance.reasons.map((reason) => ({ expression: whole(reason.pattern), rule: reason.rule }));
  const isValue = valueTest(acceptance);
  const { notation } = acceptance;
  const written = notation === undefined ? undefined : whole(notation.pattern);
  const isText = acceptance.kind === "string" || acceptance.kind === "enum";
  return (found) => {
    const given = found === null ? null : trimmed(column, found);
    if (given === null || (given === "" && !isText)) return column.nullable ? undefined : NULL_RULE;
    const isWritten = written?.test(given) ?? true;
    const text = notation !== undefined && isWritten ? plainNumber(given, notation) : given;
    if (!isWritten)
      return (
        reasons.find(({ rule, expression }) => rule === BLANKS_RULE && expression.test(given))?.rule ??
        acceptance.misfit
      );
    if (pattern !== undefined && !pattern.test(text)) {
      return reasons.find((reason) => reason.expression.test(text))?.rule ?? acceptance.misfit;
    }
    return isValue(text) ? undefined : acceptance.beyond;
  };
}

/** Whether a text that matches the expression is a value of the type. */
function valueTest(acceptance: Acceptance): (text: string) => boolean {
  if (acceptance.layout !== undefined) {
    const check = createLayoutCheck(acceptance.layout);
    return (text) => check(text) === undefined;
  }
  if (acceptance.range !== undefined) {
    const min = BigInt(acceptance.range.min);
    const max = BigInt(acceptance.range.max);
    // A number of 15 digits is exact; most are shorter, and BigInt is slow.
    const small = max > 10n ** 15n ? 15 : 0;
    return (text) => {
      if (text.length <= small) return true;
      const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
      return value >= min && value <= max;
    };
  }
  switch (acceptance.kind) {
    case "float32":
      return (text) => /[nN]/.test(text) || Number.isFinite(Math.fround(Number(text)));
    case "float64":
      return (text) => /[nN]/.test(text) || Number.isFinite(Number(text));
    case "json":
      return isJson;
    default:
      return () => true;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
