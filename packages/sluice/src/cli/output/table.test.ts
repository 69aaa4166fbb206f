import { expect, test } from "vitest";
import { formatDuration } from "./format-values.ts";
import { formatTable } from "./table.ts";
import { cutText, textWidth } from "./text-width.ts";

test("lines up columns by what a terminal shows of them", () => {
  const lines = formatTable(
    [{ title: "step" }, { title: "rows", align: "right" }],
    [
      ["crash", "973"],
      ["車両", "1,000"],
    ],
    80,
  );
  expect(lines).toEqual(["step    rows", "crash    973", "車両   1,000"]);
});

test("gives way to the width, the widest column first", () => {
  const lines = formatTable([{ title: "a" }, { title: "b" }], [["x".repeat(50), "y".repeat(10)]], 30);
  expect(lines[1]).toBe(`${"x".repeat(17)}…  ${"y".repeat(10)}`);
  expect(formatTable([{ title: "a" }, { title: "b" }], [["x".repeat(500), "y".repeat(500)]], 5)[1]).toBe("xxx…  yyy…");
});

test("shows control characters as escapes", () => {
  expect(formatTable([{ title: "a" }], [["x\n\u001b[31m"]], 80)[1]).toBe("x\\n\\u001b[31m");
});

test("cuts by letters, not by halves of them", () => {
  expect(cutText("車両車両", 5)).toBe("車両…");
  expect(textWidth("e\u0301")).toBe(1);
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1500, "1.5 s"],
  [59_949, "59.9 s"],
  [59_960, "1m 0s"],
  [3_723_000, "1h 2m"],
])("%i ms is %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
