import fc from "fast-check";
import { expect, test } from "vitest";
import { fileNameOf } from "./run-folder.ts";

test("plain names stay as they are, others are spelt out", () => {
  expect(fileNameOf("crash_2024-a")).toBe("crash_2024-a");
  expect(fileNameOf("a/b")).toBe("a%2Fb");
  expect(fileNameOf("..")).toBe("%2E%2E");
  expect(fileNameOf("größe")).toBe("gr%C3%B6%C3%9Fe");
});

test("any two names have two file names, short enough for any file system", () => {
  const name = fc.oneof(fc.string({ unit: "binary" }), fc.string({ minLength: 100, maxLength: 400 }));
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(fileNameOf(a) === fileNameOf(b)).toBe(a === b);
      expect(fileNameOf(a)).toMatch(/^[A-Za-z0-9_%-]{0,120}$/);
    }),
  );
});
