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
  [{ delimiter: ";;;;;" }, '"delimiter" is ";;;;;"'],
])("%j is refused", (options, message) => {
  expect(() => parse(options)).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining(message) }),
  );
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
