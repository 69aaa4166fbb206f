import type { CsvDialect, RecordProblem, TextRecord } from "@sluice/core";

/** What is counted of the records of all files while their values are looked at. */
export class PassCounts {
  records = 0;
  rejected = 0;
  /** Records that were filled up. */
  padded = 0;
  private sawQuotedEmpty = false;
  private sawUnquoted = false;
  private readonly problems = new Map<
    RecordProblem,
    { count: number; readonly origin: string; readonly line: number }
  >();
  private readonly guessed: CsvDialect["newline"];
  private mark: string | undefined;
  private short = 0;
  private long = 0;

  constructor(guessed: CsvDialect["newline"]) {
    this.guessed = guessed;
  }

  add(record: TextRecord, origin: string, isPadded: boolean): void {
    if (record.lineEndLength === 1) this.short += 1;
    else if (record.lineEndLength === 2) this.long += 1;
    if (record.record === 0) return;
    this.records += 1;
    const { problem } = record;
    if (problem === undefined) return;
    if (isPadded) {
      this.padded += 1;
      return;
    }
    this.rejected += 1;
    const seen = this.problems.get(problem);
    if (seen === undefined) this.problems.set(problem, { count: 1, origin, line: record.line });
    else seen.count += 1;
  }

  /** Takes a record that begins with a byte order mark, which belongs at the start of a file. */
  sawMark(origin: string, line: number): void {
    this.mark ??= `${origin}: a byte order mark in line ${line}: were two files put together?`;
  }

  sawField(isQuoted: boolean, isEmpty: boolean): void {
    if (!isQuoted) this.sawUnquoted = true;
    else if (isEmpty) this.sawQuotedEmpty = true;
  }

  /** Whether some field, a name in the header too, stood without quotes: then a quoted empty one is text. */
  get hasUnquoted(): boolean {
    return this.sawUnquoted;
  }

  /** How lines end, from all of them. */
  newline(): CsvDialect["newline"] {
    if (this.guessed === "cr") return this.long > 0 ? "mixed" : "cr";
    if (this.short > 0 && this.long > 0) return "mixed";
    return this.long > 0 ? "crlf" : "lf";
  }

  /** In a file that puts everything in quotes, empty ones are how it writes null. In any other, whoever wrote it put them there. */
  quotedEmpty(): CsvDialect["quotedEmpty"] {
    return this.sawQuotedEmpty && !this.sawUnquoted ? "null" : "text";
  }

  warnings(): readonly string[] {
    const problems = [...this.problems].map(([problem, { count, origin, line }]) => {
      const records = count === 1 ? "1 record" : `${count} records`;
      return `${records} of ${this.records} will be rejected: the first, ${origin} line ${line}, ${problem}`;
    });
    return this.mark === undefined ? problems : [this.mark, ...problems];
  }
}
