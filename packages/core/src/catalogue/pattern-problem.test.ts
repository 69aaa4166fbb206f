import { expect, it } from "vitest";
import { patternProblem } from "./pattern-problem.ts";

it.each([
  "",
  "a|b",
  "^[A-Z]{2}[0-9]+$",
  "(?:a|b)+?c*?",
  "(a)(b{2,3})",
  "[^\\]\\[]",
  "\\(\\?=",
  "\\d\\s\\b\\.",
  "(?i)abc",
  "[*+?]x+",
  "a{3}b+?",
])("%s means the same to all engines", (pattern) => {
  expect(patternProblem(pattern)).toBeUndefined();
});

it.each([
  ["(?!a)", "looks ahead or behind"],
  ["(?<=a)b", "looks ahead or behind"],
  ["(?<name>a)", "names a group"],
  ["(?P<name>a)", "names a group"],
  ["(?>a)", "holds an atomic group"],
  ["a(?i)b", "sets flags"],
  ["(?s).", "sets flags"],
  ["(a)\\1", "refers back to a group"],
  ["a++", "is possessive"],
  ["(.+?)([0-9]+)", "has greedy and lazy repetitions"],
  ["\\W", "uses \\W"],
  ["[\\w.]", "uses \\w"],
  ["\\pL", "uses \\p"],
  ["\\Z", "uses \\Z"],
  ["[[:alpha:]]", "uses [: in brackets"],
  ["[a[b]]", "nests brackets"],
  ["[a&&b]", "nests brackets"],
  ["[]a]", "has ] as the first character in brackets"],
])("%s %s", (pattern, problem) => {
  expect(patternProblem(pattern)?.problem).toContain(problem);
});
