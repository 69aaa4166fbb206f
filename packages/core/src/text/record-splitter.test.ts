import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFields, parseRecord } from "./parse-record.ts";
import { createRecordSplitter, type SplitterOptions, type TextRecord } from "./record-splitter.ts";

type Dialect = SplitterOptions["dialect"];
type Row = Pick<TextRecord, "record" | "line" | "offset" | "length" | "fields" | "problem" | "lineEndLength"> & {
  readonly text: string;
};

const comma: Dialect = { delimiter: ",", quote: '"', escape: '"', newline: "lf" };
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function split(
  input: string | Uint8Array,
  options: Partial<SplitterOptions> = {},
  chunk = Number.POSITIVE_INFINITY,
): Row[] {
  const rows: Row[] = [];
  const splitter = createRecordSplitter({ dialect: comma, header: false, ...options });
  const keep = (it: TextRecord): void => {
    const text = Array.from(it.bytes(), (byte) => String.fromCharCode(byte)).join("");
    rows.push({
      record: it.record,
      line: it.line,
      offset: it.offset,
      length: it.length,
      fields: it.fields,
      problem: it.problem,
      lineEndLength: it.lineEndLength,
      text,
    });
  };
  const bytes = typeof input === "string" ? bytesOf(input) : input;
  for (let at = 0; at < bytes.length; at += chunk) {
    // A copy that is overwritten afterwards: nothing may hold on to the caller's bytes.
    const piece = bytes.slice(at, at + chunk);
    splitter.push(piece, keep);
    if (piece.length < chunk) break;
  }
  splitter.end(keep);
  return rows;
}

const short = (rows: readonly Row[]): unknown[] =>
  rows.map((row) => [row.record, row.line, row.text, ...(row.problem ? [row.problem] : [])]);

describe("the record splitter", () => {
  it("numbers records, lines and bytes", () => {
    expect(split('a,b\n1,"x\ny"\r\n\n3,4', { header: true, fields: 2 })).toEqual([
      { record: 0, line: 1, offset: 0, length: 3, fields: 2, problem: undefined, lineEndLength: 1, text: "a,b" },
      { record: 1, line: 2, offset: 4, length: 7, fields: 2, problem: undefined, lineEndLength: 2, text: '1,"x\ny"' },
      { record: 2, line: 5, offset: 14, length: 3, fields: 2, problem: undefined, lineEndLength: 0, text: "3,4" },
    ]);
  });

  // Each case says what DuckDB 1.5.6 makes of the same bytes; where it fails, a record is rejected here.
  it.each([
    [
      "a quote inside an unquoted field is text",
      '1,5"2,3\n4,5,6',
      [
        [1, 1, '1,5"2,3'],
        [2, 2, "4,5,6"],
      ],
    ],
    [
      "one blank before a quote, any after it",
      '1, "5,6" ,3\n4,5,6',
      [
        [1, 1, '1, "5,6" ,3'],
        [2, 2, "4,5,6"],
      ],
    ],
    [
      "text after a closing quote",
      '1,"5"x,3\n4,5,6',
      [
        [1, 1, '1,"5"x,3', "has text after a closing quote"],
        [2, 2, "4,5,6"],
      ],
    ],
    [
      "a stray quote does not swallow the next row",
      '1,"5,3\n4,"5",6\n7,8,9',
      [
        [1, 1, '1,"5,3', "has an unterminated quote"],
        [2, 2, '4,"5",6'],
        [3, 3, "7,8,9"],
      ],
    ],
    [
      "an unterminated quote costs its line only",
      '1,"5,3\n4,5,6\n7,8,9\n',
      [
        [1, 1, '1,"5,3', "has an unterminated quote"],
        [2, 2, "4,5,6"],
        [3, 3, "7,8,9"],
      ],
    ],
    [
      "an unterminated quote at the end",
      '4,5,6\n1,5,"3',
      [
        [1, 1, "4,5,6"],
        [2, 2, '1,5,"3', "has an unterminated quote"],
      ],
    ],
    [
      "too few, too many",
      "1,2\n1,2,3,4\n1,2,3",
      [
        [1, 1, "1,2", "has too few fields"],
        [2, 2, "1,2,3,4", "has too many fields"],
        [3, 3, "1,2,3"],
      ],
    ],
    [
      "empty fields beyond the expected number",
      '1,2,3,\n1,2,3,,""\n1,2,3, ',
      [
        [1, 1, "1,2,3,"],
        [2, 2, '1,2,3,,""'],
        [3, 3, "1,2,3, ", "has too many fields"],
      ],
    ],
    [
      "blank lines, and one of blanks",
      "1,2,3\n\n\r\n  \n1,2,3\n\n",
      [
        [1, 1, "1,2,3"],
        [2, 4, "  ", "has too few fields"],
        [3, 5, "1,2,3"],
      ],
    ],
    [
      "a carriage return alone",
      "1,2\r2,3\n4,5,6\n",
      [
        [1, 1, "1,2\r2,3", "has a carriage return outside quotes"],
        [2, 2, "4,5,6"],
      ],
    ],
    ["a carriage return at the end", "1,2,3\r", [[1, 1, "1,2,3"]]],
    [
      "LF and CRLF in one file",
      "1,2,3\r\n4,5,6\n7,8,9\r\n",
      [
        [1, 1, "1,2,3"],
        [2, 2, "4,5,6"],
        [3, 3, "7,8,9"],
      ],
    ],
    [
      "NUL",
      "1,\0,3\n4,5,6",
      [
        [1, 1, "1,\0,3", "has a NUL byte"],
        [2, 2, "4,5,6"],
      ],
    ],
    [
      "windows-1252",
      "1,caf\xe9,3\n4,5,6",
      [
        [1, 1, "1,caf\xe9,3", "is not valid UTF-8"],
        [2, 2, "4,5,6"],
      ],
    ],
    ["a byte order mark", "\xef\xbb\xbf1,2,3", [[1, 1, "1,2,3"]]],
    [
      "an escaped quote",
      '1,"a""b",3\n1,"""",3',
      [
        [1, 1, '1,"a""b",3'],
        [2, 2, '1,"""",3'],
      ],
    ],
    ["nothing", "", []],
  ])("%s", (_, input, expected) => {
    for (const chunk of [1, 2, 3, 5, 1000]) expect(short(split(input, { fields: 3 }, chunk))).toEqual(expected);
  });

  it("takes a blank line as a record where there is one column", () => {
    expect(short(split('1\n\n""\n4\n\n', { fields: 1 }))).toEqual([
      [1, 1, "1"],
      [2, 2, ""],
      [3, 3, '""'],
      [4, 4, "4"],
      [5, 5, ""],
    ]);
  });

  it("knows other dialects: no quotes, an escape of its own, CR, a delimiter of several bytes, a blank", () => {
    expect(short(split('1,"a\n2,b', { dialect: { ...comma, quote: "", escape: "" }, fields: 2 }))).toEqual([
      [1, 1, '1,"a'],
      [2, 2, "2,b"],
    ]);
    const backslash = { ...comma, escape: "\\" };
    expect(short(split('1,"a\\"b"\n2,"a\\\\"\n3,"a""b"\n4,x\\y', { dialect: backslash, fields: 2 }))).toEqual([
      [1, 1, '1,"a\\"b"'],
      [2, 2, '2,"a\\\\"'],
      [3, 3, '3,"a""b"', "has text after a closing quote"],
      [4, 4, "4,x\\y"],
    ]);
    expect(
      short(split('1,"a\rb"\r2,b\r\n3,c\n4,x\r5,d\r6,"e"', { dialect: { ...comma, newline: "cr" }, fields: 2 })),
    ).toEqual([
      [1, 1, '1,"a\rb"'],
      [2, 3, "2,b"],
      [3, 4, "3,c\n4,x", "has a line feed outside quotes"],
      [4, 5, "5,d"],
      [5, 6, '6,"e"'],
    ]);
    expect(short(split('1||a|b||"c||d"\n2||b', { dialect: { ...comma, delimiter: "||" }, fields: 3 }))).toEqual([
      [1, 1, '1||a|b||"c||d"'],
      [2, 2, "2||b", "has too few fields"],
    ]);
    expect(short(split('1  "a b"\n2 b c', { dialect: { ...comma, delimiter: " " }, fields: 3 }))).toEqual([
      [1, 1, '1  "a b"'],
      [2, 2, "2 b c"],
    ]);
  });

  it("rejects a line above the limit once, keeps its beginning and true length, and goes on", () => {
    for (const chunk of [1, 7, 64, 10_000]) {
      const long = "x".repeat(5000);
      expect(
        split(`1,2\n${long},2\r\n3,"${long}\n4,5\n"a\nb",6\n`, { maxRecordBytes: 100, fields: 2 }, chunk).map((row) => [
          row.line,
          row.length,
          row.text.length,
          row.problem,
        ]),
      ).toEqual([
        [1, 3, 3, undefined],
        [2, 5002, 100, "is too long"],
        [3, 5003, 100, "is too long"],
        [4, 3, 3, undefined],
        [5, 7, 7, undefined],
      ]);
    }
  });

  it("cuts a quoted record above the limit at its first line", () => {
    const rows = `1,"a\n${"22,b\n".repeat(40)}3,"c",d\n`;
    for (const chunk of [1, 7, 64, 10_000]) {
      const found = split(rows, { maxRecordBytes: 100, fields: 2 }, chunk);
      expect(found.length).toBe(42);
      expect(found.filter((row) => row.problem !== undefined).map((row) => [row.line, row.problem])).toEqual([
        [1, "has an unterminated quote"],
        [42, "has too many fields"],
      ]);
    }
  });

  it("holds a 40 MB line in bounded memory", () => {
    const splitter = createRecordSplitter({ dialect: comma, header: false, fields: 2 });
    const piece = new Uint8Array(1 << 20).fill(120);
    const found: [number, string | undefined, number][] = [];
    const keep = (it: TextRecord): void => void found.push([it.length, it.problem, it.bytes().length]);
    splitter.push(bytesOf("1,2\n"), keep);
    for (let index = 0; index < 40; index++) splitter.push(piece, keep);
    splitter.push(bytesOf("\n3,4\n"), keep);
    splitter.end(keep);
    expect(found).toEqual([
      [3, undefined, 3],
      [40 << 20, "is too long", 65_536],
      [3, undefined, 3],
    ]);
  });

  it("reads no line again and again, whatever quotes there are", () => {
    // Every line opens a quote that stays open to the end, seen from any line.
    const lines = 'x","y\n'.repeat(200_000);
    const rows = split(lines, { fields: 2 }, 1 << 16);
    expect(rows.length).toBe(200_000);
    expect(rows.every((row) => row.problem !== undefined)).toBe(true);
  }, 30_000);
});

/** As slow and plain as possible: tries to read a record at each position; what fails is cut at its line end. */
function naive(text: string, dialect: Dialect, fields: number | undefined): unknown[] {
  const { quote, delimiter } = dialect;
  const found: unknown[] = [];
  let [at, line, record] = [0, 1, 1];
  const lineEnd = (from: number): [number, number] => {
    const feed = text.indexOf("\n", from);
    if (feed < 0) return [text.length, text.length];
    return [feed > from && text[feed - 1] === "\r" ? feed - 1 : feed, feed + 1];
  };
  const read = (): { end: number; next: number; fields: number; stray: boolean } | { failed: string; at: number } => {
    let [i, count, stray] = [at, 1, false];
    for (;;) {
      const blank = quote !== "" && text[i] === " " && text[i + 1] === quote ? 1 : 0;
      if (quote !== "" && text[i + blank] === quote) {
        i += blank + 1;
        for (;;) {
          if (i >= text.length) return { failed: "has an unterminated quote", at: i };
          if (text[i] === dialect.escape && (text[i + 1] === quote || text[i + 1] === dialect.escape)) i += 2;
          else if (text[i] === quote) break;
          else i += 1;
        }
        i += 1;
        while (text[i] === " ") i += 1;
      } else {
        while (i < text.length && !text.startsWith(delimiter, i) && text[i] !== "\n") {
          if (text[i] === "\r" && (text[i + 1] === "\n" || i + 1 === text.length)) break;
          if (text[i] === "\r") stray = true;
          i += 1;
        }
      }
      if (i >= text.length) return { end: i, next: i, fields: count, stray };
      if (text.startsWith(delimiter, i)) {
        i += delimiter.length;
        count += 1;
      } else if (text[i] === "\n") return { end: i, next: i + 1, fields: count, stray };
      else if (text[i] === "\r" && i + 1 === text.length) return { end: i, next: i + 1, fields: count, stray };
      else if (text[i] === "\r" && text[i + 1] === "\n") return { end: i, next: i + 2, fields: count, stray };
      else return { failed: "has text after a closing quote", at: i };
    }
  };
  while (at < text.length) {
    const one = read();
    if ("failed" in one) {
      const [end, next] = lineEnd(at);
      const problem = one.at > end && next > end ? "has an unterminated quote" : one.failed;
      found.push([record++, line++, at, text.slice(at, end), problem]);
      at = next;
      continue;
    }
    const body = text.slice(at, one.end);
    let problem = one.stray ? "has a carriage return outside quotes" : undefined;
    if (fields !== undefined && problem === undefined) {
      const extra = parseFields(bytesOf(body), dialect).slice(fields);
      if (one.fields < fields) problem = "has too few fields";
      else if (extra.some((field) => field.text !== "")) problem = "has too many fields";
    }
    if (body !== "" || fields === 1) found.push([record++, line, at, body, problem]);
    line += body.split("\n").length;
    at = one.next;
  }
  return found;
}

describe("the record splitter against a naive reader", () => {
  const text = fc
    .array(
      fc.constantFrom("a", "1", ",", ",", '"', '"', '""', ' "', '" ', "\n", "\n", "\r\n", "\r", " ", "\\", ",\n"),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(""));
  const dialects = fc.constantFrom<Dialect>(
    comma,
    { ...comma, escape: "\\" },
    { ...comma, quote: "", escape: "" },
    { ...comma, delimiter: ",\\", newline: "crlf" },
  );

  it("finds the same records, however the bytes are cut", () => {
    fc.assert(
      fc.property(
        text,
        dialects,
        fc.constantFrom(undefined, 1, 2, 3),
        fc.integer({ min: 1, max: 9 }),
        (input, dialect, fields, chunk) => {
          const options = { dialect, ...(fields === undefined ? {} : { fields }) };
          const found = split(input, options, chunk).map((row) => [
            row.record,
            row.line,
            row.offset,
            row.text,
            row.problem,
          ]);
          expect(found).toEqual(naive(input, dialect, fields));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("gives the same with any limit, however the bytes are cut", () => {
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 9 }),
        (input, maxRecordBytes, chunk) => {
          const whole = split(input, { maxRecordBytes, fields: 2 });
          expect(split(input, { maxRecordBytes, fields: 2 }, chunk)).toEqual(whole);
          expect(whole.every((row) => row.length <= maxRecordBytes || row.problem === "is too long")).toBe(true);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("counts the fields that parseRecord finds", () => {
    fc.assert(
      fc.property(text, dialects, (input, dialect) => {
        for (const row of split(input, { dialect })) {
          if (row.problem === undefined) expect(parseRecord(bytesOf(row.text), dialect).length).toBe(row.fields);
        }
      }),
    );
  });

  it("reads back what was written with quotes", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é", "😀") });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 })),
        fc.integer({ min: 1, max: 5 }),
        (table, chunk) => {
          const written = table
            .map((row) => `${row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")}\r\n`)
            .join("");
          const rows: string[][] = [];
          const splitter = createRecordSplitter({ dialect: comma, header: false });
          const bytes = new TextEncoder().encode(written);
          const keep = (it: TextRecord): void => void rows.push(parseRecord(it.bytes(), comma));
          for (let at = 0; at < bytes.length; at += chunk) splitter.push(bytes.subarray(at, at + chunk), keep);
          splitter.end(keep);
          expect(rows).toEqual(table);
        },
      ),
    );
  });
});

describe("comments and widths", () => {
  it("leaves lines out that begin as a comment does, wherever the input is cut", () => {
    const text = '##a\n##"b\n\n#c,1\n"x\n##y",2\n##\n\n1,##\n##';
    const options = { dialect: { ...comma, comment: "##" }, firstLine: 11 };
    const whole = short(split(text, options));
    expect(whole).toEqual([
      [1, 14, "#c,1"],
      [2, 15, '"x\n##y",2'],
      [3, 19, "1,##"],
    ]);
    for (let chunk = 1; chunk < text.length; chunk++) expect(short(split(text, options, chunk))).toEqual(whole);
    expect(short(split("a\n#", { dialect: { ...comma, comment: "##" } }))).toEqual([
      [1, 1, "a"],
      [2, 2, "#"],
    ]);
    expect(short(split("a\n\n#\nb", { dialect: { ...comma, comment: "#" }, fields: 1 }))).toEqual([
      [1, 1, "a"],
      [2, 4, "b"],
    ]);
    const long = `#${"x".repeat(5000)}\na`;
    expect(short(split(long, { dialect: { ...comma, comment: "#" }, maxRecordBytes: 100 }, 64))).toEqual([[1, 2, "a"]]);
  });

  it("counts the characters of a line, and blanks at its end for none too many", () => {
    const dialect = { delimiter: "", quote: "", escape: "", newline: "lf" } as const;
    const texts = ["abc", "ab", "abc  ", "abcd", "\u00c3\u00a9bc", "   ", "    "];
    expect(short(split(texts.join("\n"), { dialect, characters: { least: 3, most: 3 } }))).toEqual([
      [1, 1, "abc"],
      [2, 2, "ab", "has too few characters"],
      [3, 3, "abc  "],
      [4, 4, "abcd", "has too many characters"],
      [5, 5, "\u00c3\u00a9bc"],
      [6, 6, "   "],
      [7, 7, "    "],
    ]);
  });
});
