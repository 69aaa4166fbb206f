import { SluiceError } from "../errors.ts";

/**
 * Layouts of dates and times, in strftime letters, and the exact text that each accepts.
 *
 * A layout is narrower than an engine's own parser: DuckDB's `strptime` takes blanks around a value, one digit where a
 * layout says two, and a year of one digit. So the expression decides what fits, and the parser only whether the day
 * exists. A blank before an unpadded number may be doubled (`Aug  9`), as C's `ctime` prints it.
 */
interface Letter {
  readonly pattern: string;
  readonly part?:
    | "year"
    | "shortYear"
    | "month"
    | "monthName"
    | "day"
    | "hour"
    | "hour12"
    | "half"
    | "minute"
    | "second";
}

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
] as const;
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const MONTH = "(?:0[1-9]|1[0-2])";
const DAY = "(?:0[1-9]|[12][0-9]|3[01])";
const HOUR = "(?:[01][0-9]|2[0-3])";
const HOUR12 = "(?:0[1-9]|1[0-2])";

const LETTERS: ReadonlyMap<string, Letter> = new Map<string, Letter>([
  // The year 0 is left out: engines take it as 1 BC.
  ["%Y", { part: "year", pattern: "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)" }],
  ["%y", { part: "shortYear", pattern: "[0-9]{2}" }],
  ["%m", { part: "month", pattern: MONTH }],
  ["%-m", { part: "month", pattern: `(?:${MONTH}|[1-9])` }],
  ["%d", { part: "day", pattern: DAY }],
  ["%-d", { part: "day", pattern: `(?:${DAY}|[1-9])` }],
  ["%H", { part: "hour", pattern: HOUR }],
  ["%-H", { part: "hour", pattern: `(?:${HOUR}|[0-9])` }],
  ["%I", { part: "hour12", pattern: HOUR12 }],
  ["%-I", { part: "hour12", pattern: `(?:${HOUR12}|[1-9])` }],
  ["%M", { part: "minute", pattern: "[0-5][0-9]" }],
  ["%S", { part: "second", pattern: "[0-5][0-9]" }],
  ["%g", { pattern: "[0-9]{3}" }],
  ["%f", { pattern: "[0-9]{1,6}" }],
  // As databases print it: only where there is one.
  ["%.f", { pattern: "(?:\\.[0-9]{1,6})?" }],
  // Seven to nine digits, of which a microsecond must lose none.
  ["%n", { pattern: "[0-9]{6}0{1,3}" }],
  ["%p", { part: "half", pattern: "[aApP][mM]" }],
  ["%b", { part: "monthName", pattern: anyCase(MONTHS.map((name) => name.slice(0, 3))) }],
  ["%B", { part: "monthName", pattern: anyCase(MONTHS) }],
  ["%a", { pattern: anyCase(DAYS.map((name) => name.slice(0, 3))) }],
  ["%A", { pattern: anyCase(DAYS) }],
  ["%z", { pattern: "[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?" }],
  ["%%", { pattern: "%" }],
]);

/** No `strptime` knows a fraction that may be absent, so a layout with `%.f` is one of those that casts read. */
export const OPTIONAL_FRACTION: RegExp = /^(?:%Y-%m-%d[ T])?%H:%M:%S%\.f(?:%z|Z)?$/;

/** The layout of a column that names none. */
export const DEFAULT_LAYOUTS: {
  readonly date: string;
  readonly time: string;
  readonly timestamp: string;
  readonly timestamptz: string;
} = {
  date: "%Y-%m-%d",
  time: "%H:%M:%S",
  timestamp: "%Y-%m-%d %H:%M:%S",
  timestamptz: "%Y-%m-%d %H:%M:%S%z",
};

/** A regular expression, in the part that RE2 and JavaScript share, that matches one of the words in any case. */
export function anyCase(words: readonly string[]): string {
  const pattern = (word: string): string =>
    Array.from(word, (letter) => {
      const lower = letter.toLowerCase();
      const upper = letter.toUpperCase();
      // "ß" becomes "SS" in upper case: such a letter stands for itself only.
      const single = lower !== upper && lower.length === letter.length && upper.length === letter.length;
      return single ? `[${lower}${upper}]` : escapePattern(letter);
    }).join("");
  return `(?:${words.map(pattern).join("|")})`;
}

/** The text with every character that means something in a regular expression escaped. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/**
 * The regular expression, without anchors, of the text that a layout accepts.
 *
 * @example
 * layoutPattern("%d.%m.%Y"); // "(?:0[1-9]|[12][0-9]|3[01])\\.(?:0[1-9]|1[0-2])\\.(?:[0-9]{3}[1-9]|…)"
 * @throws SluiceError `config` for a letter that is not known
 */
export function layoutPattern(layout: string): string {
  return tokensOf(layout)
    .map((token) => (typeof token === "string" ? token : token.pattern))
    .join("");
}

/**
 * A test whether the text fits a layout and names a day that exists: `undefined` where it does, else why not.
 *
 * @example
 * const check = createLayoutCheck("%Y-%m-%d");
 * check("2024-02-29"); // undefined
 * check("2023-02-29"); // "calendar"
 * check("29.2.2024"); // "misfit"
 */
export function createLayoutCheck(layout: string): (text: string) => undefined | "misfit" | "calendar" {
  const tokens = tokensOf(layout);
  const parts: Letter["part"][] = [];
  const body = tokens.map((token) => {
    if (typeof token === "string") return token;
    if (token.part === undefined) return token.pattern;
    parts.push(token.part);
    return `(${token.pattern})`;
  });
  const expression = new RegExp(`^${body.join("")}$`);
  const at = (part: Letter["part"]): number => parts.indexOf(part) + 1;
  const [year, shortYear, month, monthName, day] = [
    at("year"),
    at("shortYear"),
    at("month"),
    at("monthName"),
    at("day"),
  ];
  return (text) => {
    const found = expression.exec(text);
    if (found === null) return "misfit";
    if (day === 0) return undefined;
    const number = Number(found[day]);
    if (number <= 28) return undefined;
    const months = month > 0 ? Number(found[month]) : monthName > 0 ? monthNumber(found[monthName] ?? "") : undefined;
    // Two digits: 69 to 99 are of the last century, as POSIX says.
    const years = year > 0 ? Number(found[year]) : shortYear > 0 ? fullYear(Number(found[shortYear])) : undefined;
    return number <= daysIn(months ?? 1, years ?? 2000) ? undefined : "calendar";
  };
}

/** Whether the letters of a layout say a day, a time of day, an offset from UTC. */
export function layoutParts(layout: string): {
  readonly date: boolean;
  readonly time: boolean;
  readonly zone: boolean;
} {
  const letters = layout.match(/%-?[A-Za-z%]/g) ?? [];
  const has = (...wanted: string[]): boolean => letters.some((letter) => wanted.includes(letter));
  return {
    date: has("%Y", "%y", "%m", "%-m", "%d", "%-d", "%b", "%B"),
    time: has("%H", "%-H", "%I", "%-I", "%M", "%S"),
    zone: has("%z") || /(?:Z| UTC| GMT)$/.test(layout),
  };
}

function tokensOf(layout: string): readonly (string | Letter)[] {
  const tokens = layout.match(/%\.f|%-?[\s\S]|[\s\S]/g) ?? [];
  return tokens.map((token, index) => {
    if (!token.startsWith("%")) {
      const next = tokens[index + 1] ?? "";
      return token === " " && next.startsWith("%-") ? " {1,2}" : escapePattern(token);
    }
    const letter = LETTERS.get(token);
    if (letter === undefined) {
      throw new SluiceError("config", `the layout "${layout}" has ${token}, which is not known`, {
        offending: layout,
        hint: `the letters are ${[...LETTERS.keys()].join(" ")}`,
      });
    }
    return letter;
  });
}

function monthNumber(name: string): number {
  const start = name.slice(0, 3).toLowerCase();
  return MONTHS.findIndex((month) => month.startsWith(start)) + 1;
}

function fullYear(short: number): number {
  return short < 69 ? 2000 + short : 1900 + short;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
