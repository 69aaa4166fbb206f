import { type CsvDialect, createRecordSplitter, splitFields, type TextRecord } from "@sluice/core";
import { guessNewline } from "./guess-newline.ts";

export type SniffedDialect = Pick<CsvDialect, "delimiter" | "quote" | "escape" | "newline">;

/**
 * What may stand between fields, and how much each is worth: a tab or semicolon that fits every record is hardly ever
 * text, a blank or a colon often is.
 */
const DELIMITERS: readonly (readonly [string, number])[] = [
  [",", 1],
  ["\t", 1.6],
  [";", 1.4],
  ["|", 1.4],
  ["#", 1],
  ["^", 1.2],
  ["~", 1.2],
  [":", 0.6],
  [" ", 0.5],
];

const BACKSLASH = 92;

interface Trial {
  readonly dialect: SniffedDialect;
  readonly score: number;
  /** Fields in quotes, and records in which quotes are wrong. */
  readonly quoted: number;
  readonly bad: number;
  /** How many records have the number of fields that most have, that number, and how many records there are. */
  readonly regular: number;
  readonly fields: number;
  readonly total: number;
  /** Records of the start, and those of them whose quotes are right. */
  readonly records: readonly string[];
  readonly sound: readonly string[];
}

/**
 * The dialect in which a sample falls into the most regular records. What is known is not guessed.
 *
 * @param isWhole whether the sample ends where its file ends
 */
export function sniffDialect(sample: Uint8Array, known: Partial<CsvDialect>, isWhole: boolean): SniffedDialect {
  const newline = known.newline ?? guessNewline(sample);
  const delimiters = known.delimiter === undefined ? DELIMITERS : [[known.delimiter, 1] as const];
  const trials = delimiters.map(([delimiter, weight]) => {
    const of = (quote: string, escaping: string): Trial =>
      tryDialect(sample, { delimiter, quote, escape: quote === "" ? "" : escaping, newline }, { weight, isWhole });
    const withEscapes = (quote: string): readonly Trial[] => {
      if (known.escape !== undefined || quote === "") return [of(quote, known.escape ?? quote)];
      return sample.includes(BACKSLASH) ? [of(quote, quote), of(quote, "\\")] : [of(quote, quote)];
    };
    if (known.quote !== undefined) return best(withEscapes(known.quote));
    const usual = best(withEscapes('"'));
    const others = [...withEscapes("'").filter(enclosesColumn), ...(usual.bad > usual.quoted ? [of("", "")] : [])];
    return best([usual, ...others]);
  });
  const single = best(trials);
  const found = (known.delimiter === undefined ? doubled(sample, single, isWhole) : undefined) ?? single;
  const wider = known.delimiter === undefined ? withBlanks(sample, found, isWhole) : undefined;
  return (wider ?? found).dialect;
}

/**
 * A delimiter that is written twice: where every second field would be empty throughout, and where the doubled one makes
 * records more regular. Of two columns with an empty one between them only a bar is certainly one delimiter.
 */
function doubled(sample: Uint8Array, single: Trial, isWhole: boolean): Trial | undefined {
  const { delimiter } = single.dialect;
  const twice = delimiter.repeat(2);
  if (delimiter.trim() === "" || single.fields < (delimiter === "|" ? 3 : 5)) return undefined;
  if (!Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength).includes(twice)) return undefined;
  const trial = tryDialect(sample, { ...single.dialect, delimiter: twice }, { weight: 1, isWhole });
  if (trial.fields < 2 || trial.regular < trial.total) return undefined;
  // Delimiters that all stand in pairs are twice as many.
  const isPaired = single.regular === single.total && single.fields === 2 * trial.fields - 1;
  return isPaired || single.regular < single.total ? trial : undefined;
}

/**
 * Blanks beside every delimiter belong to it: `a, b` has the delimiter ", ". Beside some they are not told from text, and
 * stay with the values.
 */
function withBlanks(sample: Uint8Array, { dialect, regular, fields }: Trial, isWhole: boolean): Trial | undefined {
  const { delimiter } = dialect;
  if (fields < 2 || delimiter.trim() === "") return undefined;
  const bytes = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength);
  return [` ${delimiter} `, `${delimiter} `, ` ${delimiter}`]
    .filter((wide) => bytes.includes(wide))
    .map((wide) => tryDialect(sample, { ...dialect, delimiter: wide }, { weight: 1, isWhole }))
    .find((trial) => trial.fields === fields && trial.regular >= regular);
}

/** The first that none beats. */
function best(trials: readonly Trial[]): Trial {
  return trials.reduce((winner, trial) => (trial.score > winner.score ? trial : winner));
}

/** An apostrophe is a quote only where it encloses every value of some column. */
function enclosesColumn({ dialect, sound }: Trial): boolean {
  const rows = sound.slice(1).map((record) => splitFields(record, dialect));
  const first = rows[0] ?? [];
  return first.some((_, column) => {
    const values = rows.flatMap((row) => row[column] ?? []).filter((field) => field.text !== "");
    return values.length > 0 && values.every((field) => field.quoted);
  });
}

function tryDialect(
  sample: Uint8Array,
  dialect: SniffedDialect,
  { weight, isWhole }: { readonly weight: number; readonly isWhole: boolean },
): Trial {
  const counts = new Map<number, number>();
  const records: string[] = [];
  const sound: string[] = [];
  let total = 0;
  let first = 0;
  let bad = 0;
  let quoted = 0;
  const keep = (record: TextRecord): void => {
    total += 1;
    const isSound = record.problem === undefined || record.problem === "is not valid UTF-8";
    const fields = isSound ? record.fields : 0;
    if (!isSound) bad += 1;
    if (total === 1) first = fields;
    counts.set(fields, (counts.get(fields) ?? 0) + 1);
    if (records.length >= 101 && dialect.quote === "") return;
    const text = Buffer.from(record.bytes()).toString("latin1");
    if (records.length < 101) {
      records.push(text);
      if (isSound) sound.push(text);
    }
    if (isSound && dialect.quote !== "") quoted += splitFields(text, dialect).filter((field) => field.quoted).length;
  };
  const splitter = createRecordSplitter({ dialect, header: false, maxRecordBytes: Math.max(sample.length, 1024) });
  splitter.push(sample, keep);
  // The last record of a part of a file may be cut.
  if (isWhole || total === 0) splitter.end(keep);
  let fields = 1;
  let most = 0;
  for (const [number, count] of counts) {
    if (number > 0 && count > most) [fields, most] = [number, count];
  }
  const consistency = total === 0 ? 0 : most / total;
  const isTimes =
    dialect.delimiter === ":" && records.filter((text) => /\d:[0-5]\d/.test(text)).length > records.length / 2;
  const header = first === fields ? 1 : 0.4;
  // `name` above `Ada Lovelace` is a name above text: what often stands in text must stand in the first record too.
  const isText = weight < 1 && first <= 1 && total > 1;
  const score =
    fields === 1 || isTimes || isText
      ? consistency * 0.05
      : consistency ** 4 * (1 + Math.log2(fields)) * weight * header;
  return { dialect, score, quoted, bad, regular: most, fields, total, records, sound };
}

/**
 * Why a file that was read as one column may have more, for a person; undefined where nothing says so.
 *
 * @example
 * doubtOfOneColumn(["a§b", "1§2", "3§4"]); // 'the file has one column, and every record holds "§" once: declare …'
 * doubtOfOneColumn(["a,b,c", "1,2", "1,2,3,4"]); // 'the file has one column, though its records hold "," 1 to 3 times: …'
 */
export function doubtOfOneColumn(records: readonly string[]): string | undefined {
  const regular = regularSeparator(records);
  const advice = "declare the delimiter if that stands between fields";
  if (regular !== undefined) return `the file has one column, and every record holds ${regular}: ${advice}`;
  for (const delimiter of [",", ";", "\t", "|"]) {
    const counts = records.map((text) => countOf(text, delimiter));
    if (counts[0] === 0 || counts.filter((count) => count > 0).length <= records.length / 2) continue;
    const range = `${Math.min(...counts)} to ${Math.max(...counts)} times`;
    return `the file has one column, though its records hold ${JSON.stringify(delimiter)} ${range}: ${advice}`;
  }
  return undefined;
}

/** What stands equally often in every record: `"§" once`. */
function regularSeparator(records: readonly string[]): string | undefined {
  if (records.length < 3) return undefined;
  const [first = ""] = records;
  const isRegular = (letter: string): boolean => {
    if (/[\p{L}\p{N} ._'"\-/:()&@]/u.test(letter)) return false;
    return records.every((text) => countOf(text, letter) === countOf(first, letter));
  };
  const letter = [...new Set(first)].find(isRegular);
  if (letter !== undefined) {
    const times = countOf(first, letter);
    return `${JSON.stringify(letter)} ${times === 1 ? "once" : `${times} times`}`;
  }
  const words = (text: string): number => text.trim().split(/ +/).length;
  const number = words(first);
  return number > 2 && records.every((text) => words(text) === number)
    ? `${number} words with blanks between them`
    : undefined;
}

function countOf(text: string, letter: string): number {
  return text.split(letter).length - 1;
}
