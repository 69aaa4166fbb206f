import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type InputFile, isSluiceError, ROWS_DIALECT, type ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { describe, expect, it } from "vitest";
import { column, root, rowsBy } from "./converted-text.fixture.ts";

const strict = createDuckDbEngine({ scratch: root, threads: 2, convertFromBytes: Number.POSITIVE_INFINITY });
const COLUMNS = [column("a", "int64"), column("b", "string")];
const RECORDS = Array.from({ length: 50 }, (_, index) => `${index},"t ${index}"\n`).join("");

let inputs = 0;
/** The same records in each file; behind those of the third, or of the last, come others. */
function inputOf(files: number, last: string): ScannableInput {
  inputs += 1;
  const fileOf = (index: number): InputFile => {
    const path = join(root, `many-${inputs}-${index}`);
    const text = index === Math.min(2, files - 1) ? RECORDS + last : RECORDS;
    writeFileSync(path, text, "latin1");
    return { path, origin: `${index}.csv`, bytes: text.length };
  };
  return {
    format: "csv",
    groups: [{ order: ["a", "b"], files: Array.from({ length: files }, (_, index) => fileOf(index)) }],
    dialect: ROWS_DIALECT,
    columns: COLUMNS,
    validate: "all",
    identity: null,
  };
}

// DuckDB reads few files by pieces, and of many each by one thread: by another state machine.
describe.each([1, 4, 5, 20])("a strict read of %i files", (files) => {
  it.each([
    ["a quote that is open at the end", '7,"abc\n'],
    ["a quote that is open over lines", '7,"abc\n8,x\n9,y\n'],
    ["a quote that is open without a line end", '7,"abc'],
    ["a quote alone", '"'],
    ["a quote behind a blank", '7, "a\n8,b\n'],
    ["a quote closed by a later one's start", '7,a\n8,"b\n9,c\n10,"d\n'],
    ["text behind a closing quote", '7,"a"b'],
    ["text behind a closing quote, and a quote that is open", '7,"a"b,"\n8,x\n9,y\n'],
    ["a quote that opens again", '7,"a" "b"\n'],
    ["too few fields", "7\n8,x\n"],
    ["too few fields at the end", "7"],
    ["too many fields", "7,a,b\n8,x\n"],
    ["a carriage return", "7,a\rb\n8,x\n"],
    ["bytes that are no UTF-8", "7,\xff\n8,x\n"],
    ["a NUL byte", "7,a\0b\n8,x\n"],
    ["a line that is too long", `7,${"x".repeat(9_000_000)}\n`],
    ["a line that is too long and has no end", `7,${"x".repeat(9_000_000)}`],
    ["a value that is none", "x7,a\n"],
  ])("refuses %s", async (_, last) => {
    const read = rowsBy(strict, inputOf(files, last), ["a"]);
    await expect(read).rejects.toSatisfy((error) => isSluiceError(error) && error.reason === "strict");
  });

  it.each(["7,a", "7,", '7,a"b\n', '7,""', '7,"a,"\n', '7,"a\n"\n', '7," "'])("takes %j", async (last) => {
    expect((await rowsBy(strict, inputOf(files, last), ["a", "b"])).length).toBe(50 * files + 1);
  });
});
