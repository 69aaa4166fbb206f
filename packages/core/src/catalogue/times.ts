import type { FunctionEntry } from "./entry.ts";

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
  return {
    kind: "scalar",
    signatures: [`(self: ${over}, count: int) -> same`],
    nulls: "propagate",
    doc: `${unit} later, or earlier where the count is negative.`,
    render: { duckdb: render },
    text: { function: name },
    example,
  };
}

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
  lastDay: {
    kind: "scalar",
    signatures: [`(self: ${DAYS}) -> date`],
    nulls: "propagate",
    doc: "The last day of its month.",
    render: { duckdb: "last_day($1)" },
    text: { function: "last_day" },
    example: { text: "last_day(date '2024-02-10')", result: "2024-02-29" },
  },
  formatTime: {
    kind: "scalar",
    signatures: [`(self: ${DAYS}, layout: layout) -> string`],
    nulls: "propagate",
    doc: "As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`).",
    render: { duckdb: "strftime($1, $2)" },
    text: { function: "strftime" },
    example: { text: "strftime(date '2024-03-31', '%d.%m.%Y')", result: "31.03.2024" },
  },
  parseDate: {
    kind: "scalar",
    signatures: ["(self: text, layout: layout) -> date"],
    nulls: "always",
    doc: "The date that a text in a layout of strftime letters says; null where it does not fit.",
    render: { duckdb: "try_strptime($1, $2)" },
    text: { function: "parse_date" },
    example: { text: "parse_date('31.03.2024', '%d.%m.%Y')", result: "2024-03-31" },
  },
  parseTimestamp: {
    kind: "scalar",
    signatures: ["(self: text, layout: layout) -> timestamp"],
    nulls: "always",
    doc: "The timestamp that a text in a layout of strftime letters says; null where it does not fit.",
    render: { duckdb: "try_strptime($1, $2)" },
    text: { function: "parse_timestamp" },
    example: { text: "parse_timestamp('31.03.2024 07:08', '%d.%m.%Y %H:%M')", result: "2024-03-31 07:08:00" },
  },
};
