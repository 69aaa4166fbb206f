import { expect, test } from "vitest";
import { countOf, parseArguments } from "./arguments.ts";

const refusal = (words: readonly string[]): readonly [string, string | undefined] => {
  try {
    parseArguments(words);
  } catch (error) {
    const { message, hint } = error as { readonly message: string; readonly hint?: string };
    return [message, hint];
  }
  throw new Error("it was taken");
};

test("takes words, values, repeated values and flags in any order", () => {
  const parsed = parseArguments(["--json", "run", "--param", "a=1", "chicago", "--param=b=2", "--step", "crash"]);
  expect(parsed.command).toBe("run");
  expect(parsed.words).toEqual(["chicago"]);
  expect(parsed.values("param")).toEqual(["a=1", "b=2"]);
  expect(parsed.value("step")).toBe("crash");
  expect(parsed.flag("json")).toBe(true);
  expect(parsed.flag("verbose")).toBe(false);
});

test("takes a word after -- as it is", () => {
  expect(parseArguments(["show", "--", "--odd"]).words).toEqual(["--odd"]);
});

test("takes a query that begins with a comment as a word, not as an option", () => {
  const sql = "-- of today\nselect 1 as a";
  const parsed = parseArguments(["query", sql, "--format", "csv", "--param", "a=-- b"]);
  expect(parsed.words).toEqual([sql]);
  expect(parsed.values("param")).toEqual(["a=-- b"]);
  expect(parseArguments(["query", "--today\nselect 1"]).words).toEqual(["--today\nselect 1"]);
  expect(parseArguments(["query", "--out", "-- x", sql]).value("out")).toBe("-- x");
  expect(parseArguments(["query", sql, "--param=a=1\n2"]).values("param")).toEqual(["a=1\n2"]);
});

test.each([
  [["rnu"], '"rnu" is not a command', 'did you mean "run"?'],
  [["check", "--fozen"], '"sluice check" has no option "--fozen"', 'did you mean "--frozen"?'],
  [["run", "-x"], '"sluice run" has no option "-x"', undefined],
  [["run", "--step"], "--step needs a value", "sluice run --step <step>"],
  [["run", "--json=1"], '--json takes no value, it was given "1"', "write --json alone"],
  [["run", "--step", "a", "--step", "b"], "--step is given twice", "give it once"],
  [["show"], '"sluice show" needs <pipeline|dataset|connection>', "usage: sluice show <pipeline|dataset|connection>"],
  [["list", "x"], '"sluice list" does not take "x"', "usage: sluice list"],
  [["--json"], "no command is given", 'run "sluice --help" for all commands'],
])("refuses %j", (words, message, hint) => {
  const [said, advised] = refusal(words);
  expect(said).toBe(message);
  if (hint !== undefined) expect(advised).toBe(hint);
});

test("refuses a count that is none", () => {
  const parsed = parseArguments(["runs", "--limit", "ten"]);
  expect(() => countOf(parsed, "limit", 20)).toThrow('--limit is a whole number, not "ten"');
  expect(countOf(parseArguments(["runs"]), "limit", 20)).toBe(20);
});
