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

it.each([
  [
    'Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "note", "order_id"\n\nLINE 1: …',
    "nope",
    'did you mean "note"?',
  ],
  [
    'Binder Error: Table "o" does not have a column named "custmer"\n\nCandidate bindings: : "customer"\n',
    "custmer",
    'did you mean "customer"?',
  ],
  ['Binder Error: Referenced table "z" not found!\nCandidate tables: "orders"', "z", expect.stringContaining("orders")],
  [
    'Catalog Error: Scalar Function with name uper does not exist!\nDid you mean "upper"?',
    "uper",
    'did you mean "upper"?',
  ],
  ['Parser Error: syntax error at or near "from"\n\nLINE 1: …', "from", undefined],
  ['Binder Error: Ambiguous reference to column name "id" (use: "a.id" or "b.id")', "id", "say which: a.id or b.id"],
  [
    'Binder Error: column "c" must appear in the GROUP BY clause or must be part of an aggregate function.\nEither add it to the GROUP BY list, or use "ANY_VALUE(c)" if the exact value of "c" is not important.',
    "c",
    'either add it to the GROUP BY list, or use "ANY_VALUE(c)" if the exact value of "c" is not important',
  ],
  ["Binder Error: No function matches the given name", undefined, undefined],
])("%s names what is wrong, and what is meant", (message, offending, hint) => {
  const error = toSluiceError(new Error(message));
  expect(error.code).toBe("config");
  expect([error.offending, error.hint]).toEqual([offending, hint]);
});

it.each([
  [
    'Catalog Error: Scalar Function with name getenv does not exist!\nDid you mean "get_current_time"?',
    "there is no function getenv",
    "getenv",
  ],
  ['Binder Error: Referenced column "nope" not found in FROM clause!', 'there is no column "nope"', "nope"],
  ['Binder Error: Table "o" does not have a column named "x"', '"o" has no column "x"', "x"],
  [
    'Binder Error: Ambiguous reference to column name "id" (use: "a.id" or "b.id")',
    'several of what is read here have a column "id"',
    "id",
  ],
  [
    "Binder Error: No function matches the given name and argument types 'upper(BIGINT, INTEGER_LITERAL)'. You might need to add explicit type casts.\n\tCandidate functions:\n\tupper(VARCHAR) -> VARCHAR\n\n",
    "there is no upper(bigint, integer)",
    "upper",
  ],
  [
    "Binder Error: ORDER term out of range - should be between 1 and 3",
    "order by names columns by numbers from 1 to 3",
    undefined,
  ],
])("%s is said as a sentence about the query", (message, sentence, offending) => {
  const error = toSluiceError(new Error(message));
  expect([error.code, error.message, error.offending]).toEqual(["config", sentence, offending]);
  expect(error.hint ?? "").not.toMatch(/get_current_time|->/);
});

it.each([
  ["Conversion Error: Could not convert string 'x' to INT32", '"x" cannot be cast to int32'],
  ["Out of Range Error: Overflow in addition of INT64 (1 + 2)!", "1 + 2 does not fit int64"],
  [
    "Out of Range Error: Overflow in multiplication of DECIMAL(38) (7 * 99). You might want to add an explicit cast to a decimal with a smaller scale.",
    "7 * 99 does not fit a decimal of 38 digits",
  ],
  [
    "Conversion Error: Type INT128 with value 18446744073709551614 can't be cast because the value is out of range for the destination type INT64\n\nLINE 1: …",
    "18446744073709551614 does not fit int64",
  ],
  [
    "Out of Range Error: Interval value 2147483647 weeks out of range",
    "2147483647 weeks are more than a duration holds",
  ],
  ["Out of Range Error: Date out of range", "a date or time lies beyond those that its type holds"],
  ["Invalid Input Error: missing ): (", "a regular expression of a row is not valid: missing ): ("],
  ["Invalid Input Error: sluice:refused:no text is repeated 9 times", "no text is repeated 9 times"],
])("%s is said as a sentence", (message, sentence) => {
  expect(toSluiceError(new Error(message))).toMatchObject({ code: "data", message: sentence });
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

it.each([
  [
    "Conversion Error: Could not cast value 170141183460469231731687303715884105727 to DECIMAL(38,0) when casting from source column my total",
    '170141183460469231731687303715884105727 in column "my total" has more than the 38 digits of decimal(38,0), the largest whole number there is',
    "varchar",
  ],
  [
    "Out of Range Error: Overflow in multiplication of INT128 (10 * 20)!",
    "10 * 20 does not fit decimal(38,0)",
    "double",
  ],
  ["Out of Range Error: Overflow in addition of INT64 (1 + 2)!", "1 + 2 does not fit int64", "decimal(38,0)"],
])("%s says what holds more", (message, says, hint) => {
  const error = toSluiceError(new Error(message));
  expect(error).toMatchObject({ code: "data", message: says });
  expect(error.hint).toContain(hint);
});
