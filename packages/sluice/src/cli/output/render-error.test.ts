import { SluiceError } from "@sluice/core";
import { expect, test } from "vitest";
import { renderError } from "./render-error.ts";

const text = "name: chicago\nsteps:\n\tload: { from: crahs, into: x }\n";
const options = {
  paint: (_style: string, shown: string) => shown,
  verbose: false,
  folder: "/project",
  readText: (file: string) => (file === "/project/pipelines/chicago.yaml" ? text : undefined),
};
const file = "/project/pipelines/chicago.yaml";

test("marks the offending text in its line", () => {
  const error = new SluiceError("config", 'no step is named "crahs"', {
    at: { file, line: 3, column: 2 },
    offending: "crahs",
    hint: 'did you mean "crash"?',
  });
  expect(renderError(error, options)).toBe(
    [
      'error[config]: no step is named "crahs"',
      "  --> pipelines/chicago.yaml:3:2",
      "   |",
      "3  |   load: { from: crahs, into: x }",
      "   |                 ^^^^^",
      '   = did you mean "crash"?',
    ].join("\n"),
  );
});

test("marks the column where the offending text is not in the line", () => {
  const error = new SluiceError("config", "wrong", { at: { file, line: 1, column: 7 }, offending: "absent" });
  expect(renderError(error, options).split("\n").at(-1)).toBe("   |       ^");
});

test("shows a long line around what is meant", () => {
  const long = `${"a, ".repeat(2000)}crahs, ${"b, ".repeat(2000)}`;
  const readText = (): string => long;
  const at = { file, line: 1, column: 5000 };
  const shown = renderError(new SluiceError("config", "wrong", { at, offending: "crahs" }), { ...options, readText });
  const [, , , excerpt = "", mark = ""] = shown.split("\n");
  expect(excerpt.length).toBeLessThan(180);
  expect(excerpt).toMatch(/^1 {2}\| ….*a, crahs, b, .*…$/);
  expect(mark.indexOf("^^^^^")).toBe(excerpt.indexOf("crahs"));
  const alone = renderError(new SluiceError("config", "wrong", { at }), { ...options, readText }).split("\n");
  expect(alone[4]?.indexOf("^")).toBeLessThan(alone[3]?.length ?? 0);
  const first = renderError(new SluiceError("config", "wrong", { at: { file, line: 1, column: 4 } }), {
    ...options,
    readText,
  });
  expect(first.split("\n").slice(3)).toEqual([expect.stringMatching(/^1 {2}\| a, a, .*…$/), "   |    ^"]);
});

test("says the file alone where the line is not known, and no line where the file cannot be read", () => {
  expect(renderError(new SluiceError("config", "wrong", { at: { file } }), options)).toBe(
    "error[config]: wrong\n  --> pipelines/chicago.yaml",
  );
  const gone = new SluiceError("config", "wrong", { at: { file: "/project/gone.ts", line: 3, column: 1 } });
  expect(renderError(gone, options)).toBe("error[config]: wrong\n  --> gone.ts:3:1");
});

test("lets no text of others move the cursor", () => {
  const error = new SluiceError("data", "value \u001b[2J is wrong", { reason: "strict" });
  expect(renderError(error, options)).toBe("error[data: strict]: value \\u001b[2J is wrong");
});

test("shows stacks only when asked", () => {
  const error = new SluiceError("internal", "defect", { cause: new Error("below") });
  expect(renderError(error, options)).not.toContain(" at ");
  const verbose = renderError(error, { ...options, verbose: true });
  expect(verbose).toContain("    at ");
  expect(verbose).toContain("caused by Error: below");
});
