import { parseRecord } from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import { COMMA, column, type EngineHarness, parted, rowsOf, scan, textInput, withEngine } from "./bench.ts";

const COLUMNS = [column("id", "int64"), column("name", "string"), column("cost", "decimal(10,2)")];

/** What is said of records that are not accepted. */
export function splitCases(harness: EngineHarness, declare: DeclareCase): void {
  declare("engine.split.rejects", "names file, record, line, first failing column, rule and raw text", () =>
    withEngine(harness, async (given) => {
      const first = 'id,name,cost\n1,"two\nlines",1.50\n2.5,b,12.345\n3,c,1.234\n4,d\n5,"e"x,1\n6,f,+2\n';
      const second = "id,name,cost\n\n7,g,2.00,extra\n8,h,3.00,,\n";
      const input = await textInput(given.folder, { texts: [first, second], columns: COLUMNS });
      const { rows, rejects, accepted, rejected, reasons } = await parted(given, input);
      expect(rows).toEqual([
        [1, "two\nlines", "1.50"],
        [6, "f", "2.00"],
        [8, "h", "3.00"],
      ]);
      expect(rejects).toEqual([
        ["data/1.csv", 2, 4, "id", "is not an int64", "2.5,b,12.345", 12],
        ["data/1.csv", 3, 5, "cost", "has more than 2 decimal places", "3,c,1.234", 9],
        ["data/1.csv", 4, 6, "", "has too few fields", "4,d", 3],
        ["data/1.csv", 5, 7, "", "has text after a closing quote", '5,"e"x,1', 8],
        ["data/2.csv", 1, 3, "", "has too many fields", "7,g,2.00,extra", 14],
      ]);
      expect([accepted, rejected]).toEqual([3, 5]);
      expect(reasons).toContainEqual({ column: "id", rule: "is not an int64", rows: 1, example: "2.5" });
      expect(reasons.reduce((sum, reason) => sum + reason.rows, 0)).toBe(5);
    }),
  );

  declare("engine.split.marks", "the example keeps a byte order mark before its value", () =>
    withEngine(harness, async (given) => {
      const text = "id,name,cost\n1,a,1\n\ufeff2,b,1\n";
      const input = await textInput(given.folder, { texts: [text], columns: COLUMNS });
      const { reasons } = await parted(given, input);
      expect(reasons).toEqual([{ column: "id", rule: "is not an int64", rows: 1, example: "\ufeff2" }]);
    }),
  );

  declare("engine.split.together", "files that stand one behind the other in one are told apart", () =>
    withEngine(harness, async (given) => {
      const parts = ["1,a,1\n2,b\n", '3,"c\n', "", "4,d,x\n5,e,1\n"];
      const input = await textInput(given.folder, { texts: [`id,name,cost\n${parts.join("")}`], columns: COLUMNS });
      const group = input.groups[0];
      let start = "id,name,cost\n".length;
      const files = parts.map((part, index) => {
        const file = { path: group?.files[0]?.path ?? "", origin: `data/${index + 1}.csv`, bytes: part.length, start };
        start += part.length;
        return { ...file, firstLine: index + 2, ...(part.includes('"') ? { unsound: true as const } : {}) };
      });
      const together = { ...input, groups: [{ order: group?.order ?? [], files }] };
      await expect(given.engine.validate(together, new AbortController().signal)).rejects.toMatchObject({
        reason: "strict",
      });
      const { rows, rejects } = await parted(given, together);
      expect(rows.map(([id]) => id)).toEqual([1, 5]);
      expect(rejects).toEqual([
        ["data/1.csv", 2, 3, "", "has too few fields", "2,b", 3],
        ["data/2.csv", 1, 3, "", "has an unterminated quote", '3,"c', 4],
        ["data/4.csv", 1, 5, "cost", "is not a decimal(10,2)", "4,d,x", 5],
      ]);
      const sound = { ...together, groups: [{ order: group?.order ?? [], files: files.slice(0, 1) }] };
      expect((await parted(given, sound)).rows.map(([id]) => id)).toEqual([1]);
    }),
  );

  declare("engine.split.bytes", "bytes that are no UTF-8, and NUL, are rejects in any column", () =>
    withEngine(harness, async (given) => {
      const bytes = Buffer.concat([
        Buffer.from("id,name,cost\n1,"),
        Buffer.from([0xff, 0xfe]),
        Buffer.from(",1\n2,a\0b,1\n3,é,1\n"),
      ]);
      const input = await textInput(given.folder, { texts: [bytes], columns: COLUMNS });
      const { rows, rejects } = await parted(given, input);
      expect(rows).toEqual([[3, "é", "1.00"]]);
      expect(rejects.map(([, record, line, , rule]) => [record, line, rule])).toEqual([
        [1, 2, "is not valid UTF-8"],
        [2, 3, "has a NUL byte"],
      ]);
      const used = { input: { input, columns: ["id"] } };
      await expect(
        rowsOf(given.engine, { kind: "keep", input: scan("input"), columns: ["id"] }, used),
      ).rejects.toMatchObject({ code: "data", reason: "strict" });
    }),
  );

  declare("engine.split.long", "a line of 40 MB is one reject, cut", () =>
    withEngine(harness, async (given) => {
      const long = Buffer.alloc(40 * 1024 * 1024, "x");
      const bytes = Buffer.concat([Buffer.from("id,name,cost\n1,a,1\n2,"), long, Buffer.from(",1\n3,c,1\n")]);
      const input = await textInput(given.folder, { texts: [bytes], columns: COLUMNS });
      await expect(given.engine.validate(input, new AbortController().signal)).rejects.toMatchObject({
        reason: "strict",
      });
      const { rows, rejects } = await parted(given, input);
      expect(rows.map(([id]) => id)).toEqual([1, 3]);
      expect(rejects.map((reject) => [...reject.slice(0, 5), String(reject[5]).length, reject[6]])).toEqual([
        ["data/1.csv", 2, 3, "", "is too long", 64 * 1024, long.length + 4],
      ]);
    }),
  );

  for (const [ending, end] of [
    ["with a line end", "\n"],
    ["without one", ""],
    ["with blank lines behind it", "\n\n\n"],
  ] as const) {
    declare(`engine.split.long-last ${ending}`, "a last line longer than any buffer is not lost", () =>
      withEngine(harness, async (given) => {
        for (const [megabytes, accepted] of [
          [17, [1]],
          [12, [1, 2]],
        ] as const) {
          const bytes = Buffer.from(`id,name,cost\n1,a,1\n2,${"y".repeat(megabytes * 1024 * 1024)},1${end}`);
          const input = await textInput(given.folder, { texts: [bytes], columns: COLUMNS });
          await expect(given.engine.validate(input, new AbortController().signal)).rejects.toMatchObject({
            reason: "strict",
          });
          const { rows, rejects } = await parted(given, input);
          expect(rows.map(([id]) => id)).toEqual(accepted);
          expect(rejects.length).toBe(2 - accepted.length);
        }
      }),
    );
  }

  declare("engine.split.big-record", "a sound record of some megabytes is a row, with either read", () =>
    withEngine(harness, async (given) => {
      const text = "é".repeat(3 * 1024 * 1024);
      const lines = [`1,${text},1`, "2,b,x", `3,"${text}",1`, `4,${text},y`];
      const good = await textInput(given.folder, {
        texts: [`id,name,cost\n${lines[0]}\n${lines[2]}\n`],
        columns: COLUMNS,
      });
      expect(await given.engine.validate(good, new AbortController().signal)).toBe(2);
      const input = await textInput(given.folder, { texts: [`id,name,cost\n${lines.join("\n")}\n`], columns: COLUMNS });
      const { rows, rejects } = await parted(given, input, ["id"]);
      expect(rows).toEqual([[1], [3]]);
      expect(
        rejects.map(([, record, , , , raw, bytes]) => [record, Buffer.byteLength(String(raw)) <= 65536, bytes]),
      ).toEqual([
        [2, true, 5],
        [4, true, Buffer.byteLength(text) + 4],
      ]);
    }),
  );

  declare("engine.split.stray-quote", "a quote that is never closed costs one line", () =>
    withEngine(harness, async (given) => {
      const lines = Array.from({ length: 2000 }, (_, index) => (index === 500 ? `${index},"x,1` : `${index},n,1`));
      const input = await textInput(given.folder, { texts: [`id,name,cost\n${lines.join("\n")}\n`], columns: COLUMNS });
      await expect(given.engine.validate(input, new AbortController().signal)).rejects.toMatchObject({
        reason: "strict",
      });
      const { rows, rejects } = await parted(given, input);
      expect(rows.length).toBe(1999);
      expect(rejects).toEqual([["data/1.csv", 501, 502, "", "has an unterminated quote", '500,"x,1', 8]]);
    }),
  );

  declare("engine.split.no-quote", "where quotes mean nothing, the raw text is still the record", () =>
    withEngine(harness, async (given) => {
      const dialect = { ...COMMA, delimiter: "\t", quote: "", escape: "", header: false };
      const input = await textInput(given.folder, { texts: ['1\t"a\t1\nx\tb"\t\n'], columns: COLUMNS, dialect });
      const { rows, rejects } = await parted(given, input);
      expect(rows).toEqual([[1, '"a', "1.00"]]);
      expect(rejects).toEqual([["data/1.csv", 2, 2, "id", "is not an int64", 'x\tb"\t', 5]]);
    }),
  );

  declare("engine.split.columns", "lands only what is asked for, and none where nothing is", () =>
    withEngine(harness, async (given) => {
      const input = await textInput(given.folder, { texts: ["id,name,cost\n1,a,1\n2,b,x\n"], columns: COLUMNS });
      expect((await parted(given, input, ["name"])).rows).toEqual([["a"]]);
      expect((await parted(given, { ...input, validate: "used" }, ["name"])).rows).toEqual([["a"], ["b"]]);
    }),
  );

  declare("engine.split.names", "columns may have any name", () =>
    withEngine(harness, async (given) => {
      const names = ['select"x', "then", "__proto__", "it's", "file", "record", "1", "t", "failing", "raw"];
      const columns = names.map((name, index) => column(name, index === 5 ? "int64" : "string"));
      const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(",");
      const input = await textInput(given.folder, {
        texts: [`${header}\na,b,c,d,e,1,g,h,i,j\na,b,c,d,e,x,g,h,i,j\n`],
        columns,
      });
      const { rows, rejects } = await parted(given, input);
      expect(rows).toEqual([["a", "b", "c", "d", "e", 1, "g", "h", "i", "j"]]);
      expect(rejects.map((reject) => reject.slice(3, 5))).toEqual([["record", "is not an int64"]]);
      expect(parseRecord(Buffer.from(String(rejects[0]?.[5])), COMMA)).toHaveLength(10);
    }),
  );
}
