import { expect, it } from "vitest";
import { placeholdersIn } from "./placeholders.ts";

const names = ["crash", "crash_2", "output"];

it.each([
  ["sort {crash}", true, [["crash", false]]],
  [
    "cat {crash_2} {crash}>{output}",
    true,
    [
      ["crash_2", false],
      ["crash", false],
      ["output", false],
    ],
  ],
  ["awk '{print}' {crash}", true, [["crash", false]]],
  [
    "echo '{crash}' \"{output}\"",
    true,
    [
      ["crash", true],
      ["output", true],
    ],
  ],
  ['echo "it\'s {crash}"', true, [["crash", true]]],
  ["echo \\' {crash}", true, [["crash", false]]],
  ["echo $" + "{crash}", true, []],
  ["{gone} { crash } {crash", true, []],
  ["'{crash}'", false, [["crash", false]]],
])("%s", (text, isShell, expected) => {
  const found = placeholdersIn(text, names, isShell);
  expect(found.map(({ name, quoted }) => [name, quoted])).toEqual(expected);
  expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(expected.map(([name]) => `{${name}}`));
});
