import type { FieldDialect } from "@sluice/core";

/** Where the fields of a record are, found in its bytes: most of them need not become text to be looked at. */
export class FieldBounds {
  count = 0;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** 1 where the field stood in quotes, which do not belong to it. */
  readonly quoted: Uint8Array;
  private readonly delimiter: number;
  private readonly quote: number;

  /** @param most how many fields are looked for; more are left alone */
  constructor(dialect: FieldDialect, most: number) {
    this.from = new Int32Array(most);
    this.to = new Int32Array(most);
    this.quoted = new Uint8Array(most);
    this.delimiter = dialect.delimiter.length === 1 ? dialect.delimiter.charCodeAt(0) : -1;
    this.quote = dialect.quote === "" ? -1 : dialect.quote.charCodeAt(0);
  }

  /** False where the record is not as plain as that: an escaped quote, blanks around quotes, a delimiter beyond ASCII. */
  find(bytes: Uint8Array): boolean {
    const { from, to, quoted, delimiter, quote } = this;
    if (delimiter < 0 || delimiter > 127) return false;
    const length = bytes.length;
    const most = from.length;
    let at = 0;
    let field = 0;
    for (; field < most; field++) {
      if (bytes[at] === quote) {
        const start = at + 1;
        at = start;
        while (at < length && bytes[at] !== quote) at += 1;
        from[field] = start;
        to[field] = at;
        quoted[field] = 1;
        at += 1;
        if (at < length && bytes[at] !== delimiter) return false;
      } else {
        from[field] = at;
        while (at < length && bytes[at] !== delimiter) {
          if (bytes[at] === quote) return false;
          at += 1;
        }
        to[field] = at;
        quoted[field] = 0;
      }
      if (at >= length) break;
      at += 1;
    }
    this.count = Math.min(field + 1, most);
    return true;
  }
}

/**
 * Whether bytes are a whole number (1) or a fraction (2) as people write them, without leading zeros and short enough to
 * be exact; 0 says nothing.
 */
export function plainNumber(bytes: Uint8Array, from: number, to: number): 0 | 1 | 2 {
  let at = bytes[from] === 45 ? from + 1 : from;
  const start = at;
  while (at < to && isDigit(bytes[at])) at += 1;
  const digits = at - start;
  if (digits === 0 || digits > 15 || (digits > 1 && bytes[start] === 48)) return 0;
  if (at === to) return 1;
  if (bytes[at] !== 46 || to - start > 30) return 0;
  at += 1;
  while (at < to && isDigit(bytes[at])) at += 1;
  return at === to ? 2 : 0;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
