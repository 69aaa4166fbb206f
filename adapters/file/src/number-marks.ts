import { type FrozenColumn, notationOf, plainNumber } from "@sluice/core";
import { kindOf, type ValueKind } from "./value-kinds.ts";

/** How numbers of a column are written. */
export interface Marks {
  readonly decimal?: string | undefined;
  readonly thousands?: string | undefined;
}

/** The marks of a column of numbers, as they are frozen. */
export function marksOf({ decimal, thousands }: Marks, type: string): Partial<FrozenColumn> {
  if (!/^(?:u?int|float|decimal)/.test(type)) return {};
  return {
    ...(decimal === undefined || decimal === "." ? {} : { decimal }),
    ...(thousands === undefined ? {} : { thousands }),
  };
}

/**
 * `kindOf` for numbers with marks of their own: what is a number only without them is none.
 *
 * @example
 * createKindOf({ decimal: "," })("1,5"); // "float"
 * createKindOf({ decimal: "," })("1.5"); // "other"
 */
export function createKindOf({ decimal, thousands }: Marks): (text: string) => ValueKind {
  const marks = { ...(decimal === undefined ? {} : { decimal }), ...(thousands === undefined ? {} : { thousands }) };
  const notation = notationOf("float64", marks);
  if (notation === undefined) return kindOf;
  const written = new RegExp(`^(?:${notation.pattern})$`);
  return (text) => {
    if (written.test(text)) return kindOf(plainNumber(text, notation));
    const kind = kindOf(text);
    return kind === "float" ? "other" : kind;
  };
}

const COMMA_DECIMAL = /^-?(?:[0-9]{1,3}(?:\.[0-9]{3})+|0|[1-9][0-9]*),[0-9]+$/;
const COMMA_GROUPS = /^-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/;

/** Counts the values that are numbers with a decimal comma, or with commas between groups of digits. */
export class MarkTally {
  private decimals = 0;
  private groups = 0;
  /** Of each, those that cannot be the other. */
  private onlyDecimals = 0;
  private onlyGroups = 0;
  private hasPoints = false;
  private hasFractions = false;
  private example = "";

  /** Whether the text is such a number. */
  add(text: string): boolean {
    if (!text.includes(",")) return false;
    const isDecimal = COMMA_DECIMAL.test(text);
    const isGroups = COMMA_GROUPS.test(text);
    if (!isDecimal && !isGroups) return false;
    if (isDecimal) this.decimals += 1;
    if (isGroups) this.groups += 1;
    if (isDecimal && !isGroups) this.onlyDecimals += 1;
    if (isGroups && !isDecimal) this.onlyGroups += 1;
    if (isDecimal && text.includes(".")) this.hasPoints = true;
    if (isGroups && text.includes(".")) this.hasFractions = true;
    if (this.example === "") this.example = text;
    return true;
  }

  get most(): number {
    return Math.max(this.decimals, this.groups);
  }

  /**
   * How all values are written, of which so many are whole numbers and so many fractions with a point.
   *
   * @returns the marks where they are certain, what may be meant where they are not, undefined where the values are no numbers
   */
  verdict(
    values: number,
    whole: number,
    fractions: number,
  ):
    | {
        readonly marks: Marks;
        readonly type: "int64" | "float64";
        readonly isCertain: boolean;
        readonly example: string;
      }
    | undefined {
    const { example } = this;
    if (this.most === 0) return undefined;
    if (this.decimals + whole === values && this.onlyGroups === 0) {
      const marks = { decimal: ",", ...(this.hasPoints ? { thousands: "." } : {}) };
      return { marks, type: "float64", isCertain: this.onlyDecimals > 0, example };
    }
    if (this.groups + whole + fractions === values && this.onlyDecimals === 0) {
      const type = this.hasFractions || fractions > 0 ? "float64" : "int64";
      return { marks: { thousands: "," }, type, isCertain: this.onlyGroups > 0, example };
    }
    return undefined;
  }
}
