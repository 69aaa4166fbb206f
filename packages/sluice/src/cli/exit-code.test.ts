import { type ErrorCode, SluiceError } from "@sluice/core";
import { expect, test } from "vitest";
import { exitCodeOf } from "./exit-code.ts";

const error = (code: ErrorCode, reason?: string): SluiceError =>
  new SluiceError(code, "wrong", reason === undefined ? {} : { reason });

test.each([
  [[], 0],
  [[error("data", "checks")], 3],
  [[error("data", "drift")], 1],
  [[error("missing")], 1],
  [[error("internal")], 1],
  [[error("config")], 2],
  [[error("unsupported")], 2],
  [[error("cancelled")], 130],
  [[error("data", "checks"), error("unavailable")], 1],
  [[error("data", "checks"), error("config")], 2],
  [[error("missing"), error("config"), error("cancelled")], 130],
] as const)("%j ends with %i", (errors, code) => {
  expect(exitCodeOf(errors)).toBe(code);
});
