import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, type Project, removeFolders } from "../files.fixture.ts";
import { adapter } from "../index.ts";
import { readSplit } from "../split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const project = (): Promise<Project> => createProject(surroundings);
const TABLE = "id,name\n1,Ada\n2,Grace\n";
const ROWS = [
  ["1", "Ada"],
  ["2", "Grace"],
];
const MORE = "id,name\n3,Alan\n";

interface Packed {
  readonly name: string;
  readonly text?: string | Buffer;
  /** What is changed of a sound member: fields of a zip, or the type of a member of a tar. */
  readonly change?: Readonly<Record<string, number>>;
  readonly type?: string;
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, "0")}\0`;
}

function tarMember({ name, text = "", type = "0" }: Packed): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0);
  header.write(
    `0000644\0${octal(0, 8)}${octal(0, 8)}${octal(content.length, 12)}${octal(0, 12)}        ${type}`,
    100,
    "latin1",
  );
  header.write("ustar\0" + "00", 257, "latin1");
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
    "latin1",
  );
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const tar = (...members: readonly Packed[]): Buffer => Buffer.concat([...members.map(tarMember), Buffer.alloc(1024)]);

function zip(...members: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text = "", change = {} } of members) {
    const content = Buffer.from(text);
    const { method = 8, flags = 0x800, crc = crc32(content), bytes = content.length, mode = 0x81a4 } = change;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const raw = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags | 8, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(raw.length, 26);
    const descriptor = Buffer.alloc(16);
    descriptor.writeUInt32LE(0x08074b50, 0);
    descriptor.writeUInt32LE(crc, 4);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt8(3, 5);
    entry.writeUInt16LE(flags | 8, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(change.packedBytes ?? packed.length, 20);
    entry.writeUInt32LE(bytes, 24);
    entry.writeUInt16LE(raw.length, 28);
    entry.writeUInt32LE((mode << 16) >>> 0, 38);
    entry.writeUInt32LE(change.offset ?? offset, 42);
    parts.push(local, raw, packed, descriptor);
    directory.push(entry, raw);
    offset += 30 + raw.length + packed.length + 16;
  }
  const bytes = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length & 0xffff, 8);
  end.writeUInt16LE(members.length & 0xffff, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

const FULL = 0xffffffff;

/** The same as zip64: every length, place and number stands in a field of eight bytes, and its own field is full. */
function zip64(members: readonly Packed[], change: Readonly<Record<string, number>> = {}): Buffer {
  const small = zip(...members);
  const end = small.length - 22;
  const directoryAt = small.readUInt32LE(end + 16);
  const directory: Buffer[] = [];
  for (let at = directoryAt; at < end; ) {
    const entry = Buffer.from(small.subarray(at, at + 46));
    const name = small.subarray(at + 46, at + 46 + entry.readUInt16LE(28));
    const extra = Buffer.alloc(28);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(change.length ?? 24, 2);
    for (const [index, from] of [24, 20, 42].entries()) {
      extra.writeBigUInt64LE(BigInt(entry.readUInt32LE(from)), 4 + 8 * index);
      entry.writeUInt32LE(FULL, from);
    }
    entry.writeUInt16LE(extra.length, 30);
    directory.push(entry, name, extra);
    at += 46 + name.length;
  }
  const bytes = directory.reduce((sum, part) => sum + part.length, 0);
  const large = Buffer.alloc(56);
  large.writeUInt32LE(0x06064b50, 0);
  large.writeBigUInt64LE(44n, 4);
  large.writeBigUInt64LE(BigInt(members.length), 24);
  large.writeBigUInt64LE(BigInt(change.count ?? members.length), 32);
  large.writeBigUInt64LE(BigInt(change.bytes ?? bytes), 40);
  large.writeBigUInt64LE(BigInt(directoryAt), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(change.at ?? directoryAt + bytes), 8);
  locator.writeUInt32LE(1, 16);
  const last = Buffer.alloc(22);
  last.writeUInt32LE(0x06054b50, 0);
  last.writeUInt16LE(0xffff, 8);
  last.writeUInt16LE(0xffff, 10);
  last.writeUInt32LE(FULL, 12);
  last.writeUInt32LE(FULL, 16);
  return Buffer.concat([small.subarray(0, directoryAt), ...directory, large, locator, last]);
}

const KINDS = {
  "a.tar": tar,
  "a.tgz": (...members: readonly Packed[]) => gzipSync(tar(...members)),
  "a.zip": zip,
  // Known by its content, whatever it is called, where it exists.
  "a.bin": zip,
  "b.zip": (...members: readonly Packed[]) => zip64(members),
} as const;

describe("members of archives", () => {
  it.each(Object.entries(KINDS))("are one name, a glob, a template, packed themselves: %s", async (name, pack) => {
    const at = await project();
    const packed = pack(
      { name: "./x/", ...(pack === zip ? {} : { type: "5" }) },
      { name: "./x/a.csv", text: TABLE },
      { name: "x/._a.csv", text: "\0mac" },
      { name: "x/b.csv", text: MORE },
      { name: "x/c.csv.gz", text: gzipSync(MORE) },
      { name: "x/[1].csv", text: MORE },
      { name: "../../out.csv", text: MORE },
      { name: "/etc/out.csv", text: MORE },
    );
    await at.write(name, packed);
    expect(await at.rows(await at.freeze(`${name}!x/a.csv`))).toEqual(ROWS);
    expect(await at.rows(await at.freeze(`${name}!./x/a.csv`))).toEqual(ROWS);
    expect(await at.rows(await at.freeze(`${name}!x/b.csv`))).toEqual([["3", "Alan"]]);
    expect(await at.rows(await at.freeze(`${name}!x/c.csv.gz`))).toEqual([["3", "Alan"]]);
    expect(await at.rows(await at.freeze(`${name}!x/[1].csv`))).toEqual([["3", "Alan"]]);
    expect(await at.rows(await at.freeze(`${name}!../../out.csv`))).toEqual([["3", "Alan"]]);
    expect(await at.rows(await at.freeze(`${name}!/etc/out.csv`))).toEqual([["3", "Alan"]]);
    const glob = await at.freeze(`${name}!**/[a-z].csv*`, {}, { format: "csv" });
    const input = await at.scan(glob);
    const origins = input.groups.flatMap((group) => group.files.map((file) => file.origin));
    expect(origins).toEqual([`${name}!x/a.csv`, `${name}!x/b.csv`, `${name}!x/c.csv.gz`]);
    const template = { ...glob, source: { type: "file", path: `${name}!x/{part}.csv`, format: "csv" } };
    expect(await at.rows(template, new Map([["part", "b"]]))).toEqual([["3", "Alan"]]);
    await expect(at.discover(`${name}!x/z.csv`)).rejects.toMatchObject({
      code: "missing",
      message: `${name} holds no x/z.csv`,
      hint: expect.stringContaining("did you mean"),
    });
  });

  it("come with their archive's name in rejects, and a changed archive is another source", async () => {
    const at = await project();
    await at.write("a.zip", zip({ name: "a.csv", text: TABLE }));
    const dataset = await at.freeze("a.zip!a.csv");
    await at.write("a.zip", zip({ name: "a.csv", text: "id,name\nx,Ada\n" }));
    const { rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(rejected.map((row) => row.slice(0, 6))).toEqual([
      ["a.zip!a.csv", "1", "2", "id", "is not an int64", "x,Ada"],
    ]);
    const source = await adapter.openSource?.(adapter.parseAddress(dataset.source), undefined, at.context);
    const { signal } = new AbortController();
    const request = { dataset, columns: ["id"], parameters: new Map(), signal, warn: () => {} };
    const input = await source?.scan?.(request);
    if (input === undefined) throw new Error("the source cannot be scanned");
    expect(await source?.isUnchanged?.(input)).toBe(true);
    await at.write("a.zip", zip({ name: "a.csv", text: MORE }));
    expect(await source?.isUnchanged?.(input)).toBe(false);
  });

  it("of several archives are one dataset; a file with a mark in its name is a file", async () => {
    const at = await project();
    await at.write("1.zip", zip({ name: "a.csv", text: TABLE }));
    await at.write("2.zip", zip({ name: "a.csv", text: MORE }));
    expect(await at.rows(await at.freeze("*.zip!*.csv"))).toEqual([...ROWS, ["3", "Alan"]]);
    await at.write("a!b.csv", TABLE);
    expect(await at.rows(await at.freeze("a!b.csv"))).toEqual(ROWS);
    await at.write("1.zip!a.csv", MORE);
    expect(await at.rows(await at.freeze("1.zip!a.csv"))).toEqual([["3", "Alan"]]);
    await expect(at.discover("1.zip", { format: "csv" })).rejects.toMatchObject({
      hint: 'name the member that is meant: "1.zip!*.csv"',
    });
  });

  it("are read as other tools pack them: long names, attributes, large archives", async () => {
    const at = await project();
    const folder = await mkdtemp(join(tmpdir(), "sluice-pack-"));
    try {
      const long = `${"d".repeat(90)}/${"é".repeat(60)}`;
      await mkdir(join(folder, long), { recursive: true });
      await writeFile(join(folder, long, "a.csv"), TABLE);
      await writeFile(join(folder, "big.txt"), "x".repeat(100_000));
      for (const [format, name] of [
        ["gnu", "g.tar"],
        ["pax", "p.tar"],
        ["gnu", "g.tgz"],
      ] as const) {
        const made = spawnSync(
          "tar",
          [name.endsWith("z") ? "-czf" : "-cf", join(at.root, name), `--format=${format}`, "."],
          {
            cwd: folder,
          },
        );
        expect(made.status).toBe(0);
        expect(await at.rows(await at.freeze(`${name}!**/a.csv`))).toEqual(ROWS);
      }
      const zipped = spawnSync("zip", ["-q", "-r", "-fz", join(at.root, "z.zip"), "."], { cwd: folder });
      if (zipped.status === 0) expect(await at.rows(await at.freeze("z.zip!**/a.csv"))).toEqual(ROWS);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each(["a.tar", "a.zip"])("are read whatever they hold, and small ones lie on no disk: %s", async (name) => {
    const at = await project();
    const pack = name === "a.tar" ? tar : zip;
    const texts: Readonly<Record<string, string | Buffer>> = {
      "utf16.csv": Buffer.from(`\ufeff${TABLE}`, "utf16le"),
      "skipped.csv": `A title\n\n${TABLE}`,
      "commented.csv": `# a comment\n${TABLE}`,
      "returns.csv": TABLE.replaceAll("\n", "\r"),
      "mixed.csv": `id,name\r\n1,Ada\n2,Grace\r\n`,
      "packed.csv.gz": gzipSync(TABLE),
      "marked.ndjson": '\ufeff{"id":1,"name":"Ada"}\n{"id":2,"name":"Grace"}\n',
      "document.json": '[{"id":1,"name":"Ada"},{"id":2,"name":"Grace"}]',
    };
    const packed = Object.entries(texts).map(([member, text]) => ({ name: member, text }));
    await at.write(name, pack(...packed, { name: "log.txt", text: "one\ntwo\n" }, { name: "none.csv", text: "a,b\n" }));
    for (const member of Object.keys(texts)) {
      const skip = member === "skipped.csv" ? { skip: 2 } : {};
      const dataset = await at.freeze(`${name}!${member}`, {}, skip);
      expect([member, await at.rows(dataset)]).toEqual([member, ROWS]);
    }
    expect(await at.rows(await at.freeze(`${name}!log.txt`, {}, { format: "lines" }))).toEqual([["one"], ["two"]]);
    expect(await at.rows(await at.freeze(`${name}!none.csv`))).toEqual([]);
    const address = adapter.parseAddress({ type: "file", path: `${name}!packed.csv.gz`, format: "csv" });
    const source = await adapter.openSource?.(address, undefined, at.context);
    const { signal } = at.context;
    const look = { types: new Map(), required: [], dialect: {}, parameters: new Map(), signal };
    for await (const { columns } of source?.discover(look) ?? []) expect(columns).toHaveLength(2);
    const left = await readdir(at.context.scratch, { recursive: true });
    expect(left.filter((file) => file.endsWith(".member"))).toEqual([]);
    expect(left).not.toEqual([]);
  });

  it("that a pattern does not mean because their names lead out are told of", async () => {
    const at = await project();
    const outside = ["../a.csv", "/b.csv", "x/../../c.csv"].map((name) => ({ name, text: MORE }));
    const others = ["../a.txt", "x/e.csv", ".hidden.csv"].map((name) => ({ name, text: MORE }));
    await at.write("a.tar", tar({ name: "d.csv", text: TABLE }, ...outside, ...others));
    const dataset = await at.freeze("a.tar!*.csv");
    expect(dataset.warnings).toEqual([
      '"../a.csv" and 1 more in a.tar are left out: the name leads out of the archive, and no pattern means it; to read it, name it: a.tar!../a.csv',
    ]);
    expect(await at.rows(dataset)).toEqual(ROWS);
    expect(at.warnings).toEqual([]);
    expect(await at.rows({ ...dataset, warnings: [] })).toEqual(ROWS);
    expect(at.warnings).toEqual(dataset.warnings);
    expect((await at.freeze("a.tar!d.csv")).warnings).toEqual([]);
    await expect(at.freeze("a.tar!*.tsv")).rejects.toMatchObject({ code: "missing" });
  });

  it("are no archives: what one holds in one is not read, and a hint says so", async () => {
    const at = await project();
    await at.write("a.tar", tar({ name: "b.zip", text: zip({ name: "c.csv", text: TABLE }) }));
    await expect(at.discover("a.tar!b.zip", { format: "csv" })).rejects.toMatchObject({
      hint: expect.stringContaining("archives in archives are not read"),
    });
    expect(() => adapter.parseAddress({ type: "file", path: "a.tar!b.zip" })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("archives in archives are not read") }),
    );
  });
});

describe("an archive that is not sound", () => {
  it.each([
    ["bzip2", "425a6839314159265359"],
    ["xz", "fd377a585a000004e6d6"],
    ["zstd", "28b52ffd0458c1000061"],
    ["7-Zip", "377abcaf271c00041265"],
    ["RAR", "526172211a0700cf9073"],
  ])("is named where it is compressed with what is not read: %s", async (kind, digits) => {
    const at = await project();
    const start = Buffer.concat([Buffer.from(digits, "hex"), Buffer.alloc(600, 7)]);
    await at.write("a.tar", start);
    await expect(at.discover("a.tar!*.csv")).rejects.toMatchObject({
      code: "unsupported",
      message: `a.tar is compressed with ${kind}, which is not read`,
    });
    await at.write("a.csv", start);
    await expect(at.discover("a.csv")).rejects.toMatchObject({
      message: `a.csv is compressed with ${kind}, which is not read`,
    });
    await at.write("a.csv", "BZh1,b\n1,2\n");
    expect(await at.rows(await at.freeze("a.csv"))).toEqual([["1", "2"]]);
  });

  const sound = { name: "a.csv", text: TABLE };
  const big = { name: "a.csv", text: `id,name\n${"1,Ada\n".repeat(20_000)}` };
  const damagedTar = tar(sound);
  damagedTar[5] = 0x7a;
  const cutDirectory = zip(sound).subarray(0, -30);
  const changed = zip(big);
  changed[60] = (changed[60] ?? 0) ^ 0xff;
  const cases: readonly (readonly [string, Buffer, string, string])[] = [
    ["a.tar", Buffer.from("text, and no archive ".repeat(40)), "data", "is not a tar archive"],
    ["a.tar", Buffer.alloc(0), "data", "is empty: expected an archive"],
    ["a.tar", damagedTar, "data", "is not a tar archive"],
    ["a.tar", tar(sound).subarray(0, 520), "data", "ends in the middle"],
    ["a.tar", tar(sound).subarray(0, 1024), "data", "ends without its last blocks"],
    ["a.tar", Buffer.concat([tar(sound), Buffer.from("more")]), "data", "has other bytes after its end"],
    ["a.tar", tar(sound, sound), "data", 'holds "a.csv" twice'],
    ["a.tar", tar({ name: "a.csv", type: "2" }), "unsupported", '"a.csv" in a.tar is a link'],
    [
      "a.tar",
      tar({ name: "x", type: "x", text: "99 path=a\n" }, sound),
      "data",
      "attributes of a member cannot be read",
    ],
    ["a.tgz", gzipSync(tar(sound)).subarray(0, -20), "data", "not a whole gzip file"],
    ["a.zip", cutDirectory, "data", "has no directory at its end"],
    ["a.zip", Buffer.concat([zip(sound), Buffer.from("x")]), "data", "has no directory at its end"],
    ["a.zip", Buffer.concat([Buffer.from("PK"), zip(sound)]), "data", "its directory cannot be read"],
    ["a.zip", changed, "data", "is damaged"],
    ["a.zip", zip(sound, sound), "data", 'holds "a.csv" twice'],
    ["a.zip", zip({ ...sound, change: { mode: 0xa1ff } }), "unsupported", "is a link"],
    ["a.zip", zip({ ...sound, change: { flags: 1 } }), "unsupported", '"a.csv" in a.zip is encrypted'],
    ["a.zip", zip({ ...sound, change: { method: 9 } }), "unsupported", "is compressed by method 9"],
    ["a.zip", zip({ ...sound, change: { crc: 1 } }), "data", "has another checksum"],
    ["a.zip", zip({ ...sound, change: { bytes: 5 } }), "data", "is longer than the 5 bytes"],
    ["a.zip", zip({ ...sound, change: { bytes: 50 } }), "data", "has 22 bytes, not the 50"],
    ["a.zip", zip({ ...big, change: { packedBytes: 40 } }), "data", "ends in the middle"],
    ["a.zip", zip({ name: "b.csv", text: MORE }, { ...sound, change: { offset: 0 } }), "data", "shares bytes"],
    ["a.zip", zip({ ...sound, change: { bytes: 0xfffffffe } }), "data", "expands to more than 500 times"],
    ["a.zip", zip64([sound], { length: 16 }), "data", "its directory cannot be read"],
    ["a.zip", zip64([sound], { at: 1 }), "data", "its directory cannot be read"],
    ["a.zip", zip64([sound], { at: 2 ** 60 }), "data", "its directory cannot be read"],
    ["a.zip", zip64([sound], { bytes: 2 ** 60 }), "data", "its directory cannot be read"],
    ["a.zip", zip64([sound], { count: 2 ** 60 }), "data", "its directory cannot be read"],
    ["a.zip", zip64([sound], { count: 0 }), "data", "its directory cannot be read"],
    ["a.zip", zip64([{ ...big, change: { packedBytes: FULL - 1 } }]), "data", "shares bytes"],
  ];
  it.each(cases)("%s, %#: is refused, and nothing stays behind", async (name, content, code, says) => {
    const at = await project();
    await at.write(name, content);
    await expect(at.discover(`${name}!a.csv`, { format: "csv" })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says),
    });
    expect(await readdir(at.root)).toEqual([name]);
  });

  it("that expands without end is given up early", async () => {
    const at = await project();
    const piece = gzipSync(Buffer.alloc(64 << 20), { level: 9 });
    await at.write("a.tgz", Buffer.concat([gzipSync(tarMember({ name: "z" })), ...Array(8).fill(piece)]));
    await expect(at.discover("a.tgz!a.csv")).rejects.toMatchObject({ code: "data" });
    const member = tarMember({ name: "z.csv" });
    member.write(octal(8 * (64 << 20), 12), 124, "latin1");
    member.fill(32, 148, 156);
    member.write(
      `${octal(
        member.subarray(0, 512).reduce((sum, byte) => sum + byte, 0),
        7,
      )} `,
      148,
      "latin1",
    );
    await at.write("b.tgz", Buffer.concat([gzipSync(member), ...Array(8).fill(piece)]));
    await expect(at.discover("b.tgz!z.csv")).rejects.toMatchObject({ code: "data", reason: "bomb" });
  });

  it("is one whatever byte of it is lost", async () => {
    const at = await project();
    const whole = zip(sound, { name: "b.csv", text: MORE });
    for (let length = 1; length < whole.length; length += 7) {
      await at.write("a.zip", whole.subarray(0, length));
      await expect(at.discover("a.zip!a.csv")).rejects.toMatchObject({ code: "data" });
    }
    const tarred = gzipSync(tar(sound));
    for (let length = 1; length < tarred.length; length += 7) {
      await at.write("a.tgz", tarred.subarray(0, length));
      await expect(at.discover("a.tgz!a.csv")).rejects.toMatchObject({ code: "data" });
    }
  });
});

// The sizes of the real thing take a minute: npm run test:slow.
const members = process.env.SLUICE_TEST_SLOW === "1" ? 70_000 : 3000;
it(`an archive of ${members} members`, { timeout: 600_000 }, async () => {
  const at = await project();
  const packed = Array.from({ length: members }, (_, index) => ({
    name: `d/${String(index).padStart(6, "0")}.csv`,
    text: `id,name\n${index === 1234 ? "none" : index},Ada\n`,
  }));
  await at.write("a.zip", zip64(packed));
  await at.write("a.tar", tar(...packed));
  await at.write("b.csv", MORE);
  const one = await at.freeze("b.csv");
  for (const name of ["a.zip", "a.tar"]) {
    const dataset = { ...one, source: { ...one.source, path: `${name}!d/*.csv` } };
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(accepted).toHaveLength(members - 1);
    expect(rejected.map((cells) => cells.slice(0, 3))).toEqual([[`${name}!d/001234.csv`, "1", "2"]]);
  }
});

it("a link to an archive is followed, a link in it is not", async () => {
  const at = await project();
  await at.write("a.zip", zip({ name: "a.csv", text: TABLE }));
  await symlink("a.zip", join(at.root, "b.zip"));
  expect(await at.rows(await at.freeze("b.zip!a.csv"))).toEqual(ROWS);
  expect((await readFile(join(at.root, "a.zip"))).length).toBeGreaterThan(0);
});
