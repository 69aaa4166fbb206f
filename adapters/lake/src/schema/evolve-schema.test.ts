import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnType, Field, TableMetadata } from "../format/model.ts";
import type { NewField, SchemaChange } from "../format/table.ts";
import { newMetadata } from "../table/new-metadata.ts";
import { canWiden, currentSchema, evolveSchema } from "./evolve-schema.ts";

const STRUCT: ColumnType = {
  kind: "struct",
  fields: [
    { id: 0, name: "city", required: false, type: { kind: "string" } },
    { id: 0, name: "zip", required: false, type: { kind: "int" } },
  ],
};
const SCHEMA: readonly NewField[] = [
  { name: "id", type: { kind: "int" }, required: true },
  { name: "address", type: STRUCT },
  { name: "tags", type: { kind: "list", elementId: 0, element: STRUCT, elementRequired: false } },
  {
    name: "m",
    type: { kind: "map", keyId: 0, key: { kind: "int" }, valueId: 0, value: { kind: "float" }, valueRequired: false },
  },
  { name: "k", type: { kind: "map", keyId: 0, key: STRUCT, valueId: 0, value: STRUCT, valueRequired: false } },
  { name: "a.b", type: { kind: "decimal", precision: 9, scale: 2 } },
  { name: "day", type: { kind: "date" }, required: true },
];
const base = () =>
  newMetadata({ schema: SCHEMA, spec: [{ column: "day", transform: { kind: "month" } }] }, "file:///t", 1);

const evolve = (metadata: TableMetadata, ...changes: readonly SchemaChange[]) => evolveSchema(metadata, changes);
const fieldsOf = (metadata: TableMetadata) => currentSchema(metadata).fields;
const names = (metadata: TableMetadata) => fieldsOf(metadata).map(({ name }) => name);

function idsOf(type: ColumnType): readonly number[] {
  switch (type.kind) {
    case "struct":
      return type.fields.flatMap((field) => [field.id, ...idsOf(field.type)]);
    case "list":
      return [type.elementId, ...idsOf(type.element)];
    case "map":
      return [type.keyId, type.valueId, ...idsOf(type.key), ...idsOf(type.value)];
    default:
      return [];
  }
}
const allIds = (fields: readonly Field[]) => idsOf({ kind: "struct", fields });

describe("a schema", () => {
  it("gives every field an id", () => {
    const metadata = base();
    const ids = allIds(fieldsOf(metadata));
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.max(...ids)).toBe(metadata.lastColumnId);
    expect(fieldsOf(metadata).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("is added to, anywhere", () => {
    const next = evolve(
      base(),
      { change: "add", field: { name: "note", type: STRUCT }, after: "id" },
      { change: "add", field: { name: "x", type: { kind: "long" } }, first: true },
      { change: "add", parent: "tags.element", field: { name: "street", type: { kind: "string" } } },
    );
    expect(names(next)).toEqual(["x", "id", "note", "address", "tags", "m", "k", "a.b", "day"]);
    expect(next.schemas).toHaveLength(2);
    expect(next.currentSchemaId).toBe(1);
    const ids = allIds(fieldsOf(next));
    expect(new Set(ids).size).toBe(ids.length);
    expect(JSON.stringify(fieldsOf(next)[4])).toContain("street");
  });

  it("is renamed, moved, described, widened and made optional, with the same ids", () => {
    const before = base();
    const next = evolve(
      before,
      { change: "rename", column: "id", to: "key" },
      { change: "move", column: "key", after: "day" },
      { change: "move", column: "address.zip", first: true },
      { change: "describe", column: "day", doc: "of the crash" },
      { change: "widen", column: "key", to: { kind: "long" } },
      { change: "widen", column: "a.b", to: { kind: "decimal", precision: 18, scale: 2 } },
      { change: "widen", column: "tags.element.zip", to: { kind: "long" } },
      { change: "widen", column: "m.value", to: { kind: "double" } },
      { change: "makeOptional", column: "key" },
    );
    expect(names(next)).toEqual(["address", "tags", "m", "k", "a.b", "day", "key"]);
    expect(fieldsOf(next)[6]).toEqual({ id: 1, name: "key", required: false, type: { kind: "long" } });
    expect(next.lastColumnId).toBe(before.lastColumnId);
    expect([...allIds(fieldsOf(next))].sort()).toEqual([...allIds(fieldsOf(before))].sort());
  });

  it("never gives an id twice, and finds a schema that it had", () => {
    const dropped = evolve(base(), { change: "drop", column: "a.b" });
    const again = evolve(dropped, { change: "add", field: { name: "a.b", type: { kind: "string" } }, after: "k" });
    expect(fieldsOf(again).find(({ name }) => name === "a.b")?.id).toBe(base().lastColumnId + 1);
    const back = evolve(again, { change: "drop", column: "a.b" });
    expect(back.currentSchemaId).toBe(dropped.currentSchemaId);
    expect(back.schemas).toHaveLength(3);
    const third = evolve(back, { change: "add", field: { name: "z", type: { kind: "string" } } });
    expect(third.lastColumnId).toBe(base().lastColumnId + 2);
    expect(evolve(base(), { change: "describe", column: "day", doc: "" }).schemas).toHaveLength(2);
  });

  it.each<[string, SchemaChange, string]>([
    ["an unknown column", { change: "drop", column: "adress" }, 'no column "adress"'],
    ["a name that is taken", { change: "rename", column: "id", to: "day" }, 'two columns are named "day"'],
    ["a name that is taken", { change: "add", field: { name: "day", type: { kind: "int" } } }, 'named "day"'],
    [
      "a required addition",
      { change: "add", field: { name: "n", type: { kind: "int" }, required: true } },
      "cannot be required",
    ],
    ["a nested rename", { change: "rename", column: "address.zip", to: "code" }, "lies inside of another"],
    [
      "a nested rename in a list",
      { change: "rename", column: "tags.element.zip", to: "code" },
      "lies inside of another",
    ],
    [
      "narrowing",
      { change: "widen", column: "a.b", to: { kind: "decimal", precision: 5, scale: 2 } },
      "cannot become decimal(5, 2)",
    ],
    [
      "another scale",
      { change: "widen", column: "a.b", to: { kind: "decimal", precision: 12, scale: 3 } },
      "cannot become",
    ],
    ["another kind", { change: "widen", column: "id", to: { kind: "string" } }, "cannot become string"],
    ["the key of a map", { change: "widen", column: "m.key", to: { kind: "long" } }, "key of a map"],
    ["a field inside of a key", { change: "drop", column: "k.key.city" }, "the key of a map"],
    [
      "a field inside of a key",
      { change: "add", parent: "k.key", field: { name: "x", type: { kind: "int" } } },
      "the key of a map",
    ],
    ["dropping a key", { change: "drop", column: "m.key" }, "key of a map"],
    ["dropping an element", { change: "drop", column: "tags.element" }, "element of a list"],
    ["dropping a partition's column", { change: "drop", column: "day" }, "partitioned by"],
    [
      "a field of no struct",
      { change: "add", parent: "id", field: { name: "x", type: { kind: "int" } } },
      "has no fields",
    ],
    ["a place that is not there", { change: "move", column: "id", after: "nowhere" }, '"nowhere" to put another after'],
  ])("refuses %s", (_what, change, message) => {
    expect(() => evolve(base(), change)).toThrow(message);
  });

  it("keeps one field in each struct", () => {
    expect(() =>
      evolve(base(), { change: "drop", column: "address.city" }, { change: "drop", column: "address.zip" }),
    ).toThrow("the only one");
  });

  it("keeps ids unique through any changes", () => {
    const change = fc.oneof(
      fc
        .nat(40)
        .map((n): SchemaChange => ({ change: "add", field: { name: `c${n}`, type: STRUCT }, first: n % 2 === 0 })),
      fc.nat(40).map((n): SchemaChange => ({ change: "drop", column: `c${n}` })),
      fc.nat(40).map((n): SchemaChange => ({ change: "drop", column: `c${n}.city` })),
      fc
        .tuple(fc.nat(40), fc.nat(40))
        .map(([n, m]): SchemaChange => ({ change: "rename", column: `c${n}`, to: `c${m}` })),
      fc
        .tuple(fc.nat(40), fc.nat(40))
        .map(([n, m]): SchemaChange => ({ change: "move", column: `c${n}`, after: `c${m}` })),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        let metadata = base();
        const meaning = new Map<number, string>();
        for (const one of changes) {
          try {
            metadata = evolve(metadata, one);
          } catch {
            continue;
          }
          const ids = allIds(fieldsOf(metadata));
          expect(new Set(ids).size).toBe(ids.length);
          expect(Math.max(...ids)).toBeLessThanOrEqual(metadata.lastColumnId);
          const visit = (fields: readonly Field[]) => {
            for (const field of fields) {
              // An id stands for one field for ever: its type never changes kind.
              expect(meaning.get(field.id) ?? field.type.kind).toBe(field.type.kind);
              meaning.set(field.id, field.type.kind);
              if (field.type.kind === "struct") visit(field.type.fields);
            }
          };
          visit(fieldsOf(metadata));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("widens as old files can be read", () => {
    expect(canWiden({ kind: "int" }, { kind: "long" })).toBe(true);
    expect(canWiden({ kind: "long" }, { kind: "int" })).toBe(false);
    expect(canWiden({ kind: "int" }, { kind: "double" })).toBe(false);
    expect(canWiden({ kind: "decimal", precision: 9, scale: 2 }, { kind: "decimal", precision: 39, scale: 2 })).toBe(
      false,
    );
  });
});

describe("a partition spec", () => {
  const spec = (column: string, transform: unknown) =>
    newMetadata({ schema: SCHEMA, spec: [{ column, transform: transform as never }] }, "file:///t", 1)
      .partitionSpecs[0];

  it("names its fields after their columns and transforms", () => {
    expect(spec("day", { kind: "identity" })?.fields).toEqual([
      { sourceId: 7, fieldId: 1000, name: "day", transform: { kind: "identity" } },
    ]);
    expect(spec("address.zip", { kind: "bucket", buckets: 4 })?.fields[0]).toMatchObject({
      name: "address.zip_bucket",
    });
  });

  it.each([
    ["m.value", { kind: "identity" }, "or lies inside of"],
    ["tags.element.zip", { kind: "identity" }, "or lies inside of"],
    ["k.value.zip", { kind: "identity" }, "or lies inside of"],
    ["address", { kind: "identity" }, "or lies inside of"],
    ["id", { kind: "day" }, "type int is not one of"],
    ["day", { kind: "hour" }, "type date is not one of"],
    ["day", { kind: "unknown", text: "zorder" }, "does not write"],
  ])("refuses %s by %o", (column, transform, message) => {
    expect(() => spec(column, transform)).toThrow(message);
  });

  it("refuses identity on types that readers disagree about", () => {
    for (const kind of ["uuid", "binary", "float", "double"] as const) {
      expect(() =>
        newMetadata(
          { schema: [{ name: "x", type: { kind } }], spec: [{ column: "x", transform: { kind: "identity" } }] },
          "f",
          1,
        ),
      ).toThrow(`the type ${kind} is not one of`);
    }
  });

  it("refuses doubles and names that are taken", () => {
    const month = { column: "day", transform: { kind: "month" } } as const;
    expect(() => newMetadata({ schema: SCHEMA, spec: [month, month] }, "f", 1)).toThrow("it is so already");
    expect(() => newMetadata({ schema: SCHEMA, spec: [{ ...month, name: "id" }] }, "f", 1)).toThrow('"id" is taken');
  });
});
