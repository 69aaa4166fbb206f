import { expect, it } from "vitest";
import { schemaProblems } from "../checks/schema-outcome.ts";
import { schemaText } from "../plan/chicago.fixture.ts";
import type { Column } from "../schema/schema.ts";
import { diffSchemas, isSameSchema } from "./diff-schemas.ts";

const frozen = ["id: int64!", "name", "born: date"];

it.each<[string, string[], string[]]>([
  ["nothing", frozen, []],
  ["less null than allowed", ["id: int64!", "name!", "born: date!"], []],
  ["added", [...frozen, "more: bool"], ['"more" (bool) is new']],
  ["removed", ["id: int64!", "born: date"], ['"name" (string) is gone']],
  ["renamed in place", ["id: int64!", "title", "born: date"], ['"name" is now called "title"']],
  ["renamed nearly", ["id: int64!", "born: date", "naem", "x"], ['"x" (string) is new', '"name" is now called "naem"']],
  [
    "renamed and retyped",
    ["id: int64!", "nam: int64", "born: date"],
    ['"name" is now called "nam", and string became int64'],
  ],
  ["retyped", ["id: string!", "name", "born: date"], ['"id" was int64 and is string']],
  ["may be null", ["id: int64", "name", "born: date"], ['"id" may be null now']],
  ["reordered", ["name", "id: int64!", "born: date"], ["the columns stand in another order: name, id, born"]],
])("%s", (_, found, sentences) => {
  const difference = diffSchemas(schemaText(frozen).columns, schemaText(found).columns);
  expect(difference.sentences).toEqual(sentences);
  expect(isSameSchema(difference)).toBe(sentences.length === 0);
});

it("takes a type for the same however its text is written", () => {
  const typed = (type: string): Column[] => [{ name: "a", type, nullable: true }];
  for (const [one, other] of [
    ["enum('paid','open')", "enum('paid', 'open')"],
    ["map<string, int64>", "map<string,int64>"],
    ["decimal(10, 2)", "decimal(10,2)"],
  ] as const) {
    expect(diffSchemas(typed(one), typed(other)).sentences).toEqual([]);
    expect(schemaProblems({ kind: "schema", columns: typed(one) }, { columns: typed(other) })).toEqual([]);
  }
});

it("does not compare thousands of strange names with each other", () => {
  const many = (prefix: string): string[] => Array.from({ length: 2000 }, (_, index) => `${prefix}${index}`);
  const difference = diffSchemas(schemaText(many("before_")).columns, schemaText(many("after_")).columns);
  expect([difference.renamed.length, difference.added.length, difference.removed.length]).toEqual([0, 2000, 2000]);
});
