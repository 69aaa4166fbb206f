import type { FunctionEntry } from "./entry.ts";
import { refusal } from "./refusal.ts";

const DAYS = "date|timestamp|timestamptz";
const CLOCKS = "time|timestamp|timestamptz";

function part(
  name: string,
  over: string,
  render: string,
  doc: string,
  example: FunctionEntry["example"],
): FunctionEntry {
  return {
    kind: "scalar",
    signatures: [`(self: ${over}) -> int64`],
    nulls: "propagate",
    doc,
    render: { duckdb: render },
    text: { function: name },
    example,
  };
}

function adding(
  name: string,
  unit: string,
  over: string,
  render: string,
  example: FunctionEntry["example"],
): FunctionEntry {
  const isSmall = !render.includes("as integer");
  return {
    kind: "scalar",
    signatures: [`(self: ${over}, count: int) -> same`],
    nulls: "propagate",
    doc: `${unit} later, or earlier where the count is negative.`,
    // A duration of DuckDB holds its count as int32, and smaller units up to some other number of them.
    render: {
      duckdb: `case when $1 is null or $2 is null then null when $2 between -2147483647 and 2147483647 or ${isSmall} then ${render} else ${refusal("nothing lies", "$2", `${name.slice("add_".length)} away`)} end`,
    },
    text: { function: name },
    example,
  };
}

const MOVED =
  "$2 + to_months(cast(date_diff($1, $2, $3) * case $1 when 'year' then 12 when 'quarter' then 3 else 1 end as integer))";
// DuckDB's own count of months takes the last days of two months for a whole month, whatever their times of day.
const WHOLE_UNITS = `case when $1 in ('year', 'quarter', 'month') then date_diff($1, $2, $3) + case when $2 <= $3 and ${MOVED} > $3 then -1 when $2 > $3 and ${MOVED} < $3 then 1 else 0 end else date_sub($1, $2, $3) end`;

/** Dates and times. A `timestamptz` is taken apart in UTC; a `timestamp` has no zone and is taken as it stands. */
export const times: Readonly<Record<string, FunctionEntry>> = {
  year: part("year", DAYS, "year($1)", "The year.", { text: "year(date '2024-03-31')", result: 2024 }),
  quarter: part("quarter", DAYS, "quarter($1)", "The quarter, 1 to 4.", {
    text: "quarter(date '2024-03-31')",
    result: 1,
  }),
  month: part("month", DAYS, "month($1)", "The month, 1 to 12.", { text: "month(date '2024-03-31')", result: 3 }),
  week: part("week", DAYS, "week($1)", "The ISO week, 1 to 53; it starts on Monday.", {
    text: "week(date '2024-03-31')",
    result: 13,
  }),
  day: part("day", DAYS, "day($1)", "The day of the month, 1 to 31.", { text: "day(date '2024-03-31')", result: 31 }),
  dayOfWeek: part("isodow", DAYS, "isodow($1)", "The ISO day of the week: Monday is 1, Sunday 7.", {
    text: "isodow(date '2024-03-31')",
    result: 7,
  }),
  dayOfYear: part("dayofyear", DAYS, "dayofyear($1)", "The day of the year, 1 to 366.", {
    text: "dayofyear(date '2024-03-01')",
    result: 61,
  }),
  hour: part("hour", CLOCKS, "hour($1)", "The hour, 0 to 23.", {
    text: "hour(timestamp '2024-03-31 23:59:58')",
    result: 23,
  }),
  minute: part("minute", CLOCKS, "minute($1)", "The minute, 0 to 59.", {
    text: "minute(timestamp '2024-03-31 23:59:58')",
    result: 59,
  }),
  second: part("second", CLOCKS, "second($1)", "The whole second, 0 to 59.", {
    text: "second(timestamp '2024-03-31 23:59:58.9')",
    result: 58,
  }),
  microsecond: part(
    "microsecond",
    CLOCKS,
    "microsecond($1) % 1000000",
    "The fraction of its second, in microseconds.",
    {
      text: "microsecond(timestamp '2024-03-31 23:59:58.9')",
      result: 900_000,
    },
  ),
  isoYear: part("isoyear", DAYS, "isoyear($1)", "The year that its ISO week belongs to.", {
    text: "isoyear(date '2024-12-30')",
    result: 2025,
  }),
  epochMillis: part(
    "epoch_ms",
    DAYS,
    "epoch_us(date_trunc('millisecond', $1)) // 1000",
    "Whole milliseconds since 1970-01-01; a value without a zone is taken as UTC.",
    { text: "epoch_ms(timestamp '1970-01-01 00:00:01.5')", result: 1500 },
  ),
  epochSeconds: part(
    "epoch_seconds",
    DAYS,
    // epoch() is a double, in which the last microsecond of a late year is the next second.
    "epoch_us(date_trunc('second', $1)) // 1000000",
    "Whole seconds since 1970-01-01; a value without a zone is taken as UTC.",
    { text: "epoch_seconds(timestamp '1970-01-02 00:00:01')", result: 86401 },
  ),
  truncate: {
    kind: "scalar",
    signatures: [`(unit: unit, self: ${DAYS}) -> same`],
    nulls: "propagate",
    doc: "The start of its year, quarter, month, week (Monday), day, hour, minute or second.",
    render: { duckdb: "date_trunc($1, $2)" },
    text: { function: "date_trunc" },
    example: { text: "date_trunc('month', date '2024-03-31')", result: "2024-03-01" },
  },
  dateDiff: {
    kind: "scalar",
    signatures: [`(unit: unit, self: ${DAYS}, until: self) -> int64`],
    nulls: "propagate",
    doc: "How many starts of a unit lie between it and `until`, a week starting on Monday; negative where `until` is earlier.",
    // Alone among the units, weeks are counted whole by DuckDB, from the first day on.
    render: {
      duckdb:
        "case when $1 = 'week' then date_diff('week', date_trunc('week', $2), date_trunc('week', $3)) else date_diff($1, $2, $3) end",
    },
    text: { function: "date_diff" },
    example: { text: "date_diff('day', date '2024-02-28', date '2024-03-01')", result: 2 },
  },
  dateDiffFull: {
    kind: "scalar",
    signatures: [`(unit: unit, self: ${DAYS}, until: self) -> int64`],
    nulls: "propagate",
    doc: "How many whole units lie between it and `until`: the most that can be added to it (as `add_months` does) without going beyond; negative where `until` is earlier.",
    render: { duckdb: WHOLE_UNITS },
    portable: "bounded",
    text: { function: "date_diff_full" },
    example: { text: "date_diff_full('month', date '2024-01-31', date '2024-02-28')", result: 0 },
  },
  addMilliseconds: adding(
    "add_milliseconds",
    "So many milliseconds",
    "timestamp|timestamptz",
    "$1 + to_milliseconds($2)",
    { text: "add_milliseconds(timestamp '2024-03-31 23:59:58', 2500)", result: "2024-04-01 00:00:00.5" },
  ),
  addSeconds: adding("add_seconds", "So many seconds", "timestamp|timestamptz", "$1 + to_seconds($2)", {
    text: "add_seconds(timestamp '2024-03-31 23:59:58', 3)",
    result: "2024-04-01 00:00:01",
  }),
  addMinutes: adding("add_minutes", "So many minutes", "timestamp|timestamptz", "$1 + to_minutes($2)", {
    text: "add_minutes(timestamp '2024-03-31 23:59:00', 1)",
    result: "2024-04-01 00:00:00",
  }),
  addHours: adding("add_hours", "So many hours", "timestamp|timestamptz", "$1 + to_hours($2)", {
    text: "add_hours(timestamp '2024-03-31 23:00:00', -23)",
    result: "2024-03-31 00:00:00",
  }),
  addDays: adding("add_days", "So many days", DAYS, "$1 + to_days(cast($2 as integer))", {
    text: "add_days(date '2024-02-28', 2)",
    result: "2024-03-01",
  }),
  addMonths: adding(
    "add_months",
    "So many months (the last day where the month is shorter)",
    DAYS,
    "$1 + to_months(cast($2 as integer))",
    {
      text: "add_months(date '2024-01-31', 1)",
      result: "2024-02-29",
    },
  ),
  addWeeks: adding("add_weeks", "So many weeks", DAYS, "$1 + to_weeks(cast($2 as integer))", {
    text: "add_weeks(date '2024-02-22', 1)",
    result: "2024-02-29",
  }),
  addQuarters: adding(
    "add_quarters",
    "So many quarters (the last day where the month is shorter)",
    DAYS,
    "$1 + to_quarters(cast($2 as integer))",
    { text: "add_quarters(date '2023-11-30', 1)", result: "2024-02-29" },
  ),
  addYears: adding(
    "add_years",
    "So many years (29 February becomes the 28th where there is none)",
    DAYS,
    "$1 + to_years(cast($2 as integer))",
    { text: "add_years(date '2024-02-29', 1)", result: "2025-02-28" },
  ),
  daysInMonth: part("days_in_month", DAYS, "day(last_day($1))", "The number of days of its month.", {
    text: "days_in_month(date '2024-02-10')",
    result: 29,
  }),
  lastDay: {
    kind: "scalar",
    signatures: [`(self: ${DAYS}) -> date`],
    nulls: "propagate",
    doc: "The last day of its month.",
    render: { duckdb: "last_day($1)" },
    text: { function: "last_day" },
    example: { text: "last_day(date '2024-02-10')", result: "2024-02-29" },
  },
};
