import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FrozenColumn } from "../schema/frozen.ts";
import { acceptanceOf } from "./acceptance.ts";
import { accepts } from "./accepts.ts";
import { createLayoutCheck } from "./layout.ts";
import { LAYOUT_CANDIDATES, layoutsOf, optionalFraction } from "./layout-candidates.ts";

const column = (type: string, more: Partial<FrozenColumn> = {}): FrozenColumn => ({
  name: "x",
  type,
  nullable: true,
  ...more,
});

const CASES: readonly [type: string, text: string | null, rule: string | undefined, more?: Partial<FrozenColumn>][] = [
  ["int64", "17", undefined],
  ["int64", "-0017", undefined],
  ["int64", "+17", undefined],
  ["int64", "", undefined],
  ["int64", null, undefined],
  ["int64", null, "is null", { nullable: false }],
  ["int64", "", "is null", { nullable: false }],
  ["int64", "1.7", "is not an int64"],
  ["int64", "0x1F", "is not an int64"],
  ["int64", "1_000", "is not an int64"],
  ["int64", "1e3", "is not an int64"],
  ["int64", " 17", "has blanks around it"],
  ["int64", "17\t", "has blanks around it"],
  ["int64", "17\n", "is not an int64"],
  ["int64", "9223372036854775807", undefined],
  ["int64", "9223372036854775808", "is out of range for int64"],
  ["int64", "-9223372036854775808", undefined],
  ["int64", "00000000000000000000000001", undefined],
  ["int32", "2147483648", "is out of range for int32"],
  ["int8", "-129", "is out of range for int8"],
  ["int8", "-128", undefined],
  ["uint8", "255", undefined],
  ["uint8", "+255", undefined],
  ["uint8", "256", "is out of range for uint8"],
  ["uint8", "-1", "is out of range for uint8"],
  ["uint64", "18446744073709551616", "is out of range for uint64"],
  ["decimal(10,2)", "12.34", undefined],
  ["decimal(10,2)", "12.", undefined],
  ["decimal(10,2)", "-.5", undefined],
  ["decimal(10,2)", "12.345", "has more than 2 decimal places"],
  ["decimal(10,2)", "12.340", "has more than 2 decimal places"],
  ["decimal(10,1)", "12.34", "has more than 1 decimal place"],
  ["decimal(10,2)", "0000000000012345678.00", undefined],
  ["decimal(10,2)", "123456789.00", "is out of range for decimal(10,2)"],
  ["decimal(10,2)", "1e2", "is not a decimal(10,2)"],
  ["decimal(10,2)", ".", "is not a decimal(10,2)"],
  ["decimal(2,2)", "0.99", undefined],
  ["decimal(2,2)", "1.00", "is out of range for decimal(2,2)"],
  ["decimal(3,0)", "999", undefined],
  ["decimal(3,0)", "9.5", "has decimal places"],
  ["float64", "1e308", undefined],
  ["float64", "1e309", "is out of range for float64"],
  ["float32", "1e39", "is out of range for float32"],
  ["float64", ".5", undefined],
  ["float64", "5.", undefined],
  ["float64", "NaN", undefined],
  ["float64", "-Infinity", undefined],
  ["float64", "1,5", "is not a float64"],
  ["float64", "1_000.5", "is not a float64"],
  ["float64", "0x1p3", "is not a float64"],
  ["float64", " 1.5", "has blanks around it"],
  ["bool", "TRUE", undefined],
  ["bool", "t", 'is not one of "true", "false"'],
  ["bool", "Ja", undefined, { words: [["ja"], ["nein"]] }],
  ["bool", "true", 'is not one of "ja", "nein"', { words: [["ja"], ["nein"]] }],
  ["date", "2024-02-29", undefined],
  ["date", "2023-02-29", "is no day of the calendar"],
  ["date", "1900-02-29", "is no day of the calendar"],
  ["date", "2000-02-29", undefined],
  ["date", "2024-04-31", "is no day of the calendar"],
  ["date", "2024-1-5", "does not fit %Y-%m-%d"],
  ["date", "0000-01-01", "does not fit %Y-%m-%d"],
  ["date", "24-01-05", "does not fit %Y-%m-%d"],
  ["date", "29/02/24", undefined, { format: "%d/%m/%y" }],
  ["date", "9/2/1969", undefined, { format: "%-d/%-m/%Y" }],
  ["date", "31/2/1969", "is no day of the calendar", { format: "%-d/%-m/%Y" }],
  ["time", "23:59:59", undefined],
  ["time", "24:00:00", "does not fit %H:%M:%S"],
  ["time", "12:30 pm", undefined, { format: "%I:%M %p" }],
  ["time", "13:30 pm", "does not fit %I:%M %p", { format: "%I:%M %p" }],
  ["timestamp", "2024-01-05 01:02:03", undefined],
  ["timestamp", "2024-01-05 01:02:03+02", "has an offset"],
  ["timestamp", "2024-01-05 01:02:03Z", "has an offset"],
  ["timestamp", "2024-01-05 01:02:03 UTC", "has an offset"],
  ["timestamp", "2024-01-05T01:02:03", "does not fit %Y-%m-%d %H:%M:%S"],
  ["timestamp", "2024-01-05 01:02:03.123456000", undefined, { format: "%Y-%m-%d %H:%M:%S.%n" }],
  [
    "timestamp",
    "2024-01-05 01:02:03.123456789",
    "does not fit %Y-%m-%d %H:%M:%S.%n",
    { format: "%Y-%m-%d %H:%M:%S.%n" },
  ],
  ["timestamp", "2024-01-05 01:02:03 ", "has blanks around it"],
  ["timestamp", "Mon Aug  2 18:23:45 2021", undefined, { format: "%a %b %-d %H:%M:%S %Y" }],
  ["timestamp", "Mon Feb 30 18:23:45 2021", "is no day of the calendar", { format: "%a %b %-d %H:%M:%S %Y" }],
  ["timestamptz", "2024-01-05 01:02:03+02:00", undefined],
  ["timestamptz", "2024-01-05 01:02:03", "does not fit %Y-%m-%d %H:%M:%S%z"],
  ["timestamptz", "2024-01-05T01:02:03Z", undefined, { format: "%Y-%m-%dT%H:%M:%SZ" }],
  ["uuid", "5b7b2f6e-0c1d-4a8f-9d5b-2f3c4d5e6f70", undefined],
  ["uuid", "{5b7b2f6e-0c1d-4a8f-9d5b-2f3c4d5e6f70}", "is not a uuid"],
  ["json", '{"a": 1}', undefined],
  ["json", "{a: 1}", "is not JSON"],
  ["enum('a+', 'b')", "a+", undefined],
  ["enum('a+', 'b')", "aa", 'is not one of "a+", "b"'],
  ["string", "", undefined],
  ["string", null, "is null", { nullable: false }],
  ["string", "", undefined, { nullable: false }],
];

describe("accepts", () => {
  it.each(CASES)("%s %j: %j", (type, text, rule, more) => {
    expect(accepts(column(type, more), text)).toBe(rule);
  });

  it("agrees with the range of every integer type, for any digits", () => {
    const kinds = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"];
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.bigInt(-(2n ** 66n), 2n ** 66n), (kind, value) => {
        const bits = BigInt(kind.replace(/\D+/, ""));
        const fits = kind.startsWith("u")
          ? value >= 0n && value < 1n << bits
          : value >= -(1n << (bits - 1n)) && value < 1n << (bits - 1n);
        expect(accepts(column(kind), String(value)) === undefined).toBe(fits);
      }),
    );
  });

  it("accepts a decimal exactly when its digits fit before and after the point", () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${max}}$`));
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 38 })
          .chain((precision) => fc.tuple(fc.constant(precision), fc.integer({ min: 0, max: precision }))),
        digits(40),
        digits(40),
        ([precision, scale], whole, fraction) => {
          fc.pre(whole.length + fraction.length > 0);
          const fits = whole.replace(/^0+/, "").length <= precision - scale && fraction.length <= scale;
          const text = fraction === "" ? whole : `${whole}.${fraction}`;
          expect(accepts(column(`decimal(${precision},${scale})`), text) === undefined).toBe(fits);
        },
      ),
    );
  });

  it("agrees with the calendar", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        (year, month, day) => {
          const pad = (value: number, width: number) => String(value).padStart(width, "0");
          const date = new Date(0);
          date.setUTCFullYear(year, month - 1, day);
          const exists = date.getUTCMonth() === month - 1;
          expect(accepts(column("date"), `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`) === undefined).toBe(exists);
        },
      ),
    );
  });

  it("refuses types that text does not hold, and layouts that do not give the type", () => {
    expect(() => acceptanceOf(column("list<int64>"))).toThrow(/"x" is list<int64>, which a text file does not hold/);
    expect(() => acceptanceOf(column("date", { format: "%H:%M" }))).toThrow(
      /is a date, which the layout "%H:%M" does not give/,
    );
    expect(() => acceptanceOf(column("time", { format: "%H:%M:%f%S" }))).toThrow(/the digits of %f from those of %S/);
    expect(() => acceptanceOf(column("date", { format: "%Y%-m%-d" }))).toThrow(/the digits of %-m from those of %-d/);
    expect(acceptanceOf(column("date", { format: "%Y%m%-d" })).layout).toBe("%Y%m%-d");
    expect(() => acceptanceOf(column("date", { format: "%Q" }))).toThrow(/the layout "%Q" has %Q, which is not known/);
  });
});

describe("layoutsOf", () => {
  it.each([
    ["2024-01-02", ["%Y-%m-%d"]],
    ["01/02/2024", ["%d/%m/%Y", "%-d/%-m/%Y", "%m/%d/%Y", "%-m/%-d/%Y"]],
    ["13/02/2024", ["%d/%m/%Y", "%-d/%-m/%Y"]],
    ["1/13/2024", ["%-m/%-d/%Y"]],
    ["2024-01-02T03:04:05.678", ["%Y-%m-%dT%H:%M:%S.%g", "%Y-%m-%dT%H:%M:%S.%f"]],
    ["2024-01-02T03:04:05Z", ["%Y-%m-%dT%H:%M:%SZ"]],
    ["2024-01-02 03:04:05+02", ["%Y-%m-%d %H:%M:%S%z"]],
    ["2024-01-02 03:04:05 -02:30", ["%Y-%m-%d %H:%M:%S %z"]],
    ["2024-01-02 03:04:05 UTC", ["%Y-%m-%d %H:%M:%S UTC"]],
    ["Thu Aug 19 21:54:38 2021", ["%a %b %-d %H:%M:%S %Y"]],
    ["Thu, 19 Aug 2021 21:54:38 GMT", ["%a, %-d %b %Y %H:%M:%S GMT"]],
    ["Jan 1 2000", ["%b %-d %Y"]],
    ["2015/01/01 01:00:00", ["%Y/%m/%d %H:%M:%S", "%Y/%m/%d %-H:%M:%S"]],
    ["9:05 PM", ["%-I:%M %p"]],
    ["9:05pm", ["%-I:%M%p"]],
    ["20240102", []],
    ["12.34", []],
    ["hello", []],
  ])("%s", (text, layouts) => {
    expect(layoutsOf(text).map((candidate) => candidate.layout)).toEqual(expect.arrayContaining(layouts));
    if (layouts.length === 0) expect(layoutsOf(text)).toEqual([]);
  });

  it("finds every candidate by a text of its own, and each gives the type it says", () => {
    const values: Record<string, string> = {
      Y: "2021",
      y: "21",
      m: "08",
      d: "19",
      H: "21",
      I: "09",
      M: "54",
      S: "38",
      g: "123",
      f: "123456",
      n: "123456000",
      p: "PM",
      b: "Aug",
      B: "August",
      a: "Thu",
      A: "Thursday",
      z: "+02:00",
    };
    for (const { layout, type } of LAYOUT_CANDIDATES) {
      const text = layout.replaceAll(/%-?([A-Za-z])/g, (_, letter: string) => values[letter] ?? "");
      expect(
        layoutsOf(text).map((candidate) => candidate.layout),
        text,
      ).toContain(layout);
      expect(createLayoutCheck(layout)(text)).toBeUndefined();
      expect(acceptanceOf(column(type, { format: layout })).layout).toBe(layout);
    }
  });
});

describe("optionalFraction", () => {
  it("joins the two halves of every layout that casts read, and nothing else", () => {
    const joined = new Map<string, string[]>();
    for (const { layout, type } of LAYOUT_CANDIDATES) {
      const optional = optionalFraction(layout);
      if (optional === undefined) continue;
      expect(acceptanceOf(column(type, { format: optional })).layout).toBe(optional);
      joined.set(optional, [...(joined.get(optional) ?? []), layout]);
    }
    const layouts = ["T", " "].flatMap((mark) => ["", "Z", "%z"].map((zone) => `%Y-%m-%d${mark}%H:%M:%S%.f${zone}`));
    expect([...joined.keys()].sort()).toEqual([...layouts, "%H:%M:%S%.f"].sort());
    for (const [optional, halves] of joined) {
      expect(halves).toEqual([optional.replace("%.f", ""), optional.replace("%.f", ".%f")]);
    }
  });

  it("fits what one of the halves fits", () => {
    const checks = ["", ".%f", "%.f"].map((fraction) => createLayoutCheck(`%Y-%m-%d %H:%M:%S${fraction}`));
    const text = fc.stringMatching(/^2015-02-(2[789]|3[01]) 12:50:[0-6][0-9](\.[0-9]{0,8})?$/);
    fc.assert(
      fc.property(text, (value) => {
        const [whole, split, optional] = checks.map((check) => check(value) === undefined);
        expect([whole && split, whole || split]).toEqual([false, optional]);
      }),
    );
  });
});
