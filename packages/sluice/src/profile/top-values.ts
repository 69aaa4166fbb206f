import { type Cell, type ColumnSummary, type Family, familyOf, parseType } from "@sluice/core";
import type { Session } from "../composition.ts";
import { askLanded } from "../query/ask-landed.ts";
import { quoted } from "../query/column-stats.ts";
import type { LandedRows } from "../query/land-step.ts";
import type { TopValue } from "./profile.ts";

export interface Values {
  /** Exactly; null where there are too many to count. */
  readonly distinct: number | null;
  /** Text without its case; null for the rest. */
  readonly folded: number | null;
  readonly top: readonly TopValue[];
  readonly patterns: readonly TopValue[];
  readonly patternsOf: number;
  /** How many of these can be read as a number. */
  readonly numbers: number;
}

/** Up to so many different values, about, each is counted. */
const MOST_VALUES = 100_000;
/** Of columns with more values, patterns are those of the first ones. */
const PATTERN_ROWS = 50_000;
const SHOWN = 10;
/** A longer text has no pattern that somebody would read. */
const LONGEST = 40;
const NESTED: readonly Family[] = ["list", "struct", "map", "json", "bytes"];
const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";

/** Up to so many rows, columns are asked about together: a query for each takes longer than all their values. */
const TOGETHER_ROWS = 20_000;
const COLUMNS_AT_ONCE = 50;
/** Of these, what is equal has one text, but for the two zeros of floats. */
const ONE_TEXT: readonly Family[] = [
  "int",
  "decimal",
  "float",
  "bool",
  "text",
  "date",
  "time",
  "timestamp",
  "timestamptz",
];

const NONE: Values = { distinct: null, folded: null, top: [], patterns: [], patternsOf: 0, numbers: 0 };

/** The most frequent values of each column, and how they are written. */
export async function topValues(
  session: Session,
  landed: LandedRows,
  stats: readonly ColumnSummary[],
): Promise<readonly Values[]> {
  const found = new Map<ColumnSummary, Values>();
  const few = landed.count > TOGETHER_ROWS ? [] : stats.filter((one) => isCounted(one) && isOneText(one));
  for (let from = 0; from < few.length; from += COLUMNS_AT_ONCE) {
    const columns = few.slice(from, from + COLUMNS_AT_ONCE);
    const all = await ask(session, landed, { columns, values: together(columns) });
    for (const [index, one] of columns.entries()) found.set(one, all[index] ?? NONE);
  }
  for (const summary of stats) {
    if (!found.has(summary)) found.set(summary, await alone(session, landed, summary));
  }
  return stats.map((summary) => found.get(summary) ?? NONE);
}

function isCounted({ type, rows, nulls, distinct }: ColumnSummary): boolean {
  return rows > nulls && !NESTED.includes(familyOf(parseType(type))) && distinct <= MOST_VALUES;
}

function isOneText({ type }: ColumnSummary): boolean {
  return ONE_TEXT.includes(familyOf(parseType(type)));
}

/** Numbers, values and how many rows have them, of all these columns. */
function together(columns: readonly ColumnSummary[]): Asked["values"] {
  const texts = columns.map(({ column, type }) => {
    const name = quoted(column);
    return familyOf(parseType(type)) === "float"
      ? `(case when ${name} = 0 then 0 else ${name} end)::varchar`
      : `${name}::varchar`;
  });
  const pairs = `select unnest(range(${columns.length})) as i, unnest([${texts.join(", ")}]) as v`;
  return (input) => `select i, v, count(*) as n from (${pairs} from ${input}) where v is not null group by i, v`;
}

async function alone(session: Session, landed: LandedRows, summary: ColumnSummary): Promise<Values> {
  const name = quoted(summary.column);
  const columns = [summary];
  if (!isCounted(summary)) {
    if (!isText(summary) || summary.rows === summary.nulls) return NONE;
    const first = (input: string): string =>
      `select 0 as i, ${name}::varchar as v, 1 as n from ${input} where ${name} is not null limit ${PATTERN_ROWS}`;
    const [{ patterns, patternsOf, numbers } = NONE] = await ask(session, landed, { columns, values: first });
    return { ...NONE, patterns, patternsOf, numbers };
  }
  const counted = (input: string): string =>
    `select 0 as i, ${name}::varchar as v, count(*) as n from ${input} where ${name} is not null group by ${name}`;
  const [found = NONE] = await ask(session, landed, { columns, values: counted });
  return found;
}

function isText({ type }: ColumnSummary): boolean {
  return familyOf(parseType(type)) === "text";
}

interface Asked {
  readonly columns: readonly ColumnSummary[];
  /** Selects `i`, which of the columns, `v`, a value as text, and `n`, how many rows have it. */
  readonly values: (input: string) => string;
}

async function ask(session: Session, landed: LandedRows, { columns, values }: Asked): Promise<readonly Values[]> {
  const pattern = `translate(left(v, ${LONGEST}), '${CAPITALS}${CAPITALS.toLowerCase()}${DIGITS}', '${"A".repeat(26)}${"a".repeat(26)}${"9".repeat(10)}')`;
  const texts = columns.flatMap((one, index) => (isText(one) ? [index] : []));
  const isOfText = texts.length === 0 ? "false" : `i in (${texts.join(", ")})`;
  const first = (of: string): string =>
    `(select i, v, n, row_number() over (partition by i order by n desc, v) as r from ${of}) where r <= ${SHOWN}`;
  const names = columns.map(({ column }) => column);
  const rows = await askLanded(session, landed, names, (input) =>
    [
      `with g as materialized (${values(input)})`,
      `, p as (select i, ${pattern} as v, sum(n)::bigint as n from g where ${isOfText} group by 1, 2)`,
      `(select 'all' as k, i::bigint as i, null as v, count(*)::bigint as n, (count(distinct lower(v)) filter (where ${isOfText}))::bigint as m, sum(n)::bigint as s, (sum(n) filter (where ${isOfText} and try_cast(v as double) is not null))::bigint as d from g group by i)`,
      `union all (select 'top', i, left(v, 200), n, null, null, null from ${first("g")})`,
      `union all (select 'pattern', i, v, n, null, null, null from ${first("p")})`,
    ].join(" "),
  );
  return columns.map((column, index) =>
    valuesOf(
      rows.filter(([, at]) => Number(at) === index),
      isText(column),
    ),
  );
}

function valuesOf(rows: readonly (readonly Cell[])[], isOfText: boolean): Values {
  const [, , , distinct, folded, values, numbers] = rows.find(([kind]) => kind === "all") ?? [];
  const top = countsOf(rows, "top");
  return {
    distinct: Number(distinct ?? 0),
    folded: isOfText ? Number(folded ?? 0) : null,
    // What occurs once each has no most frequent one.
    top: (top[0]?.rows ?? 0) > 1 ? top : [],
    patterns: countsOf(rows, "pattern"),
    patternsOf: isOfText ? Number(values ?? 0) : 0,
    numbers: Number(numbers ?? 0),
  };
}

function countsOf(rows: readonly (readonly Cell[])[], kind: string): readonly TopValue[] {
  return rows
    .filter(([one]) => one === kind)
    .map(([, , value, count]) => ({ value: String(value), rows: Number(count) }))
    .toSorted((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
}
