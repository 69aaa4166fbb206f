import { isSluiceError, SluiceError } from "@sluice/core";
import { expect, it } from "vitest";
import { errorsOf, throwAll } from "./failures.ts";

it("throws several errors as one SluiceError with the code, hint and place of the first", () => {
  const first = new SluiceError("config", "one is wrong", { hint: "mend it", at: { file: "a.ts", line: 3 } });
  const second = new SluiceError("unsupported", "another is wrong");
  let thrown: unknown;
  try {
    throwAll([first, second]);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SluiceError);
  expect(isSluiceError(thrown)).toBe(true);
  expect(thrown).toMatchObject({
    code: "config",
    hint: "mend it",
    at: { file: "a.ts", line: 3 },
    message: "one is wrong\nanother is wrong",
    errors: [first, second],
  });
  expect(errorsOf(thrown)).toEqual([first, second]);
  expect(() => throwAll([first])).toThrow(first);
});
