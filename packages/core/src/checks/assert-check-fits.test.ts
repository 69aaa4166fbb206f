import { expect, it } from "vitest";
import { assertCheckFits } from "./assert-check-fits.ts";

function look(type: string, min: string, max: string): void {
  const schema = { columns: [{ name: "a", type, nullable: true }] };
  assertCheckFits({ kind: "range", column: "a", min, max }, schema, new Map(), "steps.t.checks[0]");
}

it.each([
  ["int64", "10", "9"],
  ["decimal(6,2)", "-1.5", "-1.51"],
  ["float64", "1e3", "999"],
  ["date", "2024-02-01", "2024-01-31"],
  ["time", "12:00:01", "12:00:00"],
  ["timestamp", "2024-01-01 12:00:01", "2024-01-01T12:00:00"],
])("a range of %s within which no value lies is refused: %s to %s", (type, min, max) => {
  expect(() => look(type, min, max)).toThrow(
    expect.objectContaining({
      code: "config",
      message: `the range of "a" has its bounds the wrong way round: ${min} is above ${max}`,
      hint: `did you mean min: ${max}, max: ${min}?`,
      at: { file: "", path: "steps.t.checks[0]" },
    }),
  );
});

it.each([
  ["int64", "9", "10"],
  ["int64", "10", "10"],
  ["string", "b", "a"],
  ["date", "0044-03-15 (BC)", "0001-01-01 (BC)"],
  ["date", "2024-1-02", "2024-01-9"],
  ["timestamp", "2024-01-01T00:00:00", "2024-01-01 12:00:00"],
  ["timestamp", "2024-01-01 00:00:00", "2024-01-01"],
])("any other is taken: of %s, %s to %s", (type, min, max) => {
  expect(() => look(type, min, max)).not.toThrow();
});
