import { gzipSync } from "node:zlib";
import { readInput } from "@sluice/conformance";
import type { Address, FrozenDataset } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, removeFolders, type TextRow } from "./files.fixture.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});

const bytes = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.of(part) : Buffer.from(part))));

const WITH_HEADER: readonly (string | Buffer)[] = [
  "id,name\n1,Ada\n2,Alan\n",
  "id,name\n1,Ada\n2,Alan",
  "id,name\n",
  "id,name",
  "id,name\n\n\n1,Ada\n\n",
  "\n\nid,name\n1,Ada\n",
  '"id","name"\n1,"Ada\nKing"\n2,b\n',
  'id,"name"\n1,"Ada"',
  'id,name\n1,"Ada\n',
  'id,name\n1,"Ada',
  'id,name\n2,",x\n3,y\n',
  'id,name\n1,"a"b\n2,c\n',
  'id,name\n1,a"b\n2,c\n',
  "id,name\r\n1,Ada\r\n2,Alan\r\n",
  "id,name\n1,Ada\r\n2,Alan\n",
  "id,name\n1,Ada\r2,Alan\n",
  "id,name\n1,Ada\r",
  "id,name\n1\n2,Alan\n",
  "id,name\n1,Ada,x\n2,Alan\n",
  "id,name\n1,Ada,,\n2,Alan\n",
  "id,name\none,Ada\n2,Alan\n",
  "name,id\nAda,1\nAlan,two\n",
  bytes(0xef, 0xbb, 0xbf, "id,name\n1,Ada\n"),
  bytes("id,name\n", 0xef, 0xbb, 0xbf, "1,Ada\n2,b\n"),
  bytes(0xef, 0xbb, 0xbf, "id,name\n", 0xef, 0xbb, 0xbf, "1,Ada\n"),
  bytes("id,name\n1,", 0xff, "\n2,b\n"),
  bytes("id,name\n1,", 0xc3),
  bytes("id,name\n1,", 0xe2, 0x82, "\n2,b\n"),
  "id,name\n ,  \n2,x \n",
  gzipSync("id,name\n1,Ada\nx,Alan"),
];

const WITHOUT_HEADER: readonly (string | Buffer)[] = [
  "1,Ada\n2,Alan\n",
  "",
  "\n\n",
  '1,"a\n',
  '2,b"\n"3,c',
  bytes(0xef, 0xbb, 0xbf, "1,Ada\n"),
  bytes(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, "1,Ada\n"),
  "1,Ada",
  "x,Ada\r\n",
];

const ONE_COLUMN: readonly (string | Buffer)[] = [
  "id\n1\n2\n",
  "id\n1\n\n2",
  "id\n\n",
  "id\n",
  "id",
  "id\n1\n\n",
  "id\nx",
];

const ONE_BARE_COLUMN: readonly (string | Buffer)[] = ["\n1\n", "\n\n", "1\n\n2", "\r\n1\r\n", '\n""\n', "\nx"];

const cases: readonly (readonly [string, readonly (string | Buffer)[], Partial<Address>, string])[] = [
  ["LF", WITH_HEADER, {}, "id,name\n1,Ada\n"],
  [
    "CRLF",
    WITH_HEADER.map((file) =>
      typeof file !== "string"
        ? file
        : file.includes("\r")
          ? file.replace("\n", "\r\n")
          : file.replaceAll("\n", "\r\n"),
    ),
    {},
    "id,name\r\n1,Ada\r\n",
  ],
  ["no header", WITHOUT_HEADER, { header: false }, "1,Ada\n2,Alan\n"],
  ["one column", ONE_COLUMN, {}, "id\n1\n"],
  ["one column and no header", ONE_BARE_COLUMN, { header: false }, "1\n2\n"],
  ["mixed line ends", WITH_HEADER, { newline: "mixed" }, "id,name\n1,Ada\n"],
  ["comments", [...WITH_HEADER, "#x\nid,name\n#y\n1,Ada\n#z\nx,y"], { comment: "#" }, "id,name\n1,Ada\n"],
  [
    "a preamble",
    WITH_HEADER.filter((file) => typeof file === "string").map((file) => `über\n${file}`),
    { skip: 1 },
    "x\nid,name\n1,Ada\n",
  ],
];

const byText = (rows: readonly TextRow[]): readonly TextRow[] =>
  rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe("many small files", () => {
  for (const [what, contents, address, sound] of cases) {
    it(`are read as each would be alone: ${what}`, async () => {
      const at = await createProject(surroundings);
      await at.write("a.csv", sound);
      const frozen = await at.freeze("a.csv", { reordered: "accept" }, address);
      const of = (path: string): FrozenDataset => ({ ...frozen, source: { ...frozen.source, path } });
      const accepted: TextRow[] = [];
      const rejected: TextRow[] = [];
      const strict: TextRow[] = [];
      // Enough of them to be put together, with sound ones between those that are not.
      const times = Math.ceil(40 / contents.length);
      for (const [index, content] of [sound, ...contents].entries()) {
        await at.write("alone.csv", content);
        const dataset = of("alone.csv");
        const alone = await readSplit(surroundings, await at.scan(dataset));
        const rows = await at.rows(dataset).catch(() => undefined);
        for (let time = 0; time < times; time++) {
          const name = `${time}-${String(index).padStart(3, "0")}.csv`;
          await at.write(`all/${name}`, content);
          accepted.push(...alone.accepted);
          rejected.push(...alone.rejected.map(([, ...cells]): TextRow => [`all/${name}`, ...cells]));
          for (let again = 0; rows !== undefined && again < 12; again++) {
            await at.write(`sound/${again}-${name}`, content);
            strict.push(...rows);
          }
        }
      }
      const input = await at.scan(of("all/*.csv"));
      const inputFiles = input.groups.flatMap((group) => group.files);
      expect(inputFiles.filter((file) => file.start !== undefined).length).toBeGreaterThan(inputFiles.length / 2);
      const together = await readSplit(surroundings, input);
      expect(byText(together.rejected)).toEqual(byText(rejected));
      expect(byText(together.accepted)).toEqual(byText(accepted));
      expect(byText(await at.rows(of("sound/*.csv")))).toEqual(byText(strict));
      await expect(at.rows(of("all/*.csv"))).rejects.toThrow("rejected");
    });
  }

  it("stay in their order, and beside those that are not small", async () => {
    const at = await createProject(surroundings);
    const large = Array.from({ length: 12_000 }, (_, index) => `${1_000_000 + index},x`).join("\n");
    for (let index = 0; index < 100; index++) {
      const name = `d/${String(index).padStart(3, "0")}.csv`;
      await at.write(name, index === 50 ? `id,name\n${large}\n` : `id,name\n${index},x\n`);
    }
    const dataset = await at.freeze("d/*.csv");
    const input = await at.scan(dataset);
    expect(new Set(input.groups.flatMap(({ files }) => files.map(({ path }) => path))).size).toBe(3);
    const rows = await at.rows(dataset);
    expect(rows).toHaveLength(12_099);
    expect([rows[49]?.[0], rows[50]?.[0], rows.at(-49)?.[0]]).toEqual(["49", "1000000", "51"]);
  });

  it("are drift, empty or binary one by one", async () => {
    const at = await createProject(surroundings);
    for (let index = 0; index < 40; index++) await at.write(`d/${index}.csv`, "id,name\n1,x\n");
    const dataset = await at.freeze("d/*.csv");
    await at.write("d/17.csv", "id,other\n1,x\n");
    await expect(at.rows(dataset)).rejects.toMatchObject({ reason: "drift", offending: "d/17.csv" });
    await at.write("d/17.csv", "");
    await expect(at.rows(dataset)).rejects.toMatchObject({ reason: "empty", offending: "d/17.csv" });
    await at.write("d/17.csv", "id,name\n1,\0\n");
    await expect(at.rows(dataset)).rejects.toMatchObject({ reason: "binary", offending: "d/17.csv" });
    await at.write("d/17.csv", "id,name,more\n1,x,y\n");
    await at.write("d/18.csv", "id,name,more\n1,x,y\n");
    expect(await at.rows({ ...dataset, drift: "warn" })).toHaveLength(40);
    expect(at.warnings).toEqual([
      'd/17.csv has columns that are not frozen and are not read: "more"',
      'd/18.csv has columns that are not frozen and are not read: "more"',
    ]);
  });

  it("keep what their folders say", async () => {
    const at = await createProject(surroundings);
    for (let index = 0; index < 60; index++) {
      await at.write(`d/year=${2020 + (index % 3)}/${index}.csv`, `id\n${index === 7 ? "seven" : index}\n`);
    }
    const dataset = { ...(await at.freeze("d/*/*.csv")), columns: [{ name: "id", type: "int64", nullable: true }] };
    const found = await at.discover("d/*/*.csv");
    const year = found.columns.filter(({ name }) => name === "year");
    const whole: FrozenDataset = { ...dataset, columns: [...dataset.columns, ...year] };
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(whole));
    expect(rejected.map((cells) => cells.slice(0, 3))).toEqual([["d/year=2021/7.csv", "1", "2"]]);
    expect(accepted).toHaveLength(59);
    expect(accepted.every(([id, of]) => Number(of) === 2020 + (Number(id) % 3))).toBe(true);
    await at.write("d/year=2021/7.csv", "id\n7\n");
    const rows = await at.rows(whole);
    expect(rows).toHaveLength(60);
    expect(rows.every(([id, of]) => Number(of) === 2020 + (Number(id) % 3))).toBe(true);
  });
});
