import { describe, expect, it } from "vitest";
import type { Field } from "../format/model.ts";
import { fieldNamesOf } from "./name-mapping.ts";

const FIELDS: readonly Field[] = [
  { id: 1, name: "id", required: false, type: { kind: "long" } },
  {
    ...{ id: 2, name: "st", required: false },
    type: { kind: "struct", fields: [{ id: 3, name: "x", required: false, type: { kind: "int" } }] },
  },
  {
    ...{ id: 4, name: "l", required: false },
    type: { kind: "list", elementId: 5, element: { kind: "int" }, elementRequired: false },
  },
];
const namesOf = (mapping: string | undefined) =>
  fieldNamesOf(mapping === undefined ? {} : { "schema.name-mapping.default": mapping }, FIELDS, "lake.n.t");

describe("fieldNamesOf", () => {
  it("gives the names of each field where the mapping has it at the place that it has in the table", () => {
    expect(namesOf(undefined)).toBeUndefined();
    expect(namesOf("[]")).toEqual([]);
    expect(
      namesOf(
        '[{"names":["id","key"],"field-id":1},{"field-id":2,"names":["st"],"fields":[{"names":["y"],"field-id":3}]},{"names":["more"]}]',
      ),
    ).toEqual([
      { id: 1, names: ["id", "key"] },
      { id: 2, names: ["st"] },
      { id: 3, names: ["y"] },
    ]);
    expect(
      namesOf(
        '[{"names":["x"],"field-id":3},{"names":["l"],"field-id":4,"fields":[{"names":["element"],"field-id":5}]}]',
      ),
    ).toEqual([
      { id: 4, names: ["l"] },
      { id: 5, names: ["element"] },
    ]);
  });

  it.each([
    ["[", "is no JSON"],
    ['{"names":["id"]}', "not a list"],
    ["[1]", "mapping[0], not an object"],
    ['[{"field-id":1}]', "mapping[0].names, not a list"],
    ['[{"names":[1],"field-id":1}]', "mapping[0].names[0], not a text"],
    ['[{"names":["a"],"field-id":"1"}]', "mapping[0].field-id, not a whole number"],
    ['[{"names":["a"],"fields":7}]', "mapping[0].fields, not a list"],
    ['[{"names":["a"],"field-id":1},{"names":["a"],"field-id":2}]', 'the name "a" twice'],
  ])("says what is damaged of %s", (mapping, says) => {
    expect(() => namesOf(mapping)).toThrow(says);
    expect(() => namesOf(mapping)).toThrow("schema.name-mapping.default of lake.n.t");
  });
});
