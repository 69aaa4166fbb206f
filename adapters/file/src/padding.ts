import { type FrozenColumn, hasBlanks, withoutBlanks } from "@sluice/core";

/** Finds out whether blanks around the values of a column belong to them. */
export class Padding {
  /** Values with blanks around them, and those that are blanks only. */
  padded = 0;
  blank = 0;
  private readonly said: boolean | undefined;
  private readonly nulls: ReadonlySet<string>;

  /** @param said whether the column is trimmed, where its author said it */
  constructor(said: boolean | undefined, nulls: readonly string[] = []) {
    this.said = said;
    this.nulls = new Set(nulls);
  }

  /** A text without the blanks around it where those may not belong to it; "" where nothing is left. */
  value(text: string): string {
    if (this.said === false || !hasBlanks(text)) return text;
    const bare = withoutBlanks(text);
    const isNull = bare === "" || this.nulls.has(bare);
    if (isNull) this.blank += 1;
    else this.padded += 1;
    return isNull ? "" : bare;
  }

  /**
   * What is frozen of it: only where blanks mean nothing are they left out unasked. In a text they may be meant, and nobody
   * can tell afterwards.
   */
  frozen(type: string): Pick<FrozenColumn, "trim"> {
    const isFound = type !== "string" && this.padded + this.blank > 0;
    return this.said === true || (this.said === undefined && isFound) ? { trim: true } : {};
  }
}
