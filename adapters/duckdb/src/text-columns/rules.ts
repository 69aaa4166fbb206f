import {
  acceptanceOf,
  type CsvDialect,
  type FrozenColumn,
  integerRanges,
  nullWordsOf,
  PARQUET,
  type ParquetType,
  parseType,
  type ScannableInput,
} from "@sluice/core";
import { FIRST_FREE } from "./kernel.ts";

/** How the kernel looks at a column; `../../kernel/accept-text.ts` has the same numbers. */
const KIND = { any: 0, signed: 1, unsigned: 2, decimal: 3, float: 4, words: 5, layout: 6, uuid: 7, unseen: 8 } as const;
const FLAG = { used: 1, nullable: 2, emptyIsText: 4, typed: 8 } as const;
/** What the value of a layout counts. */
const COUNT = { micros: 0, days: 1, timeOfDay: 2 } as const;
const RULE_BYTES = 32;

/** So many digits fit into 64 bits whatever they are. */
const MOST_DIGITS = 18;

/** What the kernel is told of an input; data that may go to another thread. */
export interface TextRules {
  /** The columns that are wanted, in the order of the file. */
  readonly used: readonly UsedColumn[];
  /** How many fields a record has. */
  readonly columns: number;
  /** The rules, those for a header behind them, as they lie in memory from `FIRST_FREE` on. */
  readonly bytes: Uint8Array;
  readonly rules: number;
  readonly header: number;
  readonly delimiter: number;
  readonly quote: number;
  readonly isCrlf: boolean;
  readonly hasHeader: boolean;
}

export interface UsedColumn {
  readonly name: string;
  readonly type: ParquetType;
  /** Bytes of each value; undefined where it stays text. */
  readonly width: number | undefined;
}

/** How the kernel gives the values of a column that it counts itself. */
type TypedValues = Required<Omit<UsedColumn, "name">>;

interface Rule {
  readonly kind: number;
  readonly first?: number;
  readonly second?: number;
  readonly most?: bigint;
  /** Bytes that stand elsewhere. */
  readonly table?: Uint8Array;
  readonly typed?: TypedValues | undefined;
}

const TEXT: Omit<UsedColumn, "name"> = {
  type: { physical: PARQUET.physical.bytes, converted: PARQUET.converted.utf8 },
  width: undefined,
};
const INT64: TypedValues = { type: { physical: PARQUET.physical.int64 }, width: 8 };

/**
 * Rules that accept less than the exact ones do, and nothing else; undefined for an input that has what they do not know: JSON, blanks
 * that are left out, words for null, partitions, records of lines, several orders of columns.
 *
 * @param asText columns that are wanted as they stand there
 */
export function rulesOf(
  input: ScannableInput,
  wanted: readonly string[],
  asText: ReadonlySet<string> = new Set(),
): TextRules | undefined {
  const { dialect, groups, columns, validate } = input;
  const [group, ...others] = groups;
  if (input.format !== "csv" || group === undefined || others.length > 0 || dialect === undefined) return undefined;
  if (!isPlainDialect(dialect) || input.printed !== undefined || input.early !== undefined) return undefined;
  if (group.order.length < 2 || nullWordsOf(columns).length > 0) return undefined;
  if (columns.some((column) => column.partition === true || !group.order.includes(column.name))) return undefined;
  if (group.files.some((file) => file.start !== undefined || file.unsound === true)) return undefined;
  const rules: { readonly rule: Rule; readonly flags: number }[] = [];
  const used: UsedColumn[] = [];
  for (const name of group.order) {
    const column = columns.find((one) => one.name === name);
    const isUsed = wanted.includes(name);
    const isSeen = column !== undefined && (isUsed || validate === "all");
    const rule = isSeen ? ruleOf(column) : { kind: KIND.unseen };
    if (rule === undefined) return undefined;
    const nullable = isSeen && !column.nullable ? 0 : FLAG.nullable;
    const emptyIsText = dialect.quotedEmpty === "text" ? FLAG.emptyIsText : 0;
    const typed = asText.has(name) ? undefined : rule.typed;
    if (isUsed) used.push({ name, ...(typed ?? TEXT) });
    const isTyped = isUsed && typed !== undefined ? FLAG.typed : 0;
    rules.push({ rule, flags: (isUsed ? FLAG.used : 0) | nullable | emptyIsText | isTyped });
  }
  const header = rules.map(() => ({ rule: { kind: KIND.unseen }, flags: FLAG.nullable }));
  return {
    used,
    columns: rules.length,
    ...layOut(FIRST_FREE, [...rules, ...header], rules.length),
    delimiter: dialect.delimiter.charCodeAt(0),
    quote: dialect.quote.charCodeAt(0),
    isCrlf: dialect.newline === "crlf",
    hasHeader: dialect.header,
  };
}

function isPlainDialect(dialect: CsvDialect): boolean {
  const { delimiter, quote, newline, comment, skip = 0, skipEnd = 0, looseHeader, ragged, fixed } = dialect;
  // Of blanks around a field that is quoted by blanks, the engine leaves some out.
  if (!isPlainLetter(delimiter) || !isPlainLetter(quote) || quote === " ") return false;
  if (delimiter === quote || dialect.escape !== quote) return false;
  if (newline !== "lf" && newline !== "crlf") return false;
  if (comment !== undefined || skip > 0 || skipEnd > 0) return false;
  return looseHeader !== true && ragged === undefined && fixed === undefined;
}

function isPlainLetter(text: string): boolean {
  return text.length === 1 && /[\t\x20-\x7e]/.test(text);
}

function ruleOf(column: FrozenColumn): Rule | undefined {
  if (column.trim === true || column.span !== undefined) return undefined;
  const { kind, layout, words, notation } = acceptanceOf(column);
  if (notation !== undefined) return undefined;
  const range = integerRanges[kind];
  if (range !== undefined) {
    const most = range[1];
    // Of more digits none are counted.
    const digits = Math.min(String(most).length, MOST_DIGITS);
    return { kind: range[0] < 0n ? KIND.signed : KIND.unsigned, first: digits, most, typed: INT64 };
  }
  switch (kind) {
    case "string":
      return { kind: KIND.any };
    case "decimal": {
      const type = parseType(column.type);
      if (type.kind !== "decimal") return undefined;
      const { precision, scale } = type;
      return { kind: KIND.decimal, first: precision - scale, second: scale, typed: decimalValues(precision, scale) };
    }
    case "float32":
    case "float64":
      return { kind: KIND.float, first: kind === "float64" ? 1 : 0 };
    case "uuid":
      return { kind: KIND.uuid };
    case "bool":
      return words === undefined ? undefined : wordsRule(words.flat());
    case "date":
    case "time":
    case "timestamp":
      return layoutRule(layout ?? "", kind);
    default:
      return undefined;
  }
}

function decimalValues(precision: number, scale: number): TypedValues | undefined {
  if (precision > MOST_DIGITS) return undefined;
  const { physical, converted } = PARQUET;
  return { type: { physical: physical.int64, converted: converted.decimal, precision, scale }, width: 8 };
}

const MOST_WORD_BYTES = 255;

function wordsRule(words: readonly string[]): Rule | undefined {
  if (words.some((word) => !/^[\x20-\x40\x5b-\x7e]+$/.test(word) || word.length > MOST_WORD_BYTES)) return undefined;
  const bytes = words.flatMap((word) => [word.length, ...Buffer.from(word)]);
  return { kind: KIND.words, table: Uint8Array.of(words.length, words.length >> 8, 0, 0, ...bytes) };
}

type Moment = "date" | "time" | "timestamp";

/** The parts of a layout and their digits, in the order in which the kernel looks for them. */
const PARTS = { Y: 4, m: 2, d: 2, H: 2, M: 2, S: 2, g: 3 } as const;
const LETTERS = Object.keys(PARTS);
/** A part, a fraction at the end of all, or what stands there as it is. */
const LAYOUT = /%(?:([YmdHMSg])|(f|\.f)$)|([\x20-\x24\x26-\x7e])/gy;
const MOST_LAYOUT_BYTES = 32;
/** Where things lie in the table of a layout; from `least` and `more` on there is a byte for each of the layout. */
const TABLE = { width: 0, parts: 2, least: 16, more: 48, bytes: 80 } as const;
const TAIL = { nothing: 0, fraction: 1, digits: 2 } as const;
const ABSENT = 255;

function layoutRule(layout: string, kind: Moment): Rule | undefined {
  const table = new Uint8Array(TABLE.bytes);
  table.fill(ABSENT, TABLE.parts, TABLE.parts + LETTERS.length).fill(ABSENT, TABLE.more);
  const found = new Set<string>();
  let [read, width, tail]: [number, number, number] = [0, 0, TAIL.nothing];
  for (const [whole, letter, fraction, literal = ""] of layout.matchAll(LAYOUT)) {
    read += whole.length;
    if (fraction !== undefined) tail = fraction === "f" ? TAIL.digits : TAIL.fraction;
    const bytes = letter === undefined ? literal : "0".repeat(PARTS[letter as keyof typeof PARTS]);
    if (width + bytes.length > MOST_LAYOUT_BYTES || (letter !== undefined && found.has(letter))) return undefined;
    table.set(Buffer.from(bytes), TABLE.least + width);
    table.fill(letter === undefined ? 0 : 9, TABLE.more + width, TABLE.more + width + bytes.length);
    if (letter !== undefined) table[TABLE.parts + LETTERS.indexOf(letter)] = width;
    found.add(letter ?? "");
    width += bytes.length;
  }
  // Blanks in front of a layout are looked at otherwise by the engine.
  if (read !== layout.length || width === 0 || layout.startsWith(" ") || (tail !== TAIL.nothing && found.has("g")))
    return undefined;
  table.set([width, tail], TABLE.width);
  const { counts, typed } = MOMENTS[kind];
  const isWhole = kind === "time" || ["Y", "m", "d"].every((letter) => found.has(letter));
  return { kind: KIND.layout, first: counts, table, typed: isWhole ? typed : undefined };
}

const { int32, int64 } = PARQUET.physical;
/** What of a day and a time is counted, and how. */
const MOMENTS: Readonly<Record<Moment, { readonly counts: number; readonly typed: TypedValues }>> = {
  date: { counts: COUNT.days, typed: { type: { physical: int32, converted: PARQUET.converted.date }, width: 4 } },
  time: { counts: COUNT.timeOfDay, typed: { type: { physical: int64, converted: PARQUET.converted.time }, width: 8 } },
  timestamp: { counts: COUNT.micros, typed: { type: { physical: int64, logical: "timestamp" }, width: 8 } },
};

function layOut(
  at: number,
  rules: readonly { readonly rule: Rule; readonly flags: number }[],
  columns: number,
): { readonly bytes: Uint8Array; readonly rules: number; readonly header: number } {
  const tables = rules.reduce((total, { rule }) => total + (rule.table?.length ?? 0), 0);
  const bytes = new Uint8Array(rules.length * RULE_BYTES + tables);
  const view = new DataView(bytes.buffer);
  let table = rules.length * RULE_BYTES;
  for (const [index, { rule, flags }] of rules.entries()) {
    const start = index * RULE_BYTES;
    bytes.set([rule.kind, flags, rule.first ?? 0, rule.second ?? 0], start);
    view.setBigUint64(start + 8, rule.most ?? 0n, true);
    if (rule.table === undefined) continue;
    view.setUint32(start + 4, at + table, true);
    bytes.set(rule.table, table);
    table += rule.table.length;
  }
  return { bytes, rules: at, header: at + columns * RULE_BYTES };
}
