import { expect, it } from "vitest";
import { isCastable } from "./cast.ts";
import { closest, damerauLevenshtein, didYouMean } from "./closest.ts";

it.each([
  ["crashs", ["crash", "crashes", "people"], "crash"],
  ["latitdue", ["longitude", "latitude"], "latitude"],
  ["LATITUDE", ["latitude"], "latitude"],
  ["xyz", ["crash"], undefined],
  ["i", ["id", "x"], undefined],
  ["I", ["i"], "i"],
  ["", ["a", "ab"], undefined],
  ["anything", [], undefined],
])("closest to %s among %j is %s", (name, candidates, found) => {
  expect(closest(name, candidates)).toBe(found);
});

it.each([
  ["ab", "ba", 1],
  ["kitten", "sitting", 3],
  ["", "abc", 3],
  ["same", "same", 0],
])("%s and %s are %d edits apart", (a, b, edits) => {
  expect(damerauLevenshtein(a, b)).toBe(edits);
});

it("says the closest name, else all", () => {
  expect(didYouMean("crahs", ["crash"], "steps")).toBe('did you mean "crash"?');
  expect(didYouMean("zzz", ["a", "b"], "steps")).toBe("steps are a, b");
  expect(didYouMean("zzz", [], "steps")).toBe("there are no steps");
});

it.each([
  ["string", "int64", true],
  ["int64", "string", true],
  ["date", "int64", false],
  ["bool", "int8", true],
  ["bool", "float64", false],
  ["list<string>", "list<int64>", true],
  ["list<string>", "string", false],
  ["struct{a: string}", "struct{a: int64}", true],
  ["struct{a: string}", "struct{b: string}", false],
  ["map<string,string>", "map<string,date>", true],
  ["timestamp", "date", true],
  ["time", "date", false],
  ["bytes", "string", false],
  ["enum('a')", "string", true],
  ["json", "list<int64>", true],
  ["json", "struct{a: list<date>, b: map<string,json>}", true],
  ["json", "int64", false],
  ["json", "list<bytes>", false],
  ["json", "map<int64,string>", false],
  ["list<json>", "list<list<int64>>", false],
])("a cast from %s to %s: %s", (from, to, legal) => {
  expect(isCastable(from, to)).toBe(legal);
});
