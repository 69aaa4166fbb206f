import {
  type CsvDialect,
  createAccepter,
  type FrozenColumn,
  LAYOUT_CANDIDATES,
  type LayoutCandidate,
  SluiceError,
} from "@sluice/core";
import { kindOf, LayoutCounter, type LayoutTally, type ValueKind } from "./value-kinds.ts";

/** What was found of a column. */
export interface ColumnFinding {
  readonly column: FrozenColumn;
  readonly warnings: readonly string[];
}

export interface ColumnDeclaration {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly isRequired: boolean;
}

/** Takes every value of a column, once, and says what the column is. */
export interface ColumnProfile {
  /** `line` is where the record starts. */
  add(text: string, isQuoted: boolean, line: number): void;
  finish(quotedEmpty: CsvDialect["quotedEmpty"]): ColumnFinding;
}

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

const BOOL_WORDS: readonly (readonly [string, string])[] = [
  ["true", "false"],
  ["yes", "no"],
  ["y", "n"],
  ["t", "f"],
  ["1", "0"],
  ["on", "off"],
];

/** Layouts that are tried only where the author says that a column holds times: their values look like numbers. */
const NUMERIC_LAYOUTS: readonly LayoutCandidate[] = [
  { type: "date", layout: "%Y%m%d" },
  { type: "timestamp", layout: "%Y%m%d%H%M%S" },
  { type: "timestamp", layout: "%Y%m%dT%H%M%S" },
  { type: "timestamptz", layout: "%Y%m%dT%H%M%SZ" },
];

/** Begins a profile: guessing where nothing was declared, else finding out how the declared type is written. */
export function createProfile(name: string, declaration: ColumnDeclaration): ColumnProfile {
  return declaration.type === undefined
    ? new Guess(name, declaration)
    : new Declared(name, declaration, declaration.type);
}

/** What both kinds of profile count. */
class Counts {
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

function shorten(text: string): string {
  const letters = Array.from(text.slice(0, 100));
  return letters.length <= 40 ? letters.join("") : `${letters.slice(0, 39).join("")}…`;
}

class Guess implements ColumnProfile {
  private readonly name: string;
  private readonly isRequired: boolean;
  private readonly counts = new Counts();
  private readonly kinds: Record<ValueKind, number> = {
    int: 0,
    wide: 0,
    float: 0,
    bool: 0,
    uuid: 0,
    coded: 0,
    other: 0,
  };
  private readonly layouts = new LayoutCounter();
  /** The first value of each kind that could spoil another, and its line. */
  private readonly firsts = new Map<ValueKind | "time", readonly [text: string, line: number]>();
  private unexact = 0;
  private padded = 0;
  /** The words that no kind explains, while they are few. */
  private readonly words = new Map<string, number>();
  private isText = false;
  private last = "";
  private lastKind: ValueKind | undefined;

  constructor(name: string, { isRequired }: ColumnDeclaration) {
    this.name = name;
    this.isRequired = isRequired;
  }

  add(text: string, isQuoted: boolean, line: number): void {
    if (!this.counts.add(text, isQuoted) || this.isText) return;
    // Sorted and repeated values are common, and to look at one costs the most of this pass.
    if (text === this.last && this.lastKind !== undefined) {
      this.kinds[this.lastKind] += 1;
      return;
    }
    const kind = kindOf(text);
    this.last = text;
    this.lastKind = kind === "other" || (kind === "int" && text.length > 16) ? undefined : kind;
    if (kind === "other" && this.layouts.add(text)) {
      this.kinds.other += 1;
      if (!this.firsts.has("time")) this.firsts.set("time", [text, line]);
      return;
    }
    this.kinds[kind] += 1;
    if (!this.firsts.has(kind)) this.firsts.set(kind, [text, line]);
    if (kind === "int" && text.length > 16) this.unexact += 1;
    if (kind === "other") this.lookAtMisfit(text);
    // Enough seen: the rest of a text need not be looked at.
    if (kind === "other" || kind === "coded") {
      this.isText = this.counts.values >= 1000 && this.words.size > 1 && this.bestShare() < 0.9;
    }
  }

  finish(quotedEmpty: CsvDialect["quotedEmpty"]): ColumnFinding {
    const { counts, kinds, name, isRequired } = this;
    const { values } = counts;
    const of = (type: string, more: Partial<FrozenColumn> = {}, warnings: readonly string[] = []): ColumnFinding => ({
      column: { name, type, nullable: !isRequired, ...more, comment: counts.comment(type, quotedEmpty) },
      warnings: isRequired ? [...warnings, ...counts.missing(name, type, quotedEmpty)] : warnings,
    });
    if (values === 0 || this.isText) return of("string");
    if (kinds.bool === values) return of("bool");
    if (kinds.int === values) return of("int64");
    if (kinds.int + kinds.wide === values) return of("decimal(38,0)");
    if (kinds.int + kinds.wide + kinds.float === values) return of("float64", {}, this.doubtsOfFloat());
    if (kinds.uuid === values) return of("uuid");
    const layout = preferred(this.layouts.tallies, values);
    if (layout !== undefined) {
      const doubts = ambiguity(name, layout, this.layouts.tallies, values, this.firsts.get("time")?.[0] ?? "");
      return of(layout.type, { format: layout.layout }, doubts);
    }
    return of("string", {}, this.doubtsOfText());
  }

  private lookAtMisfit(text: string): void {
    const trimmed = text.trim();
    if (trimmed.length < text.length && isNumber(kindOf(trimmed))) this.padded += 1;
    else if (this.words.size < 2 || this.words.has(text)) this.words.set(text, (this.words.get(text) ?? 0) + 1);
  }

  private bestShare(): number {
    const { kinds, counts, layouts } = this;
    const times = layouts.tallies.reduce((most, tally) => Math.max(most, tally.count), 0);
    return Math.max(kinds.int + kinds.wide + kinds.float, kinds.bool, kinds.uuid, times) / counts.values;
  }

  private doubtsOfFloat(): readonly string[] {
    if (this.unexact + this.kinds.wide === 0) return [];
    return [
      `"${this.name}" is float64 and holds whole numbers of more than 15 digits, which it rounds: declare it decimal or string`,
    ];
  }

  /** A text that is nearly something else: then a few bad values decide, and a person should know which. */
  private doubtsOfText(): readonly string[] {
    const { kinds, counts, layouts, name } = this;
    const { values } = counts;
    if (kinds.coded > 0 || values < 20) return [];
    const numbers = kinds.int + kinds.wide + kinds.float;
    if (this.padded > 0 && this.padded + numbers === values) {
      return [
        `"${name}" is string because ${this.padded} of ${values} numbers have blanks around them: trim and cast it in a step`,
      ];
    }
    const [[word, times] = ["", 0], ...others] = this.words;
    if (others.length === 0 && NULL_WORDS.has(word.toLowerCase()) && numbers > 0 && times + numbers === values) {
      return [
        `"${name}" is string because of ${JSON.stringify(word)} in ${times} of ${values} values, all others are numbers: nullIf and a cast in a step make numbers of it`,
      ];
    }
    const time = layouts.tallies.reduce<LayoutTally | undefined>(
      (most, tally) => (most === undefined || tally.count > most.count ? tally : most),
      undefined,
    );
    const options: readonly (readonly [string, number])[] = [
      [kinds.float > 0 ? "float64" : "int64", numbers],
      ["bool", kinds.bool],
      ["uuid", kinds.uuid],
      [time?.candidate.type ?? "date", time?.count ?? 0],
    ];
    const [type, count] = options.reduce((most, option) => (option[1] > most[1] ? option : most));
    if (count < 0.95 * values) return [];
    const isTime = time !== undefined && count === time.count && numbers < count;
    const spoiler = [...this.firsts].find(([kind]) =>
      isTime
        ? kind !== "time"
        : type === "bool" || type === "uuid"
          ? kind !== type
          : !["int", "wide", "float"].includes(kind),
    );
    const example =
      spoiler === undefined ? "" : `, the first ${JSON.stringify(shorten(spoiler[1][0]))} in line ${spoiler[1][1]}`;
    const misfits = values - count;
    return [
      `"${name}" is string because ${misfits} of ${values} values ${misfits === 1 ? "is" : "are"} no ${type}${example}: declare its type to reject them`,
    ];
  }
}

class Declared implements ColumnProfile {
  private readonly name: string;
  private readonly type: string;
  private readonly declaration: ColumnDeclaration;
  private readonly counts = new Counts();
  private readonly layouts: LayoutCounter | undefined;
  private readonly words = BOOL_WORDS.map(() => 0);
  private readonly accepter: ((text: string | null) => string | undefined) | undefined;
  private misfits = 0;
  private firstMisfit: readonly [text: string, line: number] | undefined;

  constructor(name: string, declaration: ColumnDeclaration, type: string) {
    this.name = name;
    this.type = type;
    this.declaration = declaration;
    const format = declaration.format === undefined ? {} : { format: declaration.format };
    const isOpen = isTimeType(type) && declaration.format === undefined;
    this.layouts = isOpen ? new LayoutCounter((candidate) => candidate.type === type, NUMERIC_LAYOUTS) : undefined;
    this.accepter = isOpen || type === "bool" ? undefined : createAccepter({ name, type, nullable: true, ...format });
  }

  add(text: string, isQuoted: boolean, line: number): void {
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

  finish(quotedEmpty: CsvDialect["quotedEmpty"]): ColumnFinding {
    const { name, type, counts, declaration } = this;
    const { values } = counts;
    const of = (more: Partial<FrozenColumn>, warnings: readonly string[]): ColumnFinding => ({
      column: { name, type, nullable: !declaration.isRequired, ...more, comment: counts.comment(type, quotedEmpty) },
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
    const example = first === undefined ? "" : `, the first ${JSON.stringify(shorten(first[0]))} in line ${first[1]}`;
    return [
      `"${this.name}" is declared ${this.type}: ${count} of ${this.counts.values} values are none and will be rejected${example}`,
    ];
  }
}

function isNumber(kind: ValueKind): boolean {
  return kind === "int" || kind === "wide" || kind === "float";
}

function isTimeType(type: string): boolean {
  return type === "date" || type === "time" || type === "timestamp" || type === "timestamptz";
}

const RANKS: ReadonlyMap<string, number> = new Map(
  [...LAYOUT_CANDIDATES, ...NUMERIC_LAYOUTS].map((candidate, index) => [candidate.layout, index]),
);

/** Of the layouts that so many values fit, the one that stands first in the list of candidates. */
function preferred(tallies: readonly LayoutTally[], values: number): LayoutCandidate | undefined {
  const fitting = tallies.filter((tally) => tally.count === values && values > 0);
  const rank = ({ candidate }: LayoutTally): number => RANKS.get(candidate.layout) ?? Number.POSITIVE_INFINITY;
  return fitting.reduce<LayoutTally | undefined>(
    (first, tally) => (first === undefined || rank(tally) < rank(first) ? tally : first),
    undefined,
  )?.candidate;
}

/** Two readings that fit: day first and month first. */
function ambiguity(
  name: string,
  taken: LayoutCandidate,
  tallies: readonly LayoutTally[],
  values: number,
  example: string,
): readonly string[] {
  if (taken.order === undefined) return [];
  const other = preferred(
    tallies.filter(({ candidate }) => candidate.order !== undefined && candidate.order !== taken.order),
    values,
  );
  if (other === undefined) return [];
  const words = { day: "day first", month: "month first" };
  return [
    `"${name}" fits two layouts: every value can be read as ${taken.layout} (${words[taken.order]}, which was taken) and as ${other.layout} (${words[other.order ?? "month"]}), for example ${JSON.stringify(example)}: declare formats: { ${JSON.stringify(name)}: ${JSON.stringify(other.layout)} } if that is meant`,
  ];
}
