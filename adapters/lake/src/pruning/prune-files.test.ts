import type { Expression, LiteralNode } from "@sluice/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DataFile, PartitionSpec } from "../format/model.ts";
import { parseTransform } from "../values/short-forms.fixture.ts";
import { transformProblem } from "../values/transform.ts";
import { pruneFiles } from "./prune-files.ts";
import {
  call,
  filesOf,
  filter,
  holds,
  manifestOf,
  NAMES,
  type Row,
  row,
  SCHEMA,
  sampleOf,
  spec,
} from "./random-files.fixture.ts";

describe("pruneFiles", () => {
  it("never skips a file, or a manifest, with a row that the filter keeps", () => {
    let [skipped, kept] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        spec,
        filter,
        fc.boolean(),
        (rows, parted, condition, bare) => {
          const { keepFile, keepManifest } = pruneFiles(condition, SCHEMA);
          const files = filesOf(rows, parted);
          for (const [file, own] of files) {
            const { nullCounts: _nulls, nanCounts: _nans, lowerBounds: _lower, upperBounds: _upper, ...without } = file;
            const isKept = keepFile(bare ? without : file, parted);
            if (isKept) kept++;
            else skipped++;
            const matching = own.filter((one) => holds(condition, one) === true);
            if (!isKept) expect(matching).toEqual([]);
          }
          const manifest = manifestOf([...files.keys()], parted);
          const matching = rows.filter((one) => holds(condition, one) === true);
          if (!keepManifest(manifest, parted)) expect(matching).toEqual([]);
        },
      ),
      { numRuns: 3000 },
    );
    // It would be easy to skip nothing.
    expect(skipped).toBeGreaterThan(kept / 10);
  });

  const condition = (name: string, column: string, type: LiteralNode["type"], value: string): Expression =>
    call(name, { kind: "column", name: column }, { kind: "literal", type, value });
  const one = (values: Row, transform?: string): readonly [DataFile, PartitionSpec] => {
    const [name = "", text = ""] = transform?.split(" ") ?? [];
    const fields =
      transform === undefined
        ? []
        : [{ sourceId: NAMES.indexOf(name) + 1, fieldId: 1000, name, transform: parseTransform(text) }];
    const parted = { specId: 0, fields };
    const [file] = [...filesOf([Object.fromEntries(NAMES.map((each) => [each, values[each] ?? null]))], parted).keys()];
    if (file === undefined) throw new Error("no file");
    return [file, parted];
  };

  it.each([
    ["gt", "small", "number", "5", { small: "5" }, undefined],
    ["gt", "small", "number", "9223372036854775808", { small: "5" }, undefined],
    ["eq", "small", "number", "5", { small: "4" }, "small bucket[3]"],
    ["eq", "price", "number", "1.5", { price: "1.49" }, undefined],
    ["lt", "at", "date", "1969-12-31", { at: "1969-12-31T00:00:00" }, undefined],
    ["gte", "day", "timestamp", "2024-03-01T12:00:00", { day: "2024-02-28" }, undefined],
    ["startsWith", "word", "string", "abc", { word: "abd" }, undefined],
    ["startsWith", "word", "string", "\u{FFFD}", { word: "\u{1F600}" }, undefined],
    ["eq", "word", "string", "", { word: null }, undefined],
  ] as const)("skips by %s of %s %s %s", (name, column, type, value, values, transform) => {
    const [file, parted] = one(values, transform);
    expect(pruneFiles(condition(name, column, type, value), SCHEMA).keepFile(file, parted)).toBe(false);
  });

  it.each([
    ["gt", "share", "number", "5", { share: "nan" }, undefined],
    ["eq", "small", "number", "5.0000001", { small: "5" }, undefined],
    ["lt", "at", "timestamp", "1970-01-01T00:00:00", { at: "1969-12-31T23:00:00" }, "at year"],
    ["eq", "word", "date", "2024-01-01", { word: "b" }, undefined],
    // The reference implementation parts these as the greatest numbers.
    ["lt", "small", "number", "0", { small: "-2147483648" }, "small truncate[10]"],
    ["lt", "large", "number", "0", { large: "-9223372036854775001" }, "large truncate[1000]"],
  ] as const)("keeps by %s of %s %s %s", (name, column, type, value, values, transform) => {
    const [file, parted] = one(values, transform);
    expect(pruneFiles(condition(name, column, type, value), SCHEMA).keepFile(file, parted)).toBe(true);
  });

  it("keeps what writers that round towards 1970 put into the wrong year", () => {
    const [file, parted] = one({ at: "1968-07-01T00:00:00" }, "at year");
    const { lowerBounds: _lower, upperBounds: _upper, ...wrong } = { ...file, partition: [-1] };
    const early = condition("lt", "at", "date", "1969-01-01");
    expect(pruneFiles(early, SCHEMA).keepFile(wrong, parted)).toBe(true);
  });

  it("asks only columns whose order is that of the table", () => {
    const [file, parted] = one({ word: "b" });
    const asked = condition("gt", "word", "string", "c");
    expect(pruneFiles(asked, SCHEMA).keepFile(file, parted)).toBe(false);
    expect(pruneFiles(asked, SCHEMA, [{ name: "word", type: "enum('d', 'b')" }]).keepFile(file, parted)).toBe(true);
  });

  it("has transforms that fit their columns", () => {
    for (const name of NAMES) {
      for (const text of sampleOf(name).transforms) {
        expect(transformProblem(parseTransform(text), sampleOf(name).type)).toBeUndefined();
      }
    }
  });
});
