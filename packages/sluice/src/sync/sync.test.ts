import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataset, type FrozenDataset, type StreamInfo } from "@sluice/core";
import { adapter } from "@sluice/file";
import { transformSync } from "esbuild";
import { afterEach, describe, expect, it } from "vitest";
import type { DatasetOptions } from "../dataset-options.ts";
import { diff } from "./drift-report.ts";
import { freeze } from "./freeze.ts";
import { formatFrozen, parseFrozen, readFrozen, writeFrozen } from "./frozen-file.ts";
import { generateIndex } from "./generate-index.ts";
import { syncDataset } from "./sync-dataset.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-sync-"));
  folders.push(folder);
  return folder;
};

const found: StreamInfo = {
  name: "people",
  columns: [
    { name: "id", type: "int64", nullable: false, comment: 'int64; like "1"' },
    { name: "born", type: "date", nullable: true, format: "%d/%m/%Y" },
    { name: "alive", type: "bool", nullable: true, words: [["yes"], ["no"]] },
  ],
  dialect: {
    compression: "none",
    delimiter: ",",
    quote: '"',
    escape: '"',
    header: true,
    newline: "lf",
    encoding: "utf-8",
    quotedEmpty: "text",
  },
  rows: 3,
  warnings: ['"born" fits two layouts'],
};
const people = (options: DatasetOptions = {}, changes: Partial<StreamInfo> = {}): FrozenDataset =>
  freeze("people", { address: { type: "file", path: "data/people.csv" }, options }, { ...found, ...changes });

describe("a frozen schema", () => {
  it("is text that reads well in review, and reads back as it was", () => {
    const frozen = people({ maxRejects: "0.5%", drift: "warn" });
    expect(formatFrozen(frozen)).toBe(`{
  "version": 1,
  "name": "people",
  "source": { "type": "file", "path": "data/people.csv" },
  "dialect": { "delimiter": ",", "quote": "\\"", "escape": "\\"", "header": true, "newline": "lf", "encoding": "utf-8", "quotedEmpty": "text", "compression": "none" },
  "columns": [
    { "name": "id", "type": "int64", "nullable": false, "comment": "int64; like \\"1\\"" },
    { "name": "born", "type": "date", "nullable": true, "format": "%d/%m/%Y" },
    { "name": "alive", "type": "bool", "nullable": true, "words": [["yes"], ["no"]] }
  ],
  "maxRejects": "0.5%",
  "validate": "all",
  "drift": "warn",
  "reordered": "fail",
  "stage": "volatile",
  "warnings": [
    "\\"born\\" fits two layouts"
  ]
}
`);
    expect(parseFrozen(formatFrozen(frozen), "people.json", "people")).toEqual(frozen);
  });

  it("is written whole, and only where it changed", () => {
    const folder = join(newFolder(), "schemas");
    expect(readFrozen(folder, "people")).toBeUndefined();
    expect(writeFrozen(folder, people())).toBe(true);
    expect(writeFrozen(folder, people())).toBe(false);
    expect(readFrozen(folder, "people")).toEqual(people());
    expect(writeFrozen(folder, people({ validate: "used" }))).toBe(true);
    expect(readdirSync(folder)).toEqual(["people.json"]);
    expect(readFileSync(join(folder, "people.json"), "utf8").endsWith("}\n")).toBe(true);
  });

  it.each<[string, (text: string) => string, string]>([
    ["no JSON", (text) => text.slice(1), "is not JSON"],
    ["an unknown type", (text) => text.replace('"int64"', '"int65"'), "is wrong: columns.0.type"],
    ["an unknown member", (text) => text.replace('"stage"', '"stages"'), "is wrong"],
    ["no columns", (text) => JSON.stringify({ ...JSON.parse(text), columns: [] }), "is wrong: columns"],
    [
      "another version",
      (text) => text.replace('"version": 1', '"version": 2'),
      "is of version 2, which a newer sluice wrote",
    ],
    ["a merge conflict", (text) => text.replace('  "name"', '<<<<<<< HEAD\n  "name"'), "holds a merge conflict"],
    ["another name", (text) => text.replace('"name": "people"', '"name": "others"'), 'is that of "others"'],
  ])("with %s is refused by name", (_, change, says) => {
    const attempt = (): unknown => parseFrozen(change(formatFrozen(people())), "schemas/people.json", "people");
    expect(attempt).toThrow(says);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: "config",
        at: expect.objectContaining({ file: "schemas/people.json" }),
        hint: expect.stringMatching(/^mend it, .*"sluice sync people" again|^update sluice/),
      }),
    );
  });
});

describe("diff", () => {
  it("says nothing where only comments and doubts changed", () => {
    const columns = found.columns.map((column) => ({ ...column, comment: "another" }));
    expect(diff(people(), people({}, { columns, warnings: [] })).sentences).toEqual([]);
  });

  it("says each difference in a sentence", () => {
    const after = people(
      { validate: "used" },
      {
        columns: [
          { name: "alive", type: "bool", nullable: true, words: [["y"], ["n"]] },
          { name: "id", type: "string", nullable: false },
          { name: "born", type: "date", nullable: true, format: "%m/%d/%Y" },
          { name: "city", type: "string", nullable: true },
        ],
        ...(found.dialect === undefined ? {} : { dialect: { ...found.dialect, delimiter: ";" } }),
      },
    );
    expect(diff(people(), after).sentences).toEqual([
      '"city" (string) is new',
      '"id" was int64 and is string',
      "the columns stand in another order: alive, id, born",
      '"born" was written "%d/%m/%Y" and is "%m/%d/%Y"',
      '"alive" had the words [["yes"],["no"]] and has [["y"],["n"]]',
      'the delimiter was "," and is ";"',
      'the validate was "all" and is "used"',
    ]);
  });
});

describe("generateIndex", () => {
  const named = (name: string, columns: StreamInfo["columns"] = found.columns): FrozenDataset => ({
    ...people({}, { columns }),
    name,
  });

  it("exports a typed value for each dataset", () => {
    expect(
      generateIndex([people(), named("crashes_2024")]),
    ).toBe(`// Written by \`sluice sync\` from the frozen schemas beside it. Review and commit it; do not edit it.

import { dataset, type Bool, type Dataset, type Day, type Int } from "sluice";

/** Rows of the dataset "crashes_2024". */
export interface Crashes2024 {
  /** int64; like "1" */
  readonly id: Int;
  readonly born: Day<null>;
  readonly alive: Bool<null>;
}
export const crashes_2024: Dataset<Crashes2024> = dataset("crashes_2024", import.meta.url);

/** Rows of the dataset "people". */
export interface People {
  /** int64; like "1" */
  readonly id: Int;
  readonly born: Day<null>;
  readonly alive: Bool<null>;
}
export const people: Dataset<People> = dataset("people", import.meta.url);
`);
    expect(generateIndex([])).toContain("export {};");
  });

  it("takes any column, comment and dataset name without breaking the module", async () => {
    const columns = ['select"x', "then", "__proto__", "constructor", "a\nb", "\u2028", "1", "ü", "*/", ""].map(
      (name) => ({
        name,
        type: "string",
        nullable: true,
        comment: `like "*/ } ${name}"`,
      }),
    );
    const names = [
      "int",
      "dataset",
      "Dataset",
      "default",
      "class",
      "Int",
      "crashes",
      "Crashes",
      "crashes_",
      "_1",
      "import",
    ];
    const text = generateIndex(
      names.map((name) => named(name, [...columns, { name: "n", type: "int64", nullable: true }])),
    );
    const { code } = transformSync(text, { loader: "ts", format: "esm", define: { "import.meta.url": '"x"' } });
    const folder = newFolder();
    const body = code.replace(
      /import \{ (.*?) \} from "sluice";/,
      (_, what: string) => `const { ${what.replace(" as ", ": ")} } = globalThis.sluiceForTest;`,
    );
    writeFileSync(join(folder, "index.mjs"), body);
    Object.assign(globalThis, { sluiceForTest: { dataset } });
    const exported = (await import(/* @vite-ignore */ join(folder, "index.mjs"))) as Record<
      string,
      { dataset: string }
    >;
    expect(Object.keys(exported).sort()).toEqual([...names].sort());
    for (const name of names) expect(exported[name]?.dataset).toBe(name);
    const interfaces = [...text.matchAll(/^export interface (\w+)/gm)].map((match) => match[1]);
    expect(new Set(interfaces).size).toBe(names.length);
    expect(interfaces.filter((name) => ["Int", "Text", "Dataset"].includes(name ?? ""))).toEqual([]);
  });

  it("refuses a name that no module can have", () => {
    expect(() => generateIndex([named("a-b")])).toThrow('"a-b" cannot be the name of a dataset');
  });
});

describe("syncDataset", () => {
  it("freezes what the adapter finds, and reports what changed", async () => {
    const root = newFolder();
    const request = (options: DatasetOptions, previous?: FrozenDataset) => ({
      name: "things",
      source: { address: { type: "file", path: "x.csv" }, options },
      adapter,
      connection: undefined,
      context: {
        signal: new AbortController().signal,
        now: () => 0,
        log: () => undefined,
        root,
        scratch: newFolder(),
        local: undefined as never,
        checkpoint: () => undefined,
      },
      previous,
    });
    writeFileSync(join(root, "x.csv"), "id,day\n1,01/02/2024\n");
    const first = await syncDataset(request({ types: { id: "string" }, required: ["id"] }));
    expect(first).toMatchObject({
      drift: undefined,
      found: { rows: 1 },
      frozen: {
        name: "things",
        source: { type: "file", path: "x.csv" },
        columns: [
          { name: "id", type: "string", nullable: false },
          { name: "day", type: "date", format: "%d/%m/%Y" },
        ],
        warnings: [expect.stringContaining("fits two layouts")],
      },
    });
    const second = await syncDataset(request({ formats: { day: "%m/%d/%Y" }, types: { day: "date" } }, first.frozen));
    expect(second.drift?.sentences).toEqual([
      '"id" was string and is int64',
      '"day" was written "%d/%m/%Y" and is "%m/%d/%Y"',
    ]);
  });
});
