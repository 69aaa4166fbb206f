import { createReadStream } from "node:fs";
import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { readInput } from "@sluice/conformance";
import { createAccepter, createRecordSplitter, parseFields, type TextRecord } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, lookIn } from "./discover.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const { project, look } = lookIn({ engine, readInput });

describe("several files", () => {
  it("are one dataset; types come from all of them", async () => {
    const at = await project();
    await at.write("1.csv", "id,v\n1,5\n");
    await at.write("2.csv", "v,id\n5.5,2\n");
    const found = await at.discover("?.csv");
    expect(columnsOf(found)).toEqual(["id int64", "v float64"]);
    expect(found.rows).toBe(2);
    await at.write("3.csv", "id,w\n1,5\n");
    await expect(at.discover("?.csv")).rejects.toMatchObject({
      reason: "drift",
      message: '3.csv has a column "w" and lacks "v", other than 1.csv',
    });
  });

  it("say what will be rejected", async () => {
    const found = await look('a,b\n1,"2"\n1\n1,2,3\n1,"x"y\n1,"3"\n');
    expect(found.rows).toBe(2);
    expect(found.warnings).toEqual([
      "1 record of 5 will be rejected: the first, x.csv line 3, has too few fields",
      "1 record of 5 will be rejected: the first, x.csv line 4, has too many fields",
      "1 record of 5 will be rejected: the first, x.csv line 5, has text after a closing quote",
    ]);
  });
});

it("freezes what accepts every record it saw", async () => {
  const value = fc.oneof(
    fc.integer().map(String),
    fc.double({ noNaN: true }).map(String),
    fc.constantFrom(
      "",
      "true",
      "007",
      "2024-01-02",
      "01/02/2024",
      "2024-01-02 03:04:05",
      "x",
      ' "q" ',
      "a,b",
      "NA",
      "é",
    ),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
  );
  const column = fc
    .array(value, { minLength: 3, maxLength: 3 })
    .chain((pool) => fc.array(fc.constantFrom(...pool), { minLength: 5, maxLength: 5 }));
  await fc.assert(
    fc.asyncProperty(fc.array(column, { minLength: 2, maxLength: 4 }), async (columns) => {
      const at = await project();
      const rows = [0, 1, 2, 3, 4].map((row) =>
        columns.map((values) => `"${(values[row] ?? "").replaceAll('"', '""')}"`).join(","),
      );
      await at.write("x.csv", `${columns.map((_, index) => `n${index}x`).join(",")}\n${rows.join("\n")}\n`);
      const dataset = await at.freeze("x.csv", {}, { header: true, delimiter: ",", quote: '"' });
      expect(await at.rows(dataset)).toHaveLength(5);
    }),
    { numRuns: 25 },
  );
});

describe("real files", async () => {
  const bed = process.env.SLUICE_TEST_DATA;
  if (bed === undefined) {
    it.skip("are not there: SLUICE_TEST_DATA names no folder", () => {});
    return;
  }
  const names = await readdir(bed, { recursive: true });
  it("are where SLUICE_TEST_DATA says", () => expect(names).not.toEqual([]));
  it.each(names.filter((name) => /\.(?:csv|tsv)$/.test(name)))("%s", async (name) => {
    const at = await project();
    await symlink(join(bed, name), join(at.root, "x.csv"));
    const dataset = await at.freeze("x.csv");
    const { dialect, columns } = dataset;
    if (dialect === undefined) throw new Error("no dialect");
    const input = await at.scan(dataset);
    const accepters = columns.map(createAccepter);
    const splitter = createRecordSplitter({ dialect, header: dialect.header, fields: columns.length });
    let records = 0;
    const keep = (record: TextRecord): void => {
      if (record.problem !== undefined) throw new Error(`line ${record.line} ${record.problem}`);
      if (record.record === 0) return;
      records += 1;
      for (const [index, field] of parseFields(record.bytes(), dialect).entries()) {
        const rule = accepters[index]?.(field.text);
        if (rule !== undefined) throw new Error(`line ${record.line}: ${field.text} ${rule}`);
      }
    };
    for (const file of input.groups.flatMap((group) => group.files)) {
      for await (const chunk of createReadStream(file.path)) splitter.push(chunk as Buffer, keep);
    }
    splitter.end(keep);
    expect(await engine.validate(input, new AbortController().signal)).toBe(records);
  });
});
