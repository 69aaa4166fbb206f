import { layoutPattern, OPTIONAL_FRACTION } from "./layout.ts";

/** A layout that `sluice sync` tries on a column of text. */
export interface LayoutCandidate {
  readonly type: "date" | "time" | "timestamp" | "timestamptz";
  readonly layout: string;
  /** Which number comes first, where day and month are both numbers and the year is last. */
  readonly order?: "day" | "month";
}

/**
 * Every layout tried, in the order in which they are preferred where several fit all values: ISO, then day first, then
 * month first; padded before unpadded; four-digit years before two. So `01/02/2024` is the first of February, with a
 * warning; a column that holds `01/13/2024` is month first. The two readings of one column differ only in `order`.
 */
export const LAYOUT_CANDIDATES: readonly LayoutCandidate[] = candidates();

/**
 * The candidates that a text fits, preferred first.
 *
 * @example
 * layoutsOf("13/02/2024").map((candidate) => candidate.layout); // ["%d/%m/%Y", "%-d/%-m/%Y"]
 */
export function layoutsOf(text: string): readonly LayoutCandidate[] {
  if (text.length < 4 || text.length > 48) return [];
  const sieved = compiled().get(shapeOf(text)) ?? [];
  return sieved.filter(({ expression }) => expression.test(text)).map(({ candidate }) => candidate);
}

/**
 * The layout with `%.f` that fits what the candidate fits, with a fraction of the seconds and without one; undefined where
 * the candidate is not one of its two halves. A text fits one half at most, so that `%.f` fits as many values as both do.
 *
 * @example
 * optionalFraction("%H:%M:%S"); // "%H:%M:%S%.f"
 * optionalFraction("%H:%M:%S.%f"); // "%H:%M:%S%.f"
 * optionalFraction("%H:%M:%S.%g"); // undefined: %f fits the same values
 * optionalFraction("%d.%m.%Y %H:%M:%S"); // undefined: no engine reads it
 */
export function optionalFraction(layout: string): string | undefined {
  const optional = layout.replace(/%H:%M:%S(?:\.%f)?/, "%H:%M:%S%.f");
  return OPTIONAL_FRACTION.test(optional) ? optional : undefined;
}

interface Compiled {
  readonly candidate: LayoutCandidate;
  readonly expression: RegExp;
}

let cache: ReadonlyMap<string, readonly Compiled[]> | undefined;

function compiled(): ReadonlyMap<string, readonly Compiled[]> {
  if (cache !== undefined) return cache;
  const byShape = new Map<string, Compiled[]>();
  for (const candidate of LAYOUT_CANDIDATES) {
    const shape = shapeOf(candidate.layout.replaceAll(/%-?[A-Za-z]/g, (letter) => (letter === "%z" ? "" : "0")));
    const same = byShape.get(shape) ?? [];
    same.push({ candidate, expression: new RegExp(`^${layoutPattern(candidate.layout)}$`) });
    byShape.set(shape, same);
  }
  cache = byShape;
  return cache;
}

/** The punctuation of a text without its letters, digits and offset: a cheap first sieve for some hundred candidates. */
function shapeOf(text: string): string {
  return text.replace(/(:[0-9.,]+) ?[+-][0-9:]{2,6}$/, "$1").replaceAll(/[^/.,:-]+/g, "");
}

function candidates(): LayoutCandidate[] {
  const iso = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"];
  const numeric = (year: string): { layout: string; order: "day" | "month" }[] =>
    (["day", "month"] as const).flatMap((order) =>
      ["/", ".", "-"].flatMap((mark) =>
        ["%", "%-"].map((sign) => {
          const [first, second] = order === "day" ? ["d", "m"] : ["m", "d"];
          return { layout: `${sign}${first}${mark}${sign}${second}${mark}${year}`, order };
        }),
      ),
    );
  const named = ["%b", "%B"].flatMap((month) => [
    `%-d ${month} %Y`,
    `%-d-${month}-%Y`,
    `%-d-${month}-%y`,
    `${month} %-d %Y`,
    `${month} %-d, %Y`,
    `%a ${month} %-d %Y`,
    `%A, ${month} %-d, %Y`,
    `%a, %-d ${month} %Y`,
  ]);
  const dates: { layout: string; order?: "day" | "month" }[] = [
    ...iso.map((layout) => ({ layout })),
    ...numeric("%Y"),
    ...named.map((layout) => ({ layout })),
    ...numeric("%y"),
  ];
  const times = [
    "%H:%M:%S",
    "%H:%M",
    "%H:%M:%S.%g",
    "%H:%M:%S.%f",
    "%H:%M:%S.%n",
    "%H:%M:%S,%g",
    "%-H:%M:%S",
    "%-H:%M",
  ];
  const halves = ["%I:%M:%S %p", "%I:%M %p", "%-I:%M:%S %p", "%-I:%M %p", "%-I:%M:%S%p", "%-I:%M%p"];
  const zones = ["Z", "%z", " %z", " UTC", " GMT"];
  const clocks = [...times, ...halves];

  const list: LayoutCandidate[] = [];
  for (const date of dates) list.push({ type: "date", ...date });
  for (const layout of clocks) list.push({ type: "time", layout });
  for (const date of dates) {
    for (const separator of iso.includes(date.layout) ? ["T", " "] : [" ", ", "]) {
      for (const clock of clocks) {
        list.push({ type: "timestamp", ...date, layout: `${date.layout}${separator}${clock}` });
      }
    }
  }
  for (const clock of ["%H:%M:%S", "%-H:%M:%S"]) {
    for (const month of ["%b", "%B"]) list.push({ type: "timestamp", layout: `%a ${month} %-d ${clock} %Y` });
  }
  for (const date of [...iso, "%a, %-d %b %Y"]) {
    for (const separator of date.startsWith("%a") ? [" "] : ["T", " "]) {
      for (const clock of times.slice(0, 5)) {
        for (const zone of zones) list.push({ type: "timestamptz", layout: `${date}${separator}${clock}${zone}` });
      }
    }
  }
  return list;
}
