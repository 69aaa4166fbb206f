interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Words for the numbers from `least` on. */
  readonly words?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: readonly Field[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, words: MONTHS },
  { name: "day of week", least: 0, most: 7, words: DAYS },
];
const DAYS_OF_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with a schedule: the part of it, and a sentence. */
export interface CronProblem {
  readonly message: string;
  readonly offending: string;
  readonly hint: string;
}

/**
 * What is wrong with the five fields of cron, or undefined.
 *
 * @example
 * cronProblem("0 25 * * *")?.message; // '"0 25 * * *" is not a schedule: "25" is no hour'
 */
export function cronProblem(cron: string): CronProblem | undefined {
  const texts = cron.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) {
    return {
      message: `"${cron}" is not a schedule`,
      offending: cron,
      hint: "five fields: minute, hour, day of month, month, day of week; 0 3 * * * is every day at 3:00",
    };
  }
  const fields = FIELDS.map((field, index) => valuesOf(texts[index] ?? "", field));
  const wrong = fields.find((found) => "offending" in found);
  if (wrong !== undefined && "offending" in wrong) {
    return { ...wrong, message: `"${cron}" is not a schedule: ${wrong.message}` };
  }
  const [, , days = new Set(), months = new Set()] = fields as readonly ReadonlySet<number>[];
  const comes = [...months].some((month) => [...days].some((day) => day <= (DAYS_OF_MONTHS[month - 1] ?? 0)));
  // Where a day of the week is given too, either of the two starts the pipeline.
  if (comes || texts[4] !== "*") return undefined;
  const offending = texts.slice(2, 4).join(" ");
  return {
    message: `"${cron}" never comes: no such month has such a day`,
    offending,
    hint: "give a day that there is",
  };
}

function valuesOf(text: string, field: Field): ReadonlySet<number> | CronProblem {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const found = itemValues(item, field);
    if ("offending" in found) return { ...found, offending: item === "" ? text : item };
    for (const value of found) values.add(value);
  }
  return values;
}

function itemValues(item: string, field: Field): readonly number[] | CronProblem {
  const { name, least, most, words = [] } = field;
  const kind = words.length === 0 ? "" : ` or ${words[0]} to ${words.at(-1)}`;
  const refuse = (message: string, hint = `${name} is ${least} to ${most}${kind}, *, a list, a range or a step`) => ({
    message,
    offending: item,
    hint,
  });
  const [range = "", step, ...more] = item.split("/");
  const [from = "", to, ...others] = range.split("-");
  if (item === "" || more.length > 0 || others.length > 0) return refuse(`"${item}" is no ${name}`);
  const isAll = range === "*";
  const first = isAll ? least : numberOf(from, field);
  const last = isAll ? most : to === undefined ? first : numberOf(to, field);
  if (first === undefined) return refuse(`"${from}" is no ${name}`);
  if (last === undefined) return refuse(`"${to}" is no ${name}`);
  if (first > last) return refuse(`the range "${range}" goes down`, `write it as two: ${from}-${most},${least}-${to}`);
  if (step === undefined) return numbers(first, last, 1);
  if (!isAll && to === undefined) return refuse(`"${item}" is a step without a range`, `write ${from}-${most}/${step}`);
  const width = /^\d{1,2}$/.test(step) ? Number(step) : 0;
  if (width < 1 || width > most) return refuse(`"${step}" is no step`, `a step is a whole number from 1 to ${most}`);
  return numbers(first, last, width);
}

function numberOf(text: string, { least, most, words = [] }: Field): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  if (word !== -1) return least + word;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= least && value <= most ? value : undefined;
}

function numbers(first: number, last: number, width: number): readonly number[] {
  const found: number[] = [];
  for (let value = first; value <= last; value += width) found.push(value);
  return found;
}
