import type { Address } from "@sluice/core";
import { adapter } from "@sluice/file";
import { expect, it } from "vitest";

const parse = (options: Partial<Address>): Address =>
  adapter.parseAddress({ type: "file", path: "data/x.csv", ...options });

it.each([
  [{ delimiter: '"' }, `"delimiter" is "\\"", which holds the quote "`],
  [{ delimiter: '"', quote: "all" }, "which holds the quote"],
  [{ delimiter: "';", quote: "'" }, "which holds the quote '"],
  [{ delimiter: "\\n" }, "the character itself, not a backslash and a letter"],
  [{ delimiter: "\\t" }, "the character itself, not a backslash and a letter"],
  [{ delimiter: "\n" }, "no line ends"],
  [{ delimiter: ";;;;;" }, '"delimiter" is ";;;;;"; expected at most 4 characters'],
  [{ path: "" }, 'a file: "path" is ""; expected some text'],
  [{ header: "maybe" }, '"header" is "maybe"; expected true or false'],
  [{ quote: "''" }, '"quote" is "\'\'"; expected one ASCII character'],
  [{ format: "fixed", columns: [["id", 0, 4]] }, '"columns.0.1" is 0; expected at least 1'],
])("%j is refused", (options, message) => {
  expect(() => parse(options)).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining(message) }),
  );
});

it.each([
  [
    { compression: "zip" },
    '"compression" is "zip"; expected "none", "gzip", "snappy" or "zstd"',
    'did you mean "gzip"?',
  ],
  [{ newline: "clrf" }, '"newline" is "clrf"; expected "lf", "crlf", "cr" or "mixed"', 'did you mean "crlf"?'],
  [{ format: "xlsx" }, '"format" is "xlsx"; expected "csv", "parquet"', undefined],
])("a word that is none is refused with the closest one: %j", (options, message, hint) => {
  const [value] = Object.values(options);
  expect(() => parse(options)).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining(message), hint, offending: value }),
  );
});

it.each([
  ["https://example.org/x.csv", "does not read or write https addresses yet", "download it first"],
  ["s3://bucket/x.parquet", "does not read or write s3 addresses yet", "download it first"],
  ["file:///data/x.csv", "not as an address of the web", "write /data/x.csv"],
])("%s is refused for what it is", (path, says, hint) => {
  expect(() => parse({ path })).toThrow(
    expect.objectContaining({
      code: "unsupported",
      offending: path,
      message: expect.stringContaining(says),
      hint: expect.stringContaining(hint),
    }),
  );
});

it.each([
  ["data/x.zip", 'name the member that is meant: "data/x.zip!*.csv"'],
  ["data/x.weird", 'say it: format: "csv", "parquet", "json" or "ndjson"'],
])("what %s holds cannot be told", (path, hint) => {
  expect(() => parse({ path })).toThrow(expect.objectContaining({ code: "config", reason: "format", hint }));
});

it.each([
  { delimiter: "||" },
  { delimiter: "\t" },
  { delimiter: "\\" },
  { delimiter: "§" },
  { delimiter: "'" },
  { delimiter: '"', quote: "none" },
  { delimiter: '"', quote: "'" },
] as const)("%j is taken", (options) => {
  expect(parse(options)).toEqual({ type: "file", path: "data/x.csv", format: "csv", ...options });
});
