import { type CsvDialect, createAccepter, type FrozenColumn, SluiceError, visibleText } from "@sluice/core";
import { ambiguity, NUMERIC_LAYOUTS, preferred } from "./choose-layout.ts";
import { Counts, shorten, textIn } from "./column-counts.ts";
import type { ColumnDeclaration, ColumnFinding, ColumnProfile } from "./column-profile.ts";
import { marksOf } from "./number-marks.ts";
import { Padding } from "./padding.ts";
import { LayoutCounter } from "./value-kinds.ts";

const BOOL_WORDS: readonly (readonly [string, string])[] = [
  ["true", "false"],
  ["yes", "no"],
  ["y", "n"],
  ["t", "f"],
  ["1", "0"],
  ["on", "off"],
];

/** Finds out how a column of a declared type is written, and how many of its values are none. */
export class Declared implements ColumnProfile {
  private readonly name: string;
  private readonly type: string;
  private readonly declaration: ColumnDeclaration;
  private readonly counts = new Counts();
  private readonly padding: Padding;
  private readonly layouts: LayoutCounter | undefined;
  private readonly words = BOOL_WORDS.map(() => 0);
  private readonly accepter: ((text: string | null) => string | undefined) | undefined;
  private misfits = 0;
  private firstMisfit: readonly [text: string, line: number] | undefined;

  constructor(name: string, declaration: ColumnDeclaration, type: string) {
    this.name = name;
    this.type = type;
    this.declaration = declaration;
    // In a text, blanks may be meant, and JSON takes them: then only its author says that they are left out.
    const mayBeMeant = type === "string" || type === "json";
    const trim = mayBeMeant ? (declaration.trim ?? false) : declaration.trim;
    this.padding = new Padding(trim, declaration.nulls);
    const format = declaration.format === undefined ? {} : { format: declaration.format };
    const isOpen = isTimeType(type) && declaration.format === undefined;
    this.layouts = isOpen ? new LayoutCounter((candidate) => candidate.type === type, NUMERIC_LAYOUTS) : undefined;
    this.accepter =
      isOpen || type === "bool"
        ? undefined
        : createAccepter({ name, type, nullable: true, ...format, ...marksOf(declaration, type) });
  }

  add(found: string, isQuoted: boolean, line: number): void {
    const text = this.padding.value(found);
    if (text === "" && found !== "") return;
    if (!this.counts.add(text, isQuoted)) return;
    if (this.layouts !== undefined) {
      if (!this.layouts.add(text)) this.miss(text, line);
    } else if (this.type === "bool") {
      const word = text.toLowerCase();
      for (const [index, pair] of BOOL_WORDS.entries()) {
        if (pair.includes(word)) this.words[index] = (this.words[index] ?? 0) + 1;
      }
    } else if (this.accepter?.(text) !== undefined) {
      this.miss(text, line);
    }
  }

  addBytes(bytes: Uint8Array, from: number, to: number, isQuoted: boolean, line: number): void {
    this.add(textIn(bytes, from, to), isQuoted, line);
  }

  finish(quotedEmpty: CsvDialect["quotedEmpty"]): ColumnFinding {
    const { name, type, counts, declaration } = this;
    const { values } = counts;
    const trim = this.padding.frozen(type);
    counts.addBlank(this.padding.blank, trim.trim === true);
    const of = (more: Partial<FrozenColumn>, warnings: readonly string[]): ColumnFinding => ({
      column: {
        name,
        type,
        nullable: !declaration.isRequired,
        ...more,
        ...marksOf(declaration, type),
        ...trim,
        comment: counts.comment(type, quotedEmpty),
      },
      warnings: declaration.isRequired ? [...warnings, ...counts.missing(name, type, quotedEmpty)] : warnings,
    });
    if (this.layouts !== undefined && values > 0) {
      const most = Math.max(0, ...this.layouts.tallies.map((tally) => tally.count));
      const layout = preferred(this.layouts.tallies, most);
      if (layout === undefined) {
        throw new SluiceError(
          "config",
          `"${name}" is declared ${type}, and no known layout of one fits ${JSON.stringify(counts.example)}`,
          {
            offending: type,
            hint: `say how it is written: formats: { ${JSON.stringify(name)}: "%Y-%m-%d" }`,
          },
        );
      }
      const doubts = ambiguity(name, layout, this.layouts.tallies, most, counts.example ?? "");
      return of({ format: layout.layout }, [...doubts, ...this.rejects(values - most)]);
    }
    if (type === "bool") {
      const most = Math.max(...this.words);
      const pair = BOOL_WORDS[this.words.indexOf(most)] ?? BOOL_WORDS[0];
      const words = pair === undefined || most === 0 ? {} : { words: [[pair[0]], [pair[1]]] as const };
      return of(words, this.rejects(values - most));
    }
    return of(declaration.format === undefined ? {} : { format: declaration.format }, this.rejects(this.misfits));
  }

  private miss(text: string, line: number): void {
    this.misfits += 1;
    this.firstMisfit ??= [text, line];
  }

  private rejects(count: number): readonly string[] {
    if (count === 0) return [];
    const first = this.firstMisfit;
    const example = first === undefined ? "" : `, the first ${visibleText(shorten(first[0]))} in line ${first[1]}`;
    return [
      `"${this.name}" is declared ${this.type}: ${count} of ${this.counts.values} values are none and will be rejected${example}`,
    ];
  }
}

function isTimeType(type: string): boolean {
  return type === "date" || type === "time" || type === "timestamp" || type === "timestamptz";
}
