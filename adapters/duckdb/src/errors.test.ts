import { SluiceError } from "@sluice/core";
import { expect, it } from "vitest";
import { toSluiceError } from "./errors.ts";

it.each([
  ["INTERRUPT Error: Interrupted!", "cancelled", undefined],
  ["Out of Memory Error: could not allocate block of size 30.5 MiB (30.5 MiB/61.0 MiB used)", "denied", "memory"],
  [
    "Out of Memory Error: failed to offload data block of size 256.0 KiB (768.0 KiB/976.5 KiB used).",
    "denied",
    "scratch-full",
  ],
  ['IO Error: Could not write file "/dev/full": No space left on device', "denied", "disk-full"],
  ['IO Error: No files found that match the pattern "/x/y.csv"', "missing", undefined],
  ['IO Error: Cannot open file "/x/y": Permission denied', "denied", undefined],
  ["Conversion Error: Could not convert string 'a' to INT32", "data", undefined],
  ["Out of Range Error: Overflow in addition of INT64 (1 + 2)!", "data", undefined],
  ["Invalid Input Error: sluice:strict:crashes", "data", "strict"],
  ["Invalid Input Error: No magic bytes found at end of file '/x.parquet'", "data", "corrupt"],
  ["Catalog Error: Table with name nope does not exist!", "config", undefined],
  ['Parser Error: syntax error at or near "selec"', "config", undefined],
  ["INTERNAL Error: Attempted to access index 1 within vector of size 1", "internal", undefined],
  ["something else", "internal", undefined],
])("%s is %s %s", (message, code, reason) => {
  expect(toSluiceError(new Error(message))).toMatchObject({ code, reason });
});

it("tells a record that the reader of a text refuses from the same words elsewhere", () => {
  const error = new Error("Invalid Input Error: CSV Error on Line: 2\nOriginal Line: 2,c\n");
  expect(toSluiceError(error, { readsText: true })).toMatchObject({ code: "data", reason: "strict" });
  expect(toSluiceError(error)).toMatchObject({ code: "data", reason: undefined });
});

it("names files as people know them", () => {
  const error = new Error("Invalid Input Error: No magic bytes found at end of file '/s/in/0001.parquet'");
  const origins = new Map([["/s/in/0001.parquet", "data/x.parquet"]]);
  expect(toSluiceError(error, { origins })).toMatchObject({
    reason: "corrupt",
    message: "No magic bytes found at end of file 'data/x.parquet'",
  });
});

it("leaves what is one of ours as it is, and keeps the cause of the others", () => {
  const own = new SluiceError("config", "x");
  expect(toSluiceError(own)).toBe(own);
  const cause = new Error("Conversion Error: y");
  expect(toSluiceError(cause).cause).toBe(cause);
});

it("calls whatever ends a cancelled query a cancel", () => {
  expect(toSluiceError(new Error("IO Error: x"), { signal: AbortSignal.abort() }).code).toBe("cancelled");
});
