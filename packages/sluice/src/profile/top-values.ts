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

/** The most frequent values of a column, and how they are written. */
export async function topValues(session: Session, landed: LandedRows, summary: ColumnSummary): Promise<Values> {
  const family = familyOf(parseType(summary.type));
  const none: Values = { distinct: null, folded: null, top: [], patterns: [], patternsOf: 0, numbers: 0 };
  if (summary.rows === summary.nulls || NESTED.includes(family)) return none;
  const name = quoted(summary.column);
  const isText = family === "text";
  if (summary.distinct > MOST_VALUES) {
    if (!isText) return none;
    const text = `select ${name}::varchar as v, 1 as n from <rows> where ${name} is not null limit ${PATTERN_ROWS}`;
    const { patterns, patternsOf, numbers } = await ask(session, landed, { values: text, isText });
    return { ...none, patterns, patternsOf, numbers };
  }
  const counted = `select ${name}::varchar as v, count(*) as n from <rows> where ${name} is not null group by ${name}`;
  const found = await ask(session, landed, { values: counted, isText });
  // What occurs once each has no most frequent one.
  return { ...found, top: (found.top[0]?.rows ?? 0) > 1 ? found.top : [] };
}

async function ask(
  session: Session,
  landed: LandedRows,
  { values, isText }: { readonly values: string; readonly isText: boolean },
): Promise<Values> {
  const pattern = `translate(left(v, ${LONGEST}), '${CAPITALS}${CAPITALS.toLowerCase()}${DIGITS}', '${"A".repeat(26)}${"a".repeat(26)}${"9".repeat(10)}')`;
  const rows = await askLanded(session, landed, (input) =>
    [
      `with g as materialized (${values.replace("<rows>", input)})`,
      `, p as (select ${isText ? pattern : "null"} as v, sum(n)::bigint as n from g ${isText ? "" : "where false "}group by 1)`,
      `(select 'all' as k, null as v, count(*)::bigint as n, ${isText ? "count(distinct lower(v))" : "0"}::bigint as m, sum(n)::bigint as s, ${isText ? "sum(n) filter (where try_cast(v as double) is not null)" : "0"}::bigint as d from g)`,
      `union all (select 'top', left(v, 200), n, null, null, null from g order by n desc, v limit ${SHOWN})`,
      `union all (select 'pattern', v, n, null, null, null from p order by n desc, v limit ${SHOWN})`,
    ].join(" "),
  );
  const all = rows.find(([kind]) => kind === "all");
  return {
    distinct: Number(all?.[2] ?? 0),
    folded: isText ? Number(all?.[3] ?? 0) : null,
    top: valuesOf(rows, "top"),
    patterns: valuesOf(rows, "pattern"),
    patternsOf: isText ? Number(all?.[4] ?? 0) : 0,
    numbers: Number(all?.[5] ?? 0),
  };
}

function valuesOf(rows: readonly (readonly Cell[])[], kind: string): readonly TopValue[] {
  return rows
    .filter(([one]) => one === kind)
    .map(([, value, count]) => ({ value: String(value), rows: Number(count) }))
    .toSorted((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
}
