import {
  acceptanceOf,
  type CsvDialect,
  type FrozenColumn,
  integerRanges,
  nullWordsOf,
  parseType,
  type ScannableInput,
} from "@sluice/core";
import { FIRST_FREE } from "./kernel.ts";

/** How the kernel looks at a column; `../../kernel/accept-text.ts` has the same numbers. */
const KIND = { any: 0, signed: 1, unsigned: 2, decimal: 3, float: 4, words: 5, layout: 6, uuid: 7, unseen: 8 } as const;
const FLAG = { used: 1, nullable: 2, emptyIsText: 4 } as const;
const RULE_BYTES = 32;

/** What the kernel is told of an input; data that may go to another thread. */
export interface TextRules {
  /** The columns that are wanted, in the order of the file. */
  readonly used: readonly string[];
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

interface Rule {
  readonly kind: number;
  readonly first?: number;
  readonly second?: number;
  readonly most?: bigint;
  /** Bytes that stand elsewhere. */
  readonly table?: Uint8Array;
}

/**
 * Rules that accept less than the exact ones do, and nothing else; undefined for an input that has what they do not know: JSON, blanks
 * that are left out, words for null, partitions, records of lines, several orders of columns.
 */
export function rulesOf(input: ScannableInput, wanted: readonly string[]): TextRules | undefined {
  const { dialect, groups, columns, validate } = input;
  const [group, ...others] = groups;
  if (input.format !== "csv" || group === undefined || others.length > 0 || dialect === undefined) return undefined;
  if (!isPlainDialect(dialect) || input.printed !== undefined || input.early !== undefined) return undefined;
  if (group.order.length < 2 || nullWordsOf(columns).length > 0) return undefined;
  if (columns.some((column) => column.partition === true || !group.order.includes(column.name))) return undefined;
  if (group.files.some((file) => file.start !== undefined || file.unsound === true)) return undefined;
  const rules: { readonly rule: Rule; readonly flags: number }[] = [];
  for (const name of group.order) {
    const column = columns.find((one) => one.name === name);
    const isUsed = wanted.includes(name);
    const isSeen = column !== undefined && (isUsed || validate === "all");
    const rule = isSeen ? ruleOf(column) : { kind: KIND.unseen };
    if (rule === undefined) return undefined;
    const nullable = isSeen && !column.nullable ? 0 : FLAG.nullable;
    const emptyIsText = dialect.quotedEmpty === "text" ? FLAG.emptyIsText : 0;
    rules.push({ rule, flags: (isUsed ? FLAG.used : 0) | nullable | emptyIsText });
  }
  const header = rules.map(() => ({ rule: { kind: KIND.unseen }, flags: FLAG.nullable }));
  return {
    used: group.order.filter((name) => wanted.includes(name)),
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
    // 18 digits fit whatever they are, and more are not counted.
    const digits = Math.min(String(most).length, 18);
    return { kind: range[0] < 0n ? KIND.signed : KIND.unsigned, first: digits, most };
  }
  switch (kind) {
    case "string":
      return { kind: KIND.any };
    case "decimal": {
      const type = parseType(column.type);
      if (type.kind !== "decimal") return undefined;
      return { kind: KIND.decimal, first: type.precision - type.scale, second: type.scale };
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
      return layoutRule(layout ?? "");
    default:
      return undefined;
  }
}

const MOST_WORD_BYTES = 255;

function wordsRule(words: readonly string[]): Rule | undefined {
  if (words.some((word) => !/^[\x20-\x40\x5b-\x7e]+$/.test(word) || word.length > MOST_WORD_BYTES)) return undefined;
  const bytes = words.flatMap((word) => [word.length, ...Buffer.from(word)]);
  return { kind: KIND.words, table: Uint8Array.of(words.length, words.length >> 8, 0, 0, ...bytes) };
}

/** Letters of a layout that the kernel knows. */
const KNOWN = /%([YmdHMSgf])|%(\.)f|([^%])/gy;

function layoutRule(layout: string): Rule | undefined {
  const bytes: number[] = [];
  let read = 0;
  for (const [whole, letter, point, literal = ""] of layout.matchAll(KNOWN)) {
    const known = letter ?? point;
    if (known === undefined && !/^[\x20-\x7e]$/.test(literal)) return undefined;
    bytes.push(...(known === undefined ? [...Buffer.from(`L${literal}`)] : [...Buffer.from(known)]));
    read += whole.length;
  }
  return read === layout.length && read > 0 ? { kind: KIND.layout, table: Uint8Array.of(...bytes, 0) } : undefined;
}

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
