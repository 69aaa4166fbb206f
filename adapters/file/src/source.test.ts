import { chmod, mkdir, readlink, rm, symlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, type Project, removeFolders } from "./files.fixture.ts";
import { adapter } from "./index.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const TABLE = "id,name\n1,Ada\n2,Grace\n";
const ROWS = [
  ["1", "Ada"],
  ["2", "Grace"],
];
const project = (): Promise<Project> => createProject(surroundings);
const parameters = (values: Record<string, string>): ReadonlyMap<string, string> => new Map(Object.entries(values));

describe("which files are read", () => {
  it("takes a name that exists as it is written for itself, whatever it would match", async () => {
    const at = await project();
    await at.write("a'b [1] ü.csv", TABLE);
    await at.write("a'b 1 ü.csv", "id,name\n9,Nobody\n");
    expect(await at.rows(await at.freeze("a'b [1] ü.csv"))).toEqual(ROWS);
    expect(await at.rows(await at.freeze("a'b [0-9] ü.csv"))).toEqual([["9", "Nobody"]]);
    const both = await at.scan(await at.freeze("a'b *.csv"));
    expect(both.groups.flatMap((group) => group.files.map((file) => file.origin))).toEqual([
      "a'b 1 ü.csv",
      "a'b [1] ü.csv",
    ]);
  });

  it("says whether what was scanned is still there: its bytes, its time, the files that match", async () => {
    const changes: ((at: Project) => Promise<unknown>)[] = [
      (at) => at.write("data/1/a.csv", `${TABLE}3,Alan\n`),
      (at) => utimes(join(at.root, "data/1/a.csv"), 1, 1),
      (at) => rm(join(at.root, "data/1/a.csv")),
      (at) => at.write("data/1/b.csv", TABLE),
      (at) => rm(join(at.root, "data"), { recursive: true }),
    ];
    for (const [index, change] of changes.entries()) {
      const at = await project();
      await at.write("data/1/a.csv", TABLE);
      await at.write("data/1/z.csv", TABLE);
      const dataset = await at.freeze("data/{part}/*.csv");
      const source = await adapter.openSource?.(adapter.parseAddress(dataset.source), undefined, at.context);
      const { signal } = new AbortController();
      const request = { dataset, columns: ["id"], parameters: parameters({ part: "1" }), signal, warn: () => {} };
      const input = await source?.scan?.(request);
      if (input === undefined) throw new Error("the source cannot be scanned");
      await at.write("data/2/other.csv", TABLE);
      expect(await source?.isUnchanged?.(input)).toBe(true);
      await change(at);
      expect([index, await source?.isUnchanged?.(input)]).toEqual([index, false]);
    }
  });

  it("never gives an engine the user's own name", async () => {
    const at = await project();
    await at.write("data/a.csv", TABLE);
    await at.write("data/b.csv", TABLE);
    const { groups } = await at.scan(await at.freeze("data/*.csv"));
    const paths = groups.flatMap((group) => group.files.map((file) => file.path));
    expect(paths.map((path) => path.replace(/.*\/in\//, ""))).toEqual(["0001.csv", "0002.csv"]);
    expect(await readlink(paths[1] ?? "")).toBe(join(at.root, "data/b.csv"));
  });

  it("matches as a shell does: sorted, no hidden names, no folders, `**` any depth", async () => {
    const at = await project();
    for (const name of ["b.csv", "a.csv", "._a.csv", "c.txt", "sub/d.csv", "sub/deep/e.csv", ".git/f.csv"]) {
      await at.write(`data/${name}`, TABLE);
    }
    await mkdir(join(at.root, "data/z.csv"));
    await symlink(".", join(at.root, "data/loop"));
    const found = async (path: string): Promise<string[]> => {
      const { groups } = await at.scan(await at.freeze(path));
      return groups.flatMap((group) => group.files.map((file) => file.origin.slice(5)));
    };
    expect(await found("data/*.csv")).toEqual(["a.csv", "b.csv"]);
    expect(await found("data/**/*.csv")).toEqual(["a.csv", "b.csv", "sub/d.csv", "sub/deep/e.csv"]);
    expect(await found("data/[!a]*.csv")).toEqual(["b.csv"]);
    expect(await found("data/?.csv")).toEqual(["a.csv", "b.csv"]);
    expect(await found("data/.*.csv")).toEqual(["._a.csv"]);
  });

  it("binds a template, and looks at all its files when nothing is bound", async () => {
    const at = await project();
    await at.write("data/2024-01-01.csv", "id,name\n1,Ada\n");
    await at.write("data/2024-01-02.csv", "id,name\n2,x1\n");
    const dataset = await at.freeze("data/{day}.csv");
    expect(await at.rows(dataset, parameters({ day: "2024-01-02" }))).toEqual([["2", "x1"]]);
    await expect(at.rows(dataset)).rejects.toMatchObject({ code: "config", message: expect.stringContaining('"day"') });
    const absent = at.rows(dataset, parameters({ day: "2024-01-03" }));
    await expect(absent).rejects.toMatchObject({ code: "missing", hint: expect.stringContaining("2024-01-0") });
  });

  it.each(["../secret", "..", "a/b", "a\\b", "", "a\0b"])("refuses %j as a part of a name", async (value) => {
    const at = await project();
    await at.write("data/1.csv", TABLE);
    await at.write("secret.csv", TABLE);
    for (const path of ["data/{day}/1.csv", "{day}/1.csv", "data/{day}"]) {
      const dataset = { ...(await at.freeze("data/1.csv")), source: { type: "file", format: "csv", path } };
      await expect(at.rows(dataset, parameters({ day: value }))).rejects.toMatchObject({ code: "config" });
    }
  });

  it("takes a star in a parameter for a star", async () => {
    const at = await project();
    await at.write("data/1.csv", TABLE);
    const dataset = await at.freeze("data/{day}.csv");
    await expect(at.rows(dataset, parameters({ day: "*" }))).rejects.toMatchObject({ code: "missing" });
  });

  it("names the nearest file where there is none", async () => {
    const at = await project();
    await at.write("data/crashes.csv", TABLE);
    const look = (path: string): Promise<unknown> => at.discover(path);
    await expect(look("data/crashs.csv")).rejects.toMatchObject({
      code: "missing",
      message: "data/crashs.csv does not exist",
      hint: 'did you mean "crashes.csv"?',
    });
    await expect(look("dta/crashes.csv")).rejects.toMatchObject({
      hint: 'the folder "dta" does not exist; did you mean "data"?',
    });
    await expect(look("data/*.tsv")).rejects.toMatchObject({ code: "missing", message: "no file matches data/*.tsv" });
    await symlink("nowhere", join(at.root, "data/dangling.csv"));
    await expect(look("data/dangling.csv")).rejects.toMatchObject({
      code: "missing",
      hint: "it is a link to nowhere, which does not exist",
    });
  });

  it("refuses folders, devices and what it may not read", async () => {
    const at = await project();
    await at.write("data/x.csv", TABLE);
    await mkdir(join(at.root, "folder.csv"));
    await expect(at.discover("folder.csv")).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("is a folder"),
      hint: 'name its files: "folder.csv/*.csv"',
    });
    await expect(at.discover("/dev/zero", { format: "csv" })).rejects.toMatchObject({ code: "config" });
    await chmod(join(at.root, "data/x.csv"), 0o000);
    await withoutRoot(at.root, async () => {
      await expect(at.discover("data/x.csv")).rejects.toMatchObject({
        code: "denied",
        message: "data/x.csv may not be opened by this user",
      });
    });
  });
});

describe("compressed files", () => {
  const packed = gzipSync(TABLE.repeat(1));

  it("are known by their first bytes, whole, of one or more members", async () => {
    const at = await project();
    await at.write("x.csv.gz", packed);
    const dataset = await at.freeze("x.csv.gz");
    expect(dataset.dialect?.compression).toBe("gzip");
    expect(await at.rows(dataset)).toEqual(ROWS);
    await at.write("x.csv.gz", Buffer.concat([packed, gzipSync("3,Joan\n")]));
    expect(await at.rows(dataset)).toEqual([...ROWS, ["3", "Joan"]]);
    await at.write("plain.csv", packed);
    expect(await at.rows(await at.freeze("plain.csv"))).toEqual(ROWS);
  });

  const flipped = (at: number): Buffer => {
    const copy = Buffer.from(packed);
    copy.writeUInt8(copy.readUInt8(copy.length + at) ^ 1, copy.length + at);
    return copy;
  };
  it.each([
    ["half a file", packed.subarray(0, packed.length >> 1), "ends in the middle"],
    ["a checksum too short", packed.subarray(0, packed.length - 1), "ends in the middle"],
    ["nothing but a start", packed.subarray(0, 10), "ends in the middle"],
    ["a wrong checksum", flipped(-6), "is damaged"],
    ["a wrong length", flipped(-1), "is damaged"],
    ["other bytes behind", Buffer.concat([packed, Buffer.from("more")]), "has other bytes after its end"],
    ["zeros behind", Buffer.concat([packed, Buffer.alloc(9)]), "has other bytes after its end"],
    ["half a second member", Buffer.concat([packed, packed.subarray(0, 15)]), "ends in the middle"],
    ["no gzip at all", Buffer.from(TABLE), "is not a gzip file"],
    ["nothing", Buffer.alloc(0), "is not a gzip file"],
  ])("refuse %s", async (_, bytes, says) => {
    const at = await project();
    await at.write("x.csv.gz", packed);
    const dataset = await at.freeze("x.csv.gz");
    await at.write("x.csv.gz", bytes);
    for (const attempt of [() => at.rows(dataset), () => at.discover("x.csv.gz")]) {
      await expect(attempt()).rejects.toMatchObject({
        code: "data",
        reason: "corrupt",
        offending: "x.csv.gz",
        message: expect.stringContaining(says),
      });
    }
  });
});

describe("what a text file may look like", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["a byte order mark", `\ufeff${TABLE}`, "utf-8"],
    ["UTF-16, little end first", Buffer.from(`\ufeff${TABLE}`, "utf16le"), "utf-16le"],
    ["UTF-16, big end first", Buffer.from(`\ufeff${TABLE}`, "utf16le").swap16(), "utf-16be"],
  ])("%s", async (_, content, encoding) => {
    const at = await project();
    await at.write("x.csv", content);
    const dataset = await at.freeze("x.csv");
    expect(dataset.dialect?.encoding).toBe(encoding);
    expect(dataset.columns.map((column) => column.name)).toEqual(["id", "name"]);
    expect(await at.rows(dataset)).toEqual(ROWS);
  });

  it("windows-1252 where it is not UTF-8, with a warning, and where it was said", async () => {
    const at = await project();
    await at.write("x.csv", Buffer.from("id,price\n1,5 \x80\n2,caf\xe9\n", "latin1"));
    const dataset = await at.freeze("x.csv");
    expect(dataset.warnings).toEqual([
      "x.csv is not UTF-8 and is read as windows-1252: declare its encoding if it is another",
    ]);
    expect(await at.rows(dataset)).toEqual([
      ["1", "5 €"],
      ["2", "café"],
    ]);
    const said = await at.freeze("x.csv", {}, { encoding: "iso-8859-1" });
    expect(said.warnings).toEqual([]);
    const other = await at.freeze("x.csv", {}, { encoding: "iso-8859-15" });
    expect((await at.rows(other))[1]).toEqual(["2", "café"]);
    await expect(at.freeze("x.csv", {}, { encoding: "latin-nine" })).rejects.toMatchObject({
      code: "config",
      offending: "latin-nine",
    });
    await at.write("odd.csv", Buffer.concat([Buffer.from(`\ufeff${TABLE}`, "utf16le"), Buffer.from([0])]));
    await expect(at.freeze("odd.csv")).rejects.toMatchObject({ code: "data", reason: "encoding" });
  });

  it.each<[string, string | Uint8Array, string, string]>([
    ["an empty file", "", "empty", "x.csv is empty: expected a header"],
    ["a byte order mark alone", "\ufeff", "empty", "x.csv is empty: expected a header"],
    ["blank lines alone", "\n\r\n\n", "empty", "x.csv is empty: expected a header"],
    ["a binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]), "binary", "x.csv is not text: byte 8 is NUL"],
    [
      "a spreadsheet",
      Buffer.from([0x50, 0x4b, 3, 4, 1]),
      "binary",
      "x.csv is a zip archive (or a spreadsheet), not text",
    ],
    ["Parquet", "PAR1….PAR1", "binary", "x.csv is a Parquet file, not text"],
    [
      "a broken header",
      'id,"na"m,e\n1,2\n',
      "header",
      "x.csv has a header that cannot be read: line 1 has text after a closing quote",
    ],
  ])("refuses %s", async (_, content, reason, message) => {
    const at = await project();
    await at.write("x.csv", TABLE);
    const dataset = await at.freeze("x.csv");
    await at.write("x.csv", content);
    await expect(at.rows(dataset)).rejects.toMatchObject({ code: "data", reason, message });
    // A look would find that quotes mean nothing there, or what the names are.
    const known = { header: true, quote: '"' };
    await expect(at.discover("x.csv", known)).rejects.toMatchObject({ code: "data", reason });
  });

  it("no rows behind a header are no rows", async () => {
    const at = await project();
    await at.write("x.csv", TABLE);
    const dataset = await at.freeze("x.csv");
    for (const content of ["id,name\n", "id,name", "\ufeffid,name\r\n", "\n\nid,name\n\n"]) {
      await at.write("x.csv", content);
      expect(await at.rows(dataset)).toEqual([]);
    }
    await at.write("plain.csv", "1,Ada\n");
    const headless = await at.freeze("plain.csv", {}, { header: false });
    await at.write("plain.csv", "");
    expect(await at.rows(headless)).toEqual([]);
  });

  it.each<[string, string]>([
    ["CRLF where LF was frozen", TABLE.replaceAll("\n", "\r\n")],
    ["CR", TABLE.replaceAll("\n", "\r")],
    ["LF behind a header with CRLF", TABLE.replace("\n", "\r\n")],
    ["blank lines before the header", `\n\n${TABLE}`],
    ["blank lines between", TABLE.replaceAll("\n", "\n\n")],
    ["no line end at the end", TABLE.trimEnd()],
    ["a delimiter at the end of each line", TABLE.replaceAll("\n", ",\n")],
  ])("reads %s as it is meant", async (_, content) => {
    const at = await project();
    await at.write("x.csv", TABLE);
    const dataset = await at.freeze("x.csv");
    await at.write("x.csv", content);
    expect(await at.rows(dataset)).toEqual(ROWS);
    expect(await at.rows(await at.freeze("x.csv"))).toEqual(ROWS);
  });

  it.each<[string, string, readonly (string | null)[]]>([
    ["behind a header", 's\n\n"a"\n""\nx\n\n', [null, "a", "", "x", null]],
    ["first of all", '\n\n"a"\n""\nx\n', [null, null, "a", "", "x"]],
    ["with CRLF", '\r\n""\r\nx\r\n', [null, "", "x"]],
    ["with line ends of two kinds", '\n""\r\n\r\nx\n', [null, "", null, "x"]],
    ["with a byte order mark", '\ufeff\n""\nx\n', [null, "", "x"]],
    ["and nothing else", "\n\n", [null, null]],
  ])("one column, where a blank line is a null and a quoted empty text is one: %s", async (_, content, texts) => {
    const at = await project();
    await at.write("sound.csv", content.startsWith("s") ? "s\na\n" : "a\n");
    const sound = await at.freeze("sound.csv", {}, { header: content.startsWith("s") });
    const dataset = { ...sound, source: { ...sound.source, path: "x.csv" } };
    await at.write("x.csv", content);
    const rows = texts.map((text) => [text]);
    expect(await at.rows(dataset)).toEqual(rows);
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect([accepted, rejected]).toEqual([rows, []]);
  });

  it("mixed line ends by way of a copy, in which quoted ones stay", async () => {
    const at = await project();
    await at.write("x.csv", 'id,name\r\n1,"a\r\nb"\n2,"c\nd"\r\n\r\n3,e\n');
    const dataset = await at.freeze("x.csv");
    expect(dataset.dialect?.newline).toBe("mixed");
    expect(await at.rows(dataset)).toEqual([
      ["1", "a\r\nb"],
      ["2", "c\nd"],
      ["3", "e"],
    ]);
  });

  it("a copy keeps the numbers of lines and a line that is too long", async () => {
    const at = await project();
    await at.write("x.csv", "id,name\r\n1,a\n");
    const dataset = await at.freeze("x.csv");
    const long = "x".repeat(17 << 20);
    await at.write("x.csv", `id,name\r\n1,"a\nb"\n\n2,${long}\r\nthree,c\n4,"d"e\n`);
    const input = await at.scan(dataset);
    const folder = dirname(input.groups[0]?.files[0]?.path ?? "");
    const { signal } = new AbortController();
    const paths = { accepted: join(folder, "accepted.parquet"), rejected: join(folder, "rejected.parquet") };
    const result = await engine.split({ name: "things", input, columns: ["id", "name"], ...paths, signal });
    expect(result).toMatchObject({ accepted: 1, rejected: 3 });
    const rejects = {
      format: "parquet",
      groups: [{ order: ["line", "rule", "bytes"], files: [{ path: paths.rejected, origin: "", bytes: 1 }] }],
      columns: ["line", "rule", "bytes"].map((name) => ({
        name,
        type: name === "rule" ? "string" : "int64",
        nullable: true,
      })),
      validate: "all",
      identity: null,
    } as const;
    expect(await readInput(engine, rejects)).toEqual([
      ["5", "is too long", String((17 << 20) + 2)],
      ["6", "is not an int64", "7"],
      ["7", "has text after a closing quote", "6"],
    ]);
  });
});

it("tells by name, size and time of change whether a file is another", async () => {
  const at = await project();
  await at.write("x.csv", TABLE);
  const dataset = await at.freeze("x.csv");
  const first = await at.scan(dataset);
  expect((await at.scan(dataset)).identity).toEqual(first.identity);
  expect(first.identity).toEqual([["x.csv", TABLE.length, expect.stringMatching(/^\d{18,} \d{18,}$/)]]);
  await at.write("x.csv", TABLE);
  expect((await at.scan(dataset)).identity).not.toEqual(first.identity);
});

/** Rights mean nothing to root; another user is taken for a moment. */
async function withoutRoot(folder: string, action: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) {
    await action();
    return;
  }
  await chmod(folder, 0o755);
  process.seteuid?.(65534);
  try {
    await action();
  } finally {
    process.seteuid?.(0);
  }
}
