import type { CsvDialect } from "@sluice/core";

/** What is counted of a column, whatever its type. */
export class Counts {
  values = 0;
  empty = 0;
  quotedEmpty = 0;
  example: string | undefined;

  add(text: string, isQuoted: boolean): boolean {
    if (text === "") {
      if (isQuoted) this.quotedEmpty += 1;
      else this.empty += 1;
      return false;
    }
    this.example ??= text;
    this.values += 1;
    return true;
  }

  /** Counts texts of blanks only, which are values or none. */
  addBlank(count: number, isNull: boolean): void {
    if (isNull) this.empty += count;
    else this.values += count;
  }

  /** Whether nothing but nulls stands in a column that nobody declared. */
  isValueless(quotedEmpty: CsvDialect["quotedEmpty"]): boolean {
    return this.values === 0 && (this.quotedEmpty === 0 || quotedEmpty === "null");
  }

  nulls(type: string, quotedEmpty: CsvDialect["quotedEmpty"]): number {
    return this.empty + (type === "string" && quotedEmpty === "text" ? 0 : this.quotedEmpty);
  }

  /** That nulls of a required column will be rejected. */
  missing(name: string, type: string, quotedEmpty: CsvDialect["quotedEmpty"]): readonly string[] {
    const nulls = this.nulls(type, quotedEmpty);
    if (nulls === 0) return [];
    return [
      `"${name}" is required and null in ${nulls} ${nulls === 1 ? "record, which is" : "records, which are"} rejected`,
    ];
  }

  /** `float64; 3 % null; like "41.88"` */
  comment(type: string, quotedEmpty: CsvDialect["quotedEmpty"]): string {
    const nulls = this.nulls(type, quotedEmpty);
    const total = this.values + this.empty + this.quotedEmpty;
    const share = (100 * nulls) / total;
    const percent = share >= 1 ? Math.round(share) : share >= 0.1 ? share.toFixed(1) : "< 0.1";
    const shown =
      nulls === 0 ? [] : [nulls === total ? "all null" : `${share > 99 && share < 100 ? "> 99" : percent} % null`];
    const like = this.example === undefined ? [] : [`like ${JSON.stringify(shorten(this.example))}`];
    return [type, ...shown, ...like].join("; ");
  }
}

/** A value as a message shows it. */
export function shorten(text: string): string {
  const letters = Array.from(text.slice(0, 100));
  return letters.length <= 40 ? letters.join("") : `${letters.slice(0, 39).join("")}…`;
}

/** The text of a part of a record. */
export function textIn(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString();
}
