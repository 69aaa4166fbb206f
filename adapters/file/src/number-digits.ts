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
