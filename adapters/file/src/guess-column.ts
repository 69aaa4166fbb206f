import { type CsvDialect, type FrozenColumn, visibleText, withoutBlanks } from "@sluice/core";
import { ambiguity, preferred } from "./choose-layout.ts";
import { Counts, shorten, textIn } from "./column-counts.ts";
import type { ColumnDeclaration, ColumnFinding, ColumnProfile } from "./column-profile.ts";
import { plainNumber } from "./field-bounds.ts";
import { isRoundedBeyond, MOST_DIGITS, NumberDigits, significantDigits } from "./number-digits.ts";
import { createKindOf, type Marks, MarkTally, marksOf } from "./number-marks.ts";
import { Padding } from "./padding.ts";
import { kindOf, LayoutCounter, type LayoutTally, type ValueKind } from "./value-kinds.ts";

/** What people write for "nothing"; it is never taken for null unasked. */
const NULL_WORDS: ReadonlySet<string> = new Set([
  "na",
  "n/a",
  "#n/a",
  "nan",
  "null",
  "none",
  "nil",
  "-",
  "--",
  ".",
  "?",
  "\\n",
  "unknown",
]);

/** Of fewer values, which of them is the odd one cannot be told. */
const LEAST_VALUES = 4;

/** Finds out what a column is: the narrowest type that every value has. */
export class Guess implements ColumnProfile {
  private readonly name: string;
  private readonly declaration: ColumnDeclaration;
  private readonly kindOf: (text: string) => ValueKind;
  private readonly marks = new MarkTally();
  private readonly counts = new Counts();
  private readonly padding: Padding;
  private readonly digits: NumberDigits;
  private readonly kinds: Record<ValueKind, number> = {
    int: 0,
    wide: 0,
    float: 0,
    special: 0,
    bool: 0,
    uuid: 0,
    coded: 0,
    other: 0,
  };
  private readonly layouts = new LayoutCounter();
  /** The first value of each kind that could spoil another, and its line. */
  private readonly firsts = new Map<ValueKind | "time", readonly [text: string, line: number]>();
  private isUnexact = false;
  private rounded = 0;
  private padded = 0;
  /** How many values are NaN, and the first of them as it is written. */
  private notNumbers = 0;
  private notNumber = "";
  /** The words that no kind explains, while they are few. */
  private readonly words = new Map<string, number>();
  private isText = false;
  private last = "";
  private lastKind: ValueKind | undefined;

  constructor(name: string, declaration: ColumnDeclaration) {
    this.name = name;
    this.declaration = declaration;
    this.kindOf = createKindOf(declaration);
    this.digits = new NumberDigits(declaration.decimal);
    this.padding = new Padding(declaration.trim, declaration.nulls);
  }

  add(found: string, isQuoted: boolean, line: number): void {
    const text = this.padding.value(found);
    if (text === "" && found !== "") return;
    if (!this.counts.add(text, isQuoted) || this.isText) return;
    // Sorted and repeated values are common, and to look at one costs the most of this pass.
    if (text === this.last && this.lastKind !== undefined && this.lastKind !== "special") {
      this.kinds[this.lastKind] += 1;
      return;
    }
    const kind = this.kindOf(text);
    this.last = text;
    this.lastKind = kind === "other" || text.length > 16 ? undefined : kind;
    if (kind === "other" && this.layouts.add(text)) {
      if (!this.firsts.has("time")) this.firsts.set("time", [text, line]);
      return;
    }
    if (this.kinds[kind] === 0) this.firsts.set(kind, [text, line]);
    this.kinds[kind] += 1;
    if (kind === "float" || kind === "int" || kind === "wide") this.digits.add(text);
    if (!this.isUnexact && text.length > 15 && isNumber(kind)) {
      this.isUnexact = isRoundedBeyond(text, this.declaration.decimal);
    }
    if (kind === "float" && text.length > MOST_DIGITS && significantDigits(text) > MOST_DIGITS) this.rounded += 1;
    if (kind === "special" && /n$/i.test(text)) {
      this.notNumbers += 1;
      if (this.notNumber === "") this.notNumber = text;
    }
    if (kind === "other" && !this.marks.add(text)) this.lookAtMisfit(text);
    // Enough seen: the rest of a text need not be looked at.
    if (kind === "other" || kind === "coded") {
      this.isText = this.counts.values >= 1000 && this.words.size > 1 && this.bestShare() < 0.9;
    }
  }

  addBytes(bytes: Uint8Array, from: number, to: number, isQuoted: boolean, line: number): void {
    const { counts, kinds } = this;
    if (from < to && counts.values > 0 && this.kindOf === kindOf) {
      const number = this.isText ? 0 : plainNumber(bytes, from, to);
      if (
        this.isText ||
        (number === 1 && kinds.int > 0) ||
        (number === 2 && kinds.float > 0 && to - from <= MOST_DIGITS)
      ) {
        counts.values += 1;
        if (number !== 0) this.digits.addBytes(bytes, from, to);
        if (number === 1) kinds.int += 1;
        if (number === 2) kinds.float += 1;
        return;
      }
    }
    this.add(from === to ? "" : textIn(bytes, from, to), isQuoted, line);
  }

  finish(quotedEmpty: CsvDialect["quotedEmpty"]): ColumnFinding {
    const { counts, kinds, name, declaration } = this;
    const { isRequired } = declaration;
    const { values } = counts;
    const of = (type: string, more: Partial<FrozenColumn> = {}, warnings: readonly string[] = []): ColumnFinding => {
      const trim = this.padding.frozen(type);
      counts.addBlank(this.padding.blank, trim.trim === true);
      return {
        column: {
          name,
          type,
          nullable: !isRequired,
          ...marksOf(declaration, type),
          ...trim,
          ...more,
          comment: counts.comment(type, quotedEmpty),
        },
        ...(counts.isValueless(quotedEmpty) ? { isValueless: true as const } : {}),
        warnings: isRequired ? [...warnings, ...counts.missing(name, type, quotedEmpty)] : warnings,
      };
    };
    if (values === 0 || this.isText) return of("string");
    if (kinds.bool === values) return of("bool");
    if (kinds.int === values) return of("int64");
    if (kinds.int + kinds.wide === values) return of("decimal(38,0)");
    const numbers = kinds.int + kinds.wide + kinds.float;
    // Without a number among them, `nan` and `inf` are words of people.
    if (numbers > 0 && numbers + kinds.special === values) {
      const rounded = this.roundedByFloat();
      if (rounded === undefined) return of("float64", {}, this.doubtsOfNaN());
      if (kinds.special > 0) {
        return of("string", {}, [
          `"${name}" is string because it holds ${rounded}, which a float64 rounds, and ${JSON.stringify(this.firsts.get("special")?.[0])}, which no decimal is: declare its type`,
        ]);
      }
      const exact = this.digits.decimal();
      if (exact !== undefined) return of(exact);
      return of("string", {}, [
        `"${name}" is string because it holds ${rounded}, which a float64 rounds, and no decimal holds all its values: declare its type`,
      ]);
    }
    if (kinds.special === values) {
      const word = JSON.stringify(this.firsts.get("special")?.[0]);
      return of("string", {}, [
        `"${name}" is string because all its values are words such as ${word}, with no number among them: declare its type if they are numbers, or nulls: [${word}] if they mean that there is none`,
      ]);
    }
    if (kinds.uuid === values) return of("uuid");
    const layout = preferred(this.layouts.tallies, values);
    if (layout !== undefined) {
      const doubts = ambiguity(name, layout, this.layouts.tallies, values, this.firsts.get("time")?.[0] ?? "");
      return of(layout.type, { format: layout.layout }, doubts);
    }
    const marked = this.marks.verdict(values - kinds.special, kinds.int, kinds.float);
    if (marked?.isCertain === true && declaration.mayGuessNumbers === true) {
      const type = kinds.special > 0 ? "float64" : marked.type;
      return of(type, marksOf(marked.marks, type), this.doubtsOfNaN());
    }
    return of("string", {}, marked === undefined ? this.doubtsOfText() : [doubtOfMarks(name, marked)]);
  }

  private lookAtMisfit(text: string): void {
    const trimmed = withoutBlanks(text);
    if (trimmed.length < text.length && isNumber(kindOf(trimmed))) this.padded += 1;
    else if (this.words.size < 2 || this.words.has(text)) this.words.set(text, (this.words.get(text) ?? 0) + 1);
  }

  private bestShare(): number {
    const { kinds, counts, layouts } = this;
    const times = layouts.tallies.reduce((most, tally) => Math.max(most, tally.count), 0);
    const numbers = kinds.int + kinds.wide + kinds.float + kinds.special + this.marks.most;
    return Math.max(numbers, kinds.bool, kinds.uuid, times) / counts.values;
  }

  /** What of the column a float64 would round. */
  private roundedByFloat(): string | undefined {
    if (this.isUnexact || this.kinds.wide > 0) return "whole numbers of more than 15 digits";
    return this.rounded > 0 ? `numbers of more than ${MOST_DIGITS} digits` : undefined;
  }

  /** NaN is a value that many programs write for none, and it makes sums of everything NaN. */
  private doubtsOfNaN(): readonly string[] {
    if (this.notNumbers === 0) return [];
    const word = JSON.stringify(this.notNumber);
    return [
      `"${this.name}" is NaN in ${this.notNumbers} of ${this.counts.values} values: declare nulls: [${word}] if ${word} means that there is none`,
    ];
  }

  /** A text that is nearly something else: then a few bad values decide, and a person should know which. */
  private doubtsOfText(): readonly string[] {
    const { kinds, counts, layouts, name } = this;
    const { values } = counts;
    if (kinds.coded > 0 || values < LEAST_VALUES) return [];
    const finite = kinds.int + kinds.wide + kinds.float;
    const numbers = finite === 0 ? 0 : finite + kinds.special;
    if (this.padded > 0 && this.padded + numbers === values) {
      return [
        `"${name}" is string because ${this.padded} of ${values} numbers have blanks around them: leave out trim: false to have them read`,
      ];
    }
    const [[word, times] = ["", 0], ...others] = this.words;
    if (others.length === 0 && NULL_WORDS.has(word.toLowerCase()) && numbers > 0 && times + numbers === values) {
      return [
        `"${name}" is string because of ${JSON.stringify(word)} in ${times} of ${values} values, all others are numbers: declare nulls: [${JSON.stringify(word)}] if it means that there is none`,
      ];
    }
    const time = layouts.tallies.reduce<LayoutTally | undefined>(
      (most, tally) => (most === undefined || tally.count > most.count ? tally : most),
      undefined,
    );
    const options: readonly (readonly [string, number])[] = [
      [kinds.float + kinds.special > 0 ? "float64" : "int64", numbers],
      ["bool", kinds.bool],
      ["uuid", kinds.uuid],
      [time?.candidate.type ?? "date", time?.count ?? 0],
    ];
    const [type, count] = options.reduce((most, option) => (option[1] > most[1] ? option : most));
    if (count < (values < 20 ? values - 1 : 0.95 * values)) return [];
    const isTime = time !== undefined && count === time.count && numbers < count;
    const spoiler = [...this.firsts].find(([kind]) =>
      isTime
        ? kind !== "time"
        : type === "bool" || type === "uuid"
          ? kind !== type
          : !["int", "wide", "float", "special"].includes(kind),
    );
    const example =
      spoiler === undefined ? "" : `, the first ${visibleText(shorten(spoiler[1][0]))} in line ${spoiler[1][1]}`;
    const misfits = values - count;
    return [
      `"${name}" is string because ${misfits} of ${values} values ${misfits === 1 ? "is" : "are"} no ${type}${example}: declare its type to reject them`,
    ];
  }
}

function doubtOfMarks(name: string, { marks, example }: { readonly marks: Marks; readonly example: string }): string {
  const { decimal, thousands } = marks;
  const said = [
    ...(decimal === undefined ? [] : [`decimal: ${JSON.stringify(decimal)}`]),
    ...(thousands === undefined ? [] : [`thousands: ${JSON.stringify(thousands)}`]),
  ].join(", ");
  return `"${name}" is string: all its values may be numbers with marks, for example ${visibleText(shorten(example))}: declare ${said} if they are`;
}

function isNumber(kind: ValueKind): boolean {
  return kind === "int" || kind === "wide" || kind === "float";
}
