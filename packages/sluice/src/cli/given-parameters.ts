import { SluiceError } from "@sluice/core";

/**
 * The parameters of a command line, by name.
 *
 * @example
 * givenParameters(["day=2024-01-31", "top=5"]); // { day: "2024-01-31", top: "5" }
 */
export function givenParameters(texts: readonly string[]): Readonly<Record<string, string>> {
  const given = new Map<string, string>();
  for (const text of texts) {
    const equals = text.indexOf("=");
    const name = text.slice(0, equals);
    if (equals < 1) {
      throw new SluiceError("config", `"${text}" is not a parameter and its value`, {
        reason: "usage",
        offending: text,
        hint: "write --param name=value",
      });
    }
    if (given.has(name)) {
      throw new SluiceError("config", `the parameter "${name}" is given twice`, {
        reason: "usage",
        offending: name,
        hint: "give it once",
      });
    }
    given.set(name, text.slice(equals + 1));
  }
  return Object.fromEntries(given);
}
