import type { Cell, Column } from "@sluice/core";
import { expect, test } from "vitest";
import { cellText } from "./cell-text.ts";
import { rowEncoder, type StreamFormat } from "./row-encoders.ts";

const columns: readonly Column[] = [
  { name: "id", type: "int64", nullable: true },
  { name: "a, b", type: "string", nullable: true },
  { name: "price", type: "decimal(10,2)", nullable: true },
  { name: "ratio", type: "float64", nullable: true },
  { name: "tags", type: "list<float64>", nullable: true },
];
const rows: readonly (readonly Cell[])[] = [
  [9007199254740993n, 'say "x",\n', "12.50", 0.1, '["a",Infinity,NaN]'],
  [null, "", null, Number.NaN, null],
];

function encoded(format: StreamFormat, only = columns, given = rows): string {
  const encoder = rowEncoder(format, only);
  return encoder.start + given.map((row) => encoder.batch([row])).join("") + encoder.end();
}

test("csv and tsv quote what needs it, and tell an empty text from null", () => {
  expect(encoded("csv")).toBe(
    'id,"a, b",price,ratio,tags\n9007199254740993,"say ""x"",\n",12.50,0.1,"[""a"",Infinity,NaN]"\n,"",,nan,\n',
  );
  expect(encoded("tsv")).toContain("id\ta, b\tprice");
  expect(encoded("csv", [columns[0] as Column], [[null], [1]])).toBe('id\n""\n1\n');
});

test("json keeps every digit, and is JSON whatever the floats are", () => {
  const first = '{"id":9007199254740993,"a, b":"say \\"x\\",\\n","price":12.50,"ratio":0.1,"tags":["a","inf","nan"]}';
  const second = '{"id":null,"a, b":"","price":null,"ratio":"nan","tags":null}';
  expect(encoded("ndjson")).toBe(`${first}\n${second}\n`);
  expect(encoded("json")).toBe(`[\n${first},\n${second}\n]\n`);
  expect(encoded("json", columns, [])).toBe("[]\n");
  expect(JSON.parse(encoded("json"))).toHaveLength(2);
});

test("json writes times and bytes as a file of JSON does", () => {
  const types = ["timestamp", "timestamptz", "date", "bytes", "uuid"];
  const some = types.map((type) => ({ name: type, type, nullable: true }));
  const row = ["2024-01-31 23:59:59.5", "2024-01-31 23:59:59+00", "2024-01-31", "00ff", "x"];
  expect(JSON.parse(encoded("ndjson", some, [row]))).toEqual({
    timestamp: "2024-01-31T23:59:59.5",
    timestamptz: "2024-01-31T23:59:59Z",
    date: "2024-01-31",
    bytes: "AP8=",
    uuid: "x",
  });
});

test("floats are written with the digits that they need", () => {
  expect(cellText(Math.fround(0.1), "float32")).toBe("0.1");
  expect(cellText(16777217, "float64")).toBe("16777217");
  expect(cellText(-0, "float64")).toBe("-0");
  expect(cellText(Number.NEGATIVE_INFINITY, "float32")).toBe("-inf");
});
