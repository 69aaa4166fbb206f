import { expect, it } from "vitest";
import { toSluiceError } from "./errors.ts";

it("says of a missing password what is missing", () => {
  const error = new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string");
  expect(toSluiceError(error, "connecting")).toMatchObject({
    code: "denied",
    message: "connecting failed: the server asks for a password, and the connection gives none",
    hint: 'give the connection a password: secret("NAME")',
  });
});

it("gives a hint of its own where row-level security forbids a load", () => {
  const error = Object.assign(new Error("COPY FROM not supported with row-level security"), {
    code: "0A000",
    hint: "Use INSERT statements instead.",
  });
  expect(toSluiceError(error, "loading")).toMatchObject({
    code: "unsupported",
    reason: "row-security",
    hint: expect.stringContaining("bypassrls"),
  });
});
