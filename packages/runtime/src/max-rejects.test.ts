import { expect, it } from "vitest";
import { assertFewRejects } from "./max-rejects.ts";

it.each([
  ["", "is not valid UTF-8", "; most as a whole, is not valid UTF-8: 2"],
  ["amount", "is null", '; most by column "amount", is null: 2'],
])("says what most rejects are by: %j", (column, rule, says) => {
  const reasons = [{ column, rule, rows: 2, example: "x" }];
  expect(() => assertFewRejects({ name: "d", maxRejects: 1 }, { accepted: 3, rejected: 2, reasons })).toThrow(
    `2 of 5 records of dataset "d" were rejected, at most 1 may be${says}`,
  );
});
