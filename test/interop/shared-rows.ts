import type { TextRows } from "./lake-project.ts";

/** How a type is written as one text by both engines. */
interface Written {
  readonly ours: (column: string) => string;
  readonly spark: (column: string) => string;
}

const plain: Written = { ours: (column) => column, spark: (column) => `cast(${column} as string)` };
// Values of the tests are fractions of a power of two, so that nothing is rounded.
const fraction: Written = {
  ours: (column) => `cast(${column} * 1024 as bigint)`,
  spark: (column) => `cast(cast(${column} * 1024 as bigint) as string)`,
};
const bytes: Written = { ours: (column) => `hex(${column})`, spark: (column) => `hex(${column})` };
const moment: Written = {
  ours: (column) => `epoch_us(${column})`,
  spark: (column) => `cast(unix_micros(cast(${column} as timestamp)) as string)`,
};
const nested: Written = {
  ours: (column) => `case when ${column} is null then null else to_json(${column}) end`,
  spark: (column) => `to_json(${column}, map('ignoreNullFields', 'false'))`,
};

/** The columns of the tests, and how each is made of a number `i`. */
const COLUMNS: Readonly<Record<string, readonly [made: string, written: Written]>> = {
  id: ["i::bigint", plain],
  small: ["case when i % 13 = 0 then null else (i % 7 - 3)::int end", plain],
  price: ["case when i % 11 = 0 then null else (i * 1.25 - 500)::decimal(12, 2) end", plain],
  big: ["(i::decimal(19, 0) * 1000000000000000000 - 7)::decimal(38, 0)", plain],
  ratio: ["i / 4.0::double - 9", fraction],
  single: ["(i / 8.0)::float", fraction],
  flag: ["case when i % 5 = 0 then null else i % 3 = 0 end", plain],
  word: [
    "case when i % 9 = 0 then null when i % 8 = 0 then '' else 'wö/=%20 😀' || (i % 4) || repeat('x', i % 20) end",
    plain,
  ],
  raw: ["case when i % 6 = 0 then null else unhex(printf('%04x', i)) end", bytes],
  uid: ["('00000000-0000-4000-8000-' || printf('%012x', i))::uuid", plain],
  day: ["case when i % 10 = 0 then null else (date '1969-12-25' + (i % 40)::int)::date end", plain],
  seen: ["timestamp '1969-12-31 20:00:00.123456' + to_seconds(i * 1800)", moment],
  zoned: [
    "case when i % 14 = 0 then null else timestamptz '1969-12-31 20:00:00.5+00' + to_seconds(i * 1800) end",
    moment,
  ],
  tags: ["case when i % 4 = 0 then null when i % 3 = 0 then []::varchar[] else ['a' || i, null] end", nested],
  point: [
    "case when i % 5 = 0 then null else {x: i::int, 'y z': case when i % 2 = 0 then null else 's' || i end} end",
    nested,
  ],
  sizes: ["case when i % 7 = 0 then null else map(['k'], [i::int]) end", nested],
  deep: ["[{n: i::int, l: [{m: i % 3 = 0}]}]", nested],
};

export const ALL: readonly string[] = Object.keys(COLUMNS);

/** A SELECT of rows by number; `changes` are columns that are made otherwise, or beside. */
export function selectRows(
  range: string,
  columns: readonly string[] = ALL,
  changes: Readonly<Record<string, string>> = {},
): string {
  const names = [...columns, ...Object.keys(changes).filter((name) => !columns.includes(name))];
  const list = names.map((name) => `${changes[name] ?? COLUMNS[name]?.[0]} as "${name}"`);
  return `select ${list.join(", ")} from range(${range}) r(i)`;
}

export const oursOf = (columns: readonly string[]): readonly string[] =>
  columns.map((name) => (COLUMNS[name]?.[1] ?? plain).ours(`"${name}"`));
export const sparkOf = (columns: readonly string[]): readonly string[] =>
  columns.map((name) => (COLUMNS[name]?.[1] ?? plain).spark(`\`${name}\``));

/** In one order. */
export function sorted(rows: TextRows): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
