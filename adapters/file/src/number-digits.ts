/** What a decimal has to hold to keep every number of a column: digits before the point and places behind it. */
export class NumberDigits {
  private whole = 0;
  private places = 0;
  private hasExponent = false;
  private readonly mark: string;

  constructor(mark: string = ".") {
    this.mark = mark;
  }

  /** A number as it is written; marks of thousands count as digits, which can only be too careful. */
  add(text: string): void {
    const point = text.lastIndexOf(this.mark);
    const whole = (point < 0 ? text.length : point) - (text.startsWith("-") ? 1 : 0);
    if (whole > this.whole) this.whole = whole;
    if (point >= 0 && text.length - point - 1 > this.places) this.places = text.length - point - 1;
    if (!this.hasExponent && /[eE]/.test(text)) this.hasExponent = true;
  }

  /** The bytes of a plain number. */
  addBytes(bytes: Uint8Array, from: number, to: number): void {
    const start = bytes[from] === 45 ? from + 1 : from;
    let at = start;
    while (at < to && bytes[at] !== 46) at += 1;
    if (at - start > this.whole) this.whole = at - start;
    if (to - at - 1 > this.places) this.places = to - at - 1;
  }

  /** The type that holds all of them exactly; undefined where none does. */
  decimal(): string | undefined {
    return this.hasExponent || this.whole + this.places > 38 ? undefined : `decimal(38,${this.places})`;
  }
}

/** So many digits any float64 is written with, at most; it cannot keep more. */
export const MOST_DIGITS = 17;

/**
 * Whether a number lies so far out that a float64 keeps another one: beyond 2^53, where not every whole number has one.
 *
 * @example
 * isRoundedBeyond("9007199254740993"); // true
 * isRoundedBeyond("9007199254740992"); // false
 */
export function isRoundedBeyond(text: string, mark: string = "."): boolean {
  if (text.length < 16) return false;
  const point = text.lastIndexOf(mark);
  // What is written with an exponent comes from a float64.
  if ((point >= 0 && point < 16) || /[eE]/.test(text)) return false;
  const whole = (point < 0 ? text : text.slice(0, point)).replace(/[^0-9]/g, "");
  const kept = Number(whole);
  if (Number.isSafeInteger(kept) || whole === "") return false;
  return (point >= 0 && /[1-9]/.test(text.slice(point))) || BigInt(kept) !== BigInt(whole);
}

/** The digits that count: without leading zeros, point and exponent. */
export function significantDigits(text: string): number {
  return text
    .replace(/[eE].*$/, "")
    .replace(/[^0-9]/g, "")
    .replace(/^0+/, "").length;
}
