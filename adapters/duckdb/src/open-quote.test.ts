import { type CsvDialect, ROWS_DIALECT } from "@sluice/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openQuote } from "./open-quote.ts";

function mayBeOpen(text: string, pieceBytes = text.length + 1, dialect: Partial<CsvDialect> = {}): boolean {
  const look = openQuote({ dialect: { ...ROWS_DIALECT, ...dialect } });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) look?.take(bytes.subarray(at, at + pieceBytes));
  return look?.mayBe() === true;
}

/** Whether a text of commas ends within quotes; undefined where there is text behind a closing quote before. */
function endsOpen(text: string): boolean | undefined {
  let rest = text;
  while (rest !== "") {
    const [start = ""] = /^ *"/.exec(rest) ?? [];
    if (start === "") {
      const end = rest.search(/[,\n]/);
      if (end === -1) return false;
      rest = rest.slice(end + 1);
      continue;
    }
    const [field] = /^ *"(?:[^"]|"")*"(?!")/.exec(rest) ?? [];
    if (field === undefined) return true;
    const [behind] = /^ *(?:[,\n]|$)/.exec(rest.slice(field.length)) ?? [];
    if (behind === undefined) return undefined;
    rest = rest.slice(field.length + behind.length);
  }
  return false;
}

describe("a look for a quote that nothing closes", () => {
  it.each([
    '1,"a\n',
    '1,"a\n2,b\n3,"',
    '"',
    '1,"""a\n',
    '1,"a""\n',
    '1,"a""',
    '1,  "a',
    '\u{FEFF}"a\n',
    '1,5" x\n2,"a',
    '1,"a" "b\n',
    '"""" " "",\n',
  ])("finds that of %j", (text) => {
    expect(mayBeOpen(text)).toBe(true);
  });

  it.each([
    "",
    "1,a\n",
    '1,"a"\n',
    '1,"a, b"\n2,\n',
    '1,"a ""b"""\n',
    '1,""\n2,""',
    '1,5" x\n',
    '"a","b"',
    '1,"l\nm"\n',
  ])("has nothing to say of %j", (text) => {
    expect(mayBeOpen(text)).toBe(false);
  });

  it("finds it behind another escape, of another delimiter and quote", () => {
    expect(mayBeOpen('1,"a\\"\n', undefined, { escape: "\\" })).toBe(true);
    expect(mayBeOpen('1,"a \\" b"\n', undefined, { escape: "\\" })).toBe(false);
    expect(mayBeOpen("1||'a\n", undefined, { delimiter: "||", quote: "'", escape: "'" })).toBe(true);
    expect(mayBeOpen("1||'a'\n", undefined, { delimiter: "||", quote: "'", escape: "'" })).toBe(false);
    expect(mayBeOpen('1,"a\n', undefined, { quote: "" })).toBe(false);
    expect(mayBeOpen('1 "a\n2 b\n', undefined, { delimiter: " " })).toBe(true);
    expect(mayBeOpen('1, "a\n2, b\n', undefined, { delimiter: ", " })).toBe(true);
    expect(mayBeOpen("1, a\n", undefined, { quote: " ", escape: " " })).toBe(true);
  });

  it("never misses one, wherever the pieces of a file end", () => {
    const text = fc.array(fc.constantFrom('"', '"', '""', ",", "\n", "a", " ", "\r"), { maxLength: 24 });
    let open = 0;
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 25 }), (parts, pieceBytes) => {
        const whole = parts.join("");
        if (endsOpen(whole) !== true) return;
        open += 1;
        expect(mayBeOpen(whole, pieceBytes)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(open).toBeGreaterThan(1000);
  });
});
