import { describe, expect, it } from "vitest";
import type { NewField, SchemaChange } from "../format/table.ts";
import { applyUpdate } from "../table/apply-update.ts";
import { newMetadata } from "../table/new-metadata.ts";
import { NAME_MAPPING } from "./name-mapping.ts";

const STRUCT: NewField["type"] = {
  kind: "struct",
  fields: [{ id: 0, name: "x", required: false, type: { kind: "int" } }],
};
const SCHEMA: readonly NewField[] = [
  { name: "id", type: { kind: "long" } },
  { name: "word", type: { kind: "string" } },
  { name: "points", type: { kind: "list", elementId: 0, element: STRUCT, elementRequired: false } },
];
const BARE =
  '[{"field-id":1,"names":["id"]},{"field-id":2,"names":["word","said"]},{"field-id":3,"names":["points"],"fields":[{"field-id":4,"names":["element"],"fields":[{"field-id":5,"names":["x"]}]}]}]';

function after(mapping: string | undefined, ...schema: readonly SchemaChange[]): string | undefined {
  const made = newMetadata({ schema: SCHEMA }, "file:///t", 1);
  const properties = mapping === undefined ? {} : { [NAME_MAPPING]: mapping };
  return applyUpdate({ ...made, properties }, { schema }).properties[NAME_MAPPING];
}

describe("the names that files without numbers have for columns", () => {
  // What PyIceberg 0.12 makes of the same changes.
  it.each<readonly [string, readonly SchemaChange[], (before: string) => string]>([
    [
      "a new name beside the others",
      [{ change: "rename", column: "id", to: "key" }],
      (text) => text.replace('["id"]', '["id","key"]'),
    ],
    [
      "a new column",
      [{ change: "add", field: { name: "m", type: { kind: "int" } } }],
      (text) => `${text.slice(0, -1)},{"field-id":6,"names":["m"]}]`,
    ],
    [
      "a new column with what lies in it, which takes its name from another",
      [{ change: "add", field: { name: "said", type: STRUCT } }],
      (text) =>
        `${text.replace(',"said"', "").slice(0, -1)},{"field-id":6,"names":["said"],"fields":[{"field-id":7,"names":["x"]}]}]`,
    ],
    [
      "a column in the place of one that was dropped, of which nothing is left",
      [
        { change: "drop", column: "id" },
        { change: "add", field: { name: "id", type: { kind: "string" } } },
      ],
      (text) => `${text.replace('{"field-id":1,"names":["id"]},', "").slice(0, -1)},{"field-id":6,"names":["id"]}]`,
    ],
    [
      "a field inside of a list",
      [{ change: "add", parent: "points.element", field: { name: "y", type: { kind: "int" } } }],
      (text) => text.replace('["x"]}', '["x"]},{"field-id":6,"names":["y"]}'),
    ],
  ])("%s", (_what, changes, expected) => {
    expect(after(BARE, ...changes)).toBe(expected(BARE));
  });

  it("stay where there are none, where they are damaged, and where only a type changed", () => {
    const added: SchemaChange = { change: "add", field: { name: "m", type: { kind: "int" } } };
    expect(after(undefined, added)).toBeUndefined();
    expect(after("[", added)).toBe("[");
    expect(after(BARE, { change: "makeOptional", column: "word" })).toBe(BARE);
  });
});
