import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";
import { refusal } from "./refusal.ts";

const DAYS = "date|timestamp|timestamptz";
const FITS = "null where it does not fit";

/** Dates and times from and to text, numbers and zones. Layouts are constants of strftime letters. */
export const timesWritten: Readonly<Record<string, FunctionEntry>> = {
  formatTime: scalar(
    "strftime",
    `(self: ${DAYS}, layout: layout) -> string`,
    "strftime($1, $2)",
    "As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`), an instant in UTC, names in English.",
    ["strftime(date '2024-03-31', '%d.%m.%Y')", "31.03.2024"],
  ),
  parseDate: scalar(
    "parse_date",
    "(self: text, layout: layout) -> date",
    "try_strptime($1, $2)",
    `The date that a text in a layout of strftime letters says; ${FITS}.`,
    ["parse_date('31.03.2024', '%d.%m.%Y')", "2024-03-31"],
    { nulls: "always" },
  ),
  parseTime: scalar(
    "parse_time",
    "(self: text, layout: layout) -> time",
    "try_strptime($1, $2)",
    `The time of day that a text in a layout of strftime letters says; ${FITS}.`,
    ["parse_time('07.08', '%H.%M')", "07:08:00"],
    { nulls: "always" },
  ),
  parseTimestamp: scalar(
    "parse_timestamp",
    "(self: text, layout: layout) -> timestamp",
    "try_strptime($1, $2)",
    `The timestamp that a text in a layout of strftime letters says; ${FITS}.`,
    ["parse_timestamp('31.03.2024 07:08', '%d.%m.%Y %H:%M')", "2024-03-31 07:08:00"],
    { nulls: "always" },
  ),
  parseInstant: scalar(
    "parse_instant",
    "(self: text, layout: layout) -> timestamptz",
    "try_strptime($1, $2)",
    `The instant that a text in a layout of strftime letters says, its offset being \`%z\` and UTC where it has none; ${FITS}.`,
    ["parse_instant('2024-03-31 07:08 +0200', '%Y-%m-%d %H:%M %z')", "2024-03-31 05:08:00+00"],
    { nulls: "always", portable: "bounded" },
  ),
  dayName: scalar("dayname", `(self: ${DAYS}) -> string`, "dayname($1)", "The English name of the day.", [
    "dayname(date '2024-03-31')",
    "Sunday",
  ]),
  monthName: scalar("monthname", `(self: ${DAYS}) -> string`, "monthname($1)", "The English name of the month.", [
    "monthname(date '2024-03-31')",
    "March",
  ]),
  atZone: scalar(
    "timezone",
    ["(zone: zone, self: timestamptz) -> timestamp", "(zone: zone, self: timestamp) -> timestamptz"],
    "timezone($1, $2)",
    "The local time of an instant in a zone, or the instant of a local time there. A local time that a change of clocks skips or repeats is taken in standard time; engines differ there. In text also `value at time zone 'Europe/Oslo'`.",
    ["timezone('Europe/Oslo', timestamp '2024-07-01 12:00:00')", "2024-07-01 10:00:00+00"],
    { portable: "bounded" },
  ),
  fromEpochSeconds: scalar(
    "from_epoch_seconds",
    "(self: int) -> timestamptz",
    `case when $1 between -9223372036853 and 9223372036853 then make_timestamptz($1 * 1000000) when $1 is not null then ${refusal("no instant lies", "$1", "seconds from 1970-01-01")} end`,
    "The instant so many seconds after 1970-01-01 in UTC.",
    ["from_epoch_seconds(86401)", "1970-01-02 00:00:01+00"],
  ),
  fromEpochMillis: scalar(
    "from_epoch_ms",
    "(self: int) -> timestamptz",
    `case when $1 between -9223372036853000 and 9223372036853000 then make_timestamptz($1 * 1000) when $1 is not null then ${refusal("no instant lies", "$1", "milliseconds from 1970-01-01")} end`,
    "The instant so many milliseconds after 1970-01-01 in UTC.",
    ["from_epoch_ms(1500)", "1970-01-01 00:00:01.5+00"],
  ),
  makeDate: scalar(
    "make_date",
    "(year: int, month: int, day: int) -> date",
    "case when $1 between 1 and 9999 then try(make_date($1, $2, $3)) end",
    "The date of a year from 1 to 9999, a month and a day; null where the calendar has none.",
    ["make_date(2024, 2, 29)", "2024-02-29"],
    { nulls: "always" },
  ),
  makeTime: scalar(
    "make_time",
    "(hour: int, minute: int, second: int) -> time",
    "case when $1 between 0 and 23 and $2 between 0 and 59 and $3 between 0 and 59 then make_time($1, $2, $3) end",
    "The time of day of an hour, a minute and a second; null where the clock has none.",
    ["make_time(23, 59, 58)", "23:59:58"],
    { nulls: "always" },
  ),
  makeTimestamp: scalar(
    "make_timestamp",
    "(year: int, month: int, day: int, hour: int, minute: int, second: int) -> timestamp",
    "case when $1 between 1 and 9999 and $4 between 0 and 23 and $5 between 0 and 59 and $6 between 0 and 59 then try(make_timestamp($1, $2, $3, $4, $5, $6)) end",
    "The timestamp of a year from 1 to 9999, a month, a day, an hour, a minute and a second; null where there is none.",
    ["make_timestamp(2024, 2, 29, 23, 59, 58)", "2024-02-29 23:59:58"],
    { nulls: "always" },
  ),
  makeInterval: scalar(
    "make_interval",
    "(months: int, days: int, seconds: int) -> interval",
    `case when $1 is null or $2 is null or $3 is null then null when $1 between -2147483647 and 2147483647 and $2 between -2147483647 and 2147483647 then to_months(cast($1 as integer)) + to_days(cast($2 as integer)) + to_seconds($3) else ${refusal("no duration is of", "$1", "months and", "$2", "days")} end`,
    "A duration of months, days and seconds, to be added to a date or a time.",
    ["make_interval(1, 1, 1)", "1 month 1 day 00:00:01"],
  ),
};
