import { type Cell, type ColumnSummary, type Family, familyOf, parseType } from "@sluice/core";
import type { Session } from "../composition.ts";
import { askLanded } from "../query/ask-landed.ts";
import { quoted } from "../query/column-stats.ts";
import type { LandedRows } from "../query/land-step.ts";
import type { ColumnProfile } from "./profile.ts";
import type { TextCounts } from "./profile-source.ts";

/** What needs to know the least and the greatest value before it can be counted, and what is counted of text. */
export type ColumnDetail = Pick<ColumnProfile, "histogram" | "lengths" | "outliers"> & {
  readonly text: TextCounts | null;
};

const COLUMNS_AT_ONCE = 50;
const BARS = 20;
const NUMBERS: readonly Family[] = ["int", "decimal", "float"];
const TIMES: readonly Family[] = ["date", "timestamp", "timestamptz"];
const NOTHING: ColumnDetail = { histogram: null, lengths: null, outliers: null, text: null };

/** Histograms, outliers and what texts look like, by one scan for each fifty columns. */
export async function columnDetails(
  session: Session,
  landed: LandedRows,
  stats: readonly ColumnSummary[],
): Promise<readonly ColumnDetail[]> {
  const found: ColumnDetail[] = [];
  for (let from = 0; from < stats.length; from += COLUMNS_AT_ONCE) {
    const asked = stats.slice(from, from + COLUMNS_AT_ONCE);
    const names = asked.map(({ column }) => column);
    const questions = asked.map(questionOf);
    const terms = questions.flatMap(({ terms }) => terms);
    const named = terms.map((term, index) => `${term} as d${index}`);
    const [row = []] =
      terms.length === 0
        ? []
        : await askLanded(session, landed, names, (rows) => `select ${named.join(", ")} from ${rows}`);
    let at = 0;
    for (const { terms, read } of questions) {
      found.push(read(row.slice(at, at + terms.length)));
      at += terms.length;
    }
  }
  return found;
}

interface Question {
  readonly terms: readonly string[];
  readonly read: (cells: readonly Cell[]) => ColumnDetail;
}

function questionOf(summary: ColumnSummary): Question {
  const family = familyOf(parseType(summary.type));
  if (family === "text") return textQuestion(summary);
  if (NUMBERS.includes(family) || TIMES.includes(family)) return rangeQuestion(summary, family);
  return { terms: [], read: () => NOTHING };
}

function textQuestion({ column, type }: ColumnSummary): Question {
  const name = type.startsWith("enum") ? `${quoted(column)}::varchar` : quoted(column);
  const count = (condition: string): string => `count(*) filter (where ${condition})`;
  return {
    terms: [
      `min(length(${name}))`,
      `max(length(${name}))`,
      `avg(length(${name}))`,
      count(`starts_with(${name}, ' ') or ends_with(${name}, ' ')`),
      // Measured in 2026-11 over a million texts of 32 letters: a sixth of the time of translate(…) = ''.
      count(`regexp_full_match(${name}, '[0-9]+')`),
      count(`starts_with(${name}, '0') and regexp_full_match(${name}, '0[0-9]+')`),
    ],
    read: ([min, max, mean, blankEdges, digits, leadingZeros]) => ({
      ...NOTHING,
      lengths: min === null || min === undefined ? null : { min: Number(min), max: Number(max), mean: Number(mean) },
      text: { blankEdges: Number(blankEdges), digits: Number(digits), leadingZeros: Number(leadingZeros) },
    }),
  };
}

function rangeQuestion(summary: ColumnSummary, family: Family): Question {
  const isTime = TIMES.includes(family);
  const name = quoted(summary.column);
  const value = isTime ? `epoch(${name})` : `${name}::double`;
  const low = numberOf(summary.min, isTime);
  const high = numberOf(summary.max, isTime);
  if (low === undefined || high === undefined) return { terms: [], read: () => NOTHING };
  const width = (high - low) / BARS;
  const bar = width > 0 ? `least(${BARS - 1}, greatest(0, floor((${value} - ${sql(low)}) / ${sql(width)})))` : "0";
  const present = `${name} is not null${family === "float" ? ` and isfinite(${name})` : ""}`;
  const fences = isTime ? undefined : fencesOf(summary);
  return {
    terms: [
      `cast(to_json(histogram((${bar})::utinyint) filter (where ${present})) as varchar)`,
      fences === undefined
        ? "0"
        : `count(*) filter (where ${present} and (${value} < ${sql(fences[0])} or ${value} > ${sql(fences[1])}))`,
    ],
    read: ([counts, outliers]) => ({
      ...NOTHING,
      histogram: typeof counts === "string" ? barsOf(counts, { low, width, isTime, type: summary.type }) : null,
      outliers: fences === undefined ? null : Number(outliers),
    }),
  };
}

/** Three widths of the middle half away from it. */
function fencesOf({ q25, q75 }: ColumnSummary): readonly [number, number] | undefined {
  const [low, high] = [Number(q25 ?? Number.NaN), Number(q75 ?? Number.NaN)];
  const width = high - low;
  // Where more than half of the values are one, every other one would be far away.
  return Number.isFinite(width) && width > 0 ? [low - 3 * width, high + 3 * width] : undefined;
}

function numberOf(text: string | null, isTime: boolean): number | undefined {
  if (text === null) return undefined;
  const value = isTime ? Date.parse(isoText(text)) / 1000 : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Times of the engine are in UTC. */
function isoText(text: string): string {
  const [day = "", clock = "00:00:00"] = text
    .replace(/[+-]\d\d(?::\d\d)?$/, (zone) => (text.includes(":") ? "" : zone))
    .split(" ");
  return `${day}T${clock}Z`;
}

function barsOf(
  json: string,
  {
    low,
    width,
    isTime,
    type,
  }: { readonly low: number; readonly width: number; readonly isTime: boolean; readonly type: string },
): ColumnProfile["histogram"] {
  const counts = JSON.parse(json) as Readonly<Record<string, number>>;
  const shown = (value: number): string => {
    if (!isTime) return String(Number(value.toPrecision(6)));
    const text = new Date(value * 1000).toISOString();
    return type === "date" ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
  };
  const bars = width > 0 ? BARS : 1;
  return Array.from({ length: bars }, (_, index) => ({
    from: shown(low + index * width),
    to: shown(low + (index + 1) * width),
    rows: counts[String(index)] ?? 0,
  }));
}

function sql(value: number): string {
  return `(${value})::double`;
}
