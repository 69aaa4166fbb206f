import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeFolders } from "./kept-code.ts";
import { loadProgram } from "./load-program.ts";

interface Small {
  readonly url: string;
  first(): number;
  second(): number;
  imported(address: string): Promise<{ readonly default: number }>;
}

const TEXT = `(function (exports, require, module, programUrl, importOutside, evaluated) {
exports.url = programUrl;
exports.first = () => (evaluated("first"), require("node:path").sep.length);
exports.second = () => (evaluated("second"), 2);
exports.imported = (address) => importOutside(address);
})`;

let root: string;
let program: string;
let folders: readonly string[];
/** Seconds: a process of tests may be older than one that keeps what it compiled. */
const uptime = (): number => 1;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sluice-program-"));
  mkdirSync(join(root, "app/dist"), { recursive: true });
  program = join(root, "app/dist/program-1.cjs");
  writeFileSync(program, TEXT);
  folders = codeFolders(program, { XDG_CACHE_HOME: join(root, "home") });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const load = () => loadProgram<Small>(pathToFileURL(program), { url: "file:///app/dist/index.js", folders, uptime });
const keptIn = (folder = folders[0] ?? ""): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);
const keptFile = (): string => join(folders[0] ?? "", keptIn()[0] ?? "");

/** What a process does that calls these, and then ends. */
function once(...names: readonly ("first" | "second")[]): boolean {
  const loaded = load();
  for (const name of names) expect(loaded.exports[name]()).toBe(name === "first" ? 1 : 2);
  loaded.keep();
  return loaded.tookKept;
}

describe("a program and what was compiled of it", () => {
  it("is compiled anew, and then taken as it was kept", () => {
    expect(once("first")).toBe(false);
    expect(keptIn().length).toBe(1);
    expect(once("first")).toBe(true);
  });

  it("imports files of the author's, and knows its own address, also where it was taken as kept", async () => {
    const file = join(root, "author.mjs");
    writeFileSync(file, "export default await Promise.resolve(7);");
    once("first");
    const loaded = load();
    expect([loaded.tookKept, loaded.exports.url]).toEqual([true, "file:///app/dist/index.js"]);
    expect((await loaded.exports.imported(pathToFileURL(file).href)).default).toBe(7);
  });

  it("is written again only where further modules were evaluated, and then holds both", () => {
    const written = (): string => {
      const { ino, mtimeMs, size } = statSync(keptFile());
      return [ino, mtimeMs, size].join();
    };
    once("first");
    const alone = written();
    once("first");
    expect(written()).toBe(alone);
    once("second");
    const both = written();
    expect(both).not.toBe(alone);
    for (const name of ["first", "second", "first"] as const) {
      once(name);
      expect(written()).toBe(both);
    }
    expect(keptIn().length).toBe(1);
  });

  it.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)],
    ["empty", () => Buffer.alloc(0)],
    ["of something else", () => Buffer.from("what is this, of more than eight bytes?")],
    [
      "changed in a byte",
      (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 40 ? byte ^ 1 : byte))),
    ],
  ])("is compiled anew where what was kept is %s, and kept again", (_, broken) => {
    once("first");
    writeFileSync(keptFile(), broken(readFileSync(keptFile())));
    expect(once("first")).toBe(false);
    expect(once("first")).toBe(true);
  });

  it.skipIf(process.platform === "win32")("takes nothing that others may write", () => {
    once("first");
    chmodSync(keptFile(), 0o666);
    expect(once("first")).toBe(false);
    expect(once("first")).toBe(true);
  });

  it("lies beside what another V8 keeps", () => {
    once("first");
    writeFileSync(keptFile().replace(/-[0-9a-f]+\.code$/, "-1.code"), "of another");
    expect(once("first")).toBe(true);
    expect(keptIn().length).toBe(2);
  });

  it("removes what was kept of an earlier program", () => {
    once("first");
    const earlier = keptIn();
    program = join(root, "app/dist/program-2.cjs");
    writeFileSync(program, TEXT);
    once("first");
    expect(keptIn().length).toBe(1);
    expect(keptIn()).not.toEqual(earlier);
  });

  it("is kept with the user where the program's own folder takes nothing, and nowhere at all without a word", () => {
    writeFileSync(folders[0] ?? "", "a file, no folder");
    once("first");
    expect(keptIn(folders[1]).length).toBe(1);
    expect(once("first")).toBe(true);
    rmSync(join(root, "home"), { recursive: true });
    writeFileSync(join(root, "home"), "a file as well");
    expect(once("first")).toBe(false);
    expect(readFileSync(join(root, "home"), "utf8")).toBe("a file as well");
  });

  it("is compiled anew where its text was changed by hand, though it is as long as before", () => {
    once("first");
    writeFileSync(program, TEXT.replace('second"), 2)', 'second"), 3)'));
    utimesSync(program, 1, 1);
    const loaded = load();
    expect([loaded.tookKept, loaded.exports.second()]).toEqual([false, 3]);
    loaded.keep();
    expect(keptIn().length).toBe(1);
  });

  it("takes away what a killed process left half written, once it is old", () => {
    const left = ["program-1.cjs-v20.code.7-aa.tmp", "program-1.cjs-v20.code.8-bb.tmp"];
    const folder = folders[0] ?? "";
    mkdirSync(folder);
    for (const name of left) writeFileSync(join(folder, name), "half");
    utimesSync(join(folder, left[0] ?? ""), 1, 1);
    once("first");
    expect(keptIn().filter((name) => name.endsWith(".tmp"))).toEqual(left.slice(1));
  });

  it("lies with the program alone where the user's caches are at no place", () => {
    const own = codeFolders(program, { XDG_CACHE_HOME: join(root, "home") })[0];
    expect(codeFolders(program, { XDG_CACHE_HOME: "relative" })).not.toContainEqual(expect.stringMatching(/^relative/));
    const unknown = (): string => {
      throw new Error("a user without a home");
    };
    expect(codeFolders(program, {}, unknown)).toEqual([own]);
  });

  it("is not kept by a process that has run for long, whose code V8 has thrown away", () => {
    const loaded = loadProgram<Small>(pathToFileURL(program), { url: "file:///x.js", folders, uptime: () => 31 });
    expect(loaded.exports.first()).toBe(1);
    loaded.keep();
    expect(keptIn()).toEqual([]);
  });

  it.each([{ NODE_DISABLE_COMPILE_CACHE: "1" }, { NODE_V8_COVERAGE: "coverage" }])(
    "keeps nothing with %o",
    (environment) => {
      folders = codeFolders(program, environment);
      once("first");
      expect(readdirSync(root)).toEqual(["app"]);
      expect(readdirSync(join(root, "app"))).toEqual(["dist"]);
    },
  );
});
