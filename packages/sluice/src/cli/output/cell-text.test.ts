import { expect, test } from "vitest";
import { cellText } from "./cell-text.ts";

test("floats are written with the digits that they need", () => {
  expect(cellText(Math.fround(0.1), "float32")).toBe("0.1");
  expect(cellText(16777217, "float64")).toBe("16777217");
  expect(cellText(-0, "float64")).toBe("-0");
  expect(cellText(Number.NEGATIVE_INFINITY, "float32")).toBe("-inf");
});
