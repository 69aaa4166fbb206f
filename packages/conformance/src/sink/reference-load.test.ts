import {
  ARRIVALS,
  expectReport,
  type ReferenceLoad,
  referenceLoad,
  SALES,
  SALES_ROWS,
  salesSettings,
  type TextRow,
} from "@sluice/conformance";
import { isSluiceError, LOAD_MODES, type LoadMode, type Schema } from "@sluice/core";
import { describe, expect, it } from "vitest";

const schema: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "part", type: "string", nullable: true },
    { name: "amount", type: "decimal(10,2)", nullable: true },
  ],
};
const stored: readonly TextRow[] = [
  ["1", "a", "9.00"],
  ["2", "b", null],
  ["3", null, "30.00"],
];
const flagged: Schema = { columns: [...schema.columns, { name: "gone", type: "bool", nullable: true }] };

function load(change: Partial<ReferenceLoad> & Pick<ReferenceLoad, "mode" | "rows">) {
  const { table, counts } = referenceLoad({ schema, rows: stored }, { schema, ...change });
  const { inserted, updated, deleted, unchanged } = counts;
  return { rows: table.rows, counts: [inserted, updated, deleted, unchanged] };
}

describe("a load, by hand", () => {
  const rows: readonly TextRow[] = [
    ["2", "b", null],
    ["1", "a", "10.00"],
    ["4", "a", "4.00"],
  ];

  it.each<[string, Partial<ReferenceLoad> & Pick<ReferenceLoad, "mode">, readonly TextRow[], readonly number[]]>([
    ["append", { mode: "append" }, [...stored, ...rows], [3, 0, 0, 0]],
    ["replace", { mode: "replace" }, rows, [3, 0, 3, 0]],
    [
      "merge",
      { mode: "merge", key: ["id"] },
      [
        ["1", "a", "10.00"],
        ["2", "b", null],
        ["3", null, "30.00"],
        ["4", "a", "4.00"],
      ],
      [1, 1, 0, 1],
    ],
    [
      "merge, missing deleted",
      { mode: "merge", key: ["id"], missing: "delete" },
      [
        ["1", "a", "10.00"],
        ["2", "b", null],
        ["4", "a", "4.00"],
      ],
      [1, 1, 1, 1],
    ],
    [
      // 10 is more than 9, though its text is not; null is not more than null.
      "merge, newer by amount",
      { mode: "merge", key: ["id"], newerBy: "amount" },
      [
        ["1", "a", "10.00"],
        ["2", "b", null],
        ["3", null, "30.00"],
        ["4", "a", "4.00"],
      ],
      [1, 1, 0, 1],
    ],
    ["insert-only", { mode: "insert-only", key: ["id"] }, [...stored, ["4", "a", "4.00"]], [1, 0, 0, 2]],
    ["delete+insert", { mode: "delete+insert", key: ["part"] }, [["3", null, "30.00"], ...rows], [3, 0, 2, 0]],
    ["overwrite", { mode: "overwrite", partitions: ["part"] }, [["3", null, "30.00"], ...rows], [3, 0, 2, 0]],
  ])("%s", (_, change, table, counts) => {
    expect(load({ ...change, rows })).toEqual({ rows: table, counts });
  });

  it("takes null for a partition, and for an error in a key", () => {
    const nulls: readonly TextRow[] = [["9", null, "9.00"]];
    const over = load({ mode: "overwrite", partitions: ["part"], rows: nulls });
    expect(over).toEqual({ rows: [...stored.slice(0, 2), ...nulls], counts: [1, 0, 1, 0] });
    for (const mode of ["merge", "insert-only", "delete+insert"] as const) {
      expect(() => load({ mode, key: ["part"], rows: nulls })).toThrow("null key");
    }
  });

  it("refuses a key that comes twice, but where it stands for many rows", () => {
    const twice: readonly TextRow[] = [
      ["9", "x", "1.00"],
      ["9", "y", "2.00"],
    ];
    for (const mode of ["merge", "insert-only"] as const) {
      expect(() => load({ mode, key: ["id"], rows: twice })).toThrow("duplicate key");
    }
    expect(load({ mode: "delete+insert", key: ["id"], rows: twice }).counts).toEqual([2, 0, 0, 0]);
  });

  it("deletes by a flag that it does not store", () => {
    const found = load({
      schema: flagged,
      mode: "merge",
      key: ["id"],
      deleteFlag: "gone",
      rows: [
        ["1", null, null, true],
        ["2", "b", "2.00", null],
        ["5", null, null, true],
      ],
    });
    expect(found).toEqual({
      rows: [
        ["2", "b", "2.00"],
        ["3", null, "30.00"],
      ],
      counts: [0, 1, 1, 1],
    });
  });
});

it("gives what the page on loads says of every mode", () => {
  const outcome = (mode: LoadMode, arriving: readonly TextRow[]) => {
    const load = { schema: SALES, mode, ...salesSettings(mode) };
    const { table } = referenceLoad(undefined, { ...load, rows: SALES_ROWS });
    try {
      return referenceLoad(table, { ...load, rows: arriving }).counts;
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      return error.reason;
    }
  };
  const cases = Object.entries(ARRIVALS).map(([id, [title, rows]]) => ({
    id,
    title,
    modes: Object.fromEntries(LOAD_MODES.map((mode) => [mode, outcome(mode, rows)])),
  }));
  expectReport("outcomes", { cases });
});
