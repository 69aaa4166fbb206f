import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readUtf8 } from "./read-utf8.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-utf8-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const written = (...parts: readonly (string | number)[]): string => {
  const file = join(folder, "a.yaml");
  writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(typeof part === "string" ? part : [part]))));
  return file;
};

test("reads UTF-8 as it is, a mark at its beginning and letters beyond ASCII too", () => {
  expect(readUtf8(written("\uFEFFname: zoë\r\n# 𝄞\n"))).toBe("\uFEFFname: zoë\r\n# 𝄞\n");
  expect(readUtf8(written(""))).toBe("");
});

test.each([
  ["a letter of Latin-1", ["name: x\n# é Zo", 0xeb, "'\n"], 2, 7, "0xEB"],
  ["a letter that is cut off by the end", ["name: x\nzo", 0xc3], 2, 3, "0xC3"],
  ["a letter that is cut off by the line's end", ["a", 0xc3, "\nb\n"], 1, 2, "0xC3"],
  ["UTF-16", [0xff, 0xfe, "n\0a\0"], 1, 1, "0xFF"],
] as const)("refuses %s at its byte", (_what, parts, line, column, byte) => {
  const file = written(...parts);
  const refused = expect.objectContaining({
    message: `the file is not UTF-8: the byte ${byte} stands here`,
    at: { file, line, column },
  });
  expect(() => readUtf8(file)).toThrow(refused);
});
