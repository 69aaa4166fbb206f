import type { Schema } from "@sluice/core";
import type { TextRow } from "./rows.ts";

/** A small table with a key. */
export const PEOPLE: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "name", type: "string", nullable: true },
    { name: "amount", type: "decimal(10,2)", nullable: true },
  ],
};

export const PEOPLE_ROWS: readonly TextRow[] = [
  ["1", "Ada", "12.30"],
  ["2", "Grace", "0.00"],
  ["3", null, null],
  ["4", "", "-99999999.99"],
];

const TYPED: readonly (readonly [type: string, first: string | boolean, second: string | boolean])[] = [
  ["bool", true, false],
  ["int8", "-128", "127"],
  ["int16", "-32768", "32767"],
  ["int32", "-2147483648", "2147483647"],
  ["int64", "-9223372036854775808", "9223372036854775807"],
  ["uint8", "0", "255"],
  ["uint16", "0", "65535"],
  ["uint32", "0", "4294967295"],
  ["uint64", "0", "18446744073709551615"],
  ["float32", "1.5", "-0.25"],
  ["float64", "0.1", "1.7976931348623157e308"],
  ["decimal(10,2)", "12.30", "-99999999.99"],
  ["decimal(38,9)", "0.000000001", "12345678901234567890123456789.123456789"],
  ["string", "007", 'a\'b "c", é\n\t1.0 '],
  ["bytes", "00ff0a", "22"],
  ["date", "2024-02-29", "1970-01-01"],
  ["time", "23:59:59.123456", "00:00:00"],
  ["timestamp", "2024-02-29 12:30:00", "1999-12-31 23:59:59.999999"],
  ["timestamptz", "2024-02-29 12:30:00+00", "1999-12-31 23:59:59.5+00"],
  ["uuid", "0b5a4c4e-6a1b-4f0e-9a53-0a4e3f0a7c11", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  ["json", '{"a":[1,2.50,"x"]}', "null"],
];

/** A column of every type that a literal can be written for, but intervals, which each engine prints in its own way. */
export function typesTable(except: readonly string[] = []): {
  readonly schema: Schema;
  readonly rows: readonly TextRow[];
} {
  const typed = TYPED.filter(([type]) => !except.includes(type));
  const name = (type: string): string => `c_${type.replaceAll(/[^a-z0-9]/g, "_")}`;
  return {
    schema: { columns: typed.map(([type]) => ({ name: name(type), type, nullable: true })) },
    rows: [typed.map(([, first]) => first), typed.map(([, , second]) => second), typed.map(() => null)],
  };
}

/** Names that a careless program trips over. */
export const WICKED: Schema = {
  columns: ['select"x', "then", "__proto__", "constructor", "1", "a'b", "ü [1]; --", " ", "$1"].map((name) => ({
    name,
    type: "string",
    nullable: true,
  })),
};

export const WICKED_ROWS: readonly TextRow[] = [
  WICKED.columns.map((column) => column.name),
  WICKED.columns.map((_, index) => (index % 2 === 0 ? null : `v${index}`)),
];

/** A table of many columns of several types. */
export function wideTable(width: number): { readonly schema: Schema; readonly rows: readonly TextRow[] } {
  const types = ["int64", "string", "float64", "date"] as const;
  const values = { int64: "42", string: "x", float64: "0.5", date: "2024-02-29" } as const;
  const columns = Array.from({ length: width }, (_, index) => ({
    name: `column_${index}`,
    type: types[index % 4] ?? "string",
    nullable: true,
  }));
  const row = columns.map((column) => values[column.type]);
  return { schema: { columns }, rows: [row, row.map((value, index) => (index % 3 === 0 ? null : value))] };
}
