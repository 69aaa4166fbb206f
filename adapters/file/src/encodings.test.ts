import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, type Project, removeFolders } from "./files.fixture.ts";
import { adapter, spool } from "./index.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const project = (): Promise<Project> => createProject(surroundings);
const TABLE = "id,name\n1,Zoë\n2,🦆\n";
const ROWS = [
  ["1", "Zoë"],
  ["2", "🦆"],
];
const little = (text: string): Buffer => Buffer.from(text, "utf16le");
const big = (text: string): Buffer => little(text).swap16();

describe("UTF-8", () => {
  it.each([
    ["is cut within a letter", Buffer.from([0xe6, 0x97])],
    ["ends in a letter of another encoding", Buffer.from([0xe9])],
  ])("that %s stays UTF-8, and its last record is none", async (_, tail) => {
    const at = await project();
    const lines = Array.from({ length: 60_000 }, (__, index) => `${index},Žluťoučký kůň\n`);
    await at.write("a.csv", Buffer.concat([Buffer.from(`id,name\n${lines.join("")}60000,caf`), tail]));
    const dataset = await at.freeze("a.csv");
    expect(dataset.dialect).toMatchObject({ encoding: "utf-8" });
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(accepted.at(-1)).toEqual(["59999", "Žluťoučký kůň"]);
    expect(rejected.map(([, record, , , rule]) => [record, rule])).toEqual([["60001", "is not valid UTF-8"]]);
  });
});

describe("a carriage return in the first line", () => {
  const RULE = "has a carriage return outside quotes";

  it.each([
    [
      "1,a\r9,z\n2,b\n3,c\n",
      [
        ["2", "b"],
        ["3", "c"],
      ],
      [["1", "1", RULE]],
    ],
    [
      "1,a\r9,z\r2,b",
      [
        ["1", "a"],
        ["9", "z"],
        ["2", "b"],
      ],
      [],
    ],
  ] as const)("ends no record where line feeds do: %j", async (text, rows, rejects) => {
    const at = await project();
    await at.write("a.csv", "1,a\n2,b\n");
    const dataset = await at.freeze("a.csv", {}, { header: false });
    await at.write("a.csv", text);
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(accepted).toEqual(rows);
    expect(rejected.map(([, record, line, , rule]) => [record, line, rule])).toEqual(rejects);
  });

  it("makes no header of half of it", async () => {
    const at = await project();
    await at.write("a.csv", "v\rw\nb\nc\n");
    await expect(at.discover("a.csv", { header: true })).rejects.toThrow(`line 1 ${RULE}`);
  });
});

describe("UTF-16", () => {
  it.each([
    ["utf-16le", little],
    ["utf-16be", big],
  ] as const)("without a mark is found, and frozen with a warning: %s", async (encoding, encoded) => {
    for (const packed of [false, true]) {
      const at = await project();
      const bytes = encoded(TABLE.replaceAll("\n", "\r\n"));
      await at.write("a.csv", packed ? gzipSync(bytes) : bytes);
      const dataset = await at.freeze("a.csv");
      expect(dataset.dialect).toMatchObject({ encoding, newline: "crlf" });
      expect(dataset.warnings).toEqual([
        `a.csv is read as ${encoding}, which no mark says: declare its encoding if it is another`,
      ]);
      expect(await at.rows(dataset)).toEqual(ROWS);
      expect((await at.discover("a.csv", { encoding })).warnings).toEqual([]);
      // A mark wins, whatever was frozen.
      await at.write("a.csv", encoding === "utf-16le" ? big(`\ufeff${TABLE}`) : little(`\ufeff${TABLE}`));
      await expect(at.rows({ ...dataset, reordered: "accept" })).resolves.toEqual(ROWS);
    }
  });

  it("keeps a mark in the middle, and rejects a NUL as a record", async () => {
    const at = await project();
    await at.write("a.csv", little("\ufeffid,name\n1,a\ufeffb\n2,c\0d\n\ufeff3,e\n"));
    const dataset = await at.freeze("a.csv", {}, {});
    const columns = dataset.columns.map((column) => ({ ...column, type: "string" }));
    const { accepted, rejected } = await readSplit(surroundings, await at.scan({ ...dataset, columns }));
    expect(accepted).toEqual([
      ["1", "a\ufeffb"],
      ["\ufeff3", "e"],
    ]);
    expect(rejected.map((row) => row.slice(1, 5))).toEqual([["2", "3", "", "has a NUL byte"]]);
  });

  it("that is wrong says at which byte", async () => {
    const head = "id,name\n1,";
    const far = "x".repeat(300_001);
    const lone = (at: "high" | "low"): string => (at === "high" ? "\ud83e" : "\udd86");
    const cases = [
      [little(`${head}${lone("high")}\n`), `byte ${2 * head.length + 1} begins half of a pair (a lone surrogate)`],
      [little(`${head}${lone("low")}\n`), `byte ${2 * head.length + 1} begins half of a pair (a lone surrogate)`],
      [
        little(`${head}${far}${lone("high")}${lone("high")}\n`),
        `byte ${2 * (head.length + far.length) + 1} begins half`,
      ],
      [little(`${head}${"🦆".repeat(100_000)}${lone("low")}\n`), `byte ${2 * (head.length + 200_000) + 1} begins half`],
      [
        Buffer.concat([little(`${head}a`), Buffer.of(0x61)]),
        `byte ${2 * head.length + 3} is half of a character, at the end`,
      ],
      [little(`${head}${lone("high")}`), `byte ${2 * head.length + 1} begins half`],
    ] as const;
    for (const [bytes, says] of cases) {
      for (const encoding of ["utf-16le", "utf-16be"]) {
        const at = await project();
        const even = bytes.subarray(0, bytes.length & ~1);
        const swapped = Buffer.concat([Buffer.from(even).swap16(), bytes.subarray(even.length)]);
        await at.write("a.csv", encoding === "utf-16le" ? bytes : swapped);
        await expect(at.discover("a.csv", { encoding })).rejects.toMatchObject({
          code: "data",
          reason: "encoding",
          message: expect.stringContaining(`a.csv is not ${encoding}: ${says}`),
        });
      }
    }
  });
});

describe("other encodings", () => {
  it("that are wrong say at which byte, or between which", async () => {
    const at = await project();
    await at.write("a.csv", Buffer.concat([Buffer.from("id,name\n1,"), Buffer.of(0xa5), Buffer.from("\n")]));
    await expect(at.discover("a.csv", { encoding: "iso-8859-3" })).rejects.toMatchObject({
      message: "a.csv is not iso-8859-3: byte 11 is no character",
    });
    await at.write("a.csv", Buffer.concat([Buffer.from("id,name\n1,"), Buffer.of(0xff), Buffer.from("\n")]));
    await expect(at.discover("a.csv", { encoding: "shift_jis" })).rejects.toMatchObject({
      message: "a.csv is not shift_jis: a byte between 1 and 12 is wrong",
    });
    await at.write("a.csv", Buffer.from([0xff, 0xfe, 0, 0, 0x69, 0, 0, 0]));
    await expect(at.discover("a.csv")).rejects.toMatchObject({ message: "a.csv is UTF-32, which is not read" });
  });

  it("keep every letter of windows-1252 apart", async () => {
    const at = await project();
    const letters = Array.from({ length: 128 }, (_, index) => 128 + index);
    await at.write("a.csv", Buffer.concat([Buffer.from("c\n"), ...letters.map((byte) => Buffer.of(0x78, byte, 10))]));
    const rows = await at.rows(await at.freeze("a.csv", {}, { encoding: "windows-1252" }));
    expect(new Set(rows.map(String)).size).toBe(128);
    expect(rows[0]).toEqual(["x€"]);
  });
});

describe("a stream", () => {
  const { signal } = new AbortController();

  it("is a file once it is spooled: discovered, and read", async () => {
    const at = await project();
    const file = await spool(Readable.from([Buffer.from("id,name\n1,"), "Ada\n2,Grace\n"]), {
      folder: at.root,
      origin: "-",
      signal,
    });
    const address = { type: "file", path: file.path, format: "csv" };
    await using source = await adapter.openSource?.(address, undefined, at.context);
    if (source === undefined) throw new Error("files are a source");
    const request = { types: new Map(), required: [], dialect: {}, parameters: new Map(), signal };
    const found = [];
    for await (const info of source.discover(request)) found.push(info);
    const [{ columns = [], dialect, warnings = [] } = {}] = found;
    const dataset = {
      version: 1,
      name: "stdin",
      source: address,
      ...(dialect === undefined ? {} : { dialect }),
      columns: columns.map((column) => (column.name === "name" ? { ...column, type: "int64" } : column)),
      validate: "all",
      drift: "fail",
      reordered: "fail",
      stage: "volatile",
      warnings,
    } as const;
    const input = await source.scan?.({ dataset, columns: ["id"], parameters: new Map(), signal, warn: () => {} });
    if (input === undefined) throw new Error("the source cannot be scanned");
    const { rejected } = await readSplit(surroundings, input);
    expect(rejected.map((row) => row.slice(0, 5))).toEqual([
      ["spooled", "1", "2", "name", "is not an int64"],
      ["spooled", "2", "3", "name", "is not an int64"],
    ]);
    expect(await source.isUnchanged?.(input)).toBe(true);
  });

  it("that fails or is stopped leaves nothing behind", async () => {
    const at = await project();
    const failing = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from("id\n");
      throw new Error("the other end hung up");
    };
    const into = { folder: at.root, origin: "-", signal };
    await expect(spool(failing(), into)).rejects.toMatchObject({ message: "- failed: the other end hung up" });
    await expect(spool(Readable.from(["a"]), { ...into, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(await readdir(at.root)).toEqual([]);
    await expect(spool(Readable.from(["a"]), { ...into, folder: join(at.root, "none") })).rejects.toMatchObject({
      code: "missing",
    });
    await expect(adapter.openSource?.({ type: "file", path: "-" }, undefined, at.context)).rejects.toMatchObject({
      code: "config",
    });
  });
});
