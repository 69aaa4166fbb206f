import { accepts, type Expression, type Relation, type ScannableInput } from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import { TYPES } from "./acceptance-texts.ts";
import {
  column,
  type EngineHarness,
  executed,
  type Given,
  parted,
  rowsOf,
  scan,
  textInput,
  withEngine,
} from "./bench.ts";

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const all = (name: string): Relation => scan(name);
const count: Relation = {
  kind: "aggregate",
  input: scan("input"),
  by: [],
  columns: [["n", { kind: "call", name: "count", arguments: [] }]],
};

async function isAccepted({ engine }: Given, input: ScannableInput): Promise<boolean> {
  try {
    await engine.validate(input, new AbortController().signal);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "data", reason: "strict" });
    return false;
  }
}

/** Acceptance: what a text file gives, by whatever way it is read. */
export function acceptanceCases(harness: EngineHarness, declare: DeclareCase): void {
  for (const [frozen, texts] of TYPES) {
    const shown = [
      frozen.type,
      frozen.format,
      frozen.words?.flat().join("/"),
      frozen.trim === true ? "trimmed" : undefined,
      frozen.nullable ? undefined : "required",
    ];
    const title = shown.filter((part) => part !== undefined).join(" ");
    declare(`engine.accept ${title}`, "the strict read accepts no more than the exact one, which is lexical", () =>
      withEngine(harness, async (given) => {
        const columns = [column("id", "int64"), frozen];
        const lines = (list: readonly string[]): string =>
          `id,v\n${list.map((text, index) => `${index},${quoted(text)}\n`).join("")}`;
        const whole = await textInput(given.folder, { texts: [lines(texts)], columns });
        const { rows, rejects, accepted, rejected } = await parted(given, whole);
        const refused = texts.map((text) => accepts(frozen, text));
        expect(rows.map(([id]) => id)).toEqual(
          texts.flatMap((_, index) => (refused[index] === undefined ? [index] : [])),
        );
        expect(rejects.map(([, record, , name, rule]) => [record, name, rule])).toEqual(
          refused.flatMap((rule, index) => (rule === undefined ? [] : [[index + 1, "v", rule]])),
        );
        expect([accepted, rejected]).toEqual([rows.length, rejects.length]);

        for (const [index, text] of texts.entries()) {
          const one = await textInput(given.folder, { texts: [lines([text])], columns });
          const isStrict = await isAccepted(given, one);
          if (refused[index] !== undefined) expect([text, isStrict]).toEqual([text, false]);
          if (!isStrict) continue;
          const [row] = await rowsOf(given.engine, all("input"), { input: one });
          expect([text, row?.[1]]).toEqual([text, rows.find(([id]) => id === index)?.[1]]);
        }
      }),
    );
  }

  const columns = [column("id", "int64"), column("name", "string"), column("cost", "float64"), column("n", "int64")];
  const bad = "id,name,cost,n\n1,a,1.5,1\n2,b,2.5,1.7\n3,c,1_000,3\n";
  const good = "id,name,cost,n\n1,a,1.5,1\n2,b,,2\n3,,3.5,3\n";
  const isBig: Expression = {
    kind: "call",
    name: "gt",
    arguments: [
      { kind: "column", name: "id" },
      { kind: "literal", type: "number", value: "2" },
    ],
  };
  const ways: readonly (readonly [string, Relation, readonly string[]])[] = [
    ["all columns", all("input"), ["id", "name", "cost", "n"]],
    ["a text column only", { kind: "keep", input: all("input"), columns: ["name"] }, ["name"]],
    ["no column", count, []],
    [
      "a filter that leaves the bad rows out",
      { kind: "filter", input: all("input"), condition: { ...isBig, name: "lt" } },
      ["id"],
    ],
    [
      "a filter on text",
      {
        kind: "filter",
        input: { kind: "keep", input: all("input"), columns: ["name"] },
        condition: {
          kind: "call",
          name: "eq",
          arguments: [
            { kind: "column", name: "name" },
            { kind: "literal", type: "string", value: "a" },
          ],
        },
      },
      ["name"],
    ],
    [
      "a sort with a limit",
      {
        kind: "limit",
        input: { kind: "sort", input: all("input"), by: [{ expression: { kind: "column", name: "id" } }] },
        count: 1,
      },
      ["id"],
    ],
    [
      "a join that matches nothing of them",
      {
        kind: "join",
        left: { kind: "keep", input: all("input"), columns: ["id", "name"] },
        right: { kind: "values", columns: [column("id", "int64"), column("x", "string")], rows: [["1", "x"]] },
        how: "inner",
        using: ["id"],
      },
      ["id", "name"],
    ],
    [
      "two uses",
      {
        kind: "join",
        left: {
          kind: "keep",
          input: { kind: "filter", input: all("input"), condition: isBig },
          columns: ["id"],
        },
        right: { kind: "keep", input: all("input"), columns: ["id", "name"] },
        how: "inner",
        using: ["id"],
      },
      ["id", "name"],
    ],
  ];
  for (const [title, relation, used] of ways) {
    declare(`engine.strict ${title}`, "fails where any typed column of any record is bad", () =>
      withEngine(harness, async (given) => {
        const ask = async (text: string, validate: "all" | "used"): Promise<unknown> => {
          const input = await textInput(given.folder, { texts: [text], columns, validate });
          return executed(given, relation, { input: { input, columns: used } });
        };
        await expect(ask(bad, "all")).rejects.toMatchObject({ code: "data", reason: "strict" });
        expect(await ask(good, "all")).toMatchObject({ rowsIn: new Map([["input", 3]]) });
        if (!used.includes("n") && !used.includes("cost")) await ask(bad, "used");
      }),
    );
  }

  declare("engine.strict.early", "refuses numbers in other forms than those that were asked for", () =>
    withEngine(harness, async (given) => {
      const early = { int64: "-?[0-9]{1,3}", float64: "[0-9]+\\.[0-9]" };
      for (const [record, isPlain] of [
        ["2,b,2.5,7", true],
        ["2,b,,", true],
        ["2,b,2.25,7", false],
        ["2,b,2.5,1000", false],
      ] as const) {
        const text = await textInput(given.folder, { texts: [`id,name,cost,n\n1,a,1.5,1\n${record}\n`], columns });
        expect([record, await isAccepted(given, text)]).toEqual([record, true]);
        const input = { ...text, early };
        expect([record, await isAccepted(given, input)]).toEqual([record, isPlain]);
        const asked = executed(given, count, { input: { input, columns: [] } });
        if (isPlain) await asked;
        else await expect(asked).rejects.toMatchObject({ code: "data", reason: "strict" });
      }
    }),
  );

  declare("engine.strict.large", "finds one bad record among many, whatever the query filters by", () =>
    withEngine(harness, async (given) => {
      const rows = 300_000;
      const lines = Array.from(
        { length: rows },
        (_, index) => `${index},${index % 100 === 7 ? "rare" : "often"},1.5,${index % 10}`,
      );
      lines[rows - 1] = `${rows - 1},often,1.5,1_0`;
      const input = await textInput(given.folder, { texts: [`id,name,cost,n\n${lines.join("\n")}\n`], columns });
      const literal = (type: "string" | "number", value: string): Expression => ({ kind: "literal", type, value });
      const call = (name: string, ...list: readonly Expression[]): Expression => ({
        kind: "call",
        name,
        arguments: list,
      });
      const name: Expression = { kind: "column", name: "name" };
      const id: Expression = { kind: "column", name: "id" };
      const conditions = [
        call("eq", name, literal("string", "rare")),
        call("in", name, literal("string", "rare"), literal("string", "never")),
        call("startsWith", name, literal("string", "r")),
        call("lt", id, literal("number", "10")),
        call("and", call("isNotNull", name), call("lt", id, literal("number", "10"))),
      ];
      const two = { input: { input, columns: ["id", "name"] } };
      const scanned: Relation = { kind: "keep", input: all("input"), columns: ["id", "name"] };
      const filtered = conditions.map((condition): Relation => ({ kind: "filter", input: scanned, condition }));
      const few: Relation = { kind: "values", columns: [column("id", "int64")], rows: [["7"]] };
      const joined: Relation = { kind: "join", left: scanned, right: few, how: "inner", using: ["id"] };
      for (const relation of [
        ...filtered,
        joined,
        { ...joined, how: "semi" as const },
        { kind: "distinct", input: scanned } as const,
      ]) {
        await expect(executed(given, relation, two)).rejects.toMatchObject({ code: "data", reason: "strict" });
      }
      const { accepted, rejects } = await parted(given, input, ["id"]);
      expect([accepted, rejects.length]).toEqual([rows - 1, 1]);
    }),
  );

  declare("engine.wide", "takes 2,000 columns", () =>
    withEngine(harness, async (given) => {
      const types = ["int64", "string", "float64", "date"] as const;
      const wide = Array.from({ length: 2000 }, (_, index) => column(`c${index}`, types[index % 4] ?? "string"));
      const cells = { int64: "42", string: "x", float64: "0.5", date: "2024-02-29" };
      const row = wide.map(({ type }) => cells[type as keyof typeof cells]);
      const bad = row.map((text, index) => (index === 1996 ? "1.7" : text));
      const header = wide.map((one) => one.name).join(",");
      const good = await textInput(given.folder, { texts: [`${header}\n${row.join(",")}\n`], columns: wide });
      expect((await executed(given, all("input"), { input: good })).rowsOut).toBe(1);
      const input = await textInput(given.folder, {
        texts: [`${header}\n${row.join(",")}\n${bad.join(",")}\n`],
        columns: wide,
      });
      await expect(executed(given, count, { input: { input, columns: [] } })).rejects.toMatchObject({
        reason: "strict",
      });
      const { rows, rejects } = await parted(given, input);
      expect(rows).toEqual([row.map((text, index) => (index % 4 === 0 ? 42 : index % 4 === 2 ? 0.5 : text))]);
      expect(rejects.map((reject) => reject.slice(1, 5))).toEqual([[2, 3, "c1996", "is not an int64"]]);
    }),
  );

  declare("engine.quoted-empty", "an empty text in quotes is text in text columns and null in others", () =>
    withEngine(harness, async (given) => {
      const input = await textInput(given.folder, { texts: ['id,name,cost,n\n"","","",""\n,,,\n'], columns });
      const rows = [
        [null, "", null, null],
        [null, null, null, null],
      ];
      expect(await rowsOf(given.engine, all("input"), { input })).toEqual(rows);
      expect((await parted(given, input)).rows).toEqual(rows);
      const asNull = await textInput(given.folder, {
        texts: ['id,name,cost,n\n"","","",""\n'],
        columns,
        dialect: { quotedEmpty: "null" },
      });
      expect(await rowsOf(given.engine, all("input"), { input: asNull })).toEqual([[null, null, null, null]]);
    }),
  );

  declare("engine.one-column", "of one column, a blank line is a null and an empty text in quotes is a text", () =>
    withEngine(harness, async (given) => {
      const one = [{ name: "s", type: "string", nullable: true }];
      const cases = [
        { text: 's\n"a"\n""\nx\n', values: ["a", "", "x"] },
        { text: 's\n\n""\n\n\nx\n\n', values: [null, "", null, null, "x", null] },
        { text: 's\n""', values: [""] },
        { text: '\n\n""\nx\n', values: [null, null, "", "x"], dialect: { header: false } },
        { text: 's\r\n\r\n""\r\nx\r\n', values: [null, "", "x"], dialect: { newline: "crlf" } },
      ] as const;
      for (const { text, values, ...more } of cases) {
        for (const words of [undefined, ["NA"]]) {
          const columns = one.map((column) => ({ ...column, ...(words === undefined ? {} : { nulls: words }) }));
          const input = await textInput(given.folder, { texts: [text], columns, ...more });
          const rows = values.map((value) => [value]);
          expect(await rowsOf(given.engine, all("input"), { input })).toEqual(rows);
          expect((await parted(given, input)).rows).toEqual(rows);
        }
      }
    }),
  );

  declare("engine.orders", "files with their columns in another order are read by name", () =>
    withEngine(harness, async (given) => {
      const input = await textInput(given.folder, {
        texts: ["id,name,cost,n\n1,a,0.5,10\n", "n,cost,name,id\n20,1.5,b,2\n", "id,name,cost,n\n3,c,2.5,30\n"],
        orders: [
          ["id", "name", "cost", "n"],
          ["n", "cost", "name", "id"],
          ["id", "name", "cost", "n"],
        ],
        columns,
      });
      const rows = [
        [1, "a", 0.5, 10],
        [3, "c", 2.5, 30],
        [2, "b", 1.5, 20],
      ];
      expect(await rowsOf(given.engine, all("input"), { input })).toEqual(rows);
      expect((await parted(given, input)).rows).toEqual(rows);
      expect(await given.engine.validate(input, new AbortController().signal)).toBe(3);
    }),
  );

  declare("engine.no-files", "an input without files has no rows", () =>
    withEngine(harness, async (given) => {
      const input: ScannableInput = { ...(await textInput(given.folder, { texts: [], columns })), groups: [] };
      expect(await executed(given, all("input"), { input })).toMatchObject({ rowsOut: 0, incomplete: [] });
      expect(await parted(given, input)).toMatchObject({ accepted: 0, rejected: 0 });
    }),
  );

  declare("engine.dialects", "any delimiter, quote, escape, newline, with a header or none", () =>
    withEngine(harness, async (given) => {
      const two = [column("id", "int64"), column("name", "string")];
      const dialects = [
        ["id;name\r\n1;'it''s; \r\nhere'\r\n2;\r\n", { delimiter: ";", quote: "'", escape: "'", newline: "crlf" }],
        [
          "1|+|'it\\'s; \r\nhere'\r2|+|\r",
          { delimiter: "|+|", quote: "'", escape: "\\", newline: "cr", header: false },
        ],
        ['\ufeffid,name\n1,"it\'s; \r\nhere"\n2,', {}],
      ] as const;
      for (const [text, dialect] of dialects) {
        const input = await textInput(given.folder, { texts: [text], columns: two, dialect });
        const rows = [
          [1, "it's; \r\nhere"],
          [2, null],
        ];
        // Quotes beside several characters may be left to the split; all else is read strictly.
        const mayRefuse = input.dialect !== undefined && input.dialect.delimiter.length > 1;
        if (!mayRefuse || (await isAccepted(given, input)))
          expect(await rowsOf(given.engine, all("input"), { input })).toEqual(rows);
        expect((await parted(given, input)).rows).toEqual(rows);
      }
      const wide = { delimiter: "|+|", header: false };
      const bare = await textInput(given.folder, { texts: ["1|+|a, | b\n2|+|\n"], columns: two, dialect: wide });
      expect(await rowsOf(given.engine, all("input"), { input: bare })).toEqual([
        [1, "a, | b"],
        [2, null],
      ]);
      const plain = await textInput(given.folder, {
        texts: ['1\t"a\n2\tb"\n'],
        columns: two,
        dialect: { delimiter: "\t", quote: "", escape: "", header: false },
      });
      const rows = [
        [1, '"a'],
        [2, 'b"'],
      ];
      expect(await rowsOf(given.engine, all("input"), { input: plain })).toEqual(rows);
      expect((await parted(given, plain)).rows).toEqual(rows);
    }),
  );
}
