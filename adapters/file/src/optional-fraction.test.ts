import { readInput } from "@sluice/conformance";
import type { StreamInfo } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { describe, expect, it } from "vitest";
import { columnsOf, lookIn } from "./discover.fixture.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
const { project, look } = lookIn(surroundings);

const textOf = (values: readonly string[]): string => `k,v\n${values.map((value) => `1,${value}\n`).join("")}`;
const declare = (type: string): object => ({ types: new Map([["v", type]]) });

/** What is frozen of values that stand in one column. */
const lookAt = async (values: readonly string[], type?: string): Promise<StreamInfo> =>
  await look(textOf(values), {}, type === undefined ? {} : declare(type));

/** Texts of which some have a fraction, the type, the layout, and the values that are read. */
const MIXED: readonly (readonly [string, string, string[], string[]])[] = [
  [
    "timestamp",
    "%Y-%m-%d %H:%M:%S%.f",
    ["2015-08-01 12:50:00", "2015-08-01 12:50:00.5", "2015-08-01 12:50:00.123456"],
    ["2015-08-01 12:50:00", "2015-08-01 12:50:00.5", "2015-08-01 12:50:00.123456"],
  ],
  [
    "timestamp",
    "%Y-%m-%dT%H:%M:%S%.f",
    ["2015-08-01T12:50:00.123456", "2015-08-01T12:50:00"],
    ["2015-08-01 12:50:00.123456", "2015-08-01 12:50:00"],
  ],
  [
    "timestamp",
    "%Y-%m-%d %H:%M:%S%.f",
    ["2015-08-01 12:50:00.250", "2015-08-01 12:50:00"],
    ["2015-08-01 12:50:00.25", "2015-08-01 12:50:00"],
  ],
  ["time", "%H:%M:%S%.f", ["12:50:00", "23:59:59.999999"], ["12:50:00", "23:59:59.999999"]],
  [
    "timestamptz",
    "%Y-%m-%dT%H:%M:%S%.fZ",
    ["2015-08-01T12:50:00Z", "2015-08-01T12:50:00.5Z"],
    ["2015-08-01 12:50:00", "2015-08-01 12:50:00.5"],
  ],
  [
    "timestamptz",
    "%Y-%m-%d %H:%M:%S%.f%z",
    ["2015-08-01 12:50:00.5+00", "2015-08-01 12:50:00-05:30"],
    ["2015-08-01 12:50:00.5", "2015-08-01 18:20:00"],
  ],
  [
    "timestamptz",
    "%Y-%m-%dT%H:%M:%S%.f%z",
    ["2015-08-01T12:50:00+00:00", "2015-08-01T12:50:00.000001-0530"],
    ["2015-08-01 12:50:00", "2015-08-01 18:20:00.000001"],
  ],
];

describe("times of which some have a fraction", () => {
  it.each(MIXED)("are found as %s %s, declared or not, and read", async (type, layout, texts, values) => {
    for (const declared of [undefined, type]) {
      const found = await lookAt(texts, declared);
      expect([columnsOf(found)[1], found.warnings]).toEqual([`v ${type} ${layout}`, []]);
    }
    const at = await project();
    await at.write("a.csv", textOf(texts));
    const dataset = await at.freeze("a.csv");
    const rows = await at.rows(dataset);
    expect(rows.map(([, value]) => value)).toEqual(values);
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect([rejected, accepted]).toEqual([[], rows]);
  });

  it.each([
    ["all", "2015-08-01 12:50:00.123456", "%Y-%m-%d %H:%M:%S.%f"],
    ["all of three digits", "2015-08-01 12:50:00.123", "%Y-%m-%d %H:%M:%S.%g"],
    ["none", "2015-08-01 12:50:00", "%Y-%m-%d %H:%M:%S"],
  ])("keep their layout where it is %s of them", async (_, text, layout) => {
    for (const declared of [undefined, "timestamp"]) {
      expect(columnsOf(await lookAt([text, text], declared))[1]).toBe(`v timestamp ${layout}`);
    }
    // What is no time says nothing of fractions.
    const spoilt = await lookAt([text, "soon", text], "timestamp");
    expect(columnsOf(spoilt)[1]).toBe(`v timestamp ${layout}`);
    expect(spoilt.warnings).toEqual([
      expect.stringContaining('1 of 3 values are none and will be rejected, the first "soon"'),
    ]);
  });

  it.each([
    ["fraction", "2015-08-01T12:50:00", "2015-08-01T12:50:00.5"],
    ["value without one", "2015-08-01T12:50:00.5", "2015-08-01T12:50:00"],
  ])("are found however late the first %s comes", async (_, usual, last) => {
    for (const declared of [undefined, "timestamp"]) {
      const found = await lookAt([...Array<string>(60_000).fill(usual), last], declared);
      expect([columnsOf(found)[1], found.warnings]).toEqual(["v timestamp %Y-%m-%dT%H:%M:%S%.f", []]);
    }
  });

  it("are counted exactly beside values that are none", async () => {
    const times = ["2015-08-01 12:50:00", "2015-08-01 12:50:00.5", "2015-08-01 12:50:00.25", "2015-08-01 12:50:01"];
    const bad = ["2015-02-30 12:50:00", "2015-08-01 12:50:00.1234567"];
    const declared = await lookAt([...times, ...bad, ...times], "timestamp");
    expect(columnsOf(declared)[1]).toBe("v timestamp %Y-%m-%d %H:%M:%S%.f");
    expect(declared.warnings).toEqual([
      '"v" is declared timestamp: 2 of 10 values are none and will be rejected, the first "2015-02-30 12:50:00" in line 6',
    ]);
    const guessed = await lookAt([...times, "2015-02-30 12:50:00", ...times]);
    expect(columnsOf(guessed)[1]).toBe("v string");
    expect(guessed.warnings).toEqual([
      '"v" is string because 1 of 9 values is no timestamp, the first "2015-02-30 12:50:00" in line 6: declare its type to reject them',
    ]);
  });

  it("are text where no engine reads a fraction that may be absent, or the two are written otherwise", async () => {
    for (const texts of [
      ["01.08.2015 12:50:00", "01.08.2015 12:50:00.5"],
      ["2015-08-01 12:50:00 UTC", "2015-08-01 12:50:00.5 UTC"],
      ["2015-08-01 12:50:00", "2015-08-01T12:50:00.5"],
      ["2015-08-01 12:50:00Z", "2015-08-01 12:50:00.5"],
    ]) {
      expect(columnsOf(await lookAt(texts))[1]).toBe("v string");
    }
  });

  it("are found in NDJSON, also within objects, and read", async () => {
    const at = await project();
    const lines = ["2015-08-01T12:50:00", "2015-08-01T12:50:00.5"].map((text) =>
      JSON.stringify({ v: text, o: { at: [text] } }),
    );
    await at.write("a.ndjson", `${lines.join("\n")}\n`);
    const dataset = await at.freeze("a.ndjson", {}, { format: "ndjson" });
    const layout = "%Y-%m-%dT%H:%M:%S%.f";
    expect(dataset.columns).toMatchObject([
      { name: "v", type: "timestamp", format: layout },
      { name: "o", type: "struct{at: list<timestamp>}", formats: [["o.at[]", layout]] },
    ]);
    const rows = await at.rows(dataset);
    expect(rows.map(([value]) => value)).toEqual(["2015-08-01 12:50:00", "2015-08-01 12:50:00.5"]);
    expect(rows.map(([, nested]) => nested)).toEqual([
      expect.stringContaining("2015-08-01 12:50:00"),
      expect.stringContaining("2015-08-01 12:50:00.5"),
    ]);
  });
});
